from __future__ import annotations

import pytest

from hedgehog_gitops.adapters.package_profiles import PackageProfiles
from hedgehog_gitops.core.semantics.wiring_ports import missing_port, port_table

PROFILES = PackageProfiles()
LEAF = PROFILES["dell-s5248f-on"]
SPINE = PROFILES["celestica-ds3000"]
CHIP = PROFILES["celestica-ds4000"]


def test_a_breakout_port_has_its_name_and_its_lanes() -> None:
    names = port_table(LEAF, {"E1/49": "4x25G"}).names
    assert {"M1", "E1/1", "E1/49", "E1/49/1", "E1/49/4", "E1/50", "E1/50/1"} <= names
    assert names.isdisjoint({"E1/1/1", "E1/49/5", "E1/50/2", "E1/57", "E1/49/0", "M1/1"})


def test_what_negotiates_is_named_lane_by_lane() -> None:
    table = port_table(SPINE, {"E1/2": "2x50G"})
    assert {"E1/1/1", "E1/2/1", "E1/2/2"} <= table.negotiating
    assert table.negotiating.isdisjoint({"E1/1", "E1/2", "E1/2/3", "E1/33", "M1"})
    assert port_table(PROFILES["edgecore-eps203"], {}).negotiating == {f"E1/{number}" for number in range(1, 49)}


def test_error_correction_takes_the_bare_name_of_an_unsplit_port() -> None:
    table = port_table(LEAF, {"E1/49": "4x25G", "E1/50": "1x40G"})
    assert {"E1/1", "E1/49/1", "E1/50", "E1/50/1", "E1/51"} <= table.correcting
    assert table.correcting.isdisjoint({"E1/49", "M1"})


def test_lights_are_on_whole_ports_and_lanes() -> None:
    table = port_table(LEAF, {})
    assert {"E1/1", "E1/49/1"} <= table.lit
    assert table.lit.isdisjoint({"E1/49", "M1"})


def test_lanes_count_for_the_chip_and_for_its_pipelines() -> None:
    table = port_table(CHIP, {"E1/1": "8x50G", "E1/2": "8x50G"})
    assert table.by_pipeline["1"] == 18
    assert table.total == 33 + 14
    assert port_table(CHIP, {"E1/33": "8x50G"}).total == 33, "no breakout port, so its mode does not count"


def test_a_mode_that_the_model_lacks_is_told_and_counts_as_the_default() -> None:
    table = port_table(LEAF, {"E1/49": "2x200G"})
    assert table.unsupported == ("E1/49",)
    assert table.lanes["E1/49"] == 1


@pytest.mark.parametrize(
    ("port", "rule"),
    [("E1/57", "PORT-001"), ("E1/", "PORT-001"), ("E1/1/1/1", "PORT-001"), ("E1/49/2", "PORT-002"),
     ("E1/49/x", "PORT-002"), ("E1/1/1", "PORT-003"), ("M1/1", "PORT-003")],
)  # fmt: skip
def test_why_a_port_is_missing(port: str, rule: str) -> None:
    found, message, hint = missing_port(LEAF, port_table(LEAF, {}), port)
    assert found.id == rule
    assert message
    assert hint
