"""Order, proven by a server that refuses: webhooks by our own rules on a real API server, and nothing to refuse.

Every assertion reads the API server and the webhooks' own count.
"""

from __future__ import annotations

import pytest

from e2e.real_cluster import RealCluster, kinds, name_of, names, without
from fixtures_cluster import KubeCluster
from generated_fabric import generate_fabric
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.plan import PlanOptions
from hedgehog_gitops.model.settings import PruneSettings
from hedgehog_gitops.model.state import Outcome
from hedgehog_gitops.usecases.apply import PAUSES
from servers.admission import Admission

pytestmark = pytest.mark.usefixtures("admission")

FABRIC = generate_fabric(vpcs=68, leaves=4, gateways=1)
MIDDLE = generate_fabric(vpcs=20, leaves=2, gateways=1)
SMALL = generate_fabric(vpcs=8, leaves=2, gateways=1)


@pytest.fixture
def lab(kube_cluster: KubeCluster) -> RealCluster:
    return RealCluster(kube_cluster)


def test_the_fabric_has_every_edge_that_orders_writes() -> None:
    specs = [as_object(each["spec"]) for each in FABRIC]
    assert len(FABRIC) >= 300
    assert {"Gateway", "GatewayGroup", "GatewayPeering", "External", "ExternalAttachment", "ExternalPeering",
            "VPCPeering", "SwitchGroup"} <= kinds(FABRIC).keys()  # fmt: skip
    assert any("withinVPC" in as_object(spec.get("staticExternal")) for spec in specs)
    assert any("relayVPC" in as_object(subnet.get("dhcp")) for subnet in all_subnets(specs))


def all_subnets(specs: list[JsonObject]) -> list[JsonObject]:
    """Of VPCs: a namespace has a list of that name."""
    return [as_object(subnet) for spec in specs for subnet in as_object(spec.get("subnets")).values()]


def test_a_fabric_of_300_objects_applies_in_one_run_and_is_pruned_in_one_run(
    lab: RealCluster, admission: Admission
) -> None:
    """Issue 5, 2: no request is refused on the way up or down, and a second run writes nothing."""
    up = lab.sync(FABRIC)
    assert (up.outcome, admission.refused, lab.stored) == (Outcome.APPLIED, [], names(FABRIC))
    assert len(lab.writes) == len(admission.reviewed) == len(FABRIC)
    assert lab.slept == [], "nothing waits for a clock when nothing is refused"

    again = lab.sync(FABRIC)
    assert (again.outcome, len(lab.writes), len(admission.reviewed)) == (Outcome.UNCHANGED, len(FABRIC), len(FABRIC))

    shown = lab.plan([])
    assert (shown.changes, len(shown.withheld)) == ((), len(FABRIC))
    held = lab.sync([])
    assert (held.counts["pruned"], held.counts["prunes_withheld"], len(lab.stored)) == (0, len(FABRIC), len(FABRIC))

    down = lab.sync([], PlanOptions(allow_deletes=shown.id))
    assert (down.outcome, admission.refused, lab.stored, lab.inventory) == (Outcome.APPLIED, [], set(), set())
    assert lab.slept == []
    assert len(lab.writes) == 2 * len(FABRIC), "one request for each object each way"


def test_a_fabric_is_taken_down_in_budgeted_steps(lab: RealCluster, admission: Admission) -> None:
    """Issue 5, 2: no step is refused, users go before what they use, and the last of a kind needs a person's word."""
    lab.fabric = lab.fabric._replace(prune=PruneSettings(enabled=True, max_objects=12, max_share=1.0))
    lab.sync(MIDDLE)
    left, going = MIDDLE, [name for name in map(name_of, reversed(MIDDLE)) if name not in names(SMALL)]
    for step in batched(going, 12):
        left = without(left, *step)
        result = lab.sync(left)
        assert (result.outcome, result.counts["pruned"], lab.stored) == (Outcome.APPLIED, len(step), names(left))
    assert lab.sync([]).counts["prunes_withheld"] == len(left)
    last = lab.sync([], PlanOptions(allow_deletes=lab.plan([]).id))
    assert (last.outcome, lab.stored, lab.inventory, admission.refused) == (Outcome.APPLIED, set(), set(), [])


def batched(all_names: list[str], size: int) -> list[list[str]]:
    return [all_names[start : start + size] for start in range(0, len(all_names), size)]


@pytest.mark.parametrize("lag", [0.05, 0.4])
def test_webhooks_that_lag_behind_delay_a_fabric_and_do_not_lose_it(
    lab: RealCluster, admission: Admission, lag: float
) -> None:
    """Issue 5, 2: what was written a moment ago may not be found yet, on the way up and on the way down."""
    admission.stored.lag = lag
    up = lab.sync(SMALL)
    assert (up.outcome, up.refused, lab.stored) == (Outcome.APPLIED, (), names(SMALL))
    assert len(lab.slept) <= 12 * len(PAUSES)
    down = lab.sync([], PlanOptions(allow_deletes=lab.plan([]).id))
    assert (down.outcome, down.refused, lab.stored, lab.inventory) == (Outcome.APPLIED, (), set(), set())
