"""Valid fabrics of any size, as real ones look: for benchmarks and for laws that need many objects.

    spines -- leaves in ESLAG pairs -- servers -- VPCs, attached, peered, and with a way out

A zone is a group of leaves with an own VLANNamespace and IPv4Namespace: one namespace has VLANs for `ZONE_VPCS` VPCs.
The same arguments always give the same objects.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hedgehog_gitops.model.kind import GATEWAY, KINDS, VPC, WIRING
from hedgehog_gitops.model.plain import Json, JsonObject

ZONE_VPCS = 500
SPINES = 4
MAX_LEAVES = 432
_SUBNETS = 4  # of a VPC, at most: so many VLANs and /24 networks are set aside for each
_PLANE = 128  # leaves below one set of spines: a spine has 32 ports of four lanes
_PAIR_SERVERS = 16
_UPLINK = 53  # the first 100G port of a leaf that leads to a spine
_OUT, _TRANSIT, _LOOP = 41, 42, 43  # ports beyond those of the servers
_LEAF, _SPINE = "dell-s5248f-on", "celestica-ds4000"
_API = {kind.kind: kind.api_version for kind in KINDS if kind.group in {WIRING, VPC, GATEWAY}}


@dataclass(frozen=True, slots=True)
class Server:
    """One server: its connection's name and type, and its links as (server port, switch port)."""

    name: str
    type: str
    links: tuple[tuple[str, str], ...]

    @property
    def connection(self) -> str:
        """The name of its connection."""
        return f"{self.name}--{self.type}"


@dataclass(frozen=True, slots=True)
class Zone:
    """Leaves that share a VLANNamespace, what is connected to them, and how many VPCs are there."""

    number: int
    pairs: tuple[int, ...]
    servers: tuple[Server, ...]
    first_vpc: int
    vpcs: int

    @property
    def namespace(self) -> str:
        """The name of both its namespaces."""
        return "default" if self.number == 0 else f"zone-{self.number + 1:02}"


