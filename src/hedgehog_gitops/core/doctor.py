"""What a sync needs of its surroundings, and what is to be done where something is missing. Decisions only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from hedgehog_gitops.core.looking import is_compared
from hedgehog_gitops.core.netbox_access import NETBOX_CHECK
from hedgehog_gitops.model.health import Grade, Health, Need
from hedgehog_gitops.model.kind import USER_KINDS
from hedgehog_gitops.model.settings import Fabric

READING = ("list", "get")
WRITING = ("create", "patch")
PRUNING = ("delete",)
SKEW_TOLD = timedelta(seconds=5)
SKEW_WRONG = timedelta(seconds=60)
GIT, CLUSTER, PERMISSIONS, CLOCK, STATE, NOTIFY, CONFIGURATION = (
    "git", "cluster", "permissions", "clock", "state", "notify", "configuration",
)  # fmt: skip
UNREACHABLE = frozenset({GIT, CLUSTER, NETBOX_CHECK})
"""An error of these checks means that a side cannot be reached."""


def object_needs(fabric: Fabric) -> tuple[Need, ...]:
    """What plans and applies ask of the cluster: each verb on each kind that is compared."""
    kinds = [kind for kind in USER_KINDS if is_compared(fabric, kind)]
    verbs = (*READING, *WRITING, *PRUNING)
    return tuple(Need(kind.group, kind.plural, verb) for kind in kinds for verb in verbs)


def permission_findings(fabric: Fabric, held: Mapping[Need, bool], what: str = "objects") -> Iterator[Health]:
    """One finding for all that is held, else one for each verb that is lacking somewhere."""
    denied: dict[str, list[Need]] = {}
    for need, is_held in held.items():
        if not is_held:
            denied.setdefault(need.verb, []).append(need)
    if not denied:
        verbs = ", ".join(dict.fromkeys(need.verb for need in held))
        resources = len({(need.group, need.resource) for need in held})
        yield Health(
            check=PERMISSIONS,
            grade=Grade.OK,
            message=f"{what}: {verbs} on {resources} kinds of resources are held",
            fabric=fabric.name,
        )
    for verb, needs in denied.items():
        names = ", ".join(need.name for need in needs)
        namespace = fabric.cluster.namespace if fabric.cluster else ""
        yield Health(
            check=PERMISSIONS,
            grade=_grade(fabric, verb, what),
            message=f"{what}: {verb} is not permitted on {names}",
            advice=f"allow {verb} on them in namespace {namespace}, by a Role and a RoleBinding" + _unless(verb, what),
            fabric=fabric.name,
        )


def clock_finding(fabric: str, there: datetime | None, here: datetime, uncertain: timedelta) -> Health:
    """How far the server's clock is from ours. It tells whole seconds, and the answer took its time."""
    if there is None:
        return Health(
            check=CLOCK,
            grade=Grade.WARNING,
            message="the server does not say what time it is",
            advice="compare the clocks by hand: locks and due times count on them",
            fabric=fabric,
        )
    gap = abs(here - there)
    skew = max(gap - uncertain - timedelta(seconds=1), timedelta())
    grade = Grade.ERROR if skew > SKEW_WRONG else Grade.WARNING if skew > SKEW_TOLD else Grade.OK
    way = "ahead of" if here > there else "behind"
    told = f"this clock is {skew.total_seconds():.0f} s {way} the server's" if skew else "the clocks agree"
    advice = "" if grade is Grade.OK else "let both follow a time server (NTP): locks and due times count on the clocks"
    return Health(check=CLOCK, grade=grade, message=told, advice=advice, fabric=fabric)


def names_nothing(fabric: Fabric) -> Health:
    """A fabric that is not synced, since it names no side."""
    return Health(
        check=CONFIGURATION,
        grade=Grade.WARNING,
        message="the fabric names no cluster and no NetBox, so it is not synced",
        advice="add `cluster` (or `netbox`) to its entry",
        fabric=fabric.name,
    )


def worst_grade(findings: Sequence[Health]) -> Grade:
    """The worst of all findings."""
    grades = {found.grade for found in findings}
    return next((grade for grade in (Grade.ERROR, Grade.WARNING) if grade in grades), Grade.OK)


def _grade(fabric: Fabric, verb: str, what: str) -> Grade:
    is_optional = what == "objects" and verb in PRUNING and not fabric.prune.enabled
    return Grade.WARNING if is_optional else Grade.ERROR


def _unless(verb: str, what: str) -> str:
    return "; only pruning needs it" if what == "objects" and verb in PRUNING else ""
