"""Rows of the mapping that whole fabrics do not show: each Hedgehog object beside the records that it is shown as.

Issue 7, scope: the translation, row by row.
"""

from __future__ import annotations

from collections.abc import Mapping

from generated_fabric import generate_fabric
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.core.netbox.comparing import MEMBER_KINDS, compare
from hedgehog_gitops.core.netbox.ports import interface_type
from hedgehog_gitops.core.netbox.sequencing import key_called, references
from hedgehog_gitops.core.netbox.translating import translate
from hedgehog_gitops.model.kind import VPC, WIRING, ObjectKey, kind_named
from hedgehog_gitops.model.live import LiveObject
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.record import NETBOX, Record
from hedgehog_gitops.model.settings import NetboxSettings

LEAF: JsonObject = {"role": "server-leaf", "profile": "dell-s5248f-on", "ip": "172.30.0.8/21"}
SUBNET: JsonObject = {"subnet": "10.0.1.0/24", "vlan": 1001, "gateway": "10.0.1.1"}


def records(objects: Mapping[str, JsonObject]) -> dict[str, Record]:
    """The records of objects (`Kind/name`), by NetBox kind and name."""
    specs = {}
    for called, spec in objects.items():
        kind, _, name = called.partition("/")
        specs[
            ObjectKey(
                VPC if kind in {"VPC", "VPCPeering", "External", "ExternalAttachment"} else WIRING,
                kind,
                "default",
                name,
            )
        ] = spec
    found = translate("prod", NetboxSettings(site="dc1"), specs, package_release().profiles).records
    return {f"{key.kind} {key.name}": record for key, record in found.items()}


def specs_of(objects: list[JsonObject]) -> dict[ObjectKey, JsonObject]:
    specs: dict[ObjectKey, JsonObject] = {}
    for each in objects:
        kind = kind_named(str(each["apiVersion"]).partition("/")[0], str(each["kind"]))
        name = str(as_object(each["metadata"])["name"])
        specs[ObjectKey(kind.group, kind.kind, "default", name)] = default_spec(kind, each)
    return specs


def unbundled(port: str) -> JsonObject:
    return {"unbundled": {"link": {"server": {"port": "db-1/nic0"}, "switch": {"port": port}}}}


def test_a_servers_port_is_made_as_that_of_its_switch_and_is_peoples_then() -> None:
    shown = records({"Switch/leaf-1": LEAF, "Server/db-1": {}, "Connection/db-1": unbundled("leaf-1/E1/3")})
    port = shown["dcim.interface Server/db-1#port/nic0"]
    assert (port.once, "type" in port.fields) == ({"type": "25gbase-x-sfp28"}, False)
    assert shown["dcim.interface Switch/leaf-1#port/E1/3"].fields["type"] == "25gbase-x-sfp28"


def test_a_servers_port_at_a_lane_has_the_type_of_the_lane() -> None:
    leaf: JsonObject = {**LEAF, "portBreakouts": {"E1/55": "4x25G"}}
    shown = records({"Switch/leaf-1": leaf, "Server/db-1": {}, "Connection/db-1": unbundled("leaf-1/E1/55/2")})
    assert shown["dcim.interface Server/db-1#port/nic0"].once == {"type": "25gbase-x-sfp28"}


def test_a_split_port_is_off_and_its_lanes_are_there_used_or_not() -> None:
    shown = records({"Switch/leaf-1": {**LEAF, "portBreakouts": {"E1/55": "4x25G"}}})
    assert shown["dcim.interface Switch/leaf-1#port/E1/55"].fields["enabled"] is False
    lanes = [shown[f"dcim.interface Switch/leaf-1#port/E1/55/{number}"].fields for number in range(1, 5)]
    assert [(lane["name"], lane["type"]) for lane in lanes] == [
        (f"E1/55/{number}", "25gbase-x-sfp28") for number in range(1, 5)
    ]


def test_every_port_of_every_model_has_a_type() -> None:
    models = package_release().profiles.values()
    assert [
        (each.name, port) for each in models for port in each.ports if interface_type(each, port, {}) == "other"
    ] == []


def test_a_port_with_a_speed_of_its_own_has_it_in_kilobits() -> None:
    shown = records({"Switch/leaf-1": {**LEAF, "portSpeeds": {"E1/1": "10G", "E1/2": "2.5G"}}})
    speeds = [shown[f"dcim.interface Switch/leaf-1#port/E1/{number}"].fields["speed"] for number in (1, 2)]
    assert speeds == [10_000_000, 2_500_000]


