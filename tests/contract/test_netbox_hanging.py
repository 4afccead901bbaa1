"""What hangs on an object that goes: NetBox deletes it along or cuts it off, so it is named before anything goes.

Issue 7, 2: nothing of a person's is lost. All of it on a real NetBox, made by its own REST.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from fakes.netbox_proxy import proxying
from fakes.records import removal
from fixtures_netbox import SITE, Netbox
from hedgehog_gitops.adapters.netbox import NetboxRecords
from hedgehog_gitops.adapters.netbox.places import ENDPOINTS
from hedgehog_gitops.model.live import LiveObject, Refused
from hedgehog_gitops.model.record import key_of
from hedgehog_gitops.model.settings import NetboxSettings

FABRIC = "hang"
_NUMBERS = itertools.count(1)


class Bench:
    """Objects of ours, made as our adapter leaves them, and what people hang on them."""

    def __init__(self, netbox: Netbox) -> None:
        self.netbox = netbox
        self.number = next(_NUMBERS)
        self.name = f"thing-{self.number}"
        self._device: dict[str, Any] = {}

    def make(self, path: str, **body: Any) -> int:
        return int(self.netbox.create(path, **body)["id"])

    def one(self, path: str, slug: str, **body: Any) -> int:
        found = self.netbox.all(path, slug=slug)
        return int(found[0]["id"]) if found else self.make(path, name=slug, slug=slug, **body)

    def ours(self, kind: str, **body: Any) -> int:
        """An object of ours of a kind; devices come with one port."""
        more = body or self.needed(kind)
        mark = f"{FABRIC}/Server/default/{self.name}#{next(_NUMBERS)}"
        return self.make(ENDPOINTS[kind], custom_fields={"hedgehog_key": mark, "hedgehog_fabric": FABRIC}, **more)

    def theirs(self, kind: str) -> int:
        """An object of a person's of a kind."""
        return self.make(ENDPOINTS[kind], **self.needed(kind))

    def device(self) -> dict[str, Any]:
        """What every device has, looked up once, and a name."""
        self._device = self._device or self.alike()
        return {**self._device, "name": f"d-{next(_NUMBERS)}"}

    def alike(self) -> dict[str, Any]:
        maker = self.one("dcim/manufacturers", "maker")
        model = self.netbox.all("dcim/device-types", slug="model")
        if not model:
            made = self.make(
                "dcim/device-types", manufacturer=maker, model="model", slug="model", subdevice_role="parent"
            )
            self.make("dcim/interface-templates", device_type=made, name="eth0", type="1000base-t")
            model = [{"id": made}]
        role, site = self.one("dcim/device-roles", "role", color="2f6a31"), self.netbox.one("dcim/sites", slug=SITE)
        return {"site": site["id"], "device_type": model[0]["id"], "role": role}

    def port(self, device: int) -> int:
        return int(self.netbox.one("dcim/interfaces", device_id=device, name="eth0")["id"])

    def needed(self, kind: str) -> dict[str, Any]:
        """What an object of a kind must have."""
        number, name = next(_NUMBERS), f"n-{next(_NUMBERS)}"
        if kind == "dcim.device":
            return self.device()
        if kind == "dcim.interface":
            return {"device": self.theirs("dcim.device"), "name": name, "type": "1000base-t"}
        if kind == "dcim.cable":
            ends = [self.port(self.theirs("dcim.device")) for _ in range(2)]
            halves = [[{"object_type": "dcim.interface", "object_id": end}] for end in ends]
            return {"a_terminations": halves[0], "b_terminations": halves[1]}
        last = f"{number // 250}.{number % 250}"
        plain: dict[str, dict[str, Any]] = {
            "ipam.vlangroup": {"name": name, "slug": name},
            "ipam.vrf": {"name": name},
            "ipam.routetarget": {"name": name},
            "ipam.vlan": {"vid": 1 + number % 4000, "name": name},
            "ipam.prefix": {"prefix": f"10.{last}.0/24"},
            "ipam.iprange": {"start_address": f"172.16.{last}/32", "end_address": f"172.16.{last}/32"},
            "ipam.ipaddress": {"address": f"192.168.{last}/32"},
        }
        return plain[kind]

    def live(self, kind: str, identity: int) -> LiveObject:
        row = self.netbox.request("GET", f"{ENDPOINTS[kind]}/{identity}").json()
        found = key_of(kind, row["custom_fields"]["hedgehog_key"])
        assert found is not None
        return LiveObject(key=found[1], value={}, version=row["last_updated"], uid=str(identity))


