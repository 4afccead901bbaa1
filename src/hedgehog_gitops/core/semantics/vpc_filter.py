"""The inbound filter of an ExternalAttachment, statement by statement."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.addresses import prefix
from hedgehog_gitops.core.rules import vpc_rules as rules
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text

FIRST = 10
ACTIONS = ("permit", "deny", "discard", "transit")
PROTOCOLS = ("ip", "tcp", "udp", "icmp")
FLAGS = ("Fin", "Syn", "Rst", "Psh", "Ack", "Urg")


def filter_faults(value: JsonObject) -> Iterator[Fault]:
    """Everything wrong with the statements. That parts are missing, or empty, is said by the schema."""
    seen: set[int] = set()
    for index, entry in enumerate(as_list(value.get("statements"))):
        statement = as_object(entry)
        at: FieldPath = ("spec", "inboundACL", "statements", index)
        number = _number(statement.get("seq"))
        if number < FIRST and "seq" in statement:
            message = f"seq {number} is below {FIRST}"
            yield Fault(rules.FILTER_STATEMENT, (*at, "seq"), message, f"use {FIRST} or more; the rest is reserved")
        elif number in seen:
            yield Fault(rules.FILTER_STATEMENT, (*at, "seq"), f"seq {number} is repeated", "number it anew")
        seen.add(number)
        yield from _words(at, statement)
        protocol = as_text(statement.get("protocol"))
        yield from _flags((*at, "tcpFilters"), statement.get("tcpFilters"), protocol)
        yield from _numbers(at, statement, protocol)


def _words(at: FieldPath, statement: JsonObject) -> Iterator[Fault]:
    for field, known in (("action", ACTIONS), ("protocol", PROTOCOLS)):
        if field in statement and (word := as_text(statement[field])) not in known:
            message = f"{field} {word!r} is not known"
            yield Fault(rules.FILTER_STATEMENT, (*at, field), message, f"use one of {', '.join(known)}")
    for field in ("srcPrefix", "dstPrefix"):
        text = as_text(statement.get(field))
        if text and text != "any" and prefix(text) is None:
            message = f"{field} {text!r} is no prefix"
            yield Fault(rules.FILTER_STATEMENT, (*at, field), message, "write `any`, or a network with its length")


def _flags(at: FieldPath, value: Json, protocol: str) -> Iterator[Fault]:
    if value is None:
        return
    flags = {name for name, is_set in as_object(value).items() if is_set is True}
    if protocol != "tcp":
        message = f"TCP flags in a statement about {protocol or 'nothing'}"
        yield Fault(rules.FILTER_FLAGS, at, message, "take them out, or write protocol: tcp")
    if "established" in flags and len(flags) > 1:
        message = "established together with other flags"
        yield Fault(rules.FILTER_FLAGS, (*at, "established"), message, "take it out, or the others")
    for flag in FLAGS:
        if {flag.lower(), f"not{flag}"} <= flags:
            message = f"{flag.lower()} and not{flag} at once"
            yield Fault(rules.FILTER_FLAGS, (*at, f"not{flag}"), message, "take one of them out")


def _numbers(at: FieldPath, statement: JsonObject, protocol: str) -> Iterator[Fault]:
    for field in ("icmpType", "icmpCode"):
        if statement.get(field) is not None and protocol != "icmp":
            message = f"{field} in a statement about {protocol or 'nothing'}"
            yield Fault(rules.FILTER_PORTS, (*at, field), message, "take it out, or write protocol: icmp")
    first, last = _number(statement.get("portRangeBegin")), _number(statement.get("portRangeEnd"))
    if not first and not last:
        return
    field = "portRangeBegin" if first else "portRangeEnd"
    if protocol not in {"tcp", "udp"}:
        message = f"ports in a statement about {protocol or 'nothing'}"
        yield Fault(rules.FILTER_PORTS, (*at, field), message, "take them out, or write protocol: tcp or udp")
    if first == 0 or first > last:
        message = f"ports {first} to {last}"
        yield Fault(rules.FILTER_PORTS, (*at, field), message, "let the range start at 1 or higher and end after that")


def _number(value: Json) -> int:
    return value if isinstance(value, int) else 0
