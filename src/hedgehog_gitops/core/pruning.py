"""What goes: objects that we own on a side and git no longer has, and every reason not to delete them.

Only the inventory names what may go; only what is still ours goes; and a source that is empty, has shrunk, or is not
known whole is no reason to delete anything. What is not done is shown, with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hedgehog_gitops.core.canonical import canonical, same
from hedgehog_gitops.core.dying import is_dying, why_dying
from hedgehog_gitops.core.ownership import is_applied_by_us, managers
from hedgehog_gitops.model.kind import ObjectKey, kind_of
from hedgehog_gitops.model.live import LiveObject, LiveSide, Present, look_up
from hedgehog_gitops.model.plain import as_object
from hedgehog_gitops.model.plan import Action, Change, Precondition, Verdict
from hedgehog_gitops.model.settings import PruneSettings
from hedgehog_gitops.model.state import BaseRecord

_GONE = "no longer in git"

KEEP = "hedgehog-gitops.io/keep"
"""The annotation that keeps an object from being pruned, on the live object or in what we last wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is known of the desired side: its objects, and why nothing may be deleted because of it (or empty text)."""

    keys: Collection[ObjectKey]
    doubt: str = ""


def source_of(keys: Collection[ObjectKey], incomplete: str, refused: Collection[ObjectKey]) -> Source:
    """The desired side as prunes see it: an error in git is a reason to delete nothing."""
    doubt = incomplete
    if not doubt and refused:
        doubt = f"{len(refused)} objects in git have errors, so what else is missing may be a mistake too"
    return Source(keys=keys, doubt=doubt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prunes:
    """The prunes that are done, and those that are withheld, each with its reason."""

    allowed: tuple[Change, ...]
    withheld: tuple[Change, ...]


def prunes(
    gone: Iterable[ObjectKey],
    source: Source,
    live: LiveSide,
    bases: Mapping[ObjectKey, BaseRecord],
    settings: PruneSettings,
    *,
    is_allowed: bool,
) -> Prunes:
    """Every object of the inventory that git no longer has and the side still has as ours.

    `is_allowed`: a person allowed exactly these deletions, so neither the budget nor an emptied source holds them.
    """
    found = {key: live_object for key in sorted(gone) if (live_object := _ours(key, live, bases)) is not None}
    dying = {key: why_dying(each.value) for key, each in found.items() if is_dying(each.value)}
    reason_against = why_not(found.keys() - dying.keys(), source, bases, settings, is_allowed=is_allowed)
    kept = {key: reason for key, each in found.items() if (reason := _kept(key, each, bases))}
    why = {key: dying.get(key) or kept.get(key) or reason_against for key in found}
    may_stay = {key for key in found if key not in dying and (key in kept or not (settings.enabled or is_allowed))}
    return divided(found.values(), live, why, may_stay)


def divided(
    found: Collection[LiveObject], live: LiveSide, why: Mapping[ObjectKey, str], may_stay: Collection[ObjectKey]
) -> Prunes:
    """The prunes of objects, withheld where there is a reason why (no empty text).

    What may stay is as it is wanted; of any other that is not deleted the sides differ.
    """
    verdicts = {each.key: Verdict.IN_SYNC if each.key in may_stay else Verdict.PENDING for each in found}
    return Prunes(
        allowed=tuple(_prune_of(each, live) for each in found if not why[each.key]),
        withheld=tuple(
            replace(_prune_of(each, live), verdict=verdicts[each.key], reason=f"{_GONE}; {why[each.key]}")
            for each in found
            if why[each.key]
        ),
    )


def _ours(key: ObjectKey, live: LiveSide, bases: Mapping[ObjectKey, BaseRecord]) -> LiveObject | None:
    """The live object if it is still the one that we made."""
    read = look_up(live, key)
    if not isinstance(read, Present) or bases[key].uid not in {read.object.uid, ""}:
        return None
    is_certain = bool(bases[key].uid) or _is_meant(bases[key], read.object)
    return read.object if is_certain and _is_ours_to_prune(read.object) else None


def _is_ours_to_prune(found: LiveObject) -> bool:
    """True unless the object's own record of its writers shows that we never applied it."""
    return not managers(found.value) or is_applied_by_us(found.value)


def _is_meant(base: BaseRecord, found: LiveObject) -> bool:
    """True if a write whose answer was never heard made this object.

    Where a side keeps no record of writers, it has every value that we were about to write, and no other.
    """
    if managers(found.value):
        return is_applied_by_us(found.value)
    return same(canonical(kind_of(base.key), found.value, base.key.namespace), base.value)


def _kept(key: ObjectKey, found: LiveObject, bases: Mapping[ObjectKey, BaseRecord]) -> str:
    marks = (_annotation(found), as_object(as_object(bases[key].value.get("metadata")).get("annotations")).get(KEEP))
    return f"the annotation {KEEP} keeps it" if "true" in marks else ""


def _annotation(found: LiveObject) -> object:
    return as_object(as_object(found.value.get("metadata")).get("annotations")).get(KEEP)


def why_not(
    found: Collection[ObjectKey],
    source: Source,
    owned: Collection[ObjectKey],
    settings: PruneSettings,
    *,
    is_allowed: bool,
) -> str:
    """Why nothing is pruned in this run; empty text if it may be. `owned` is all that is ours on the side."""
    if not found:
        return ""
    if source.doubt:
        return source.doubt
    if not settings.enabled and not is_allowed:
        return "prune is off"
    return "" if is_allowed else next(_objections(tuple(found), source, owned, settings), "")


def _objections(
    found: Sequence[ObjectKey], source: Source, owned: Collection[ObjectKey], settings: PruneSettings
) -> Iterator[str]:
    having = Counter(key.kind for key in owned)
    going = Counter(key.kind for key in found)
    if not source.keys:
        yield "git has no object at all, which looks like a mistake"
    for kind in sorted(going):
        if not any(key.kind == kind for key in source.keys):
            yield f"git has no {kind} at all any more, which looks like a mistake"
    if len(found) > settings.max_objects:
        yield f"{len(found)} objects would go, more than max_objects ({settings.max_objects})"
    for kind, number in sorted(going.items()):
        share = max(1, int(having[kind] * settings.max_share))
        if number > share:
            yield f"{number} of {having[kind]} {kind} objects would go, more than max_share allows ({share})"


def _prune_of(found: LiveObject, live: LiveSide) -> Change:
    """The deletion of what was found, as it was found."""
    return Change(
        side=live.side,
        action=Action.PRUNE,
        verdict=Verdict.PENDING,
        key=found.key,
        fields=(),
        reason=_GONE,
        precondition=Precondition(version=found.version, uid=found.uid),
        manifest=None,
    )
