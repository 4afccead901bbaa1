"""What admission refuses to delete: objects that others of the newer set still use.

A delete together with its users is fine: users go first. Who uses what is read from the references, which say the same
as the labels that admission looks at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hedgehog_gitops.core.changes.step import Step, StepFault, key_of
from hedgehog_gitops.core.references import Reference, references
from hedgehog_gitops.core.rules import change_rules as rules
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.rule import Rule


class _Protection(NamedTuple):
    """The rule that keeps a kind from being deleted, and the kinds whose use of it counts."""

    rule: Rule
    users: frozenset[str]


PROTECTED = {
    "IPv4Namespace": _Protection(rules.DELETE_IPV4_NAMESPACE, frozenset({"VPC", "External"})),
    "VLANNamespace": _Protection(rules.DELETE_VLAN_NAMESPACE, frozenset({"Switch", "VPC"})),
    "Switch": _Protection(rules.DELETE_SWITCH, frozenset({"Connection"})),
    "Server": _Protection(rules.DELETE_SERVER, frozenset({"Connection"})),
    "Connection": _Protection(rules.DELETE_CONNECTION, frozenset({"VPCAttachment", "ExternalAttachment"})),
    "VPC": _Protection(rules.DELETE_VPC, frozenset({"VPCAttachment", "VPCPeering", "ExternalPeering", "Connection"})),
    "External": _Protection(rules.DELETE_EXTERNAL, frozenset({"ExternalAttachment", "ExternalPeering"})),
}
"""What is not here is never refused: switch groups, profiles, gateways and their groups, attachments, peerings."""


MADE_AGAIN = key_of("GatewayGroup", "default")
"""The one object of a kind of ours that a controller makes by itself, so that it is never really gone."""


def refused_removals(step: Step) -> Iterator[StepFault]:
    """One fault for each object that goes and each object that still uses it, at the first field that names it."""
    gone = {key for keys in step.removed.values() for key in keys} - {MADE_AGAIN}
    if not gone:
        return
    for user in sorted(step.newer):
        for edge in _first_of_each(references(user, step.newer[user]), gone):
            yield StepFault(edge.target, user, _fault(user, edge))


def _first_of_each(edges: tuple[Reference, ...], gone: set[ObjectKey]) -> list[Reference]:
    found: dict[ObjectKey, Reference] = {}
    for edge in edges:
        if edge.target in gone:
            found.setdefault(edge.target, edge)
    return list(found.values())


def _fault(user: ObjectKey, edge: Reference) -> Fault:
    target = edge.target
    protection = PROTECTED.get(target.kind)
    if protection is not None and user.kind in protection.users:
        message = f"{target.kind} {target.name!r} is removed, and {user.kind} {user.name!r} still uses it"
        hint = f"remove {user.kind} {user.name} too, or let it use another {target.kind} in the same change"
        return Fault(protection.rule, edge.field, f"{message}: the delete is refused", hint)
    message = (
        f"{target.kind} {target.name!r} is removed while {user.kind} {user.name!r} uses it, and nothing refuses that"
    )
    hint = f"correct {user.kind} {user.name} in the same change: it fails at its own next update"
    return Fault(rules.REMOVED_IN_USE, edge.field, message, hint)
