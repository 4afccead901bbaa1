"""What every state store keeps to: in memory, and in a SQLite file that several processes share."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fakes.clock import START
from fakes.fabrics import remembered, thing, vpc
from fakes.memory_state import MemoryState
from hedgehog_gitops.adapters.kubernetes import KubernetesState
from hedgehog_gitops.adapters.sqlite_state import SqliteState
from hedgehog_gitops.model.errors import LeaseLostError, LockHeldError, StateError
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.state import Lease, Outcome, PastRun, PutBack, SideState, SyncState
from hedgehog_gitops.ports import StateStore

MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["memory", "sqlite", pytest.param("kubernetes", marks=pytest.mark.server)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> StateStore:
    match request.param:
        case "memory":
            return MemoryState()
        case "sqlite":
            return SqliteState(tmp_path / "deep" / "state.sqlite")
        case _:
            return KubernetesState(request.getfixturevalue("kube_cluster").settings())


def taken(store: StateStore, run_id: str = "r1", fabric: str = "lab", after: timedelta = timedelta()) -> Lease:
    return store.acquire(fabric, "here", run_id, START + after, MINUTE)


def test_a_fabric_that_nobody_synced_has_the_default_state(store: StateStore) -> None:
    assert store.load("lab") == SyncState()
    assert store.lease("lab") is None
    assert store.bases("lab", SideName.CLUSTER) == {}


def test_a_saved_state_is_loaded_whole(store: StateStore) -> None:
    lease = taken(store)
    state = SyncState(
        version=store.load("lab").version,
        last_attempt_started_at=START,
        last_attempt_finished_at=START + MINUTE,
        last_success_at=START,
        last_outcome=Outcome.PARTIAL,
        agreement="different",
        error="two objects were refused",
        error_category="validation",
        failures=3,
        next_retry_at=START + MINUTE,
        desired_revision="abc",
        plan_id="p1",
        run_id="r1",
        counts={"created": 2},
        endpoint_failures={"cluster": 3},
        history=(
            PastRun(run_id="r0", started_at=START - MINUTE, outcome=Outcome.INTERRUPTED),
            PastRun(
                run_id="r1", started_at=START, outcome=Outcome.PARTIAL, seconds=1.5, revision="abc", counts={"b": 2}
            ),
        ),
        sides={
            "cluster": SideState(agreement="equal", counts={"created": 2}, version="v1"),
            "netbox": SideState(agreement="unknown", error="timeout: no answer"),
        },
    )
    saved = store.save(lease, state)

    assert saved == replace(state, version=state.version + 1)
    assert store.load("lab") == saved
    assert store.load("other") == SyncState()


def test_a_state_that_somebody_else_changed_is_not_overwritten(store: StateStore) -> None:
    lease = taken(store)
    seen = store.load("lab")
    store.save(lease, replace(seen, plan_id="first"))
    with pytest.raises(LeaseLostError):
        store.save(lease, replace(seen, plan_id="second"))
    assert store.load("lab").plan_id == "first"


def test_a_lock_that_is_held_names_its_run(store: StateStore) -> None:
    taken(store)
    with pytest.raises(LockHeldError, match="r1"):
        taken(store, "r2")


def test_locks_of_two_fabrics_do_not_meet(store: StateStore) -> None:
    taken(store)
    assert taken(store, "r2", "other").run_id == "r2"


def test_a_released_lock_can_be_taken_and_the_fence_grows_for_ever(store: StateStore) -> None:
    first = taken(store)
    store.release(first)
    assert store.lease("lab") is None
    second = taken(store, "r2")
    assert second.fence > first.fence


def test_b13_an_expired_lock_is_taken_over_and_its_old_holder_can_write_nothing(store: StateStore) -> None:
    old = taken(store)
    new = taken(store, "r2", after=MINUTE)

    assert new.fence > old.fence
    with pytest.raises(LeaseLostError):
        store.save(old, replace(store.load("lab"), error="too late"))
    with pytest.raises(LeaseLostError):
        store.record(old, list(remembered(vpc()).values()), [])
    with pytest.raises(LeaseLostError):
        store.renew(old, START, MINUTE)
    store.release(old)
    held = store.lease("lab")
    assert held is not None
    assert held.run_id == "r2", "releasing a lost lock takes nothing from its new holder"
    assert store.load("lab").error == ""
    assert store.bases("lab", SideName.CLUSTER) == {}


def test_taking_the_lock_stamps_the_attempt_and_the_run_that_never_ended_is_remembered(store: StateStore) -> None:
    """Issue 6, scope: attempt start, attempt end and success are kept apart; a killed run is `interrupted`."""
    taken(store)
    stamped = store.load("lab")
    assert (stamped.last_attempt_started_at, stamped.run_id, stamped.last_success_at) == (START, "r1", None)
    taken(store, "r2", after=2 * MINUTE)
    assert store.load("lab").history == (PastRun(run_id="r1", started_at=START, outcome=Outcome.INTERRUPTED),)


def test_a_lock_of_a_clock_that_was_set_back_holds_nobody_up(store: StateStore) -> None:
    """Issue 6, scope: a clock that stepped back never delays longer than one interval."""
    future = taken(store, after=60 * MINUTE)
    with pytest.raises(LockHeldError):
        taken(store, "r2", after=59 * MINUTE)
    assert taken(store, "r2").fence > future.fence


def test_a_lock_shows_who_took_it_and_when_it_was_renewed(store: StateStore) -> None:
    """Issue 6, scope: holder, run id, acquired, renewed, duration and a fencing number."""
    lease = taken(store)
    renewed = store.renew(lease, START + MINUTE / 2, 2 * MINUTE)
    assert store.lease("lab") == renewed
    assert (renewed.holder, renewed.run_id, renewed.fence) == ("here", "r1", lease.fence)
    assert (renewed.acquired_at, renewed.renewed_at, renewed.duration) == (START, START + MINUTE / 2, 2 * MINUTE)


def test_a_renewed_lock_holds_longer(store: StateStore) -> None:
    lease = taken(store)
    store.renew(lease, START + MINUTE / 2, MINUTE)
    with pytest.raises(LockHeldError):
        taken(store, "r2", after=MINUTE)


def test_records_are_kept_by_object_and_forgotten_one_by_one(store: StateStore) -> None:
    lease = taken(store)
    records = remembered(vpc(), thing("Server", "s1", {"description": "häuser ✓"}))
    store.record(lease, list(records.values()), [])
    assert store.bases("lab", SideName.CLUSTER) == records
    assert store.bases("lab", SideName.NETBOX) == {}
    assert store.bases("other", SideName.CLUSTER) == {}

    first, second = records
    newer = replace(records[second], revision="r9")
    store.record(lease, [newer], [(SideName.CLUSTER, first)])
    assert store.bases("lab", SideName.CLUSTER) == {second: newer}


def test_what_was_put_back_is_kept_with_its_record_and_goes_with_it(store: StateStore) -> None:
    """Issue 5, fight detection: the last few digests per field, beside the base records."""
    lease = taken(store)
    fought = PutBack(path=("spec", "subnets", "default", "vlan"), ours="a1", theirs="", manager="häuser\n")
    (first, plain), (second, other) = remembered(vpc(), vpc("red")).items()
    store.record(lease, [replace(plain, put_back=(fought, fought)), replace(other, put_back=(fought,))], [])
    assert store.bases("lab", SideName.CLUSTER)[first].put_back == (fought, fought)
    assert store.bases("other", SideName.CLUSTER) == {}

    store.record(lease, [plain], [(SideName.CLUSTER, second)])
    assert store.bases("lab", SideName.CLUSTER) == {first: plain}
    store.record(lease, [other], [])
    assert store.bases("lab", SideName.CLUSTER) == {first: plain, second: other}


RACE = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from hedgehog_gitops.adapters.sqlite_state import SqliteState
from hedgehog_gitops.model.errors import LockHeldError
store = SqliteState(Path(sys.argv[1]))
sys.stdin.readline()
try:
    print("won", store.acquire("lab", "here", sys.argv[2], datetime.now(UTC), timedelta(minutes=1)).fence)
except LockHeldError as error:
    print("lost", error.run_id)
"""


def test_b13_of_processes_that_race_for_the_lock_exactly_one_wins(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, str(file), f"r{number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(6)
    ]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    answers = [racer.communicate(timeout=60)[0].split() for racer in racers]

    assert sorted(answer[0] for answer in answers) == ["lost"] * 5 + ["won"]


def test_a_file_that_is_no_database_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    file.write_text("not a database, but long enough to be looked at as one " * 20)
    with pytest.raises(StateError, match="move the file away"):
        SqliteState(file).load("lab")
    assert file.read_text().startswith("not a database")
