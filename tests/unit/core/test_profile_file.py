from __future__ import annotations

import json

from hedgehog_gitops.core.profile_file import profiles_text, unfolded
from hedgehog_gitops.model.profile import Port, PortProfile, Profile

SPLIT = PortProfile(default="1x100G", breakouts={"1x100G": 1, "4x25G": 4}, auto_negotiation=True)
PLAIN = PortProfile(default="25G", speeds=("10G", "25G"))
MODEL = Profile(
    name="model",
    family="default",
    features=frozenset({"eslag", "roce"}),
    ports={
        "M1": Port(is_management=True),
        **{f"E1/{number}": Port(group="1") for number in range(1, 5)},
        "E1/5": Port(profile="split", pipeline="1"),
        "E1/06": Port(profile="split", pipeline="1"),
        "odd": Port(profile="plain"),
    },
    port_profiles={"split": SPLIT, "plain": PLAIN},
    groups={"1": "plain"},
    pipelines={"1": 18, "2": 18},
    max_ports=40,
)


def test_a_profile_comes_back_as_it_was() -> None:
    entries = json.loads(profiles_text("a source", [MODEL]))["profiles"]
    assert unfolded("model", entries["model"]) == MODEL


def test_neighbours_with_equal_data_are_one_entry() -> None:
    entry = json.loads(profiles_text("a source", [MODEL]))["profiles"]["model"]
    assert list(entry["ports"]) == ["E1/1-4", "E1/5", "E1/06", "M1", "odd"]
    assert entry["pipelines"] == {"1-2": 18}


def test_profiles_are_written_by_name() -> None:
    other = Profile(
        name="another", family="default", features=frozenset(), ports={}, port_profiles={}, groups={}, pipelines={}
    )
    assert profiles_text("x", [MODEL, other]) == profiles_text("x", [other, MODEL])
