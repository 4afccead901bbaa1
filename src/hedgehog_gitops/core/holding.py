"""What is held back: which differences are acted on, which are not, and why, as a person should read it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fnmatch import fnmatchcase

from hedgehog_gitops.core.dying import why_dying
from hedgehog_gitops.core.looking import Look
from hedgehog_gitops.core.waves import closure, reached
from hedgehog_gitops.model.kind import USER_KINDS, ObjectKey
from hedgehog_gitops.model.live import LiveSide
from hedgehog_gitops.model.plan import HeldBack, PlanOptions, Verdict
from hedgehog_gitops.model.settings import OnMissing

Graph = Mapping[ObjectKey, frozenset[ObjectKey]]

CONTESTED = frozenset({Verdict.CONFLICT, Verdict.UNMANAGED})
QUIET = frozenset({Verdict.IN_SYNC, Verdict.UNKNOWN})
WAITS = "something that it needs is held back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """The looks that are acted on, and those that are held back."""

    free: tuple[Look, ...]
    held: tuple[HeldBack, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What decides whether a difference is acted on. `on_missing` is the answer that holds for this plan."""

    live: LiveSide
    graph: Graph
    refused: Mapping[ObjectKey, str]
    options: PlanOptions
    on_missing: OnMissing


def divide(looks: Iterable[Look], holding: Holding) -> Divided:
    """What differs, sorted by whether anything is done about it. What needs a held object is held with it."""
    differing = [each for each in looks if _is_news(each, holding)]
    reasons = {each.key: reason for each in differing if (reason := _own_reason(each, holding))}
    stuck = {**holding.refused, **reasons}
    waiting = closure(stuck, holding.graph)
    held: list[HeldBack] = []
    free: list[Look] = []
    for each in differing:
        reason = stuck.get(each.key) or (WAITS if each.key in waiting else "")
        if reason:
            held.append(hold_back(each, reason, holding))
        else:
            free.append(each)
    return Divided(free=tuple(free), held=tuple(held))


def hold_back(each: Look, reason: str, holding: Holding) -> HeldBack:
    """A look that is not acted on, with its reason."""
    verdict = Verdict.PENDING if each.key in holding.refused else each.verdict
    return HeldBack(side=holding.live.side, verdict=verdict, key=each.key, fields=each.fields, reason=reason)


def chosen(keys: AbstractSet[ObjectKey], graph: Graph, former: Graph, options: PlanOptions) -> AbstractSet[ObjectKey]:
    """The keys that `targets` and `excludes` leave: targets with what they need, without excluded ones and users.

    `former` is what objects needed that git no longer has. Such a target goes with its users instead.
    """
    kept = keys
    if options.targets:
        targets = {key for key in keys if _is_named(key, options.targets)}
        going = targets & former.keys()
        named = targets - going
        kept = (reached(named, graph) | named | going | closure(going, former)) & kept
    if options.excludes:
        out = {key for key in keys if _is_named(key, options.excludes)}
        kept = kept - out - closure(out, {**graph, **former})
    return kept


def unmatched(keys: Collection[ObjectKey], options: PlanOptions) -> tuple[str, ...]:
    """The patterns of `targets` and `excludes` that name nothing. A whole kind may have no objects just now."""
    whole = {form for kind in USER_KINDS for form in (kind.kind, f"{kind.kind}/*")}
    patterns = [pattern for pattern in (*options.targets, *options.excludes) if pattern not in whole]
    return tuple(pattern for pattern in patterns if not any(_is_named(key, (pattern,)) for key in keys))


def _is_news(each: Look, holding: Holding) -> bool:
    if each.verdict is Verdict.IN_SYNC:
        return holding.options.adopt and each.is_foreign
    if each.paused and not each.fields:
        return False
    if each.verdict is Verdict.MISSING and holding.on_missing is OnMissing.FORGET:
        return False
    return each.verdict not in QUIET


def _own_reason(each: Look, holding: Holding) -> str:
    if each.live is not None and each.is_dying:
        return f"{why_dying(each.live.value)}; nothing is written to it until it is gone"
    explain = _REASONS.get(each.verdict)
    return explain(holding) if explain is not None else ""


def _unmanaged(holding: Holding) -> str:
    if holding.options.adopt:
        return ""
    side = holding.live.side.value
    return f"it is on the {side} with other values and was not made by us; --adopt takes it over"


def _conflict(holding: Holding) -> str:
    return f"git and the {holding.live.side.value} both changed it since the last apply; make one equal to the other"


def _missing(holding: Holding) -> str:
    if holding.on_missing is not OnMissing.ASK:
        return ""
    return (
        f"it was deleted on the {holding.live.side.value}; "
        "--on-missing recreate makes it again, --on-missing forget leaves it deleted, or delete it from git"
    )


_REASONS: dict[Verdict, Callable[[Holding], str]] = {
    Verdict.UNMANAGED: _unmanaged,
    Verdict.CONFLICT: _conflict,
    Verdict.MISSING: _missing,
}


def _is_named(key: ObjectKey, patterns: Iterable[str]) -> bool:
    names = (key.kind, f"{key.kind}/{key.name}", str(key))
    return any(fnmatchcase(name, pattern) for pattern in patterns for name in names)
