"""Who names whom: the edges between objects, and the findings where an edge leads nowhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import NamedTuple

from hedgehog_gitops.core.devices import Device, ends
from hedgehog_gitops.core.near import near_matches
from hedgehog_gitops.core.rules import reference_rules as rules
from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.model.kind import GATEWAY, VPC, WIRING, ObjectKey
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text, path_text
from hedgehog_gitops.model.rule import Rule


class Reference(NamedTuple):
    """One edge: the field (below the object's root) that names the target. `part` is a subnet that it has to have.

    Where a part has its own rule, another edge is about the whole target.
    """

    source: ObjectKey
    field: FieldPath
    target: ObjectKey
    rule: Rule
    part: str | None = None
    part_rule: Rule | None = None


def references(key: ObjectKey, spec: JsonObject) -> tuple[Reference, ...]:
    """Every edge of an object, in the order of its fields. `spec` is the defaulted one."""
    find = _BY_KIND.get((key.group, key.kind))
    return tuple(find(key, spec)) if find else ()


def missing_references(
    manifests: Container[ObjectKey],
    specs: Mapping[ObjectKey, JsonObject],
    sources: Collection[ObjectKey] | None = None,
) -> Iterator[tuple[ObjectKey, Fault]]:
    """A fault for each edge that leads to no object of the set, or to a subnet that the VPC does not have.

    `specs` are the specs as stored, of the objects that decode: the others are never stored. `sources` are the objects
    to look at, if not all of them.
    """
    known = _Known(manifests, specs)
    for key in specs if sources is None else sources:
        for reference in references(key, specs[key]):
            if (fault := _judge(reference, known)) is not None:
                yield key, fault


class Dependencies(Mapping[ObjectKey, frozenset[ObjectKey]]):
    """What each of these objects needs of the others; found when somebody asks. `specs` are the specs as stored."""

    def __init__(self, specs: Mapping[ObjectKey, JsonObject], keys: AbstractSet[ObjectKey]) -> None:
        self._specs = specs
        self._keys = keys
        self._found: dict[ObjectKey, frozenset[ObjectKey]] = {}

    def __getitem__(self, key: ObjectKey) -> frozenset[ObjectKey]:
        found = self._found.get(key)
        if found is None:
            if key not in self._keys:
                raise KeyError(key)
            named = (reference.target for reference in references(key, self._specs[key]))
            found = self._found[key] = frozenset(each for each in named if each in self._keys and each != key)
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[ObjectKey]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


class _Known:
    """The objects of a set, their names by kind, and the near names that were asked for."""

    def __init__(self, manifests: Container[ObjectKey], specs: Mapping[ObjectKey, JsonObject]) -> None:
        self.manifests = manifests
        self.specs = specs
        self._near: dict[ObjectKey, str] = {}

    @cached_property
    def names(self) -> dict[tuple[str, str], list[str]]:
        """The names of all stored objects by group and kind."""
        named: dict[tuple[str, str], list[str]] = {}
        for key in self.specs:
            named.setdefault((key.group, key.kind), []).append(key.name)
        return named

    def near(self, target: ObjectKey) -> str:
        """The name of the same kind that is most like the target's, or empty text."""
        if target not in self._near:
            self._near[target] = _near(target.name, self.names.get((target.group, target.kind), []))
        return self._near[target]


def _judge(reference: Reference, known: _Known) -> Fault | None:
    target = reference.target
    spec = known.specs.get(target)
    if spec is None and reference.rule is rules.SW_VLANNS and target.name in known.names.get((WIRING, target.kind), ()):
        return None  # a switch looks VLAN namespaces up in all Kubernetes namespaces
    if spec is None and reference.part_rule is not None:
        return None
    if spec is None:
        return _refused(reference) if target in known.manifests else _absent(reference, known)
    if reference.part is None or reference.part in (subnets := as_object(spec.get("subnets"))):
        return None
    message = f"VPC {target.name!r} has no subnet {reference.part!r}"
    return _fault(reference, reference.part_rule or reference.rule, message, _near(reference.part, list(subnets)))


def _refused(reference: Reference) -> Fault:
    target = reference.target
    return Fault(
        reference.rule,
        reference.field,
        f"{path_text(reference.field)}: {target.kind} {target.name!r} is refused itself, so nothing finds it",
        hint=f"correct {target.kind} {target.name} first",
        other=Other(target, ("metadata", "name")),
    )


def _absent(reference: Reference, known: _Known) -> Fault:
    target = reference.target
    return _fault(reference, reference.rule, f"no {target.kind} is named {target.name!r}", known.near(target))


def _fault(reference: Reference, rule: Rule, message: str, near: str) -> Fault:
    hint = f"did you mean {near!r}?" if near else "add it, or correct the name"
    at_key = str(reference.field[-1]).removeprefix("ext.") == reference.target.name
    return Fault(rule, reference.field, f"{path_text(reference.field)}: {message}", hint=hint, at_key=at_key)


def _near(name: str, names: list[str]) -> str:
    return next(iter(near_matches(name, names[:_COMPARED])), "")


_COMPARED = 2000  # a hint is not worth more comparisons than this


def _edge(
    source: ObjectKey,
    field: FieldPath,
    group: str,
    kind: str,
    name: Json,
    rule: Rule,
    part: str | None = None,
    part_rule: Rule | None = None,
) -> tuple[Reference, ...]:
    if not (isinstance(name, str) and name):
        return ()
    target = ObjectKey(group, kind, source.namespace, name)
    return (Reference(source, ("spec", *field), target, rule, part, part_rule),)


def _switch(key: ObjectKey, spec: JsonObject) -> Iterator[Reference]:
    for index, name in enumerate(as_list(spec.get("vlanNamespaces"))):
        yield from _edge(key, ("vlanNamespaces", index), WIRING, "VLANNamespace", name, rules.SW_VLANNS)
    group = as_object(spec.get("redundancy")).get("group")
    for index, name in enumerate(as_list(spec.get("groups"))):
        field: FieldPath = ("redundancy", "group") if name == group else ("groups", index)
        yield from _edge(key, field, WIRING, "SwitchGroup", name, rules.SW_GROUP)


_ENDS = {
    Device.SWITCH: (WIRING, "Switch", rules.CONN_SWITCH),
    Device.SERVER: (WIRING, "Server", rules.CONN_SERVER),
    Device.GATEWAY: (GATEWAY, "Gateway", rules.CONN_GATEWAY),
}


def _connection(key: ObjectKey, spec: JsonObject) -> Iterator[Reference]:
    for end in ends(spec):
        group, kind, rule = _ENDS[end.device]
        yield from _edge(key, end.field, group, kind, end.name, rule)
    within = as_object(spec.get("staticExternal")).get("withinVPC")
    yield from _edge(key, ("staticExternal", "withinVPC"), VPC, "VPC", within, rules.CONN_VPC)


def _vpc(key: ObjectKey, spec: JsonObject) -> Iterator[Reference]:
    for field, group, kind in (("ipv4Namespace", VPC, "IPv4Namespace"), ("vlanNamespace", WIRING, "VLANNamespace")):
        yield from _edge(key, (field,), group, kind, spec.get(field), rules.VPC_NAMESPACE)
    for name, subnet in as_object(spec.get("subnets")).items():
        relay = as_object(as_object(subnet).get("dhcp")).get("relayVPC")
        yield from _edge(key, ("subnets", name, "dhcp", "relayVPC"), VPC, "VPC", relay, rules.VPC_RELAY)


def _attachment(key: ObjectKey, spec: JsonObject) -> Iterator[Reference]:
    vpc, _, subnet = as_text(spec.get("subnet")).partition("/")
    yield from _edge(key, ("subnet",), VPC, "VPC", vpc, rules.ATTACHED_SUBNET, subnet)
    yield from _edge(key, ("connection",), WIRING, "Connection", spec.get("connection"), rules.ATTACHED_CONNECTION)


def _peering(key: ObjectKey, spec: JsonObject) -> Iterator[Reference]:
    for index, permit in enumerate(as_list(spec.get("permit"))):
        for name, side in as_object(permit).items():
            field = ("permit", index, name)
            yield from _edge(key, field, VPC, "VPC", name, rules.PEERED_VPC)
            for at, subnet in enumerate(as_list(as_object(side).get("subnets"))):
                place = (*field, "subnets", at)
                yield from _edge(
                    key, place, VPC, "VPC", name, rules.PEERED_VPC, as_text(subnet), rules.PEERED_SUBNET
                )  # fmt: skip


def _external(key: ObjectKey, spec: JsonObject) -> Iterator[Reference]:
    name = spec.get("ipv4Namespace")
    yield from _edge(key, ("ipv4Namespace",), VPC, "IPv4Namespace", name, rules.EXTERNAL_NAMESPACE)


def _external_attachment(key: ObjectKey, spec: JsonObject) -> Iterator[Reference]:
    yield from _edge(key, ("external",), VPC, "External", spec.get("external"), rules.ATTACHED_EXTERNAL)
    yield from _edge(key, ("connection",), WIRING, "Connection", spec.get("connection"), rules.EXTERNAL_CONNECTION)


def _external_peering(key: ObjectKey, spec: JsonObject) -> Iterator[Reference]:
    permit = as_object(spec.get("permit"))
    vpc, external = as_object(permit.get("vpc")), as_object(permit.get("external"))
    field: FieldPath = ("permit", "vpc")
    yield from _edge(key, (*field, "name"), VPC, "VPC", vpc.get("name"), rules.EXTERNAL_PEER)
    for at, subnet in enumerate(as_list(vpc.get("subnets"))):
        place = (*field, "subnets", at)
        yield from _edge(
            key, place, VPC, "VPC", vpc.get("name"), rules.EXTERNAL_PEER, as_text(subnet), rules.EXTERNAL_PEER_SUBNET
        )
    name = external.get("name")
    yield from _edge(key, ("permit", "external", "name"), VPC, "External", name, rules.EXTERNAL_PEER)


def _gateway(key: ObjectKey, spec: JsonObject) -> Iterator[Reference]:
    for index, group in enumerate(as_list(spec.get("groups"))):
        name = as_object(group).get("name")
        yield from _edge(key, ("groups", index, "name"), GATEWAY, "GatewayGroup", name, rules.GATEWAY_GROUP)


def _gateway_peering(key: ObjectKey, spec: JsonObject) -> Iterator[Reference]:
    group = spec.get("gatewayGroup")
    yield from _edge(key, ("gatewayGroup",), GATEWAY, "GatewayGroup", group, rules.PEERING_GROUP)
    for name in as_object(spec.get("peering")):
        kind = "External" if name.startswith("ext.") else "VPC"
        target = name.removeprefix("ext.")
        yield from _edge(key, ("peering", name), VPC, kind, target, rules.GATEWAY_PEER)


_BY_KIND: dict[tuple[str, str], Callable[[ObjectKey, JsonObject], Iterator[Reference]]] = {
    (WIRING, "Switch"): _switch,
    (WIRING, "Connection"): _connection,
    (VPC, "VPC"): _vpc,
    (VPC, "VPCAttachment"): _attachment,
    (VPC, "VPCPeering"): _peering,
    (VPC, "External"): _external,
    (VPC, "ExternalAttachment"): _external_attachment,
    (VPC, "ExternalPeering"): _external_peering,
    (GATEWAY, "Gateway"): _gateway,
    (GATEWAY, "GatewayPeering"): _gateway_peering,
}
