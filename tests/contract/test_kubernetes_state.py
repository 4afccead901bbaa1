"""The state store in a real API server, looked at from its outside."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from fakes.clock import START
from fakes.fabrics import LAB, remembered, thing
from fixtures_cluster import KubeCluster
from hedgehog_gitops.adapters.kubernetes import KubernetesState, shards
from hedgehog_gitops.model.errors import LeaseLostError, UnreachableError
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object
from hedgehog_gitops.model.state import BaseRecord, Lease, Outcome, SyncResult, Trigger
from hedgehog_gitops.usecases.run import FabricPorts
from hedgehog_gitops.usecases.sync import sync_fabrics
from unit.usecases.test_sync import Lab, lab, only

MINUTE = timedelta(minutes=1)
LEASES = "/apis/coordination.k8s.io/v1/namespaces/default/leases"
MAPS = "/api/v1/namespaces/default/configmaps"
OURS = "?labelSelector=app.kubernetes.io/managed-by=hedgehog-gitops"


@dataclass
class Counted:
    """A store, and the requests that it sends."""

    cluster: KubeCluster
    sent: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = KubernetesState(self.cluster.settings(), on_request=lambda method, _: self.sent.append(method))

    def sync(self, world: Lab, trigger: Trigger) -> SyncResult:
        ports = [FabricPorts(fabric=LAB, side=lambda: world.side, state=self.store)]
        return only(sync_fabrics(ports, world.shared(), trigger=trigger))


@pytest.mark.parametrize("trigger", [Trigger.MANUAL, Trigger.SCHEDULE])
def test_state_and_lock_cost_six_requests_in_a_run_that_finds_nothing_to_do(
    kube_cluster: KubeCluster, trigger: Trigger
) -> None:
    """Issue 6, 5: state and lock cost at most 6 requests per run on the kubernetes backend."""
    world = lab(server="apiVersion: wiring.githedgehog.com/v1beta1\nkind: Server\nmetadata: {name: s1}\n")
    Counted(kube_cluster).sync(world, Trigger.MANUAL)
    world.clock.advance(400)
    counted = Counted(kube_cluster)

    assert counted.sync(world, trigger).outcome is Outcome.UNCHANGED
    assert counted.sent == ["GET", "GET", "PUT", "PUT", "PUT", "PUT"]


def test_a_schedule_that_is_not_due_costs_two_requests(kube_cluster: KubeCluster) -> None:
    world = lab(server="apiVersion: wiring.githedgehog.com/v1beta1\nkind: Server\nmetadata: {name: s1}\n")
    Counted(kube_cluster).sync(world, Trigger.MANUAL)
    counted = Counted(kube_cluster)
    assert counted.sync(world, Trigger.SCHEDULE).outcome is Outcome.SKIPPED
    assert counted.sent[:2] == ["GET", "GET"]
    assert set(counted.sent) == {"GET"}


def test_lock_and_state_are_found_by_label_and_readable_as_they_are(kube_cluster: KubeCluster) -> None:
    """Issue 6, scope: readable with `kubectl get lease,configmap -l app.kubernetes.io/managed-by=hedgehog-gitops`."""
    store = KubernetesState(kube_cluster.settings())
    lease = store.acquire("lab", "host:1", "r1", START, MINUTE)
    store.save(lease, replace(store.load("lab"), last_outcome=Outcome.PARTIAL, counts={"created": 2}))
    store.record(lease, list(remembered(thing("Server", "s1")).values()), [])

    (shown,) = listed(kube_cluster, LEASES)
    spec = as_object(shown["spec"])
    assert (spec["holderIdentity"], spec["leaseTransitions"], spec["leaseDurationSeconds"]) == ("host:1", 1, 60)
    assert "r1" in str(as_object(shown["metadata"])["annotations"])
    maps = {str(as_object(each["metadata"])["name"]): each for each in listed(kube_cluster, MAPS)}
    assert sorted(maps) == ["hedgehog-gitops.lab.base.cluster.1-0", "hedgehog-gitops.lab.state"]
    data = as_object(maps["hedgehog-gitops.lab.state"]["data"])
    assert data["last_attempt_started_at"] == START.isoformat()
    assert (data["last_outcome"], data["counts"], data["run_id"]) == ("partial", '{"created": 2}', "r1")


def test_many_records_are_several_configmaps_and_a_larger_cut_replaces_a_smaller_one(
    kube_cluster: KubeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 6, scope: compressed and split when large."""
    store = KubernetesState(kube_cluster.settings())
    lease = store.acquire("lab", "here", "r1", START, MINUTE)
    few, many = (remembered(*(thing("Server", f"s{number}") for number in range(count))) for count in (2, 60))
    store.record(lease, list(few.values()), [])
    monkeypatch.setattr(shards, "LIMIT", 700)
    store.record(lease, list(many.values()), [])

    names = [str(as_object(each["metadata"])["name"]) for each in listed(kube_cluster, MAPS)]
    assert len(names) > 2
    assert "hedgehog-gitops.lab.base.cluster.1-0" not in names
    assert KubernetesState(kube_cluster.settings()).bases("lab", SideName.CLUSTER) == many


