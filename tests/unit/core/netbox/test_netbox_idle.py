"""Which ports stay when git says nothing of them: those that the model of a switch has, and that we made."""

from __future__ import annotations

from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.core.netbox.idle import idle_ports
from hedgehog_gitops.model.kind import WIRING, ObjectKey
from hedgehog_gitops.model.live import LiveObject
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.record import NETBOX

SWITCH = ObjectKey(WIRING, "Switch", "default", "leaf-1")
LEAF: JsonObject = {"role": "server-leaf", "profile": "dell-s5248f-on", "portBreakouts": {"E1/55": "4x25G"}}


def idle(*names: str, base: JsonObject | None = None, specs: dict[ObjectKey, JsonObject] | None = None) -> list[str]:
    """The names of those interfaces of ours that stay."""
    value: JsonObject = {} if base is None else {"base": base}
    keys = [ObjectKey(NETBOX, "dcim.interface", "default", name) for name in names]
    live = {key: LiveObject(key=key, value=value, version="1", uid="1") for key in keys}
    profiles = package_release().profiles
    return [key.name for key in idle_ports({SWITCH: LEAF} if specs is None else specs, profiles, live, {})]


def test_a_port_of_the_model_stays_and_lanes_lags_and_ports_of_others_do_not() -> None:
    names = ("Switch/leaf-1#port/E1/3", "Switch/leaf-1#port/E1/55/1", "Switch/leaf-1#loopback/vtep")
    others = ("Server/db-1#port/nic0", "Connection/db-1#lag/Switch/leaf-1", "Switch/leaf-2#port/E1/3")
    assert idle(*names, *others) == ["Switch/leaf-1#port/E1/3"]


def test_a_port_goes_with_its_switch() -> None:
    assert idle("Switch/leaf-1#port/E1/3", specs={}) == []


def test_a_port_that_was_there_before_us_is_given_back() -> None:
    assert idle("Switch/leaf-1#port/E1/3", base={"v": 1, "fields": {}, "members": {}, "adopted": True}) == []


def test_an_idle_port_has_the_type_of_its_model() -> None:
    key = ObjectKey(NETBOX, "dcim.interface", "default", "Switch/leaf-1#port/E1/3")
    live = {key: LiveObject(key=key, value={}, version="1", uid="1")}
    (record,) = idle_ports({SWITCH: LEAF}, package_release().profiles, live, {}).values()
    assert record.fields == {
        "device": {"ref": "dcim.device", "key": "Switch/default/leaf-1"},
        "name": "E1/3",
        "type": "25gbase-x-sfp28",
    }
