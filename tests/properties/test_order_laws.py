"""The order of writes, as a law: whatever a fabric was and becomes, admission refuses no write of the plan.

Two valid fabrics are drawn that share names and contend for the same few ports, VLANs, networks and addresses. The plan
from one to the other is carried out wave by wave, each wave in any order, and each write is judged by our own rules
against what is stored at that moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fakes.fabrics import LAB, desired, live_side, owned, remembered, thing
from fakes.memory_side import key_of
from hedgehog_gitops.core.applying import applied
from hedgehog_gitops.core.defaulting import default_specs, with_defaults
from hedgehog_gitops.core.ownership import field_set
from hedgehog_gitops.core.planning import Planned, make_plan
from hedgehog_gitops.core.surveying import Wanted
from hedgehog_gitops.core.validation import validate_manifests
from hedgehog_gitops.model.finding import has_errors
from hedgehog_gitops.model.kind import ObjectKey, kind_of
from hedgehog_gitops.model.plain import Json, JsonObject, as_object
from hedgehog_gitops.model.plan import Change
from hedgehog_gitops.model.settings import PruneSettings
from servers.admission_rules import CONSTANTS, RELEASE, Review, refusal

FABRIC = LAB._replace(constants=CONSTANTS, prune=PruneSettings(enabled=True, max_objects=1000, max_share=1.0))
VPCS, SERVERS, LEAVES = "abcde", "pqr", ("x", "y")
PAIRS = [(one, other) for one in VPCS for other in VPCS if one < other]


@st.composite
def fabrics(draw: st.DrawFn) -> list[JsonObject]:
    """A valid fabric in which everything may be somewhere else the next time."""
    vpcs = sorted(draw(st.sets(st.sampled_from(VPCS))))
    servers = sorted(draw(st.sets(st.sampled_from(SERVERS))))
    return [
        *draw(_switches()),
        *draw(_namespaced_vpcs(vpcs)),
        *draw(_servers(servers, vpcs)),
        *draw(_way_out()),
        *draw(_peerings(vpcs)),
    ]


@st.composite
def _switches(draw: st.DrawFn) -> list[JsonObject]:
    places = draw(_places(len(LEAVES), 4))
    more = draw(st.booleans())
    return [thing("Switch", name, _switch(place, more=more)) for name, place in zip(LEAVES, places, strict=True)]


def _switch(place: int, *, more: bool) -> JsonObject:
    spec: JsonObject = {"role": "server-leaf", "profile": "dell-s5248f-on", "asn": 65101 + place}
    spec |= {"ip": f"172.30.0.{place + 10}/21", "protocolIP": f"172.30.8.{place}/32", "vtepIP": f"172.30.12.{place}/32"}
    namespaces: list[Json] = ["default", "more"] if more else ["default"]
    return {**spec, "boot": {"mac": f"0c:20:12:ff:00:{place:02x}"}, "vlanNamespaces": namespaces}


@st.composite
def _namespaced_vpcs(draw: st.DrawFn, vpcs: list[str]) -> list[JsonObject]:
    """Each VPC in a network and a VLAN of few, the namespaces as wide as is needed, or wider."""
    networks, vlans = (draw(_places(len(vpcs), 8)) for _ in range(2))
    relays = draw(st.lists(st.sampled_from(["", *vpcs]), min_size=len(vpcs), max_size=len(vpcs)))
    rooms = draw(st.sets(st.integers(0, 9))) | set(networks)
    numbers = draw(st.sets(st.integers(0, 9))) | set(vlans)
    ranges: list[Json] = [{"from": 1000 + 10 * each, "to": 1001 + 10 * each} for each in sorted(numbers)]
    subnets: list[Json] = [f"10.0.{each}.0/24" for each in sorted(rooms)]
    return [
        thing("IPv4Namespace", "default", {"subnets": subnets or ["10.9.0.0/16"]}),
        thing("VLANNamespace", "default", {"ranges": ranges or [{"from": 2000, "to": 2001}]}),
        thing("VLANNamespace", "more", {"ranges": [{"from": 500, "to": 501}]}),
        *(
            thing("VPC", name, _vpc(network, vlan, relay))
            for name, network, vlan, relay in zip(vpcs, networks, vlans, relays, strict=True)
        ),
    ]


def _vpc(network: int, vlan: int, relay: str) -> JsonObject:
    dhcp: JsonObject = {"relay": "10.99.0.1/32", "relayVPC": relay} if relay else {"enable": True}
    return {"subnets": {"default": {"subnet": f"10.0.{network}.0/24", "vlan": 1000 + 10 * vlan, "dhcp": dhcp}}}


@st.composite
def _servers(draw: st.DrawFn, servers: list[str], vpcs: list[str]) -> list[JsonObject]:
    ports = draw(_places(len(servers), 5))
    leaves = draw(st.lists(st.sampled_from(LEAVES), min_size=len(servers), max_size=len(servers)))
    found = [thing("Server", name) for name in servers]
    for name, port, leaf in zip(servers, ports, leaves, strict=True):
        link: JsonObject = {"server": {"port": f"{name}/nic"}, "switch": {"port": f"{leaf}/E1/{port + 1}"}}
        found.append(thing("Connection", f"{name}-cable", {"unbundled": {"link": link}}))
    joints = draw(st.sets(st.tuples(st.sampled_from(vpcs), st.sampled_from(servers)))) if vpcs and servers else set()
    labels = draw(st.permutations(range(len(joints))))
    natives: set[str] = set()
    for label, (vpc, server) in zip(labels, sorted(joints), strict=True):
        is_native = server not in natives and draw(st.booleans())
        natives |= {server} if is_native else set()
        spec: JsonObject = {"subnet": f"{vpc}/default", "connection": f"{server}-cable", "nativeVLAN": is_native}
        found.append(thing("VPCAttachment", f"at-{label}", spec))
    return found


@st.composite
def _way_out(draw: st.DrawFn) -> list[JsonObject]:
    """Two static externals on one cable, each with a VLAN of its own; or nothing of the sort."""
    names = sorted(draw(st.sets(st.sampled_from(("isp", "sta")))))
    cable: JsonObject = {"external": {"link": {"switch": {"port": f"{draw(st.sampled_from(LEAVES))}/E1/41"}}}}
    found = [thing("Connection", "out", cable)] if names else []
    for place, (name, vlan) in enumerate(zip(names, draw(_places(len(names), 3)), strict=True)):
        prefixes: list[Json] = [f"198.18.{place}.0/24"]
        found.append(thing("External", name, {"static": {"prefixes": prefixes}}))
        route: JsonObject = {"remoteIP": f"100.64.{place}.2", "vlan": 100 + vlan, "ip": f"100.64.{place}.1/24"}
        found.append(thing("ExternalAttachment", name, {"external": name, "connection": "out", "static": route}))
    return found


@st.composite
def _peerings(draw: st.DrawFn, vpcs: list[str]) -> list[JsonObject]:
    """Peerings on the switches, and one over gateways, whose group needs a member."""
    pairs = [pair for pair in PAIRS if set(pair) <= set(vpcs)]
    chosen = sorted(draw(st.sets(st.sampled_from(pairs)))) if pairs else []
    found = [thing("VPCPeering", f"{one}-{other}", {"permit": [{one: {}, other: {}}]}) for one, other in chosen]
    groups = draw(st.lists(st.sampled_from(["g", "h"]), min_size=2, max_size=2))
    places = draw(_places(2, 4))
    for name, group, place in zip(("gw-1", "gw-2"), groups, places, strict=True):
        found.append(thing("Gateway", name, _gateway(group, place)))
    found += [thing("GatewayGroup", group) for group in ("g", "h")]
    shown: JsonObject = {"expose": [{"ips": [{"vpcSubnet": "default"}]}]}
    for one, other in draw(st.lists(st.sampled_from(pairs), max_size=1)) if pairs else []:
        peering: JsonObject = {"gatewayGroup": draw(st.sampled_from(groups)), "peering": {one: shown, other: shown}}
        found.append(thing("GatewayPeering", "over", peering))
    return found


def _gateway(group: str, place: int) -> JsonObject:
    return {
        "protocolIP": f"172.30.8.{place + 100}/32",
        "vtepIP": f"172.30.12.{place + 100}/32",
        "vtepMAC": f"ca:fe:ba:be:00:{place:02x}",
        "asn": 65534,
        "interfaces": {"enp2s1": {"ips": ["172.30.200.1/31"]}},
        "neighbors": [{"source": "enp2s1", "ip": "172.30.200.0", "asn": 65100}],
        "groups": [{"name": group, "priority": place}],
    }


def _places(number: int, out_of: int) -> st.SearchStrategy[list[int]]:
    """Distinct places, so few that two fabrics want the same ones."""
    return st.permutations(range(out_of)).map(lambda order: list(order)[:number])


@settings(max_examples=60, deadline=None)
@given(before=fabrics(), after=fabrics(), shuffled=st.randoms(use_true_random=False))
def test_no_write_of_a_plan_is_refused(before: list[JsonObject], after: list[JsonObject], shuffled: object) -> None:
    """Issue 5, 2: also where objects move, go and come in one plan."""
    assume(_is_valid(before) and _is_valid(after))
    live = {key_of(each): with_defaults(kind_of(key_of(each)), each) for each in before}
    planned = _planned(after, before, live)
    changes = {change.key: change for change in planned.plan.changes}
    sent = {key_of(each): each for each in before}
    for wave in planned.plan.waves:
        order = list(wave)
        cast("Shuffler", shuffled).shuffle(order)
        for key in order:
            _write(changes[key], live, sent)


class Shuffler:
    """What is asked of a source of chance."""

    def shuffle(self, order: list[ObjectKey]) -> None:
        """Another order, in place."""


def _is_valid(objects: Iterable[JsonObject]) -> bool:
    manifests = desired(*objects).manifests
    return not has_errors(validate_manifests(manifests, default_specs(manifests), RELEASE, CONSTANTS))


def _planned(after: list[JsonObject], before: list[JsonObject], live: Mapping[ObjectKey, JsonObject]) -> Planned:
    snapshot = desired(*after)
    wanted = Wanted(snapshot=snapshot, specs=default_specs(snapshot.manifests), refused={})
    stored = [owned(live[key_of(each)], field_set({"spec": each["spec"]})) for each in before]
    return make_plan(FABRIC._replace(), wanted, live_side(*stored), remembered(*before))


def _write(change: Change, live: dict[ObjectKey, JsonObject], sent: dict[ObjectKey, JsonObject]) -> None:
    key, old = change.key, live.get(change.key)
    new = None if change.manifest is None else change.manifest
    if new is not None and old is not None:
        new = applied(kind_of(key), old, new, field_set({"spec": sent[key]["spec"]}), [])
    if new is not None:
        new = with_defaults(kind_of(key), new)
    review = Review(operation="any", key=key, new=new, old=old)
    assert not (told := refusal(review, default_specs(desired(*live.values()).manifests))), f"{key}: {told}"
    if new is None or change.manifest is None:
        del live[key]
    else:
        live[key], sent[key] = new, as_object(change.manifest)