def side(netbox: Netbox, token: str = "", url: str = "") -> NetboxRecords:
    return NetboxRecords(NetboxSettings(url=url or netbox.url), FABRIC, lambda: token or netbox.token)


@pytest.fixture
def bench(netbox_module: Netbox) -> Bench:
    return Bench(netbox_module)


Hang = Callable[[Bench, int], object]


def component(path: str, **body: Any) -> Hang:
    return lambda bench, device: bench.make(path, device=device, name="theirs", **body)


def rear(bench: Bench, device: int) -> int:
    return bench.make("dcim/rear-ports", device=device, name="back", type="8p8c")


def address_on_its_port(bench: Bench, device: int) -> int:
    return address(bench, bench.port(device))


def address(bench: Bench, port: int) -> int:
    return bench.make(
        "ipam/ip-addresses",
        address=f"192.0.2.{next(_NUMBERS) % 250}/32",
        assigned_object_type="dcim.interface",
        assigned_object_id=port,
    )


def cable(bench: Bench, port: int) -> int:
    far = bench.port(bench.theirs("dcim.device"))
    halves = [[{"object_type": "dcim.interface", "object_id": end}] for end in (port, far)]
    return bench.make("dcim/cables", a_terminations=halves[0], b_terminations=halves[1])


def cable_in_its_port(bench: Bench, device: int) -> int:
    return cable(bench, bench.port(device))


def touched_port(bench: Bench, device: int) -> object:
    return bench.netbox.change("dcim/interfaces", bench.port(device), description="Ann's")


def service(bench: Bench, device: int) -> int:
    return bench.make(
        "ipam/services",
        name="ssh",
        protocol="tcp",
        ports=[22],
        parent_object_type="dcim.device",
        parent_object_id=device,
    )


def contact(kind: str) -> Hang:
    def hang(bench: Bench, identity: int) -> int:
        person = bench.make("tenancy/contacts", name="Ann")
        role = bench.one("tenancy/contact-roles", "owner")
        return bench.make(
            "tenancy/contact-assignments", object_type=kind, object_id=identity, contact=person, role=role
        )

    return hang


def on_port(path: str, **body: Any) -> Hang:
    return lambda bench, port: bench.make(
        path,
        device=bench.netbox.request("GET", f"dcim/interfaces/{port}").json()["device"]["id"],
        name="theirs",
        **body,
    )


def child(field: str, type_: str) -> Hang:
    def hang(bench: Bench, port: int) -> object:
        if field == "lag":
            bench.netbox.change("dcim/interfaces", port, type="lag")
        return on_port("dcim/interfaces", type=type_, **{field: port})(bench, port)

    return hang


def group_member(bench: Bench, port: int) -> int:
    group = bench.make("ipam/fhrp-groups", protocol="vrrp2", group_id=next(_NUMBERS))
    return bench.make(
        "ipam/fhrp-group-assignments", group=group, interface_type="dcim.interface", interface_id=port, priority=10
    )


def mac(bench: Bench, port: int) -> int:
    return bench.make(
        "dcim/mac-addresses",
        mac_address="02:00:00:00:00:01",
        assigned_object_type="dcim.interface",
        assigned_object_id=port,
    )


def l2vpn(kind: str) -> Hang:
    def hang(bench: Bench, identity: int) -> int:
        name = f"l2-{next(_NUMBERS)}"
        made = bench.make("vpn/l2vpns", name=name, slug=name, type="vxlan")
        return bench.make("vpn/l2vpn-terminations", l2vpn=made, assigned_object_type=kind, assigned_object_id=identity)

    return hang


def tunnel(bench: Bench, port: int) -> int:
    made = bench.make("vpn/tunnels", name=f"t-{next(_NUMBERS)}", status="active", encapsulation="gre")
    return bench.make(
        "vpn/tunnel-terminations", tunnel=made, role="peer", termination_type="dcim.interface", termination_id=port
    )


def item(bench: Bench, port: int) -> object:
    return on_port("dcim/inventory-items", component_type="dcim.interface", component_id=port)(bench, port)


def made(path: str, field: str, kind: str) -> Hang:
    def hang(bench: Bench, identity: int) -> int:
        return bench.make(path, **{**bench.needed(kind), field: identity})

    return hang


def tagging(bench: Bench, vlan: int) -> int:
    port = bench.needed("dcim.interface")
    return bench.make("dcim/interfaces", **{**port, "mode": "tagged", "tagged_vlans": [vlan]})


