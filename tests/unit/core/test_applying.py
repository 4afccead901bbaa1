"""What server-side apply makes of a live object. The rules themselves are held by tests/contract/test_would_change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fakes.fabrics import manifest, thing
from hedgehog_gitops.adapters.package_schemas import PackageSchemas
from hedgehog_gitops.core.applying import applied, sent
from hedgehog_gitops.core.defaulting.structs import MAPS, Shape
from hedgehog_gitops.core.ownership import field_set
from hedgehog_gitops.model.kind import USER_KINDS, Kind
from hedgehog_gitops.model.plain import Json, JsonObject, as_object

DHCP: JsonObject = {"enable": True}
SUBNET: JsonObject = {"subnet": "10.0.1.0/24", "vlan": 1}


def after(live: JsonObject, git: JsonObject, ours: JsonObject, *others: JsonObject) -> Json:
    """The spec of a VPC after an apply; the sets are those of its spec."""
    kind = manifest(thing("VPC", "v")).kind
    spec_of_ours: JsonObject = {"f:spec": ours}
    left = applied(kind, {"spec": live}, {"spec": git}, spec_of_ours, [{"f:spec": each} for each in others])
    return left["spec"]


def test_what_is_sent_is_laid_over_what_others_set() -> None:
    assert after({"mode": "l3vni"}, {"ipv4Namespace": "n"}, {}) == {"mode": "l3vni", "ipv4Namespace": "n"}


def test_what_we_own_and_leave_out_goes() -> None:
    assert after({"mode": "a", "vlanNamespace": "n"}, {}, {"f:mode": {}}) == {"vlanNamespace": "n"}


def test_what_another_owns_too_stays() -> None:
    assert after({"mode": "a"}, {}, {"f:mode": {}}, {"f:mode": {}}) == {"mode": "a"}


def test_a_list_is_replaced_whole() -> None:
    assert after({"permit": [["a", "b"]]}, {"permit": [["a"]]}, {}) == {"permit": [["a"]]}


def test_a_struct_of_ours_goes_with_what_nobody_owns_in_it() -> None:
    live: JsonObject = {"subnets": {"a": {**SUBNET, "dhcp": {**DHCP, "range": {"start": "10.0.1.2"}}}}}
    ours = field_set({"subnets": {"a": {**SUBNET, "dhcp": DHCP}}})
    assert after(live, {"subnets": {"a": SUBNET}}, ours) == {"subnets": {"a": SUBNET}}


def test_a_struct_stays_while_another_owns_a_part_of_it() -> None:
    live: JsonObject = {"subnets": {"a": {**SUBNET, "dhcp": {**DHCP, "relay": "r"}}}}
    theirs: JsonObject = {"f:subnets": {"f:a": {"f:dhcp": {"f:relay": {}}}}}
    left = after(live, {"subnets": {"a": SUBNET}}, field_set({"subnets": {"a": {**SUBNET, "dhcp": DHCP}}}), theirs)
    assert left == {"subnets": {"a": {**SUBNET, "dhcp": {"relay": "r"}}}}


def test_a_key_of_a_map_goes_with_what_others_set_below_it() -> None:
    live: JsonObject = {"subnets": {"a": {**SUBNET, "gateway": "10.0.1.9"}, "b": SUBNET}}
    theirs: JsonObject = {"f:subnets": {"f:a": {"f:gateway": {}}}}
    left = after(live, {"subnets": {"b": SUBNET}}, field_set({"subnets": {"a": SUBNET, "b": SUBNET}}), theirs)
    assert left == {"subnets": {"b": SUBNET}}


@pytest.mark.parametrize("empty", [{}, None], ids=["empty", "null"])
def test_an_empty_mapping_takes_out_only_what_is_ours_in_it(empty: Json) -> None:
    live: JsonObject = {"subnets": {"a": SUBNET, "b": SUBNET}}
    assert after(live, {"subnets": empty}, field_set({"subnets": {"a": SUBNET}})) == {"subnets": {"b": SUBNET}}


def test_where_nothing_is_left_null_is() -> None:
    """The server stores it so; how Go reads it is up to defaulting."""
    live: JsonObject = {"subnets": {"a": SUBNET}}
    assert after(live, {"subnets": {}}, field_set(live)) == {"subnets": None}


def test_labels_of_the_system_and_of_other_tools_are_not_sent() -> None:
    labels: JsonObject = {"team": "a", "fabric.githedgehog.com/vpc": "b", "argocd.argoproj.io/instance": "c"}
    metadata = as_object(sent(manifest(thing("VPC", "v", labels=labels)))["metadata"])
    assert metadata["labels"] == {"team": "a"}


@pytest.mark.parametrize("kind", USER_KINDS, ids=str)
def test_lists_and_mappings_of_our_kinds_are_as_an_apply_takes_them(kind: Kind) -> None:
    spec = as_object(as_object(PackageSchemas().schema(kind)["properties"])["spec"])
    assert list(faults(spec, MAPS.get(kind.kind, {}), "spec")) == []


def faults(schema: JsonObject, shape: Shape, path: str) -> Iterator[str]:
    """Where a schema says that a list is merged or a mapping replaced, and where we do not know of a map."""
    is_map = isinstance(schema.get("additionalProperties"), dict)
    if schema.keys() & {"x-kubernetes-map-type", "x-kubernetes-list-type"} or is_map != ("{}" in shape):
        yield path
    for name, below in as_object(schema.get("properties")).items():
        yield from faults(as_object(below), shape.get(name, {}), f"{path}.{name}")
    if is_map:
        yield from faults(as_object(schema["additionalProperties"]), shape.get("{}", {}), f"{path}.*")
