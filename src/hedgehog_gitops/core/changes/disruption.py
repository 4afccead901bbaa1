"""What is legal and cuts service: changes that reach servers and VPCs which the older set serves by declaration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hedgehog_gitops.core.changes.peerings import lost_peerings
from hedgehog_gitops.core.changes.service import Attachment, Service, attachment, declared, listed, peered_with, working
from hedgehog_gitops.core.changes.step import Step, StepFault, key_of
from hedgehog_gitops.core.changes.switches import switch_disruptions
from hedgehog_gitops.core.devices import End, connection_type, ends
from hedgehog_gitops.core.rules import change_rules as rules
from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_object, as_text, path_text


def disruptions(step: Step) -> Iterator[StepFault]:
    """The disruptive faults of a step, sort by sort."""
    served, serving = working(lambda: step.before), declared(lambda: step.after)
    yield from _attachments(step, served, serving)
    yield from _external_attachments(step)
    for key, was, now in step.updates("VPC"):
        yield from (StepFault(key, key, fault) for fault in _vpc(key.name, was, now, served, serving))
    for key, was, now in step.updates("Connection"):
        yield from (StepFault(key, key, fault) for fault in _cable(key.name, was, now, served, serving, step))
    yield from switch_disruptions(step, served)
    yield from lost_peerings(step, served)


def _attachments(step: Step, served: Service, serving: Service) -> Iterator[StepFault]:
    """Attachments whose connection no longer reaches their subnet, by this one or by any other attachment."""
    for key, _ in step.removals("VPCAttachment"):
        old = served.attachments.get(key.name)
        if old is not None and old.path not in serving.paths:
            yield StepFault(key, key, _detached(old, (), step, served))
    for key, _, now in step.updates("VPCAttachment"):
        old, new = served.attachments.get(key.name), attachment(key.name, now)
        if old is None:
            continue
        if old.path not in serving.paths:
            field = "subnet" if (old.vpc, old.subnet) != (new.vpc, new.subnet) else "connection"
            yield StepFault(key, key, _detached(old, ("spec", field), step, served))
        elif old.is_native != new.is_native and old.path == new.path:
            message = f"spec.nativeVLAN: {_shown(old.is_native)} becomes {_shown(new.is_native)}"
            yield StepFault(key, key, _attachment_fault(("spec", "nativeVLAN"), message + served.lost([old])))


def _detached(old: Attachment, field: FieldPath, step: Step, served: Service) -> Fault:
    message = f"{old.connection} leaves subnet {old.vpc}/{old.subnet}{served.lost([old])}"
    return _attachment_fault(field, message, _remains_of(old, step))


def _remains_of(old: Attachment, step: Step) -> Other:
    """What the attachment hung on, as far as it is still there."""
    connection = key_of("Connection", old.connection)
    if connection in step.newer:
        return Other(connection, ("metadata", "name"))
    return Other(key_of("VPC", old.vpc), ("spec", "subnets", old.subnet))


def _attachment_fault(field: FieldPath, message: str, other: Other | None = None) -> Fault:
    hint = "make sure that nothing behind it needs the subnet, or plan an interruption"
    return Fault(rules.ATTACHMENT_GOES, field, message, hint, other)


def _external_attachments(step: Step) -> Iterator[StepFault]:
    """External attachments that go, change sides or are renumbered, under VPCs that reach that external."""
    for key, was in step.removals("ExternalAttachment"):
        yield from _way_out(key, was, (), f"the way out to {was.get('external')} goes", step)
    for key, was, now in step.updates("ExternalAttachment"):
        field = next((name for name in _OUTWARD if was.get(name) != now.get(name)), "")
        if field:
            message = f"spec.{field} of the way out to {was.get('external')} changes"
            yield from _way_out(key, was, ("spec", field), message, step)


_OUTWARD = ("external", "connection", "switch", "neighbor", "static")


def _way_out(key: ObjectKey, was: JsonObject, field: FieldPath, message: str, step: Step) -> Iterator[StepFault]:
    external = as_text(was.get("external"))
    if vpcs := peered_with(external, step.before):
        other = Other(key_of("Connection", as_text(was.get("connection"))), ("metadata", "name"))
        lost = f"{message}; service is lost for {listed('VPC', vpcs)}"
        hint = "make sure that another attachment of the external carries the traffic, or plan an interruption"
        yield StepFault(key, key, Fault(rules.ATTACHMENT_GOES, field, lost, hint, other))


def _vpc(name: str, was: JsonObject, now: JsonObject, served: Service, serving: Service) -> Iterator[Fault]:
    """Subnets that stay attached and become something else, or nothing."""
    old, new = as_object(was.get("subnets")), as_object(now.get("subnets"))
    if was.get("mode") == now.get("mode") and not any(
        True for name in old for _ in _subnet_changes(name, old[name], new.get(name))
    ):
        return
    staying: dict[str, list[Attachment]] = {}
    for each in served.of_vpc.get(name, ()):
        if each.path in serving.paths:
            staying.setdefault(each.subnet, []).append(each)
    if not staying:
        return
    for subnet, attached in sorted(staying.items()):
        for field, change in _subnet_changes(subnet, old.get(subnet), new.get(subnet)):
            yield _subnet_fault(field, change + served.lost(attached))
    if was.get("mode") != now.get("mode"):
        every = [each for attached in staying.values() for each in attached]
        message = f"spec.mode: {_shown(was.get('mode'))} becomes {_shown(now.get('mode'))}"
        yield _subnet_fault(("spec", "mode"), message + served.lost(every))


def _subnet_changes(name: str, was: Json, now: Json) -> Iterator[tuple[FieldPath, str]]:
    at: FieldPath = ("spec", "subnets", name)
    if was is None or was == now:
        return
    if now is None:
        yield ("spec", "subnets"), f"subnet {name!r} is removed and attached"
        return
    old, new = as_object(was), as_object(now)
    moved = [field for field in _SUBNET_FIELDS if old.get(field) != new.get(field)]
    for field in moved:
        if field == "gateway" and "subnet" in moved:
            continue  # the gateway follows the subnet
        path = (*at, field)
        yield path, f"{path_text(path)}: {_shown(old.get(field))} becomes {_shown(new.get(field))}"


_SUBNET_FIELDS = ("subnet", "vlan", "gateway", "hostBGP")


def _subnet_fault(field: FieldPath, message: str) -> Fault:
    return Fault(rules.SUBNET_MOVES, field, message, "detach the servers first, or plan an interruption")


def _cable(
    name: str, was: JsonObject, now: JsonObject, served: Service, serving: Service, step: Step
) -> Iterator[Fault]:
    """Ports that change under attachments which stay."""
    found = connection_type(was)
    old, new = _plugs(was), _plugs(now)
    if found is None or found != connection_type(now) or old.keys() == new.keys():
        return
    attached = [each for each in served.of_connection.get(name, ()) if each.path in serving.paths]
    vpcs = _outside(name, step) if found.key == "external" else []
    if not (attached or vpcs):
        return
    unplugged, plugged = sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys())
    parts = [_plug_text(unplugged, "unplugged"), _plug_text(plugged, "plugged in")]
    lost = served.lost(attached) if attached else f"; service is lost for {listed('VPC', vpcs)}"
    field: FieldPath = ("spec", *new[plugged[0]].field) if plugged else ("spec", found.key, found.links)
    hint = "move the cable at the same moment, and one leg of a bundle after the other"
    yield Fault(rules.CABLE_MOVES, field, ", ".join(part for part in parts if part) + lost, hint)


def _plugs(spec: JsonObject) -> Mapping[str, End]:
    return {f"{end.name}/{end.port}": end for end in ends(spec)}


def _plug_text(ports: list[str], done: str) -> str:
    return f"{listed('port', ports)} {'is' if len(ports) == 1 else 'are'} {done}" if ports else ""


def _outside(connection: str, step: Step) -> list[str]:
    """The VPCs that reach an external over a connection, before and after."""
    here = [
        as_text(spec.get("external"))
        for name, spec in step.before.get("ExternalAttachment", {}).items()
        if spec.get("connection") == connection and name in step.after.get("ExternalAttachment", {})
    ]
    return sorted({vpc for external in here for vpc in peered_with(external, step.before)})


def _shown(value: Json) -> str:
    return "(none)" if value in (None, "") else str(value).lower() if isinstance(value, bool) else str(value)