def untagged(bench: Bench, vlan: int) -> int:
    port = bench.needed("dcim.interface")
    return bench.make("dcim/interfaces", **{**port, "mode": "access", "untagged_vlan": vlan})


def machine(**field: Any) -> Hang:
    def hang(bench: Bench, identity: int) -> int:
        kind = bench.one("virtualization/cluster-types", "kvm")
        name = f"vm-{next(_NUMBERS)}"
        cluster = bench.make("virtualization/clusters", name=name, type=kind)
        vm = bench.make("virtualization/virtual-machines", name=name, cluster=cluster)
        body = {name: identity if value == "it" else value for name, value in field.items()}
        return bench.make("virtualization/interfaces", virtual_machine=vm, name="theirs", **body)

    return hang


def importing(bench: Bench, target: int) -> int:
    return bench.make("ipam/vrfs", name=f"v-{next(_NUMBERS)}", import_targets=[target])


def served(bench: Bench, identity: int) -> int:
    port = bench.port(bench.theirs("dcim.device"))
    device = bench.netbox.request("GET", f"dcim/interfaces/{port}").json()["device"]["id"]
    bench.netbox.change("ipam/ip-addresses", identity, assigned_object_type="dcim.interface", assigned_object_id=port)
    return bench.make(
        "ipam/services",
        name="ssh",
        protocol="tcp",
        ports=[22],
        parent_object_type="dcim.device",
        parent_object_id=device,
        ipaddresses=[identity],
    )


def journal(kind: str) -> Hang:
    return lambda bench, identity: bench.make(
        "extras/journal-entries", assigned_object_type=kind, assigned_object_id=identity, comments="asked Ann"
    )


DEVICE, PORT, VLAN, VRF = "dcim.device", "dcim.interface", "ipam.vlan", "ipam.vrf"
CASES: dict[str, tuple[str, Hang, str]] = {
    "interface": (DEVICE, component("dcim/interfaces", type="virtual"), "interface theirs"),
    "console port": (DEVICE, component("dcim/console-ports"), "console port theirs"),
    "console server port": (DEVICE, component("dcim/console-server-ports"), "console server port theirs"),
    "power port": (DEVICE, component("dcim/power-ports"), "power port theirs"),
    "power outlet": (DEVICE, component("dcim/power-outlets"), "power outlet theirs"),
    "rear port": (DEVICE, rear, "rear port back"),
    "module bay": (DEVICE, component("dcim/module-bays"), "module bay theirs"),
    "device bay": (DEVICE, component("dcim/device-bays"), "device bay theirs"),
    "inventory item": (DEVICE, component("dcim/inventory-items"), "inventory item theirs"),
    "cooling intake": (DEVICE, component("dcim/cooling-intakes"), "cooling intake theirs"),
    "port that came with it, with an address": (DEVICE, address_on_its_port, "address 192.0.2."),
    "port that came with it, with a cable": (DEVICE, cable_in_its_port, "interface eth0"),
    "port that came with it, touched": (DEVICE, touched_port, "interface eth0"),
    "service": (DEVICE, service, "service ssh"),
    "contact of a device": (DEVICE, contact(DEVICE), "contact "),
    "address": (PORT, address, "address 192.0.2."),
    "cable": (PORT, cable, "cable "),
    "subinterface": (PORT, child("parent", "virtual"), "interface theirs"),
    "bridge": (PORT, child("bridge", "bridge"), "interface theirs"),
    "lag member": (PORT, child("lag", "1000base-t"), "interface theirs"),
    "FHRP group": (PORT, group_member, "FHRP group "),
    "MAC address": (PORT, mac, "MAC address 02:00"),
    "L2VPN on a port": (PORT, l2vpn(PORT), "L2VPN termination "),
    "tunnel": (PORT, tunnel, "tunnel termination "),
    "inventory item of a port": (PORT, item, "inventory item theirs"),
    "VLAN in a group": ("ipam.vlangroup", made("ipam/vlans", "group", VLAN), "VLAN n-"),
    "prefix in a VRF": (VRF, made("ipam/prefixes", "vrf", "ipam.prefix"), "prefix 10."),
    "range in a VRF": (VRF, made("ipam/ip-ranges", "vrf", "ipam.iprange"), "range 172."),
    "address in a VRF": (VRF, made("ipam/ip-addresses", "vrf", "ipam.ipaddress"), "address 192."),
    "interface in a VRF": (VRF, made("dcim/interfaces", "vrf", PORT), "interface n-"),
    "machine in a VRF": (VRF, machine(vrf="it"), "interface theirs"),
    "VRF of a target": ("ipam.routetarget", importing, "VRF v-"),
    "port that tags a VLAN": (VLAN, tagging, "interface n-"),
    "port in a VLAN": (VLAN, untagged, "interface n-"),
    "machine in a VLAN": (VLAN, machine(mode="access", untagged_vlan="it"), "interface theirs"),
    "prefix of a VLAN": (VLAN, made("ipam/prefixes", "vlan", "ipam.prefix"), "prefix 10."),
    "L2VPN on a VLAN": (VLAN, l2vpn(VLAN), "L2VPN termination "),
    "address behind an address": (
        "ipam.ipaddress",
        made("ipam/ip-addresses", "nat_inside", "ipam.ipaddress"),
        "address 192.",
    ),
    "service of an address": ("ipam.ipaddress", served, "service ssh"),
    "journal of a device": (DEVICE, journal(DEVICE), "journal entry "),
    "journal of a prefix": ("ipam.prefix", journal("ipam.prefix"), "journal entry "),
    "journal of a range": ("ipam.iprange", journal("ipam.iprange"), "journal entry "),
    "journal of a cable": ("dcim.cable", journal("dcim.cable"), "journal entry "),
}


