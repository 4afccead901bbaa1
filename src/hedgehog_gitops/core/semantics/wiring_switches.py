"""A switch by itself: what it must say, whatever its model and its neighbours are."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.rules import lint_rules, wiring_rules
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.rule import Rule
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest

LEAVES = frozenset({"server-leaf", "border-leaf", "mixed-leaf"})
SPINE = "spine"

_REQUIRED = (
    ("asn", wiring_rules.SW_ASN, "give it one"),
    ("ip", wiring_rules.SW_IP, "give it an address of the management network, with a length"),
    ("protocolIP", wiring_rules.SW_PROTOCOL_IP, "give it a /32 of the protocol subnet"),
    ("profile", wiring_rules.SW_PROFILE, "name the model of the switch"),
)


def switch(manifest: Manifest, spec: JsonObject, constants: FabricConstants) -> Iterator[Fault]:
    """What is wrong with a switch by itself."""
    del manifest, constants
    for field, rule, hint in _REQUIRED:
        if not spec.get(field):
            yield _at(rule, field, f"{field} is missing", hint)
    yield from _vtep(spec)
    if redundancy := as_object(spec.get("redundancy")):
        yield from _redundancy(redundancy)
    if spec.get("role") == "virtual-edge":
        yield _at(lint_rules.VIRTUAL_EDGE, "role", "virtual-edge is no role that hhfab takes", "use another role")
    if spec.get("portLocators"):
        hint = "take it out, and light the port with kubectl"
        yield _at(lint_rules.PORT_LOCATOR, "portLocators", "the cluster removes these entries by itself", hint)


def _vtep(spec: JsonObject) -> Iterator[Fault]:
    role, has_vtep = spec.get("role"), bool(spec.get("vtepIP"))
    if role in LEAVES and not has_vtep:
        hint = "give it a /32 of the VTEP subnet"
        yield _at(wiring_rules.SW_VTEP_IP, "vtepIP", f"a {role} needs a vtepIP", hint)
    if role == SPINE and has_vtep:
        hint = "take it away, or correct the role"
        yield _at(wiring_rules.SW_SPINE_VTEP, "vtepIP", "a spine has no VTEP address", hint)


def _redundancy(redundancy: JsonObject) -> Iterator[Fault]:
    group, kind = redundancy.get("group"), redundancy.get("type")
    if not kind:
        message = f"the group {group!r} is named, but no type"
        yield _below(wiring_rules.SW_REDUNDANCY, ("redundancy", "group"), message, "add `type: eslag`")
    elif not group:
        message = f"the type {kind} is named, but no group"
        yield _below(wiring_rules.SW_REDUNDANCY, ("redundancy", "type"), message, "name the SwitchGroup")
    if kind == "mclag":
        yield _below(lint_rules.MCLAG, ("redundancy", "type"), "MCLAG is deprecated", "use `type: eslag`")


def _at(rule: Rule, field: str, message: str, hint: str) -> Fault:
    return Fault(rule, ("spec", field), message, hint)


def _below(rule: Rule, field: tuple[str, ...], message: str, hint: str) -> Fault:
    return Fault(rule, ("spec", *field), message, hint)
