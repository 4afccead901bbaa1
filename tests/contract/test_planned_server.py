"""Plans carried out on a real API server with Hedgehog's defaulting: what is adopted, and defaults that follow git."""

from __future__ import annotations

import json

import pytest

from fakes.fabrics import LAB, desired, thing, vpc
from fixtures_cluster import KubeCluster, collection_path, managers, object_path
from hedgehog_gitops.adapters.kubernetes import KubernetesCluster
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.ownership import MANAGER
from hedgehog_gitops.core.planning import make_plan
from hedgehog_gitops.core.settling import written_record
from hedgehog_gitops.core.surveying import Wanted
from hedgehog_gitops.model.kind import VPC, WIRING, ObjectKey, kind_named
from hedgehog_gitops.model.live import Written
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text, path_text
from hedgehog_gitops.model.plan import Action, Plan, PlanOptions
from hedgehog_gitops.model.state import BaseRecord

KIND = kind_named(VPC, "VPC")
SWITCH = kind_named(WIRING, "Switch")
KUBECTL = "kubectl-client-side-apply"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
GIT = vpc(mode="l3vni", ipv4Namespace="default")


@pytest.fixture
def adopted(defaulting_cluster: KubeCluster) -> KubeCluster:
    """A server on which kubectl applied a VPC with more than git has, and an editor added to it."""
    applied = vpc(mode="l3flat", ipv4Namespace="default", staticRoutes=[{"prefix": "10.9.0.0/24"}])
    set_too: JsonObject = {"labels": {"old": "x"}, "annotations": {LAST_APPLIED: json.dumps(applied)}}
    value: JsonObject = {**applied, "metadata": {**as_object(applied["metadata"]), **set_too}}
    write(defaulting_cluster, "POST", value, KUBECTL)
    theirs: JsonObject = {"metadata": {"labels": {"rack": "r1"}}, "spec": {"defaultIsolated": True}}
    write(defaulting_cluster, "PATCH", theirs, "kubectl-edit")
    return defaulting_cluster


def write(cluster: KubeCluster, verb: str, body: JsonObject, manager: str) -> None:
    path = collection_path(KIND) if verb == "POST" else object_path(KIND, "blue")
    content = "application/json" if verb == "POST" else "application/merge-patch+json"
    status, answer = cluster.request(verb, f"{path}?fieldManager={manager}", body, content)
    assert status in {200, 201}, answer


def plan(
    cluster: KubeCluster, git: JsonObject, bases: dict[ObjectKey, BaseRecord] | None = None, *, adopt: bool = False
) -> Plan:
    snapshot = desired(git)
    wanted = Wanted(snapshot=snapshot, specs=default_specs(snapshot.manifests), refused={})
    live = KubernetesCluster(cluster.settings()).read([KIND, SWITCH])
    return make_plan(LAB, wanted, live, bases or {}, PlanOptions(adopt=adopt)).plan


def apply(cluster: KubeCluster, made: Plan) -> dict[ObjectKey, BaseRecord]:
    """Write what is planned; what is remembered of it."""
    bases: dict[ObjectKey, BaseRecord] = {}
    for change, outcome in zip(made.changes, KubernetesCluster(cluster.settings()).write(made.changes), strict=True):
        assert isinstance(outcome, Written), outcome
        assert outcome.object is not None
        assert change.manifest is not None
        bases[change.key] = written_record(change.manifest, outcome.object, "r1", change.side)
    return bases


def stored(cluster: KubeCluster) -> JsonObject:
    value = cluster.get(KIND, "blue")
    assert value is not None
    return value


def owned(value: JsonObject, manager: str) -> JsonObject:
    """The fields of one manager."""
    entries = map(as_object, as_list(as_object(value["metadata"])["managedFields"]))
    return next(as_object(entry["fieldsV1"]) for entry in entries if as_text(entry["manager"]) == manager)


def test_nothing_is_adopted_unasked(adopted: KubeCluster) -> None:
    made = plan(adopted, GIT)
    assert made.changes == ()
    assert ["--adopt" in held.reason for held in made.conflicts] == [True]


def test_what_the_older_tool_set_becomes_ours_or_goes_and_what_others_set_stays(adopted: KubeCluster) -> None:
    """Issue 5, scope: legacy ownership is adopted, including taking over fields without removing others'."""
    before = stored(adopted)
    made = plan(adopted, GIT, adopt=True)
    assert [change.action for change in made.changes] == [Action.ADOPT]
    apply(adopted, made)
    after = stored(adopted)

    assert managers(after) == {MANAGER: "Apply", "kubectl-edit": "Update"}
    assert owned(after, "kubectl-edit") == owned(before, "kubectl-edit")
    ours = as_object(owned(after, MANAGER)["f:spec"])
    assert sorted(ours) == ["f:ipv4Namespace", "f:mode", "f:subnets"]
    spec = as_object(after["spec"])
    assert (spec["mode"], spec["defaultIsolated"], "staticRoutes" in spec) == ("l3vni", True, False)
    metadata = as_object(after["metadata"])
    assert (metadata["labels"], metadata.get("annotations")) == ({**computed(before), "rack": "r1"}, None)
    assert as_object(before["metadata"])["uid"] == metadata["uid"]


