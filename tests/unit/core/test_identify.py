from __future__ import annotations

import pytest

from hedgehog_gitops.core.identify import Identified, Standing, duplicates, identify
from hedgehog_gitops.model.document import Document, Mark
from hedgehog_gitops.model.kind import KINDS, Kind, Owner
from hedgehog_gitops.model.plain import Json, JsonObject


def _identify(value: Json, namespace: str = "default") -> Identified:
    mark = Mark(1, 1, 1, 1, 1, 1, None)
    return identify(Document(path="a.yaml", index=0, value=value, marks=lambda: mark, start=0, end=0), namespace)


def _vpc(**changes: Json) -> JsonObject:
    return {"apiVersion": "vpc.githedgehog.com/v1beta1", "kind": "VPC", "metadata": {"name": "vpc-1"}, **changes}


def _rules(found: Identified) -> list[str]:
    return [finding.rule for finding in found.findings]


def test_an_ordinary_object_is_ours_and_has_nothing_to_say_about_it() -> None:
    found = _identify(_vpc(spec={}))
    assert (found.standing, found.findings) == (Standing.USER, ())
    assert str(found.manifests[0].key) == "VPC/default/vpc-1"


def test_an_object_without_a_namespace_is_in_the_given_one() -> None:
    assert _identify(_vpc(), "lab").manifests[0].key.namespace == "lab"
    assert _identify(_vpc(metadata={"name": "a", "namespace": ""})).manifests[0].key.namespace == "default"


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ([1], "OBJECT-001"),
        ("text", "OBJECT-001"),
        ({"kind": "VPC"}, "OBJECT-002"),
        (_vpc(apiVersion=1), "OBJECT-002"),
        (_vpc(apiVersion="a/b/c"), "OBJECT-002"),
        ({"apiVersion": "vpc.githedgehog.com/v1beta1"}, "OBJECT-003"),
        (_vpc(kind=["VPC"]), "OBJECT-003"),
        (_vpc(metadata={}), "OBJECT-004"),
        (_vpc(metadata=None), "OBJECT-004"),
        (_vpc(metadata={"name": 100}), "OBJECT-004"),
        (_vpc(metadata={"name": ""}), "OBJECT-004"),
        (_vpc(kind="Vpc"), "OBJECT-005"),
        (_vpc(apiVersion="vpc.githedgehog.com/v1"), "OBJECT-006"),
        (_vpc(apiVersion="vpc.githedgehog.com/"), "OBJECT-006"),
        (_vpc(spec=[]), "OBJECT-011"),
        (_vpc(metadata={"name": "a", "namespace": 1}), "OBJECT-013"),
        (_vpc(metadata={"name": "a", "namespace": "../x"}), "OBJECT-013"),
        (_vpc(metadata={"name": "Vpc_1"}), "META-001"),
        (_vpc(metadata={"name": "../../etc/x"}), "META-001"),
        (_vpc(metadata={"name": "vpc-1\n"}), "META-001"),
        (_vpc(kind="VPCPeering", metadata={"name": "a" * 254}), "META-002"),
    ],
)
def test_an_object_nobody_can_place_is_invalid(value: Json, rule: str) -> None:
    found = _identify(value)
    assert (found.standing, found.manifests) == (Standing.INVALID, ())
    assert rule in _rules(found)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (_vpc(metadata={"name": "engineering-1"}), "META-003"),
        (_vpc(metadata={"name": "a", "namespace": "lab"}), "META-004"),
        (_vpc(status={}), "OBJECT-009"),
        (_vpc(metadata={"name": "a", "uid": "x", "resourceVersion": "1"}), "OBJECT-009"),
        (_vpc(apiVersion="vpc.githedgehog.com/v1alpha2"), "OBJECT-010"),
    ],
)
def test_what_is_only_refused_or_noisy_keeps_its_identity(value: JsonObject, rule: str) -> None:
    found = _identify(value)
    assert (found.standing, len(found.manifests)) == (Standing.USER, 1)
    assert _rules(found) == [rule]


@pytest.mark.parametrize("spec", [{}, None])
def test_b10_an_empty_spec_is_a_spec(spec: Json) -> None:
    assert _identify(_vpc(spec=spec)).findings == ()


def test_dotted_and_eleven_letter_names_are_fine() -> None:
    assert _identify(_vpc(metadata={"name": "a.b-c"})).findings == ()
    assert _identify(_vpc(metadata={"name": "a" * 11})).findings == ()


_FOREIGN_GROUPS = ["", "apps", "vpc.hedgehog.io", "githedgehog.com", "xvpc.githedgehog.com", "vpc.githedgehog.com.evil"]


@pytest.mark.parametrize("group", _FOREIGN_GROUPS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_b29_a_kind_counts_only_in_its_exact_group(group: str, kind: Kind) -> None:
    version = f"{group}/{kind.version}" if group else kind.version
    found = _identify({"apiVersion": version, "kind": kind.kind, "metadata": {"name": "a"}})
    assert (found.standing, found.manifests) == (Standing.FOREIGN, ())
    assert _rules(found) == (["OBJECT-012"] if "hedgehog" in group else [])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_b29_every_registered_kind_has_the_standing_of_its_owner(kind: Kind) -> None:
    found = _identify({"apiVersion": kind.api_version, "kind": kind.kind, "metadata": {"name": "a"}})
    standings = {Owner.USER: "user", Owner.CONTROLLER: "controller", Owner.INSTALLER: "installer"}
    assert found.standing == standings[kind.owner]
    assert len(found.manifests) == (kind.owner is Owner.USER)


def test_nothing_is_empty() -> None:
    assert _identify(None).standing is Standing.EMPTY


def test_a_list_gives_its_items_with_their_paths() -> None:
    items: list[Json] = [_vpc(), {"apiVersion": "v1", "kind": "Secret"}, _vpc(metadata={"name": "b"})]
    found = _identify({"apiVersion": "v1", "kind": "List", "items": items})
    assert found.standing is Standing.USER
    assert [manifest.at for manifest in found.manifests] == [("items", 0), ("items", 2)]
    assert found.others == (("items", 1),)


def test_items_of_a_typed_list_may_leave_out_what_the_list_says() -> None:
    value: Json = {
        "apiVersion": "vpc.githedgehog.com/v1beta1",
        "kind": "VPCList",
        "items": [{"metadata": {"name": "a"}}],
    }
    (manifest,) = _identify(value).manifests
    assert (manifest.key.kind, manifest.value["kind"]) == ("VPC", "VPC")


def test_a_list_is_as_bad_as_its_worst_item() -> None:
    assert _identify({"apiVersion": "v1", "kind": "List", "items": [_vpc(), 3]}).standing is Standing.INVALID
    assert _identify({"apiVersion": "v1", "kind": "List", "items": []}).standing is Standing.EMPTY


def test_a_foreign_list_is_foreign_as_a_whole() -> None:
    found = _identify({"apiVersion": "v1", "kind": "ConfigMapList", "items": [_vpc()]})
    assert (found.standing, found.manifests) == (Standing.FOREIGN, ())


def test_an_object_that_is_written_again_is_named_once_for_each_repetition() -> None:
    manifests = [_identify(_vpc(spec={"vlan": vlan})).manifests[0] for vlan in (1, 2, 3)]
    found = duplicates([*manifests, *_identify(_vpc(metadata={"name": "b"})).manifests])
    assert [finding.rule for finding in found] == ["LINT-DUPLICATE", "LINT-DUPLICATE"]
