"""How many requests a run costs: for objects counted by a real API server itself, for state and lock at the client."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import pytest

from e2e.real_cluster import BASE, RealCluster, with_spec, without
from fixtures_cluster import KubeCluster
from hedgehog_gitops.adapters.kubernetes import KubernetesState
from hedgehog_gitops.model.kind import USER_KINDS
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.state import Outcome

KINDS = {"VLANNamespace", "IPv4Namespace", "SwitchGroup", "Server", "VPC"}
OBJECTS = [each for each in BASE if each["kind"] in KINDS]
"""Three waves, and nothing that needs an admission webhook."""

WAVES = 3
ONE_LOOK = {"LIST": len(USER_KINDS)}
TWO_LOOKS = {"LIST": 2 * len(USER_KINDS)}
BEGIN = ["GET lease", "GET configmaps", "PUT lease", "PUT state"]
END = ["PUT state", "PUT lease"]
RECORD = ["GET lease", "PUT base"]
REQUEST = re.compile(r'^apiserver_request_total\{([^}]*group="[^"]*githedgehog[^"]*"[^}]*)\} (\d+)', re.MULTILINE)
VERB = re.compile(r'verb="([A-Z]+)"')


@dataclass
class Counting:
    """A fabric whose memory is in its cluster."""

    cluster: KubeCluster
    sent: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        state = KubernetesState(self.cluster.settings(), on_request=self._hear)
        self.real = RealCluster(self.cluster, state=state)

    def _hear(self, method: str, address: str) -> None:
        path = address.partition("?")[0]
        what = "lease" if "/leases" in path else path.rpartition("/")[2]
        self.sent.append(f"{method} {next((each for each in ('state', 'base') if each in what), what)}")

    def sync(self, objects: list[JsonObject]) -> tuple[dict[str, int], list[str]]:
        """The requests of one run: for objects by verb, as the server has counted them; for state and lock in order."""
        before, at = counted(self.cluster), len(self.sent)
        self.real.clock.advance(400)
        self.real.state = KubernetesState(self.cluster.settings(), on_request=self._hear)
        result = self.real.sync(objects)
        assert result.outcome in {Outcome.APPLIED, Outcome.UNCHANGED}, result
        return dict(counted(self.cluster) - before), self.sent[at:]


def counted(cluster: KubeCluster) -> Counter[str]:
    """Requests about our kinds that the server has counted so far, by verb."""
    found: Counter[str] = Counter()
    for labels, number in REQUEST.findall(cluster.metrics()):
        (verb,) = VERB.findall(labels)
        found[verb] += int(number)
    return found


@pytest.fixture
def counting(kube_cluster: KubeCluster) -> Counting:
    return Counting(kube_cluster)


def test_a_first_apply_costs_two_looks_and_a_write_for_each_object(counting: Counting) -> None:
    """Issue 5, 7: what is to be made is remembered once before all writes, what was made once for each wave."""
    asked, sent = counting.sync(OBJECTS)
    assert asked == {**TWO_LOOKS, "APPLY": len(OBJECTS)}
    begin = ["GET lease", "GET lease", "GET configmaps", "POST lease", "POST configmaps"]
    assert sent == [*begin, "GET lease", "POST configmaps", *WAVES * RECORD, *END]


def test_a_sync_without_changes_costs_one_look(counting: Counting) -> None:
    """Issue 5, 7: nothing for an object that needs nothing."""
    counting.sync(OBJECTS)
    assert counting.sync(OBJECTS) == (ONE_LOOK, [*BEGIN, *END])


def test_one_changed_object_costs_one_write_and_the_look_that_proves_it(counting: Counting) -> None:
    """Issue 5, 7: whatever else there is."""
    counting.sync(OBJECTS)
    changed = with_spec(OBJECTS, {"Server/server-00001": {"description": "moved"}})
    assert counting.sync(changed) == ({**TWO_LOOKS, "APPLY": 1}, [*BEGIN, *RECORD, *END])


def test_one_pruned_object_costs_one_write_and_is_written_down_before_and_after(counting: Counting) -> None:
    """Issue 5, 7: the same for a prune."""
    counting.sync(OBJECTS)
    kept = without(OBJECTS, "Server/server-00007")
    assert counting.sync(kept) == ({**TWO_LOOKS, "DELETE": 1}, [*BEGIN, *RECORD, *RECORD, *END])
    assert counting.sync(kept) == (ONE_LOOK, [*BEGIN, *END])