def test_what_hangs_on_an_object_is_named_and_keeps_it(bench: Bench) -> None:
    """Issue 7, 2: an object is not deleted while something that is not ours would go with it, or be cut off."""
    records, ids = side(bench.netbox), {case: bench.ours(kind) for case, (kind, _, _) in CASES.items()}
    assert records.carried([bench.live(CASES[case][0], ids[case]) for case in CASES]) == {}
    for case, (_, hang, _) in CASES.items():
        hang(bench, ids[case])
    lives = {case: bench.live(kind, ids[case]) for case, (kind, _, _) in CASES.items()}
    carried = records.carried(lives.values())
    unnamed = {
        case: carried.get(live.key) for case, live in lives.items() if CASES[case][2] not in carried.get(live.key, "")
    }
    assert unnamed == {}
    outcomes = list(records.write([removal(live) for live in lives.values()]))
    assert len(outcomes) == len(CASES)
    assert all(isinstance(outcome, Refused) and carried[outcome.key] in outcome.message for outcome in outcomes)
    gone = [case for case, (kind, _, _) in CASES.items() if not bench.netbox.all(ENDPOINTS[kind], id=ids[case])]
    assert gone == []


def test_what_came_with_a_device_by_its_type_is_no_burden(bench: Bench) -> None:
    """Issue 7, 2: components that NetBox made from the templates of the type, and that nobody touched."""
    body = bench.device()
    bench.make("dcim/console-port-templates", device_type=body["device_type"], name=f"con-{bench.number}")
    live = bench.live(DEVICE, bench.ours(DEVICE, **body))
    assert bench.netbox.one("dcim/console-ports", device_id=live.uid)["name"] == f"con-{bench.number}"
    assert side(bench.netbox).carried([live]) == {}


def test_what_is_ours_is_no_burden(bench: Bench) -> None:
    """Issue 7, 2: our own ports, addresses and cables go with their device, in plans of their own."""
    device = bench.ours(DEVICE)
    port = bench.ours(PORT, device=device, name="own", type="1000base-t")
    bench.ours("ipam.ipaddress", address="198.51.100.1/32", assigned_object_type=PORT, assigned_object_id=port)
    assert side(bench.netbox).carried([bench.live(DEVICE, device), bench.live(PORT, port)]) == {}


def test_what_cannot_be_read_is_taken_for_a_burden(bench: Bench) -> None:
    """Issue 7, 2: an account that may not look does not delete."""
    live = bench.live(VRF, bench.ours(VRF))
    token = bench.netbox.user(f"blind-{bench.number}", [{"object_types": [VRF], "actions": ["view", "delete"]}])
    assert "cannot be read" in side(bench.netbox, token).carried([live])[live.key]


def test_few_requests_tell_what_hangs_on_many_objects(bench: Bench) -> None:
    """Issue 7, 5: a prune asks by kind and not by object."""
    lives = [bench.live(DEVICE, bench.ours(DEVICE)) for _ in range(3)]
    counts = []
    for few in (lives[:1], lives):
        with proxying(bench.netbox) as proxy:
            assert side(bench.netbox, url=proxy.settings.url).carried(few) == {}
            counts.append(len(proxy.asked()))
    assert counts[0] == counts[1] <= 30