def test_a_lock_that_is_taken_away_by_its_id_stores_nothing_more(kube_cluster: KubeCluster) -> None:
    """Issue 6, scope: `lock release RUN_ID`; a holder that lost its lock writes no state."""
    store, other = (KubernetesState(kube_cluster.settings()) for _ in range(2))
    lease = store.acquire("lab", "here", "r1", START, MINUTE)
    found = other.lease("lab")
    assert found is not None
    other.release(found)

    with pytest.raises(LeaseLostError):
        store.save(lease, store.load("lab"))
    with pytest.raises(LeaseLostError):
        store.record(lease, list(remembered(thing("Server", "s1")).values()), [])
    with pytest.raises(LeaseLostError):
        store.renew(lease, START, MINUTE)
    assert other.acquire("lab", "there", "r2", START, MINUTE).fence > lease.fence


def test_an_earlier_holder_in_another_process_stores_nothing_after_a_takeover(kube_cluster: KubeCluster) -> None:
    """Issue 6, 3: checked at the API server."""
    old, new = (KubernetesState(kube_cluster.settings()) for _ in range(2))
    lost = old.acquire("lab", "here", "r1", START, MINUTE)
    new.acquire("lab", "there", "r2", START + MINUTE, MINUTE)
    before = listed(kube_cluster, MAPS), listed(kube_cluster, LEASES)
    with pytest.raises(LeaseLostError):
        old.save(lost, old.load("lab"))
    with pytest.raises(LeaseLostError):
        old.record(lost, list(remembered(thing("Server", "s1")).values()), [])
    with pytest.raises(LeaseLostError):
        old.renew(lost, START, MINUTE)
    old.release(lost)
    assert (listed(kube_cluster, MAPS), listed(kube_cluster, LEASES)) == before


@dataclass
class Overtaken:
    """Two stores: when the old one is about to write base records, the new one takes its lock over, and may write."""

    cluster: KubeCluster
    records: bool = True
    wait_for: str = ""
    taken: list[Lease] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.new = KubernetesState(self.cluster.settings())
        self.old = KubernetesState(self.cluster.settings(), on_request=self._hear)
        self.lost = self.old.acquire("lab", "here", "r1", START, MINUTE)

    def _hear(self, method: str, address: str) -> None:
        if method == self.wait_for and address.startswith(MAPS) and not self.taken:
            self.taken.append(self.new.acquire("lab", "there", "r2", START + MINUTE, MINUTE))
            shards.LIMIT = 700_000
            if self.records:
                self.new.record(self.taken[0], server("s1", "newer"), [])

    @property
    def seen(self) -> dict[str, object]:
        """What everybody finds."""
        found = KubernetesState(self.cluster.settings()).bases("lab", SideName.CLUSTER)
        return {key.name: as_object(record.value["spec"])["description"] for key, record in found.items()}


def server(name: str, words: str) -> list[BaseRecord]:
    return list(remembered(thing("Server", name, {"description": words})).values())


