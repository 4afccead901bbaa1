"""The judges of the wiring kinds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hedgehog_gitops.core.rules import wiring_rules
from hedgehog_gitops.core.rules.reference_rules import SW_GROUP, SW_VLANNS
from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.core.semantics.stored import Stored, indexed
from hedgehog_gitops.core.semantics.wiring_addresses import address_faults
from hedgehog_gitops.core.semantics.wiring_models import model_faults
from hedgehog_gitops.core.semantics.wiring_vlans import Vlans, ranges_of, vlan_namespaces
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject, as_list, as_text


def switch_together(name: str, spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    """What is wrong with a switch among all objects."""
    yield from _names(spec)
    yield from _vlans(spec, stored)
    yield from model_faults(name, spec, stored)
    yield from address_faults(name, spec, stored)


def _names(spec: JsonObject) -> Iterator[Fault]:
    """Empty names; those that nothing has are missing references."""
    for field, rule in (("vlanNamespaces", SW_VLANNS), ("groups", SW_GROUP)):
        for index, entry in enumerate(as_list(spec.get(field))):
            if not entry:
                yield Fault(rule, ("spec", field, index), "the name is empty", "write it, or take the entry out")


def _vlans(spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    if (found := _overlaps(stored)[_listed(spec)]) is not None:
        yield found


@indexed
def _overlaps(stored: Stored) -> dict[tuple[str, ...], Fault | None]:
    """What is wrong with each list of VLAN namespaces that a switch has."""
    lists = {_listed(spec) for spec in stored.all("Switch").values()}
    return {names: _overlap(names, stored) for names in lists}


def _listed(spec: JsonObject) -> tuple[str, ...]:
    return tuple(as_text(entry) for entry in as_list(spec.get("vlanNamespaces")))


def _overlap(names: tuple[str, ...], stored: Stored) -> Fault | None:
    known = vlan_namespaces(stored)
    together: list[tuple[Vlans, int, ObjectKey]] = sorted(
        (vlans, at, known[name][0])
        for at, name in enumerate(names)
        if name in known
        for vlans in ranges_of(known[name][1])
    )
    for (before, at_before, owner), (vlans, at, _) in pairwise(together):
        if vlans.first <= before.last:
            message = f"{vlans} of {names[at]} overlaps {before} of {names[at_before]}"
            hint = "name VLAN namespaces that share no number, each once"
            field = ("spec", "vlanNamespaces", at)
            return Fault(
                wiring_rules.SW_VLANNS_OVERLAP, field, message, hint, Other(owner, ("spec", "ranges", before.place))
            )
    return None
