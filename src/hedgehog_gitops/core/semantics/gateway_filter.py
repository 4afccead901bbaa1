"""The filter (`acl`) of a gateway peering: its rules by themselves, and the subnets that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hedgehog_gitops.core.addresses import prefix
from hedgehog_gitops.core.rules import gateway_rules as rules
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.core.semantics.gateway_ports import PORT_HINT, port_fault
from hedgehog_gitops.core.semantics.stored import Stored
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text, path_text
from hedgehog_gitops.model.rule import Rule


def filter_alone(spec: JsonObject) -> Iterator[Fault]:
    """Everything about a peering's filter that needs no other object; words that the schema lists are left to it."""
    for field, rule in _rules(spec):
        yield from _name(field, as_text(rule.get("name")))
        yield from _directions(field, rule, as_object(spec.get("peering")))
        match = as_object(rule.get("match"))
        for side in ("src", "dst"):
            for index, entry in enumerate(as_list(match.get(side))):
                yield from _endpoint((*field, "match", side, index), as_object(entry))
        protocol = as_text(match.get("proto"))
        if protocol not in _PROTOCOLS and not _NUMBER.match(protocol):
            message = f"{protocol!r} is neither tcp nor udp nor a number"
            yield _at(rules.ACL, (*field, "match", "proto"), message, "ICMP, for example, is 1")


def filter_together(spec: JsonObject, stored: Stored) -> Iterator[Fault]:
    """Subnets that a filter names and the VPC on that side does not have."""
    sides = list(as_object(spec.get("peering")))
    for field, rule in _rules(spec):
        ends = {"src": as_text(rule.get("from")), "dst": as_text(rule.get("to"))}
        for side, opposite in (("src", "dst"), ("dst", "src")):
            name = ends[side] or next((each for each in sides if each != ends[opposite]), "")
            name = name if name in sides else ""
            for index, entry in enumerate(as_list(as_object(rule.get("match")).get(side))):
                place: FieldPath = (*field, "match", side, index, "vpcSubnet")
                yield from _subnet(place, as_text(as_object(entry).get("vpcSubnet")), name, stored)


_PROTOCOLS = frozenset({"", "tcp", "udp"})
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}\Z")
_NAME = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\Z")
_LONGEST = 64


def _at(rule: Rule, field: FieldPath, message: str, hint: str) -> Fault:
    path: FieldPath = ("spec", *field)
    return Fault(rule, path, f"{path_text(path)}: {message}", hint=hint)


def _rules(spec: JsonObject) -> Iterator[tuple[FieldPath, JsonObject]]:
    for index, rule in enumerate(as_list(as_object(spec.get("acl")).get("rules"))):
        yield ("acl", "rules", index), as_object(rule)


def _name(field: FieldPath, name: str) -> Iterator[Fault]:
    if name and not _NAME.match(name):
        hint = "use lower-case letters, digits, `-` and `.`"
        yield _at(rules.ACL, (*field, "name"), f"{name!r} is no name of a rule", hint)
    elif len(name) > _LONGEST:
        yield _at(rules.ACL, (*field, "name"), f"{len(name)} characters, {_LONGEST} are allowed", "shorten it")


def _directions(field: FieldPath, rule: JsonObject, peering: JsonObject) -> Iterator[Fault]:
    given = {name: as_text(rule.get(name)) for name in ("from", "to") if rule.get(name)}
    if not given:
        yield _at(rules.ACL, field, "`from` or `to` is needed", "name one of the two sides")
    for name, side in given.items():
        if side not in peering:
            hint = f"the sides are {' and '.join(sorted(peering))}"
            yield _at(rules.ACL, (*field, name), f"{side!r} is no side of this peering", hint)


def _endpoint(field: FieldPath, entry: JsonObject) -> Iterator[Fault]:
    cidr = as_text(entry.get("cidr"))
    if cidr and entry.get("vpcSubnet"):
        yield _at(rules.ACL, field, "cidr and vpcSubnet exclude each other", "keep one of the two")
    if cidr and prefix(cidr) is None:
        yield _at(rules.ACL, (*field, "cidr"), f"{cidr!r} is not a prefix", "write it like 10.0.1.0/24")
    for index, port in enumerate(as_list(entry.get("ports"))):
        if fault := port_fault(as_text(port)):
            yield _at(rules.ACL, (*field, "ports", index), fault, PORT_HINT)


def _subnet(field: FieldPath, subnet: str, name: str, stored: Stored) -> Iterator[Fault]:
    if not subnet or not name:
        return
    vpc: Json = stored.get("VPC", name)
    if name.startswith("ext."):
        yield _at(rules.EXPOSED_INSIDE, field, f"{name!r} is an external, which has no VPC subnets", "match by cidr")
    elif vpc is not None and subnet not in (known := as_object(as_object(vpc).get("subnets"))):
        hint = f"it has {', '.join(sorted(known)) or 'none'}"
        yield _at(rules.EXPOSED_INSIDE, field, f"VPC {name!r} has no subnet {subnet!r}", hint)
