from __future__ import annotations

from hedgehog_gitops.core.profiles import BuiltIn, profile_from_object
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.profile import Port, PortProfile, Profile

OBJECT: JsonObject = {
    "metadata": {"name": "model"},
    "spec": {
        "nosType": "sonic-cls-plus-broadcom",
        "features": {"roce": True, "acls": False},
        "maxPorts": 20,
        "pipelines": {"1": {"maxPorts": 10}},
        "portGroups": {"1": {"nos": "1", "profile": "plain"}},
        "portProfiles": {
            "plain": {"speed": {"default": "25G", "supported": ["10G", "25G"]}},
            "split": {
                "breakout": {
                    "default": "1x100G",
                    "supported": {"1x100G": {"offsets": ["0"]}, "2x50G": {"offsets": ["0", "2"]}},
                },
                "autoNegAllowed": True,
            },
        },
        "ports": {
            "M1": {"management": True, "nos": "Management0"},
            "E1/1": {"group": "1", "label": "1"},
            "E1/2": {"profile": "split", "pipeline": "1", "baseNOSName": "Ethernet4"},
        },
    },
}


def model(name: str, family: str) -> Profile:
    return Profile(name=name, family=family, features=frozenset(), ports={}, port_profiles={}, groups={}, pipelines={})


def test_an_object_of_the_cluster_is_read_as_a_profile() -> None:
    assert profile_from_object(OBJECT) == Profile(
        name="model",
        family="cls-plus",
        features=frozenset({"roce"}),
        ports={
            "M1": Port(is_management=True),
            "E1/1": Port(group="1"),
            "E1/2": Port(profile="split", pipeline="1"),
        },
        port_profiles={
            "plain": PortProfile(default="25G", speeds=("10G", "25G")),
            "split": PortProfile(default="1x100G", breakouts={"1x100G": 1, "2x50G": 2}, auto_negotiation=True),
        },
        groups={"1": "plain"},
        pipelines={"1": 10},
        max_ports=20,
    )


def test_only_the_profiles_of_the_families_are_built_in() -> None:
    built_in = BuiltIn({"a": model("a", "default"), "b": model("b", "cumulus")}, ("default",))
    assert list(built_in) == ["a"]
    assert len(built_in) == 1
    assert built_in.get("b") is None
    assert built_in.get("c") is None