def test_every_port_of_a_group_has_the_speed_of_the_group_used_or_not() -> None:
    """Issue 7, scope: device types and ports from the switch profiles; the speed of a group is that of its ports."""
    leaf: JsonObject = {**LEAF, "portGroupSpeeds": {"1": "10G"}}
    wire: dict[str, JsonObject] = {"Switch/leaf-1": leaf, "Server/db-1": {}}
    wire["Connection/db-1"] = unbundled("leaf-1/E1/3")
    ports = {name: each.fields for name, each in records(wire).items() if "Switch/leaf-1#port/E" in name}
    speeds = {str(fields["name"]): (fields["type"], fields.get("speed")) for fields in ports.values()}
    assert speeds == {f"E1/{number}": ("25gbase-x-sfp28", 10_000_000) for number in range(1, 5)}


def test_where_a_static_way_out_leads_is_kept_beside_its_port() -> None:
    switch: JsonObject = {
        "port": "leaf-1/E1/9",
        "ip": "10.9.0.1/24",
        "vlan": 9,
        "nextHop": "10.9.0.9",
        "subnets": ["0/0"],
    }
    spec: JsonObject = {"staticExternal": {"withinVPC": "web", "link": {"switch": switch}}}
    shown = records({"Switch/leaf-1": LEAF, "Connection/out": spec})
    port = shown["dcim.interface Switch/leaf-1#port/E1/9"]
    assert port.beside == {"withinVPC": "web", "nextHop": "10.9.0.9", "subnets": ["0/0"]}
    assert port.fields["mark_connected"] is True
    assert shown["dcim.interface Connection/out#vlan/leaf-1/E1/9.9"].fields["name"] == "E1/9.9"


def test_which_subnets_are_peered_is_kept_beside_the_route_targets() -> None:
    permit: JsonObject = {"permit": [{"one": {"subnets": ["default"]}, "two": {}}]}
    vpcs: dict[str, JsonObject] = {f"VPC/{name}": {"subnets": {"default": SUBNET}} for name in ("one", "two")}
    shown = records({**vpcs, "VPCPeering/one--two": permit})
    targets = [shown[f"ipam.routetarget VPC/{name}#target"] for name in ("one", "two")]
    assert [target.beside for target in targets] == [{"VPCPeering/default/one--two": permit}] * 2
    assert [len(str(target.fields["name"])) for target in targets] == [21, 21]


def test_a_static_lease_is_an_address_of_dhcp_and_the_gateway_an_anycast_one() -> None:
    dhcp: JsonObject = {"enable": True, "range": {"start": "10.0.1.10", "end": "10.0.1.99"}}
    lease: JsonObject = {"static": {"00:00:00:00:00:01": {"ip": "10.0.1.7"}}}
    shown = records({"VPC/web": {"subnets": {"default": {**SUBNET, "dhcp": {**dhcp, **lease}}}}})
    address = shown["ipam.ipaddress VPC/web#lease/default/00:00:00:00:00:01"]
    assert (address.fields["address"], address.once) == ("10.0.1.7/24", {"status": "dhcp"})
    assert shown["ipam.ipaddress VPC/web#gateway/default"].fields["role"] == "anycast"
    assert shown["ipam.iprange VPC/web#dhcp/default"].fields["start_address"] == "10.0.1.10/24"


def test_a_description_is_shown_as_netbox_keeps_it_and_is_kept_whole_beside_it() -> None:
    """Issue 7, 1: NetBox cuts off white space and takes 200 characters; else it would differ after every write."""
    shown = records({"Server/one": {"description": "rack 4\n"}, "Server/two": {"description": "x" * 201}})
    texts = [(each.fields["description"], each.beside) for name, each in shown.items() if "dcim.device Server" in name]
    assert texts == [
        ("rack 4", {"description": "rack 4\n"}),
        ("x" * 200, {"description": "x" * 201}),
    ]


def test_long_names_are_cut_to_names_that_differ() -> None:
    """Issue 7, scope: LAGs of a device and VLANs of a group have names of 64 characters, each its own."""
    long = "between-two-racks-that-are-far-away-from-each-other-in-building-9"
    bundles: dict[str, JsonObject] = {
        f"Connection/{long}-{number}": {
            "bundled": {"links": [{"server": {"port": "db-1/nic0"}, "switch": {"port": f"leaf-1/E1/{number}"}}]}
        }
        for number in (1, 2)
    }
    subnets: JsonObject = {f"{long}-{number}": {**SUBNET, "vlan": 1000 + number} for number in (1, 2)}
    namespace: JsonObject = {"ranges": [{"from": 1000, "to": 1009}]}
    objects = {"Switch/leaf-1": LEAF, "Server/db-1": {}, "VLANNamespace/default": namespace, **bundles}
    shown = records({**objects, "VPC/web": {"subnets": subnets}})
    for kind, word in (("dcim.interface", "#lag/Switch"), ("ipam.vlan", "#vlan/")):
        names = {str(each.fields["name"]) for key, each in shown.items() if key.startswith(kind) and word in key}
        assert {len(name) for name in names} == {64}
        assert len(names) == 2


