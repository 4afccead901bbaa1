"""The target sides of one fabric: looked at all at the same time, each planned by its own rules, joined into one plan.

NetBox never keeps the cluster from being brought in line, unless a person asked for all or nothing (`--strict`):
whatever goes wrong with it is something unknown of NetBox.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from hedgehog_gitops.core.holding import unmatched
from hedgehog_gitops.core.joining import Joined, Planning, join, joined
from hedgehog_gitops.core.looking import is_compared
from hedgehog_gitops.core.planning import DEFAULT_OPTIONS, make_plan
from hedgehog_gitops.core.surveying import Wanted
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.kind import USER_KINDS, ObjectKey
from hedgehog_gitops.model.live import LiveSide, SideName
from hedgehog_gitops.model.plan import PlanOptions
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.state import BaseRecord
from hedgehog_gitops.ports import Records, Side
from hedgehog_gitops.usecases.desire import Desired

Bases: TypeAlias = Mapping[ObjectKey, BaseRecord]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The sides that a fabric names. NetBox is opened only when it is wanted, for a revision, which it is told."""

    cluster: Side | None = None
    netbox: Callable[[str], Records] | None = None

    @property
    def names(self) -> tuple[SideName, ...]:
        """The sides that there are, in the order in which they are written."""
        there = ((SideName.CLUSTER, self.cluster), (SideName.NETBOX, self.netbox))
        return tuple(name for name, side in there if side is not None)

    def opened(self, name: SideName, revision: str) -> Side | Records:
        """The one of that name, to be written."""
        opened = self.cluster if name is SideName.CLUSTER else self.netbox and self.netbox(revision)
        if opened is None:
            raise UsageError(f"the fabric names no {name.value}")
        return opened


class Looking(NamedTuple):
    """A look at the sides that is under way, and what was remembered of each when it began."""

    sides: Sides
    bases: Mapping[SideName, Bases]
    cluster: Future[LiveSide] | None


def start_look(fabric: Fabric, sides: Sides, bases: Mapping[SideName, Bases]) -> Looking:
    """Ask the cluster and do not wait: it answers while files are read. Writes name the versions that were seen."""
    if not sides.names:
        raise UsageError(f"fabric {fabric.name} names no cluster and no NetBox; add one to its configuration")
    if sides.cluster is None:
        return Looking(sides, bases, None)
    pool = ThreadPoolExecutor(1)
    try:
        return Looking(sides, bases, pool.submit(_look, fabric, sides.cluster, bases[SideName.CLUSTER]))
    finally:
        pool.shutdown(wait=False)


def check_named(fabric: Fabric, desired: Desired, looking: Looking, options: PlanOptions) -> None:
    """`UsageError` if something is named that neither git nor the inventory has: a slip leaves out the wrong thing."""
    if desired.incomplete or not (options.targets or options.excludes):
        return
    owned = set(looking.bases.get(SideName.CLUSTER, ()))
    if shown := looking.bases.get(SideName.NETBOX):
        from hedgehog_gitops.core.netbox.pruning import owner_of  # noqa: PLC0415 - only where a fabric names one

        owned |= set(map(owner_of, shown))
    if strange := unmatched(desired.snapshot.manifests.keys() | owned, options):
        told = ", ".join(strange)
        raise UsageError(f"fabric {fabric.name} has no object that is named {told}; names are Kind/name, as in VPC/web")


def plan_sides(fabric: Fabric, desired: Desired, looking: Looking, options: PlanOptions = DEFAULT_OPTIONS) -> Joined:
    """The plan for all sides.

    `UnreachableError` if the cluster cannot be read at all; a NetBox that cannot is unknown.
    """
    return join(_plannings(fabric, desired, looking), options, len(desired.refused))


def look_again(
    fabric: Fabric,
    desired: Desired,
    sides: Sides,
    bases: Mapping[SideName, Bases],
    before: Joined,
    options: PlanOptions = DEFAULT_OPTIONS,
) -> Joined:
    """What still differs: the sides of `bases` are looked at anew, the others are as they were before.

    Each difference by its own reason: strictness is about what is written.
    """
    anew = Sides(
        cluster=sides.cluster if SideName.CLUSTER in bases else None,
        netbox=sides.netbox if SideName.NETBOX in bases else None,
    )
    found = plan_sides(fabric, desired, start_look(fabric, anew, bases), replace(options, strict=False)).sides
    merged = {name: found.get(name, planned) for name, planned in before.sides.items()}
    return Joined(plan=joined({name: each.plan for name, each in merged.items()}), sides=merged)


def _plannings(fabric: Fabric, desired: Desired, looking: Looking) -> dict[SideName, Planning]:
    """How each side is planned, once all of them have been looked at; the cluster may answer while NetBox is asked."""
    wanted, bases = _wanted(desired), looking.bases
    found: dict[SideName, Planning] = {}
    netbox = _netbox(fabric, desired, looking)
    if looking.cluster is not None:
        live = looking.cluster.result()
        found[SideName.CLUSTER] = lambda options: make_plan(fabric, wanted, live, bases[SideName.CLUSTER], options)
    return found if netbox is None else {**found, SideName.NETBOX: netbox}


def _netbox(fabric: Fabric, desired: Desired, looking: Looking) -> Planning | None:
    if looking.sides.netbox is None:
        return None
    from hedgehog_gitops.usecases.netbox import look_at_netbox  # noqa: PLC0415 - only where a fabric names one

    return look_at_netbox(fabric, desired, looking.sides.netbox, looking.bases[SideName.NETBOX])


def _look(fabric: Fabric, side: Side, bases: Bases) -> LiveSide:
    ours = [key for key, record in sorted(bases.items()) if record.uid]
    return side.read([kind for kind in USER_KINDS if is_compared(fabric, kind)], ours)


def _wanted(desired: Desired) -> Wanted:
    return Wanted(
        snapshot=desired.snapshot,
        specs=desired.specs,
        refused=desired.refused,
        incomplete=desired.incomplete and f"{desired.incomplete}; nothing is applied until it can",
        paths=desired.paths,
    )
