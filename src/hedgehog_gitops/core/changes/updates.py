"""What admission refuses of an update although the new object would be taken if nothing had been there before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hedgehog_gitops.core.addresses import Prefix, prefix
from hedgehog_gitops.core.changes.step import Step, StepFault, key_of
from hedgehog_gitops.core.devices import connection_type
from hedgehog_gitops.core.rules import change_rules as rules
from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import FieldPath, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.rule import Rule


def refused_updates(step: Step) -> Iterator[StepFault]:
    """The faults of updates, kind by kind."""
    for key, was, now in step.updates("Connection"):
        yield from (StepFault(key, key, fault) for fault in _connection(key.name, was, now))
    for key, was, now in step.updates("Switch"):
        yield from (StepFault(key, key, fault) for fault in _switch(was, now))
    for key, _, now in step.updates("IPv4Namespace"):
        yield from (StepFault(key, key, fault) for fault in _ipv4_namespace(key.name, now, step))
    for key, _, now in step.updates("VLANNamespace"):
        yield from (StepFault(key, key, fault) for fault in _vlan_namespace(key.name, now, step))


def _connection(name: str, was: JsonObject, now: JsonObject) -> Iterator[Fault]:
    before, after = connection_type(was), connection_type(now)
    if before is not None and after is not None and before.key != after.key:
        message = f"Connection {name!r} is of type {before.label} and cannot become {after.label}"
        hint = "give the new connection another name, or delete this one and its attachments first"
        yield Fault(rules.CONNECTION_TYPE, ("spec", after.key), message, hint)
        return
    old, new = (as_text(as_object(spec.get("staticExternal")).get("withinVPC")) for spec in (was, now))
    if old != new:
        field = ("spec", "staticExternal", "withinVPC")
        message = f"spec.staticExternal.withinVPC: {old or '(none)'} cannot become {new or '(none)'}"
        yield Fault(rules.CONNECTION_TYPE, field, message, "make a new connection, and delete this one")


def _switch(was: JsonObject, now: JsonObject) -> Iterator[Fault]:
    old, new = as_object(was.get("portBreakouts")), as_object(now.get("portBreakouts"))
    if old == new or not (was.get("roce") is True or now.get("roce") is True):
        return
    port = min(port for port in {**old, **new} if old.get(port) != new.get(port))
    message = f"the breakout of {port} changes while the switch does RoCE"
    hint = "three steps: roce off, then the breakout, then roce on again"
    yield Fault(rules.BREAKOUT_UNDER_ROCE, ("spec", "portBreakouts", port), message, hint)


class _Outside(NamedTuple):
    """A subnet of a VPC that a namespace no longer holds."""

    vpc: str
    subnet: str
    value: str
    field: str


def _ipv4_namespace(name: str, now: JsonObject, step: Step) -> Iterator[Fault]:
    room = [found for text in as_list(now.get("subnets")) if (found := prefix(as_text(text))) is not None]
    outside = [
        _Outside(vpc, subnet, as_text(spec.get("subnet")), "subnet")
        for vpc, subnet, spec in _subnets(step, "ipv4Namespace", name)
        if not _is_inside(as_text(spec.get("subnet")), room)
    ]
    if outside:
        yield _left_out(rules.NAMESPACE_LEAVES_SUBNETS, ("spec", "subnets"), outside, "subnet")


def _is_inside(text: str, room: list[Prefix]) -> bool:
    network = prefix(text)
    return network is None or any(each.covers(network) for each in room)


def _vlan_namespace(name: str, now: JsonObject, step: Step) -> Iterator[Fault]:
    """Admission looks the VPCs up by the wrong namespace; it judges those, and no others."""
    vlans = [_bounds(as_object(entry)) for entry in as_list(now.get("ranges"))]
    judged = [
        _Outside(vpc, subnet, str(spec.get("vlan") or 0), "vlan")
        for vpc, subnet, spec in _subnets(step, "ipv4Namespace", name)
        if not _is_held(spec, vlans)
    ]
    if judged:
        yield _left_out(rules.NAMESPACE_LEAVES_VLANS, ("spec", "ranges"), judged, "VLAN")
    known = set(judged)
    missed = [
        each
        for vpc, subnet, spec in _subnets(step, "vlanNamespace", name)
        if not _is_free(spec) and not _is_held(spec, vlans)
        and (each := _Outside(vpc, subnet, str(spec.get("vlan") or 0), "vlan")) not in known
    ]  # fmt: skip
    if missed:
        yield _left_out(rules.VLANS_NOT_LOOKED_AT, ("spec", "ranges"), missed, "VLAN")


def _is_held(subnet: JsonObject, vlans: list[tuple[int, int]]) -> bool:
    vlan = subnet.get("vlan") or 0
    return isinstance(vlan, int) and any(first <= vlan <= last for first, last in vlans)


def _is_free(subnet: JsonObject) -> bool:
    return subnet.get("hostBGP") is True


def _bounds(entry: JsonObject) -> tuple[int, int]:
    first, last = entry.get("from"), entry.get("to")
    return (first if isinstance(first, int) else 0, last if isinstance(last, int) else 0)


def _subnets(step: Step, field: str, namespace: str) -> Iterator[tuple[str, str, JsonObject]]:
    """Every subnet of the newer VPCs that name a namespace in a field."""
    for vpc, spec in step.after.get("VPC", {}).items():
        if spec.get(field) == namespace:
            for subnet, value in as_object(spec.get("subnets")).items():
                yield vpc, subnet, as_object(value)


def _left_out(rule: Rule, field: FieldPath, outside: list[_Outside], word: str) -> Fault:
    first = outside[0]
    more = f", and {len(outside) - 1} more" if len(outside) > 1 else ""
    message = f"{word} {first.value} of VPC {first.vpc!r} (subnet {first.subnet!r}) does not fit{more}"
    vpc: ObjectKey = key_of("VPC", first.vpc)
    hint = rules.WHAT_FITS[rule.id]
    return Fault(rule, field, message, hint, Other(vpc, ("spec", "subnets", first.subnet, first.field)))