def test_what_is_not_shown_is_not_referred_to() -> None:
    """Issue 7, scope: any choice of kinds is a whole; a tag, or a VLAN, of what is left out is none."""
    specs = specs_of(generate_fabric(vpcs=6, leaves=4, gateways=1))
    kinds = {key.kind for key in specs}
    for left_out in sorted(kinds):
        settings = NetboxSettings(site="dc1", kinds=tuple(kinds - {left_out}))
        found = translate("prod", settings, specs, package_release().profiles).records
        tags = {str(each.fields["slug"]) for key, each in found.items() if key.kind == "extras.tag"}
        for record in found.values():
            members = [(MEMBER_KINDS.get(name), each) for name, names in record.members.items() for each in names]
            named = {key_called(kind, each) for kind, each in members if kind}
            missing = {*references(record.fields), *named} - found.keys()
            assert (left_out, record.key, missing) == (left_out, record.key, set())
            assert record.members.get("tags", frozenset()) <= tags, left_out


def test_names_with_dots_have_slugs_of_their_own() -> None:
    """Issue 7, scope: NetBox has each slug once in a site, and Kubernetes takes dots."""
    spec: JsonObject = {"ranges": [{"from": 1000, "to": 1009}]}
    shown = records({f"VLANNamespace/{name}": spec for name in ("a.b", "a-b")})
    assert {each.fields["slug"] for each in shown.values()} == {"prod-a_b", "prod-a-b"}


def test_two_ways_out_to_one_router_share_its_address() -> None:
    """Issue 7, 1: an address is there once in the VRF of an External, however many attachments lead to it."""
    ways = {f"leaf-1--isp-{number}": f"leaf-1/E1/{number}" for number in (1, 2)}
    out: dict[str, JsonObject] = {
        f"Connection/{name}": {"external": {"link": {"switch": {"port": port}}}} for name, port in ways.items()
    }
    attached: dict[str, JsonObject] = {
        f"ExternalAttachment/{name}": {
            "external": "isp",
            "connection": name,
            "switch": {"vlan": 100, "ip": f"100.64.0.{number}/24"},
            "neighbor": {"asn": 64102, "ip": "100.64.0.9"},
        }
        for number, name in enumerate(ways)
    }
    shown = records({"Switch/leaf-1": LEAF, "External/isp": {}, **out, **attached})
    addresses = [each.fields["address"] for each in shown.values() if each.key.kind == "ipam.ipaddress"]
    assert addresses.count("100.64.0.9/32") == 1


def test_the_vtep_that_two_switches_of_a_pair_share_is_an_anycast_address() -> None:
    """Issue 7, 1: in MCLAG both have one address, and NetBox takes it twice only with that role."""
    pair: JsonObject = {**LEAF, "vtepIP": "172.30.12.1/32", "redundancy": {"group": "mclag-1", "type": "mclag"}}
    shown = records({"Switch/leaf-1": pair, "Switch/leaf-2": {**LEAF, "vtepIP": "172.30.12.2/32"}})
    roles = [shown[f"ipam.ipaddress Switch/leaf-{number}#vtepIP"].fields.get("role") for number in (1, 2)]
    assert roles == ["anycast", None]


def test_the_type_of_a_port_that_a_person_made_is_never_changed() -> None:
    """Issue 7, scope: what was adopted keeps its form; a LAG or a subinterface has to be one."""
    key = ObjectKey(NETBOX, "dcim.interface", "default", "Switch/leaf-1#port/E1/1")
    base: JsonObject = {"v": 1, "fields": {"type": "10gbase-t", "name": "E1/1"}, "members": {}, "adopted": True}

    def differing(wanted: str, base: JsonObject) -> list[str]:
        value: JsonObject = {"type": "10gbase-t", "name": "E1/1", "base": base}
        record = Record(key=key, fields={"type": wanted, "name": "E1/1"})
        found = compare(record, LiveObject(key=key, value=value, version="1", uid="1"), None)
        return [str(field.path[0]) for field in found.fields]

    assert differing("25gbase-x-sfp28", base) == []
    assert differing("lag", base) == ["type"]
    assert differing("25gbase-x-sfp28", {**base, "adopted": False}) == ["type"]
