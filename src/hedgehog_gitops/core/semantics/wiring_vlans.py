"""VLAN namespaces: their ranges, and which of them a switch gets together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hedgehog_gitops.core.rules import lint_rules, wiring_rules
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.core.semantics.stored import Stored, indexed
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object
from hedgehog_gitops.model.rule import Rule
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest

_LAST_VLAN = 4094


class Vlans(NamedTuple):
    """One range of VLANs, and its place among the ranges of its namespace."""

    first: int
    last: int
    place: int

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


def vlan_namespace(manifest: Manifest, spec: JsonObject, constants: FabricConstants) -> Iterator[Fault]:
    """What is wrong with a VLAN namespace."""
    if "ranges" not in spec:
        yield from _wiped(manifest)
        return
    widest: Vlans | None = None
    for vlans in ranges_of(spec):
        if widest is not None and vlans.first <= widest.last:
            message = f"{vlans} overlaps {widest}"
            yield _at(wiring_rules.VLANNS_OVERLAP, vlans, message, "make the ranges disjoint, boundaries included")
        yield from _reserved(vlans, constants.irb_vlans, wiring_rules.VLANNS_OVERLAP, "IRB VLANs")
        yield from _reserved(vlans, constants.th5_vlans, wiring_rules.VLANNS_TH5, "VLANs kept for the TH5 workaround")
        widest = vlans if widest is None or vlans.last > widest.last else widest


def ranges_of(spec: JsonObject) -> list[Vlans]:
    """The ranges of a stored VLAN namespace, which are sorted."""
    entries = map(as_object, as_list(spec.get("ranges")))
    return [Vlans(_number(entry, "from"), _number(entry, "to"), index) for index, entry in enumerate(entries)]


@indexed
def vlan_namespaces(stored: Stored) -> dict[str, tuple[ObjectKey, JsonObject]]:
    """VLAN namespaces by name as a switch finds them: in any Kubernetes namespace, the first one by key."""
    found = sorted(stored.everywhere("VLANNamespace"), key=lambda each: each[0], reverse=True)
    return {key.name: (key, spec) for key, spec in found}


def _wiped(manifest: Manifest) -> Iterator[Fault]:
    """The written ranges because of which defaulting has dropped all."""
    for index, value in enumerate(as_list(as_object(manifest.value.get("spec")).get("ranges"))):
        entry = as_object(value)
        first = _number(entry, "from")
        last = _number(entry, "to") or first
        if not 1 <= first <= last <= _LAST_VLAN:
            message = f"{first}-{last} is no range of VLANs, so the cluster would drop every range of this namespace"
            hint = f"write numbers from 1 to {_LAST_VLAN}, the smaller one first"
            yield _at(lint_rules.WIPED_RANGES, Vlans(first, last, index), message, hint)


def _reserved(vlans: Vlans, kept: tuple[tuple[int, int], ...], rule: Rule, what: str) -> Iterator[Fault]:
    for first, last in kept:
        if vlans.first <= last and first <= vlans.last:
            yield _at(rule, vlans, f"{vlans} overlaps the {what} {first}-{last}", "the fabric needs them for itself")


def _at(rule: Rule, vlans: Vlans, message: str, hint: str) -> Fault:
    return Fault(rule, ("spec", "ranges", vlans.place), message, hint)


def _number(entry: JsonObject, field: str) -> int:
    value = entry.get(field)
    return value if isinstance(value, int) else 0
