from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.clock import START
from fakes.fabrics import LAB
from hedgehog_gitops.core.health import FAILING, INTERRUPTED, OVERDUE, health, side_statuses
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plan import Agreement
from hedgehog_gitops.model.settings import Fabric, NetboxSettings, SyncSettings
from hedgehog_gitops.model.state import Outcome, SideState, SyncState

NOW = START
FABRIC = LAB._replace(sync=SyncSettings(interval=300))


def attempted(seconds_ago: float, outcome: Outcome = Outcome.UNCHANGED, category: str = "") -> SyncState:
    at = NOW - timedelta(seconds=seconds_ago)
    return SyncState(
        last_attempt_started_at=at,
        last_attempt_finished_at=at,
        last_outcome=outcome,
        agreement="equal",
        error="no answer" if outcome is Outcome.FAILED else "",
        error_category=category,
        counts={"in_sync": 7, "drifted": 2, "differing": 0, "created": 1},
    )


def checks(fabric: Fabric, state: SyncState) -> list[str]:
    return [found.check for found in health(fabric, state, None, NOW)]


@pytest.mark.parametrize(("seconds", "expected"), [(899, []), (900, []), (901, [OVERDUE]), (10**7, [OVERDUE])])
def test_b34_more_than_three_intervals_without_an_attempt_is_overdue(seconds: int, expected: list[str]) -> None:
    """Issue 6, scope: overdue alarm (> 3 intervals)."""
    assert checks(FABRIC, attempted(seconds)) == expected


@pytest.mark.parametrize(
    "fabric",
    [
        FABRIC._replace(sync=SyncSettings(interval=0)),
        FABRIC._replace(sync=SyncSettings(enabled=False)),
        FABRIC._replace(sync=SyncSettings(scheduler_enabled=False)),
        FABRIC._replace(cluster=None),
    ],
    ids=["by hand", "disabled", "scheduler off", "not configured"],
)
def test_what_nobody_schedules_is_never_overdue(fabric: Fabric) -> None:
    assert checks(fabric, attempted(10**7)) == []


def test_a_fabric_that_was_never_synced_has_no_instant_to_be_late_from() -> None:
    assert checks(FABRIC, SyncState()) == []


def test_what_waits_for_its_next_try_is_not_overdue() -> None:
    waiting = replace(attempted(1000, Outcome.FAILED), next_retry_at=NOW + timedelta(seconds=60))
    assert checks(FABRIC, waiting) == [FAILING]


@pytest.mark.parametrize("category", ["permission", "tls", "configuration", "validation", "network", ""])
def test_every_category_of_a_failure_has_advice(category: str) -> None:
    (found,) = health(FABRIC, attempted(10, Outcome.FAILED, category), None, NOW)
    assert (found.check, category in found.message, bool(found.advice)) == (FAILING, True, True)


def test_b18_a_run_that_never_ended_is_told_as_interrupted() -> None:
    killed = replace(attempted(10), last_attempt_started_at=NOW, run_id="r7")
    (found,) = health(FABRIC, killed, None, NOW)
    assert (found.check, found.message) == (INTERRUPTED, "run r7 was begun and never ended")


def test_what_is_known_of_a_side_expires() -> None:
    """Issue 6, scope: verdicts carry "as of" and expire to unknown."""
    (fresh,) = side_statuses(FABRIC, attempted(600), NOW)
    (stale,) = side_statuses(FABRIC, attempted(601), NOW)
    assert (fresh.agreement, fresh.differing, dict(fresh.found)) == (Agreement.EQUAL, 0, {"in_sync": 7, "drifted": 2})
    assert (stale.agreement, stale.differing, dict(stale.found)) == (Agreement.UNKNOWN, None, {})


def test_each_side_is_known_by_itself() -> None:
    """Issue 7, 6: the status says which side is unknown."""
    both = FABRIC._replace(netbox=NetboxSettings(file="netbox.json", site="dc1"))
    sides = {
        "cluster": SideState(agreement="equal", counts={"differing": 0, "in_sync": 7}),
        "netbox": SideState(agreement="unknown", error="connection: refused", counts={"differing": 3}),
    }
    cluster, netbox = side_statuses(both, replace(attempted(10), agreement="unknown", sides=sides), NOW)

    assert (cluster.side, cluster.agreement, cluster.differing) == (SideName.CLUSTER, Agreement.EQUAL, 0)
    assert (netbox.side, netbox.agreement, netbox.differing) == (SideName.NETBOX, Agreement.UNKNOWN, None)
    assert netbox.error == "connection: refused"


def test_what_an_older_version_stored_is_about_the_cluster() -> None:
    both = FABRIC._replace(netbox=NetboxSettings(file="netbox.json", site="dc1"))
    cluster, netbox = side_statuses(both, attempted(10), NOW)
    assert (cluster.agreement, netbox.agreement) == (Agreement.EQUAL, Agreement.UNKNOWN)


def test_b21_of_an_agreement_that_is_unknown_no_number_is_told() -> None:
    (side,) = side_statuses(FABRIC, replace(attempted(10), agreement="unknown"), NOW)
    assert side.differing is None
