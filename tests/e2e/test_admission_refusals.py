"""What a refusal by admission costs: the object and what needs it, nothing else; and what a person may leave out.

The webhooks of the test get one more rule, which our own validation does not know.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from e2e.real_cluster import BASE, RealCluster, name_of, names, with_spec, without
from fakes.fabrics import thing
from fixtures_cluster import KubeCluster
from hedgehog_gitops.model.plan import PlanOptions
from hedgehog_gitops.model.state import Outcome
from hedgehog_gitops.usecases.apply import PAUSES
from servers.admission import Admission
from servers.admission_rules import Review

NEEDS_VPC_1 = {
    name_of(each) for each in BASE if "vpc-00001" in str(each["spec"]) and each["kind"] != "VPC"
}  # attachments, peerings, the gateway peering, and the connection that lies within the VPC
SERVERS = {name for name in names(BASE) if name.startswith("Server/")}


@pytest.fixture
def lab(kube_cluster: KubeCluster, admission: Admission) -> RealCluster:
    assert admission.refused == []
    return RealCluster(kube_cluster)


def test_an_object_that_admission_refuses_holds_back_exactly_what_needs_it(
    lab: RealCluster, admission: Admission
) -> None:
    """Issue 5, "apply": independent objects go on past a bad one, and its closure is reported as held back."""
    assert len(NEEDS_VPC_1) >= 5
    admission.one_more_rule = refusing("VPC/vpc-00001", "CREATE")
    result = lab.sync(BASE)
    assert (result.outcome, [f"{each.key.kind}/{each.key.name}" for each in result.refused]) == (
        Outcome.PARTIAL,
        ["VPC/vpc-00001"],
    )
    assert "this VPC is not welcome" in result.refused[0].message
    assert lab.stored == names(BASE) - NEEDS_VPC_1 - {"VPC/vpc-00001"}
    assert {failure.split(": ")[0].replace("/default/", "/") for failure in result.failures} == NEEDS_VPC_1
    assert {str(review) for review in admission.reviewed} == {f"CREATE {name}" for name in lab.stored} | {
        "CREATE VPC/vpc-00001"
    }
    assert lab.slept == list(PAUSES), "it is tried again in case admission lags, once for the whole run"

    admission.one_more_rule = lambda _: ""
    assert lab.sync(BASE).outcome is Outcome.APPLIED
    assert lab.stored == lab.inventory == names(BASE)


def test_an_update_that_admission_refuses_leaves_the_rest_of_the_run_alone(
    lab: RealCluster, admission: Admission
) -> None:
    lab.sync(BASE)
    admission.one_more_rule = refusing("Server/server-00001", "UPDATE")
    after = with_spec(BASE, {name: {"description": "moved"} for name in SERVERS})
    result = lab.sync(after)
    assert [f"{each.key.kind}/{each.key.name}" for each in result.refused] == ["Server/server-00001"]
    moved = {name for name, value in lab.values.items() if value["spec"] == {"description": "moved"}}
    assert moved == SERVERS - {"Server/server-00001"}


def test_a_delete_that_admission_refuses_is_told_and_stays_on_the_books(lab: RealCluster, admission: Admission) -> None:
    """Issue 5, "prune": the survivor stays in the inventory, with what it still uses; the next run takes it."""
    lab.sync(BASE)
    admission.one_more_rule = refusing("VPC/vpc-00002", "DELETE")
    result = lab.sync([], PlanOptions(allow_deletes=lab.plan([]).id))
    left = {"VPC/vpc-00002", "IPv4Namespace/default", "VLANNamespace/default"}
    assert (lab.stored, lab.inventory) == (left, left)
    assert result.outcome is Outcome.PARTIAL
    assert [f"{each.key.kind}/{each.key.name}" for each in result.refused] == ["VPC/vpc-00002"]
    assert "this VPC is not welcome" in result.refused[0].message
    assert {str(review) for review, _ in admission.refused} == {"DELETE VPC/vpc-00002"}, "its namespaces are not tried"

    admission.one_more_rule = lambda _: ""
    again = lab.sync([], PlanOptions(allow_deletes=lab.plan([]).id))
    assert (again.outcome, lab.stored, lab.inventory) == (Outcome.APPLIED, set(), set())


def test_strict_writes_nothing_while_one_object_has_an_error(lab: RealCluster, admission: Admission) -> None:
    """Issue 5, "apply": `--strict` stops all; without it, all but the bad object and its users is written."""
    bad = [*BASE, thing("VPCAttachment", "bad", {"subnet": "nowhere/default", "connection": "server-00001--eslag"})]
    held = lab.sync(bad, PlanOptions(strict=True))
    assert (held.outcome, lab.stored, admission.reviewed) == (Outcome.PARTIAL, set(), [])
    assert held.counts["blocked"] == len(bad)

    loose = lab.sync(bad)
    assert (loose.outcome, lab.stored, admission.refused) == (Outcome.PARTIAL, names(BASE), [])


def test_a_target_is_written_with_what_it_needs_and_nothing_else(lab: RealCluster, admission: Admission) -> None:
    """Issue 5, "apply": `--target` with closure."""
    result = lab.sync(BASE, PlanOptions(targets=("VPCAttachment/vpc-00003--*",)))
    assert result.outcome is Outcome.APPLIED
    assert admission.refused == []
    assert lab.stored == {
        "VPCAttachment/vpc-00003--default--server-00003", "VPC/vpc-00003", "IPv4Namespace/default",
        "VLANNamespace/default", "Connection/server-00003--unbundled", "Server/server-00003", "Switch/leaf-001",
        "SwitchGroup/eslag-001",
    }  # fmt: skip


def test_an_excluded_object_is_left_out_with_what_needs_it(lab: RealCluster, admission: Admission) -> None:
    """Issue 5, "apply": `--exclude` with closure."""
    excluding = PlanOptions(excludes=("VPC/vpc-00001",))
    result = lab.sync(BASE, excluding)
    assert (result.outcome, admission.refused) == (Outcome.APPLIED, [])
    assert lab.stored == names(BASE) - NEEDS_VPC_1 - {"VPC/vpc-00001"}


def test_a_prune_can_be_excluded_or_be_the_only_target(lab: RealCluster, admission: Admission) -> None:
    """Issue 5, "apply": what used an excluded object stays with it, and a target goes with what used it."""
    lab.sync(BASE)
    less = without(BASE, "Server/server-00007", "Connection/server-00007--unbundled",
                   "VPCAttachment/vpc-00006--storage--server-00007")  # fmt: skip
    kept = lab.sync(less, PlanOptions(excludes=("Server/server-00007",)))
    assert (kept.outcome, lab.stored) == (Outcome.UNCHANGED, names(BASE))

    fewer = without(less, "VPCPeering/vpc-00001--vpc-00002")
    went = lab.sync(fewer, PlanOptions(targets=("Server/server-00007",)))
    assert (went.outcome, lab.stored, admission.refused) == (Outcome.APPLIED, names(less), [])


def refusing(name: str, operation: str) -> Callable[[Review], str]:
    def rule(review: Review) -> str:
        is_meant = f"{review.key.kind}/{review.key.name}" == name and review.operation == operation
        return "this VPC is not welcome" if is_meant else ""

    return rule