def test_an_adoption_says_what_it_changes(adopted: KubeCluster) -> None:
    (change,) = plan(adopted, GIT, adopt=True).changes
    assert {path_text(field.path) for field in change.fields} == {
        "metadata.labels.old", "spec.mode", "spec.staticRoutes"
    }  # fmt: skip


def test_after_an_adoption_nothing_is_left_to_do(adopted: KubeCluster) -> None:
    bases = apply(adopted, plan(adopted, GIT, adopt=True))
    assert plan(adopted, GIT, bases).changes == ()
    assert plan(adopted, GIT).changes == (), "and not without our record either"


@pytest.mark.parametrize("is_remembered", [True, False], ids=["with our record", "with managedFields alone"])
def test_a_field_that_was_the_older_tools_goes_when_git_drops_it_later(
    adopted: KubeCluster,
    is_remembered: bool,  # noqa: FBT001 - a case of the table
) -> None:
    bases = apply(adopted, plan(adopted, GIT, adopt=True))
    made = plan(adopted, vpc(ipv4Namespace="default"), bases if is_remembered else None)
    assert [[path_text(field.path) for field in change.fields] for change in made.changes] == [["spec.mode"]]
    apply(adopted, made)
    spec = as_object(stored(adopted)["spec"])
    assert ("mode" in spec, spec["defaultIsolated"]) == (False, True)


def moved(cluster: KubeCluster, before: JsonObject, after: JsonObject) -> tuple[set[str], dict[ObjectKey, BaseRecord]]:
    """Git says one thing and then another: the fields that the second plan names, and what is remembered."""
    bases = apply(cluster, plan(cluster, before))
    made = plan(cluster, after, bases)
    told = {path_text(field.path) for change in made.changes for field in change.fields}
    return told, apply(cluster, made)


def subnet(network: str, **fields: Json) -> JsonObject:
    return vpc(subnets={"default": {"subnet": network, "vlan": 1001, "dhcp": {"enable": True}, **fields}})


def stored_subnet(cluster: KubeCluster) -> JsonObject:
    return as_object(as_object(as_object(stored(cluster)["spec"])["subnets"])["default"])


def test_what_defaulting_made_of_a_field_follows_it(defaulting_cluster: KubeCluster) -> None:
    """The webhook fills in only what is empty: the gateway of the old subnet would stay, and admission refuse it."""
    before, after = subnet("10.0.1.0/24"), subnet("10.0.2.0/24")
    told, bases = moved(defaulting_cluster, before, after)
    found = stored_subnet(defaulting_cluster)
    served = {"start": "10.0.2.2", "end": "10.0.2.255"}
    assert (found["gateway"], as_object(found["dhcp"])["range"]) == ("10.0.2.1", served)
    inside = "spec.subnets.default"
    assert told == {f"{inside}.{name}" for name in ("subnet", "gateway", "dhcp.range.start", "dhcp.range.end")}
    assert plan(defaulting_cluster, after, bases).changes == ()

    apply(defaulting_cluster, plan(defaulting_cluster, before, bases))
    assert stored_subnet(defaulting_cluster)["gateway"] == "10.0.1.1", "now that it is ours, too"


def test_a_default_that_is_no_more_goes(defaulting_cluster: KubeCluster) -> None:
    told, _ = moved(defaulting_cluster, subnet("10.0.1.0/24"), subnet("10.0.1.0/24", hostBGP=True))
    assert told == {"spec.subnets.default.hostBGP", "spec.subnets.default.gateway"}
    assert "gateway" not in stored_subnet(defaulting_cluster)


def test_a_list_that_defaulting_completes_follows_git(defaulting_cluster: KubeCluster) -> None:
    one, other = (
        thing("Switch", "leaf-1", {"role": "server-leaf", "redundancy": {"group": group, "type": "eslag"}})
        for group in ("g1", "g2")
    )
    moved(defaulting_cluster, one, other)
    found = defaulting_cluster.get(SWITCH, "leaf-1")
    assert as_object(as_object(found)["spec"])["groups"] == ["g2"]


def test_a_field_that_another_set_does_not_follow(defaulting_cluster: KubeCluster) -> None:
    before, after = subnet("10.0.1.0/24"), subnet("10.0.2.0/24")
    bases = apply(defaulting_cluster, plan(defaulting_cluster, before))
    theirs: JsonObject = {"spec": {"subnets": {"default": {"gateway": "10.0.1.9"}}}}
    write(defaulting_cluster, "PATCH", theirs, "kubectl-edit")
    made = plan(defaulting_cluster, after, bases)
    apply(defaulting_cluster, made)
    assert stored_subnet(defaulting_cluster)["gateway"] == "10.0.1.9"
    assert [path_text(field.path) for each in made.beside for field in each.fields] == ["spec.subnets.default.gateway"]


def computed(value: JsonObject) -> JsonObject:
    """The labels of the system."""
    labels = as_object(as_object(value["metadata"])["labels"])
    return {name: text for name, text in labels.items() if "githedgehog.com/" in name}
