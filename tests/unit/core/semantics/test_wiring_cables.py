from __future__ import annotations

import pytest

from fakes.wiring import cable, judge, link, told
from hedgehog_gitops.model.plain import Json

ONE, TWO = link("s/e1", "l/E1/1"), link("s/e2", "l/E1/2")


def pairs(first: str, second: str, *ports: tuple[str, str]) -> list[Json]:
    return [{first: {"port": one}, second: {"port": two}} for one, two in ports]


CASES: list[tuple[str, dict[str, Json], set[tuple[str, str]]]] = [
    ("no type", {}, {("CONN-002", "spec")}),
    ("null type", {"bundled": None}, {("CONN-002", "spec")}),
    ("empty bundle", {"bundled": {}}, {("CONN-005", "spec.bundled.links")}),
    ("empty link", {"unbundled": {}}, {("CONN-004", "spec.unbundled.link")}),
    ("null link", {"bundled": {"links": [ONE, None]}}, {("CONN-005", "spec.bundled.links[1]")}),
    ("end without a port", {"fabric": {"links": [{"spine": {"port": "s/1"}, "leaf": {"ip": "172.30.128.1/31"}}]}},
     {("CONN-003", "spec.fabric.links[0].leaf.port")}),
    ("no end", {"external": {}}, {("CONN-003", "spec.external.link")}),
    ("no port", {"external": {"link": {"switch": {"port": "l"}}}}, {("CONN-003", "spec.external.link.switch.port")}),
    ("no device", {"external": {"link": {"switch": {"port": "/E1/1"}}}},
     {("CONN-003", "spec.external.link.switch.port")}),
    ("a slash and no port", {"external": {"link": {"switch": {"port": "l/"}}}},
     {("CONN-003", "spec.external.link.switch.port")}),
    ("one port twice", {"unbundled": {"link": link("x/1", "x/1")}}, {("CONN-004", "spec.unbundled.link.switch.port")}),
    ("port used twice in a bundle", {"bundled": {"links": [ONE, link("s/e2", "l/E1/1")]}},
     {("CONN-005", "spec.bundled.links[1].switch.port")}),
    ("two servers", {"bundled": {"links": [ONE, link("t/e2", "l/E1/2")]}},
     {("CONN-005", "spec.bundled.links[1].server.port")}),
    ("two switches", {"bundled": {"links": [ONE, link("s/e2", "m/E1/2")]}},
     {("CONN-005", "spec.bundled.links[1].switch.port")}),
    ("five switches", {"eslag": {"links": [link(f"s/e{n}", f"l{n}/E1/1") for n in range(5)]}},
     {("CONN-006", "spec.eslag.links[4].switch.port")}),
    ("one switch for a mesh", {"mesh": {"links": pairs("leaf1", "leaf2", ("l/1", "l/2"))}},
     {("CONN-007", "spec.mesh.links[0].leaf2.port")}),
    ("three switches", {"fabric": {"links": pairs("spine", "leaf", ("s/1", "l/1"), ("s/2", "m/1"))}},
     {("CONN-007", "spec.fabric.links[1].leaf.port")}),
    ("two switches at a gateway", {"gateway": {"links": pairs("switch", "gateway", ("s/1", "g/1"), ("t/1", "g/2"))}},
     {("CONN-008", "spec.gateway.links[1].switch.port")}),
    ("loop over two switches", {"vpcLoopback": {"links": pairs("switch1", "switch2", ("l/1", "m/1"))}},
     {("CONN-009", "spec.vpcLoopback.links[0].switch2.port")}),
    ("bundle that is fine", {"bundled": {"links": [ONE, TWO]}}, set()),
    ("several gateways are not counted",
     {"gateway": {"links": pairs("switch", "gateway", ("s/1", "g/1"), ("s/2", "h/1"))}}, set()),
]  # fmt: skip
FORM = {"CONN-002", *(f"CONN-00{number}" for number in range(3, 10))}


@pytest.mark.parametrize(("spec", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_connection_joins_what_its_type_asks_for(spec: dict[str, Json], expected: set[tuple[str, str]]) -> None:
    assert {(rule, field) for _, rule, field in told(judge(cable("c", **spec))) if rule in FORM} == expected