def test_b13_a_lock_lost_between_the_look_and_the_write_covers_nothing_of_the_next_run(
    kube_cluster: KubeCluster,
) -> None:
    """Issue 6, 3: base records are written over the version that is known, or not at all."""
    world = Overtaken(kube_cluster)
    world.old.record(world.lost, server("s1", "first"), [])
    world.wait_for = "PUT"
    with pytest.raises(LeaseLostError):
        world.old.record(world.lost, server("s1", "late"), [])
    assert world.seen == {"s1": "newer"}


def test_b13_a_write_that_arrives_late_costs_the_next_run_neither_its_lock_nor_its_records(
    kube_cluster: KubeCluster,
) -> None:
    world = Overtaken(kube_cluster, records=False)
    world.old.record(world.lost, [*server("s1", "first"), *server("s2", "first")], [])
    world.wait_for = "PUT"
    world.old.record(world.lost, server("s2", "confirmed before"), [])
    world.new.record(world.taken[0], server("s1", "newer"), [])
    assert world.seen == {"s1": "newer", "s2": "confirmed before"}


def test_b13_a_larger_cut_of_a_run_that_has_lost_its_lock_counts_for_nothing(
    kube_cluster: KubeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 6, 3: pieces that are new have no version to be compared with; the fencing number decides."""
    world = Overtaken(kube_cluster)
    world.old.record(world.lost, [each for number in range(1, 30) for each in server(f"s{number}", "first")], [])
    world.wait_for = "POST"
    monkeypatch.setattr(shards, "LIMIT", 500)
    with pytest.raises(LeaseLostError):
        world.old.record(world.lost, [*server("s1", "late"), *server("s2", "late")], [])
    assert len(listed(kube_cluster, MAPS)) > 3, "the late pieces are there"
    for store in (world.new, KubernetesState(kube_cluster.settings())):
        store.record(world.taken[0], server("s3", "newer"), [])
        found = world.seen
        assert {name for name in found if found[name] != "first"} == {"s1", "s3"}
        assert (found["s1"], found["s3"]) == ("newer", "newer")


def test_a_fence_grows_although_somebody_deletes_the_lease(kube_cluster: KubeCluster) -> None:
    store = KubernetesState(kube_cluster.settings())
    store.release(store.acquire("lab", "here", "r1", START, MINUTE))
    assert kube_cluster.request("DELETE", f"{LEASES}/hedgehog-gitops.lab")[0] == 200
    assert KubernetesState(kube_cluster.settings()).acquire("lab", "here", "r2", START, MINUTE).fence == 2


def test_without_permission_the_error_says_what_to_grant(kube_cluster: KubeCluster) -> None:
    store = KubernetesState(kube_cluster.settings("reader"))
    with pytest.raises(UnreachableError, match=r"grant it .*leases.*configmaps.* state\.backend") as caught:
        store.acquire("lab", "here", "r1", START, MINUTE)
    assert "403" in str(caught.value)


RACE = """
import sys
from datetime import UTC, datetime, timedelta
from hedgehog_gitops.adapters.kubernetes import KubernetesState
from hedgehog_gitops.model.errors import LockHeldError
from hedgehog_gitops.model.settings import ClusterSettings
store = KubernetesState(ClusterSettings(kubeconfig=sys.argv[1], context="admin"))
store.transport.connection()
print("ready", flush=True)
sys.stdin.readline()
try:
    print("won", store.acquire("lab", "here", sys.argv[2], datetime.now(UTC), timedelta(minutes=1)).fence)
except LockHeldError as error:
    print("lost", error.run_id)
"""


def test_b13_of_two_processes_that_race_for_the_lock_exactly_one_wins(kube_cluster: KubeCluster) -> None:
    """Issue 6, scope: one conformance suite, run with two processes."""
    racers = [race(kube_cluster, f"r{number}") for number in range(2)]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    answers = [racer.communicate("go\n", timeout=60)[0].split() for racer in racers]
    assert sorted(answer[0] for answer in answers) == ["lost", "won"]


def race(cluster: KubeCluster, run_id: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", RACE, str(cluster.server.kubeconfig), run_id]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def listed(cluster: KubeCluster, path: str) -> Sequence[JsonObject]:
    status, body = cluster.request("GET", path + OURS)
    assert status == 200, body
    return [as_object(item) for item in as_list(body["items"])]
