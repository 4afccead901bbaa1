"""What gateway peerings expose: that it belongs to the VPC, and that no two expose the same to one VPC.

Admission compares texts before it parses them, and a block by `vpcSubnet` or `not` gives it an empty text. So once two
peerings of a VPC have something to compare, an empty or odd text on either side refuses both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, permutations
from typing import NamedTuple, TypeAlias

from hedgehog_gitops.core.addresses import Prefix, prefix
from hedgehog_gitops.core.rules import gateway_rules as rules
from hedgehog_gitops.core.rules import lint_rules
from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.core.semantics.gateway_filter import filter_together
from hedgehog_gitops.core.semantics.gateway_sharing import group_members
from hedgehog_gitops.core.semantics.overlaps import first_partners
from hedgehog_gitops.core.semantics.stored import NAMESPACE, Stored, indexed
from hedgehog_gitops.model.kind import GATEWAY, VPC, ObjectKey
from hedgehog_gitops.model.plain import FieldPath, JsonObject, as_list, as_object, as_text, path_text
from hedgehog_gitops.model.rule import Rule


def peering_together(name: str, spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    """What is wrong with a gateway peering among all the others."""
    yield from _members(spec, stored)
    for side, entry in as_object(spec.get("peering")).items():
        if not side.startswith("ext.") and (vpc := stored.get("VPC", side)) is not None:
            yield from _inside(side, as_object(entry), vpc)
    yield from _exposed_twice(name, spec, stored)
    yield from filter_together(spec, stored)


class Exposed(NamedTuple):
    """One block that a peering shows to a VPC: who, where, and the prefix (None where the text is none)."""

    owner: str
    field: FieldPath
    text: str
    prefix: Prefix | None


Towards: TypeAlias = "dict[str, list[Exposed]]"
"""All blocks that are shown to one VPC or external, by the peering that shows them, in order of their names."""


def _at(rule: Rule, field: FieldPath, message: str, hint: str, other: Other | None = None) -> Fault:
    return Fault(rule, field, f"{path_text(field)}: {message}", hint=hint, other=other)


def _members(spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    group = as_text(spec.get("gatewayGroup"))
    if group and stored.get("GatewayGroup", group) is not None and not group_members(stored).get(group):
        message = f"no gateway is a member of group {group!r}"
        yield _at(rules.NO_MEMBER, ("spec", "gatewayGroup"), message, "add the group to a gateway's `groups`")


def _inside(name: str, side: JsonObject, vpc: JsonObject) -> Iterator[Fault]:
    subnets = as_object(vpc.get("subnets"))
    for at, expose in _compared(side):
        for index, entry in enumerate(as_list(expose.get("ips"))):
            field: FieldPath = ("spec", "peering", name, "expose", at, "ips", index)
            block = as_object(entry)
            if (cidr := prefix(as_text(block.get("cidr")))) is not None:
                yield from _within((*field, "cidr"), as_text(block.get("cidr")), cidr, name, subnets)
            wanted = as_text(block.get("vpcSubnet"))
            if wanted and wanted not in subnets:
                message = f"VPC {name!r} has no subnet {wanted!r}"
                hint = f"it has {', '.join(sorted(subnets)) or 'none'}"
                yield _at(rules.EXPOSED_INSIDE, (*field, "vpcSubnet"), message, hint)


def _compared(side: JsonObject) -> Iterator[tuple[int, JsonObject]]:
    """The exposes of a side that are not its default destination, with their indexes."""
    for index, entry in enumerate(as_list(side.get("expose"))):
        expose = as_object(entry)
        if not expose.get("default"):
            yield index, expose


def _within(field: FieldPath, text: str, cidr: Prefix, name: str, subnets: JsonObject) -> Iterator[Fault]:
    key = ObjectKey(group=VPC, kind="VPC", namespace=NAMESPACE, name=name)
    is_found = False
    for subnet in sorted(subnets):
        known = prefix(as_text(as_object(subnets[subnet]).get("subnet")))
        if known is None:
            other = Other(key, ("spec", "subnets", subnet, "subnet"))
            message = f"subnet {subnet!r} of VPC {name!r} cannot be read, so nothing can be found in it"
            yield _at(rules.EXPOSED_INSIDE, field, message, f"correct VPC {name} first", other)
            return
        is_found = is_found or known.covers(cidr)
    if not is_found:
        other = Other(key, ("spec", "subnets"))
        message = f"{text} is not part of a subnet of VPC {name!r}"
        yield _at(rules.EXPOSED_INSIDE, field, message, "expose what one of its subnets holds", other)


def _exposed_twice(name: str, spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    sides = as_object(spec.get("peering"))
    if not _is_indexed(sides):
        return
    for origin, target in permutations(sides, 2):
        towards = exposures(stored)[target]
        if len(towards) > 1 and towards[name]:
            yield from _compare(name, origin, target, towards[name], conflicts(stored)[target])


@indexed
def exposures(stored: Stored) -> Mapping[str, Towards]:
    """What is shown to each VPC or external, by its name."""
    found: dict[str, Towards] = {}
    for owner, spec in stored.all("GatewayPeering").items():
        for target, blocks in shown(owner, spec):
            found.setdefault(target, {})[owner] = blocks
    return found


def shown(owner: str, spec: JsonObject) -> Iterator[tuple[str, list[Exposed]]]:
    """What one peering shows to each of its sides."""
    sides = as_object(spec.get("peering"))
    if _is_indexed(sides):
        for origin, target in permutations(sides, 2):
            yield target, list(_blocks(owner, origin, as_object(sides[origin])))


def _is_indexed(sides: JsonObject) -> bool:
    """Only peerings of two sides carry the labels by which others find them."""
    return len(sides) == 2  # noqa: PLR2004 - a peering has two sides


def _blocks(owner: str, origin: str, side: JsonObject) -> Iterator[Exposed]:
    for at, expose in _compared(side):
        name = "as" if as_list(expose.get("as")) else "ips"
        for index, entry in enumerate(as_list(expose.get(name))):
            text = as_text(as_object(entry).get("cidr"))
            field: FieldPath = ("spec", "peering", origin, "expose", at, name, index)
            yield Exposed(owner, field, text, prefix(text))


class Conflicts(NamedTuple):
    """What is wrong among the blocks shown to one target.

    `speaking` counts the peerings that show something, `unreadable` are the first blocks without a prefix of the first
    two peerings that have one: enough to find one that is somebody else's.
    """

    speaking: int
    overlapping: Mapping[tuple[str, FieldPath], Exposed]
    unreadable: tuple[Exposed, ...]


@indexed
def conflicts(stored: Stored) -> Mapping[str, Conflicts]:
    """For each target of several peerings, where its blocks overlap or cannot be compared."""
    return {target: _conflicts(towards) for target, towards in exposures(stored).items() if len(towards) > 1}


def _conflicts(towards: Towards) -> Conflicts:
    blocks = [block for shown in towards.values() for block in shown]
    readable = [(block, block.prefix) for block in blocks if block.prefix is not None]
    partners = first_partners([known for _, known in readable], [block.owner for block, _ in readable])
    overlapping = {(readable[at][0].owner, readable[at][0].field): readable[first][0] for at, first in partners.items()}
    unreadable = (next((block for block in shown if block.prefix is None), None) for shown in towards.values())
    firsts = tuple(islice((block for block in unreadable if block is not None), 2))
    return Conflicts(sum(map(bool, towards.values())), overlapping, firsts)


def _compare(name: str, origin: str, target: str, mine: list[Exposed], found: Conflicts) -> Iterator[Fault]:
    unreadable = [block for block in mine if not block.text]
    if found.speaking == 1:
        yield from (_at(lint_rules.UNREADABLE_EXPOSE, block.field, *_unreadable(target)) for block in unreadable)
        return
    yield from (_at(rules.EXPOSED_TWICE, block.field, *_unreadable(target)) for block in unreadable)
    if not unreadable and (theirs := next((each for each in found.unreadable if each.owner != name), None)):
        message = f"what peering {theirs.owner!r} exposes to {target!r} cannot be read, so nothing can be compared"
        field: FieldPath = ("spec", "peering", origin)
        yield _at(rules.EXPOSED_TWICE, field, message, "expose it by cidr there", _other(theirs))._replace(at_key=True)
    for block in mine:
        if first := found.overlapping.get((name, block.field)):
            message = f"{block.text} overlaps {first.text}, which peering {first.owner!r} exposes to {target!r}"
            yield _at(rules.EXPOSED_TWICE, block.field, message, "expose different addresses", _other(first))


def _unreadable(target: str) -> tuple[str, str]:
    message = f"other peerings of {target!r} are compared with this, and only a cidr can be"
    return message, "expose it by cidr"


def _other(block: Exposed) -> Other:
    return Other(ObjectKey(group=GATEWAY, kind="GatewayPeering", namespace=NAMESPACE, name=block.owner), block.field)
