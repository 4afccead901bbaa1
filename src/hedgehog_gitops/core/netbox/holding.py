"""What is held back of a plan for NetBox, and why, as a person should read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hedgehog_gitops.core.holding import WAITS
from hedgehog_gitops.core.netbox.acting import adoption, change_of
from hedgehog_gitops.core.netbox.late import with_late_too
from hedgehog_gitops.core.netbox.sighting import Sighting
from hedgehog_gitops.core.netbox.surveying import Survey
from hedgehog_gitops.core.waves import closure
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plan import Change, HeldBack, Verdict
from hedgehog_gitops.model.settings import OnMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """The records that are written, each as its change, and those that are held back."""

    writes: Mapping[ObjectKey, Change]
    held: tuple[HeldBack, ...]


def divide(seen: Survey) -> Divided:
    """What differs, sorted by whether anything is done about it. What refers to a held record is held with it."""
    differing = {each.key: each for each in seen.inside if not _is_quiet(each, seen.on_missing)}
    reasons = {key: why for key, each in differing.items() if (why := _why_held(each, seen))}
    waiting = closure(reasons, with_late_too(seen.graph, seen.late))
    stuck = {**dict.fromkeys(waiting, WAITS), **reasons}
    return Divided(
        writes={key: _written(each) for key, each in differing.items() if key not in stuck},
        held=tuple(
            _hold_back(each, stuck[key], seen)
            for key, each in differing.items()
            if key in stuck and not _is_of_unknown_kind(each)
        ),
    )


def _is_quiet(each: Sighting, on_missing: OnMissing) -> bool:
    """True for what needs nothing."""
    if each.verdict is Verdict.MISSING:
        return on_missing is OnMissing.FORGET
    return each.verdict is Verdict.IN_SYNC


def _is_of_unknown_kind(each: Sighting) -> bool:
    """True where the kind is told instead, as frozen."""
    return each.verdict is Verdict.UNKNOWN and each.live is None


def _written(each: Sighting) -> Change:
    return adoption(each) if each.is_twin else change_of(each)


def _hold_back(each: Sighting, reason: str, seen: Survey) -> HeldBack:
    verdict = Verdict.PENDING if each.key in seen.showing.unfit else each.verdict
    return HeldBack(side=SideName.NETBOX, verdict=verdict, key=each.key, fields=each.fields, reason=reason)


def _why_held(each: Sighting, seen: Survey) -> str:
    if reason := seen.showing.unfit.get(each.key) or each.reason:
        return reason
    match each.verdict:
        case Verdict.MISSING if seen.on_missing is OnMissing.ASK:
            return "somebody deleted it in NetBox; make it again with --on-missing recreate, or leave it with forget"
        case Verdict.UNMANAGED if each.fields and not seen.options.adopt and each.live is not None:
            return f"object {each.live.uid} is in its place and is not ours; --adopt takes it over"
        case Verdict.CONFLICT:
            return "git and a person in NetBox changed it differently; make both alike"
        case _:
            return ""