def generate_fabric(*, vpcs: int = 10, leaves: int = 4, gateways: int = 0) -> list[JsonObject]:
    """A valid fabric, in dependency order; `leaves` is even. Gateways need the `gateway` setting of the fabric."""
    if leaves % 2 or not 0 < leaves <= MAX_LEAVES:
        raise ValueError(f"{leaves} leaves: an even number up to {MAX_LEAVES} is needed")
    zones = tuple(_zones(vpcs, leaves // 2))
    spines = SPINES * math.ceil(leaves / _PLANE)
    return [
        *(each for zone in zones for each in _namespaces(zone)),
        *(thing("SwitchGroup", f"eslag-{pair + 1:03}", {}) for pair in range(leaves // 2)),
        *(_spine(number, leaves) for number in range(spines)),
        *(_leaf(leaf, zone, leaf + spines) for zone in zones for leaf in _leaves(zone)),
        *(_server(server) for zone in zones for server in zone.servers),
        *(_vpc(zone, number) for zone in zones for number in range(zone.vpcs)),
        *_gateways(gateways, zones[0], leaves + spines),
        *(_uplink(leaf, spine) for leaf in range(leaves) for spine in range(SPINES)),
        *(_connection(server) for zone in zones for server in zone.servers),
        *(each for zone in zones for number in range(zone.vpcs) for each in _attachments(zone, number)),
        *(each for zone in zones for each in _peerings(zone)),
        *(each for zone in zones for each in _way_out(zone)),
    ]


def thing(kind: str, name: str, spec: JsonObject) -> JsonObject:
    """A whole object."""
    metadata: JsonObject = {"name": name, "namespace": "default"}
    return {"apiVersion": _API[kind], "kind": kind, "metadata": metadata, "spec": spec}


def _zones(vpcs: int, pairs: int) -> Iterator[Zone]:
    """The VPCs spread over as few zones as have VLANs for them, the pairs of leaves over all of these."""
    count = max(1, math.ceil(vpcs / ZONE_VPCS))
    if count > pairs:
        raise ValueError(f"{vpcs} VPCs need {2 * count} leaves or more")
    for number in range(count):
        first, last = (vpcs * each // count for each in (number, number + 1))
        own = tuple(range(number, pairs, count))
        servers = tuple(server for pair in own for server in _servers(pair))
        yield Zone(number, own, servers, first, last - first)


def _leaves(zone: Zone) -> Iterator[int]:
    return (leaf for pair in zone.pairs for leaf in (2 * pair, 2 * pair + 1))


def _servers(pair: int) -> Iterator[Server]:
    """Two dual-homed ones, one with a single link and one with two to the same leaf, and so on."""
    one, other = leaf_name(2 * pair), leaf_name(2 * pair + 1)
    for number in range(_PAIR_SERVERS):
        name, port = f"server-{pair * _PAIR_SERVERS + number + 1:05}", 2 * number + 1
        nics = (f"{name}/enp2s1", f"{name}/enp2s2")
        if number % 4 == 2:
            yield Server(name, "unbundled", ((nics[0], f"{one}/E1/{port}"),))
        elif number % 4 == 3:
            links = ((nics[0], f"{other}/E1/{port}"), (nics[1], f"{other}/E1/{port + 1}"))
            yield Server(name, "bundled", links)
        else:
            yield Server(name, "eslag", ((nics[0], f"{one}/E1/{port}"), (nics[1], f"{other}/E1/{port}")))


def leaf_name(leaf: int) -> str:
    """The name of a leaf by its number from 0."""
    return f"leaf-{leaf + 1:03}"


def spine_name(spine: int) -> str:
    """The name of a spine by its number from 0."""
    return f"spine-{spine + 1:02}"


def vpc_name(number: int) -> str:
    """The name of a VPC by its number from 0."""
    return f"vpc-{number + 1:05}"


def _namespaces(zone: Zone) -> Iterator[JsonObject]:
    yield thing("VLANNamespace", zone.namespace, {"ranges": [{"from": 1000, "to": 1999}, {"from": 2000, "to": 2999}]})
    yield thing("IPv4Namespace", zone.namespace, {"subnets": [f"10.{8 * (zone.number % 32)}.0.0/13"]})


def _address(base: int, offset: int) -> str:
    """172.30.`base`.0 and so much more."""
    return f"172.30.{base + offset // 256}.{offset % 256}"


def _switch(number: int, **spec: Json) -> JsonObject:
    return {
        "description": f"rack {number // 2 + 1}",
        **spec,
        "ip": f"{_address(0, number + 10)}/21",
        "protocolIP": f"{_address(8, number + 1)}/32",
        "boot": {"mac": f"0c:20:12:ff:{number // 256:02x}:{number % 256:02x}"},
    }


def _spine(spine: int, leaves: int) -> JsonObject:
    plane = spine // SPINES
    lanes = min(_PLANE, leaves - plane * _PLANE)
    breakouts: JsonObject = {f"E1/{port + 1}": "4x100G" for port in range(math.ceil(lanes / 4))}
    spec = _switch(spine, role="spine", profile=_SPINE, asn=65100, portBreakouts=breakouts)
    return thing("Switch", spine_name(spine), spec)


def _leaf(leaf: int, zone: Zone, number: int) -> JsonObject:
    group = f"eslag-{leaf // 2 + 1:03}"
    is_border = leaf // 2 == zone.pairs[0]
    spec = _switch(
        number,
        role="mixed-leaf" if is_border else "server-leaf",
        profile=_LEAF,
        asn=65101 + leaf,
        vtepIP=f"{_address(12, leaf + 1)}/32",
        groups=[group],
        redundancy={"group": group, "type": "eslag"},
        vlanNamespaces=[zone.namespace],
    )
    return thing("Switch", leaf_name(leaf), spec)


def _server(server: Server) -> JsonObject:
    return thing("Server", server.name, {"description": f"{server.type} to {server.links[0][1].partition('/')[0]}"})


def _uplink(leaf: int, spine: int) -> JsonObject:
    plane, lane = divmod(leaf, _PLANE)
    name, link = spine_name(plane * SPINES + spine), leaf * SPINES + spine
    ends: JsonObject = {
        "spine": {"port": f"{name}/E1/{lane // 4 + 1}/{lane % 4 + 1}", "ip": f"{_address(128, 2 * link)}/31"},
        "leaf": {"port": f"{leaf_name(leaf)}/E1/{_UPLINK + spine}", "ip": f"{_address(128, 2 * link + 1)}/31"},
    }
    return thing("Connection", f"{name}--fabric--{leaf_name(leaf)}", {"fabric": {"links": [ends]}})


def _connection(server: Server) -> JsonObject:
    links: list[Json] = [{"server": {"port": one}, "switch": {"port": other}} for one, other in server.links]
    spec: JsonObject = {server.type: {"link": links[0]} if server.type == "unbundled" else {"links": links}}
    return thing("Connection", server.connection, spec)


def _network(zone: Zone, number: int, place: int) -> str:
    """The first three numbers of a /24 network."""
    index = number * _SUBNETS + place
    return f"10.{8 * (zone.number % 32) + index // 256}.{index % 256}"


def _vpc(zone: Zone, number: int) -> JsonObject:
    names = _subnet_names(number)
    spec: JsonObject = {
        "ipv4Namespace": zone.namespace,
        "vlanNamespace": zone.namespace,
        "subnets": {name: _subnet(zone, number, place, name) for place, name in enumerate(names)},
    }
    if "backend" in names:
        spec["permit"] = [["default", "backend"]]
    return thing("VPC", vpc_name(zone.first_vpc + number), spec)


def _subnet_names(number: int) -> list[str]:
    return ["default", *(["backend"] if number % 3 == 0 else []), *(["storage"] if number % 5 == 0 else [])]


def _subnet(zone: Zone, number: int, place: int, name: str) -> JsonObject:
    network = _network(zone, number, place)
    subnet: JsonObject = {
        "subnet": f"{network}.0/24",
        "gateway": f"{network}.1",
        "vlan": 1000 + number * _SUBNETS + place,
    }
    if name == "backend":
        return {**subnet, "isolated": True}
    if name == "default" and number % 7 == 4 and number + 1 < zone.vpcs:
        relay: JsonObject = {"relay": "10.255.0.1/32", "relayVPC": vpc_name(zone.first_vpc + number + 1)}
        return {**subnet, "dhcp": relay}
    dhcp: JsonObject = {"enable": True, "range": {"start": f"{network}.10", "end": f"{network}.200"}}
    if name == "storage":
        dhcp["options"] = {"dnsServers": [f"{network}.2"], "interfaceMTU": 9000, "leaseTimeSeconds": 7200}
        mac = f"0c:20:13:{zone.number:02x}:{number // 256:02x}:{number % 256:02x}"
        dhcp["static"] = {mac: {"ip": f"{network}.210"}}
    return {**subnet, "dhcp": dhcp}


def _attachments(zone: Zone, number: int) -> Iterator[JsonObject]:
    """The default subnet at one server, the backend at the next; the first VPC of some servers untagged."""
    vpc, servers = vpc_name(zone.first_vpc + number), zone.servers
    is_native = number < len(servers) and number % 9 == 0
    for place, name in enumerate(_subnet_names(number)[:2]):
        server = servers[(number + place) % len(servers)]
        spec: JsonObject = {"subnet": f"{vpc}/{name}", "connection": server.connection}
        native: JsonObject = {"nativeVLAN": True} if is_native and not place else {}
        yield thing("VPCAttachment", f"{vpc}--{name}--{server.name}", {**spec, **native})


def _peerings(zone: Zone) -> Iterator[JsonObject]:
    for number in range(zone.vpcs - 1):
        if number % 10 in {0, 3, 6}:
            one, other = (vpc_name(zone.first_vpc + each) for each in (number, number + 1))
            permit: JsonObject = {one: {"subnets": ["default"]}, other: {}}
            yield thing("VPCPeering", f"{one}--{other}", {"permit": [permit]})


def _way_out(zone: Zone) -> Iterator[JsonObject]:
    """A provider on both leaves of the first pair, a static network, and the VPCs that reach the provider."""
    pair, number = zone.pairs[0], zone.number
    provider, static = f"isp-{number + 1:02}", f"sta-{number + 1:02}"
    communities: JsonObject = {"inboundCommunity": f"65102:{number + 1}", "outboundCommunity": f"50000:{number + 1}"}
    yield thing("External", provider, {"ipv4Namespace": zone.namespace, **communities})
    yield thing(
        "External", static, {"ipv4Namespace": zone.namespace, "static": {"prefixes": [f"198.18.{number}.0/24"]}}
    )
    for leaf in (2 * pair, 2 * pair + 1):
        yield from _exit(leaf_name(leaf), provider, static, f"100.{64 + number}.{leaf % 2}")
    yield from _peers(zone, provider)
    yield from _transit(zone, leaf_name(2 * pair), number)


def _exit(leaf: str, provider: str, static: str, network: str) -> Iterator[JsonObject]:
    connection = f"{leaf}--external"
    yield thing("Connection", connection, {"external": {"link": {"switch": {"port": f"{leaf}/E1/{_OUT}"}}}})
    session: JsonObject = {
        "switch": {"vlan": 100, "ip": f"{network}.1/24"},
        "neighbor": {"asn": 64102, "ip": f"{network}.6"},
    }
    yield thing(
        "ExternalAttachment", f"{provider}--{leaf}", {"external": provider, "connection": connection, **session}
    )
    route: JsonObject = {"remoteIP": f"{network}.130", "vlan": 200, "ip": f"{network}.129/25"}
    yield thing(
        "ExternalAttachment", f"{static}--{leaf}", {"external": static, "connection": connection, "static": route}
    )


def _peers(zone: Zone, provider: str) -> Iterator[JsonObject]:
    for number in range(5, zone.vpcs, 10):
        vpc = vpc_name(zone.first_vpc + number)
        permit: JsonObject = {
            "vpc": {"name": vpc, "subnets": ["default"]},
            "external": {"name": provider, "prefixes": [{"prefix": "0.0.0.0/0"}]},
        }
        yield thing("ExternalPeering", f"{vpc}--{provider}", {"permit": permit})


def _transit(zone: Zone, leaf: str, number: int) -> Iterator[JsonObject]:
    port: JsonObject = {
        "port": f"{leaf}/E1/{_TRANSIT}",
        "ip": f"192.168.{number}.1/30",
        "nextHop": f"192.168.{number}.2",
        "subnets": [f"198.19.{number}.0/24"],
    }
    static: JsonObject = {"link": {"switch": port}}
    if zone.vpcs:
        static["withinVPC"] = vpc_name(zone.first_vpc)
    yield thing("Connection", f"{leaf}--static-external", {"staticExternal": static})
    loop: JsonObject = {"switch1": {"port": f"{leaf}/E1/{_LOOP}"}, "switch2": {"port": f"{leaf}/E1/{_LOOP + 1}"}}
    yield thing("Connection", f"{leaf}--vpc-loopback", {"vpcLoopback": {"links": [loop]}})


def _gateways(count: int, zone: Zone, switches: int) -> Iterator[JsonObject]:
    if not count:
        return
    yield thing("GatewayGroup", "default", {})
    for number in range(count):
        yield from _gateway(number, switches + number)
    for vpc in range(0, zone.vpcs - 1, 20):
        yield _gateway_peering(zone, vpc)


def _gateway(number: int, place: int) -> Iterator[JsonObject]:
    name, near, far = f"gw-{number + 1}", _address(200, 2 * number), _address(200, 2 * number + 1)
    spec: JsonObject = {
        "protocolIP": f"{_address(8, place + 1)}/32",
        "vtepIP": f"{_address(12, place + 1)}/32",
        "vtepMAC": f"ca:fe:ba:be:{number // 256:02x}:{number % 256:02x}",
        "vtepMTU": 9036,
        "asn": 65534,
        "workers": 4,
        "interfaces": {"enp2s1": {"ips": [f"{far}/31"], "mtu": 9100}},
        "neighbors": [{"source": "enp2s1", "ip": near, "asn": 65100}],
        "groups": [{"name": "default", "priority": number}],
    }
    yield thing("Gateway", name, spec)
    port = f"{spine_name(0)}/E1/33"  # the one port that no leaf takes
    if number == 0:
        link: JsonObject = {
            "switch": {"port": port, "ip": f"{near}/31"},
            "gateway": {"port": f"{name}/enp2s1", "ip": f"{far}/31"},
        }
        yield thing("Connection", f"{spine_name(0)}--gateway--{name}", {"gateway": {"links": [link]}})


def _gateway_peering(zone: Zone, number: int) -> JsonObject:
    sides: JsonObject = {
        vpc_name(zone.first_vpc + each): {"expose": [{"ips": [{"cidr": f"{_network(zone, each, 0)}.0/24"}]}]}
        for each in (number, number + 1)
    }
    name = "--".join(sides)
    return thing("GatewayPeering", name, {"gatewayGroup": "default", "peering": sides})


def texts(objects: Sequence[JsonObject]) -> Iterator[str]:
    """Each object as a YAML document in block style, as people write it; far faster than a real emitter."""
    for each in objects:
        yield "\n".join(_block(each, "")) + "\n"


def _block(value: JsonObject, indent: str) -> Iterator[str]:
    for name, entry in value.items():
        if isinstance(entry, dict) and entry:
            yield f"{indent}{_scalar(name)}:"
            yield from _block(entry, indent + "  ")
        elif isinstance(entry, list) and entry:
            yield f"{indent}{_scalar(name)}:"
            yield from _items(entry, indent + "  ")
        else:
            yield f"{indent}{_scalar(name)}: {_scalar(entry)}"


def _items(entries: Sequence[Json], indent: str) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, dict) and entry:
            first, *rest = _block(entry, indent + "  ")
            yield f"{indent}- {first.lstrip()}"
            yield from rest
        elif isinstance(entry, list):
            yield f"{indent}- [{', '.join(map(_scalar, entry))}]"
        else:
            yield f"{indent}- {_scalar(entry)}"


def _scalar(value: Json) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case dict():
            return "{}"
        case list():
            return "[]"
        case str() if not value[:1].isalpha() or ": " in value:
            return f'"{value}"'
        case _:
            return str(value)
