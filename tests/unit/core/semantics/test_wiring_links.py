from __future__ import annotations

import pytest

from fakes.fabrics import thing
from fakes.wiring import cable, fabric_link, judge, leaf, link, spine, told, way_out
from hedgehog_gitops.model.plain import Json, JsonObject

SERVERS = (thing("Server", "srv-1"), thing("Server", "srv-2"))
GROUP = thing("SwitchGroup", "pair")
PAIRED: JsonObject = {"group": "pair", "type": "eslag"}
ESLAG: JsonObject = {"links": [link("srv-1/e1", "leaf-1/E1/1"), link("srv-1/e2", "leaf-2/E1/1")]}
PORT = "spec.external.link.switch.port"


@pytest.mark.parametrize(
    ("one", "two", "collide"),
    [("E1/49", "E1/49/1", True), ("E1/49", "E1/49/2", False), ("E1/49/1", "E1/49/1", True),
     ("E1/49/2", "E1/49/3", False), ("M1", "M1", True)],
)  # fmt: skip
def test_a_port_and_its_first_lane_are_one(one: str, two: str, *, collide: bool) -> None:
    switch = leaf(1, portBreakouts={"E1/49": "4x25G"})
    found = told(judge(switch, way_out("a", f"leaf-1/{one}"), way_out("b", f"leaf-1/{two}")))
    assert {each for each in found if each[1] == "CONN-023"} == (
        {("a", "CONN-023", PORT), ("b", "CONN-023", PORT)} if collide else set()
    )


def test_a_port_that_many_have_is_told_once_with_the_first_of_them() -> None:
    findings = judge(leaf(1), *(way_out(name, "leaf-1/E1/1") for name in "abcd"))
    assert len(findings) == 4
    (third,) = [each for each in findings if each.key and each.key.name == "c"]
    assert "Connection a and 2 more" in third.message
    assert [each.key.name for each in third.related] == ["a"]


def test_one_malformed_connection_spoils_the_others_once_each() -> None:
    found = told(judge(leaf(1), cable("bad"), cable("worse"), *(way_out(f"c{n}", f"leaf-1/E1/{n}") for n in (1, 2))))
    assert found == {
        ("bad", "CONN-002", "spec"),
        ("worse", "CONN-002", "spec"),
        ("c1", "CONN-024", "metadata.name"),
        ("c2", "CONN-024", "metadata.name"),
    }


def test_nothing_is_checked_of_mclag_and_it_spoils_nothing() -> None:
    old = cable("old", mclag={}, unbundled={"mtu": 65000})
    found = told(judge(leaf(1), old, way_out("c", "leaf-1/E1/1")))
    assert found == {("old", "LINT-DEPRECATED-MCLAG", "spec.mclag"), ("old", "LINT-002", "spec.unbundled")}


@pytest.mark.parametrize(
    ("redundancies", "rules"),
    [
        ((PAIRED, PAIRED), set()),
        ((PAIRED, {}), {"LINT-004"}),
        (({}, {}), {"CONN-022"}),
        ((PAIRED, {"group": "other", "type": "eslag"}), {"CONN-022"}),
        (({"group": "pair", "type": "mclag"}, {"group": "pair", "type": "mclag"}), {"CONN-022"}),
        ((PAIRED, {"group": "pair", "type": "mclag"}), {"CONN-022"}),
    ],
    ids=["a pair", "one without", "both without", "two groups", "mclag", "two types"],
)
def test_an_eslag_needs_a_pair(redundancies: tuple[JsonObject, JsonObject], rules: set[str]) -> None:
    one, two = redundancies
    switches = (leaf(1, redundancy=one), leaf(2, redundancy=two))
    findings = judge(*SERVERS, GROUP, thing("SwitchGroup", "other"), *switches, cable("c", eslag=ESLAG))
    assert {each.rule for each in findings if each.key and each.key.kind == "Connection"} == rules


@pytest.mark.parametrize(
    ("ends", "found"),
    [
        (("172.30.129.0/31", "172.30.129.1/31"), set()),
        ((None, None), set()),
        (("172.30.129.0/31", None), {("LINT-HALF-ADDRESSED", "leaf")}),
        (("172.30.129.0/30", "172.30.129.1/30"), {("CONN-030", "spine"), ("CONN-030", "leaf")}),
        (("172.30.129.1/31", "172.30.129.2/31"), {("CONN-030", "leaf")}),
        (("172.30.129.0/31", "172.30.129.0/31"), {("CONN-030", "leaf")}),
        (("172.30.127.254/31", "172.30.127.255/31"), {("CONN-030", "spine"), ("CONN-030", "leaf")}),
        (("172.30.128.0/31", "172.30.128.1/31"), {("CONN-030", "spine"), ("CONN-030", "leaf")}),
        (("172.30.255.254/31", "172.30.255.255/31"), set()),
        (("here", "172.30.129.1/31"), {("SCH-002", "spine")}),
    ],
    ids=["a pair", "none", "one end", "length", "two networks", "twice", "below", "taken", "last", "no address"],
)
def test_the_addresses_of_a_link(ends: tuple[str | None, str | None], found: set[tuple[str, str]]) -> None:
    sides = [
        {"port": port, **({"ip": ip} if ip else {})}
        for port, ip in zip(("spine-1/E1/9", "leaf-1/E1/50"), ends, strict=True)
    ]
    taken = fabric_link(
        {"port": "spine-1/E1/1", "ip": "172.30.128.0/31"}, {"port": "leaf-1/E1/49", "ip": "172.30.128.1/31"}
    )
    other = cable("other", fabric={"links": [taken]})
    links: list[Json] = [fabric_link(dict(sides[0]), dict(sides[1]))]
    findings = judge(leaf(1), spine(1), other, cable("c", fabric={"links": links}))
    assert {(each.rule, each.field.split(".")[-2]) for each in findings if each.key and each.key.name == "c"} == found


def test_a_server_named_like_a_switch_is_judged_like_one() -> None:
    """Admission tells ports of the switch by their first part only."""
    twin = thing("Server", "leaf-1")
    found = told(judge(leaf(1), twin, cable("c", unbundled={"link": link("leaf-1/enp1s0", "leaf-1/E1/1")})))
    assert found == {("c", "PORT-001", "spec.unbundled.link.server.port")}


def test_what_of_several_types_counts_is_judged_and_the_rest_is_doubted() -> None:
    both = cable("c", unbundled={"link": link("srv-1/e1", "leaf-1/E1/1")}, staticExternal={"link": {"switch": {}}})
    found = told(judge(*SERVERS, leaf(1), both))
    static = "spec.staticExternal.link.switch"
    assert found == {
        ("c", "LINT-002", "spec.staticExternal"),
        ("c", "CONN-040", f"{static}.ip"),
        ("c", "CONN-040", f"{static}.nextHop"),
    }
