"""Ports of switches that git says nothing of any more: the switch still has them, so they stay, and show nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hedgehog_gitops.core.netbox.comparing import is_adopted
from hedgehog_gitops.core.netbox.ports import INTERFACE, interface_type, model_ports, port
from hedgehog_gitops.core.netbox.pruning import is_ours, owner_of, owner_of_key
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject
from hedgehog_gitops.model.plain import JsonObject, as_text
from hedgehog_gitops.model.profile import Profile
from hedgehog_gitops.model.record import Record
from hedgehog_gitops.model.state import BaseRecord

_PORT = "port/"


def idle_ports(
    specs: Mapping[ObjectKey, JsonObject],
    profiles: Mapping[str, Profile],
    live: Mapping[ObjectKey, LiveObject],
    bases: Mapping[ObjectKey, BaseRecord],
) -> dict[ObjectKey, Record]:
    """The records of all ports of ours in NetBox that switches have by their model, as they are when nobody uses them.

    Not of those that were there before us: our marks come off them.
    """
    switches = {owner_of_key(key): (key, spec) for key, spec in specs.items() if key.kind == "Switch"}
    used = {as_text(spec.get("profile")) for _, spec in switches.values()} & profiles.keys()
    models = {name: frozenset(model_ports(profiles[name])) for name in used}
    found: dict[ObjectKey, Record] = {}
    for key, name in _ports(live, bases):
        switch, spec = switches.get(owner_of(key), (None, {}))
        model = as_text(spec.get("profile"))
        if switch is not None and name in models.get(model, ()):
            found[key] = port(switch, name, {"type": interface_type(profiles[model], name, {})})
    return found


def _ports(
    live: Mapping[ObjectKey, LiveObject], bases: Mapping[ObjectKey, BaseRecord]
) -> Iterator[tuple[ObjectKey, str]]:
    """Ports with our mark that we made, each with its name."""
    for key, found in live.items():
        part = key.name.partition("#")[2]
        if key.kind == INTERFACE and is_ours(key) and part.startswith(_PORT) and not is_adopted(found, bases.get(key)):
            yield key, part.removeprefix(_PORT)
