"""Disruption at peerings: what was permitted, and no peering of the newer set permits any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

from hedgehog_gitops.core.addresses import prefix
from hedgehog_gitops.core.changes.service import Attachment, Named, Service, listed
from hedgehog_gitops.core.changes.step import Step, StepFault, key_of
from hedgehog_gitops.core.rules.change_rules import PEERING_GOES
from hedgehog_gitops.core.semantics.faults import Fault, Other
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import FieldPath, JsonObject, as_list, as_object, as_text


class Path(NamedTuple):
    """One way that traffic may take: from a part of one side to a part of the other."""

    one: str
    part: str
    other: str
    other_part: str


def lost_peerings(step: Step, served: Service) -> Iterator[StepFault]:
    """One fault for each peering of which a part is permitted no longer."""
    for kind, paths in _BY_KIND.items():
        if kind in step.removed or kind in step.changed:
            yield from _lost(kind, paths, step, served)


Paths = Callable[[JsonObject, Named], set[Path]]


def _lost(kind: str, paths: Paths, step: Step, served: Service) -> Iterator[StepFault]:
    after = step.after
    still = {path for spec in after.get(kind, {}).values() for path in paths(spec, after)}
    gone = [(key, paths(was, step.before), ()) for key, was in step.removals(kind)]
    field: FieldPath = ("spec", "peering" if kind == "GatewayPeering" else "permit")
    less = [(key, paths(was, step.before), field) for key, was, _ in step.updates(kind)]
    for key, before, at in (*gone, *less):
        lost = sorted(path for path in before - still if _has_both_sides(path, step))
        if lost:
            yield StepFault(key, key, _fault(lost, at, step, served))


def _has_both_sides(path: Path, step: Step) -> bool:
    """Whether both sides stay: what goes whole is told elsewhere."""
    return all(_side(name) in step.newer for name in (path.one, path.other))


def _side(name: str) -> ObjectKey:
    external = name.removeprefix("ext.")
    return key_of("External", external) if external != name else key_of("VPC", name)


def _fault(lost: list[Path], field: FieldPath, step: Step, served: Service) -> Fault:
    shown = [f"{_end(each.one, each.part)} to {_end(each.other, each.other_part)}" for each in lost]
    subnets = {(each.one, each.part) for each in lost} | {(each.other, each.other_part) for each in lost}
    vpcs = sorted({name for name, _ in subnets if not name.startswith("ext.")})
    attached = [
        each for vpc in vpcs for each in served.of_vpc.get(vpc, ()) if any(_is_cut(each, end, step) for end in subnets)
    ]
    loss = served.lost(attached) if attached else f"; service is lost for {listed('VPC', vpcs)}"
    if attached and {each.vpc for each in attached} != set(vpcs):
        loss += f", and between {listed('VPC', vpcs)}"
    message = f"no longer permitted: {listed('path', shown)}{loss}"
    other = Other(_side(lost[0].one), ("metadata", "name"))
    return Fault(PEERING_GOES, field, message, "make sure that nothing needs the path any more", other)


def _is_cut(attached: Attachment, end: tuple[str, str], step: Step) -> bool:
    """Whether an attachment is at the end of a path: the VPC, and of it a subnet, a network, or everything."""
    vpc, part = end
    if attached.vpc != vpc or part in {"", attached.subnet}:
        return attached.vpc == vpc
    subnet = as_object(as_object(step.before.get("VPC", {}).get(vpc, {}).get("subnets")).get(attached.subnet))
    network, shown = prefix(as_text(subnet.get("subnet"))), prefix(part)
    return network is not None and shown is not None and network.overlaps(shown)


def _end(name: str, part: str) -> str:
    return f"{name}/{part}" if part else name


def _between_vpcs(spec: JsonObject, named: Named) -> set[Path]:
    found: set[Path] = set()
    for permit in as_list(spec.get("permit")):
        sides = sorted(as_object(permit).items())
        if len(sides) == 2:  # noqa: PLR2004 - a peering is between two
            (one, first), (other, second) = sides
            parts = product(_subnets(one, as_object(first), named), _subnets(other, as_object(second), named))
            found |= {Path(one, part, other, other_part) for part, other_part in parts}
    return found


def _to_external(spec: JsonObject, named: Named) -> set[Path]:
    permit = as_object(spec.get("permit"))
    vpc, external = as_object(permit.get("vpc")), as_object(permit.get("external"))
    name, target = as_text(vpc.get("name")), f"ext.{external.get('name')}"
    prefixes = [as_text(as_object(each).get("prefix")) for each in as_list(external.get("prefixes"))]
    return {Path(name, part, target, prefix) for part, prefix in product(_subnets(name, vpc, named), prefixes or [""])}


def _over_gateway(spec: JsonObject, named: Named) -> set[Path]:
    del named
    sides = sorted(as_object(spec.get("peering")).items())
    if len(sides) != 2:  # noqa: PLR2004 - a peering is between two
        return set()
    (one, first), (other, second) = sides
    return {
        Path(one, part, other, other_part)
        for part, other_part in product(_exposed(as_object(first)), _exposed(as_object(second)))
    }


def _exposed(side: JsonObject) -> list[str]:
    """What a side shows: subnets by name, networks, or everything."""
    shown = [
        as_text(as_object(each).get("vpcSubnet")) or as_text(as_object(each).get("cidr"))
        for expose in as_list(side.get("expose"))
        for each in as_list(as_object(expose).get("ips"))
    ]
    return [text for text in shown if text] or [""]


def _subnets(vpc: str, side: JsonObject, named: Named) -> list[str]:
    """The subnets that a side lists; without a list all that the VPC has."""
    given = [as_text(each) for each in as_list(side.get("subnets"))]
    return given or sorted(as_object(named.get("VPC", {}).get(vpc, {}).get("subnets"))) or [""]


_BY_KIND: dict[str, Paths] = {
    "VPCPeering": _between_vpcs,
    "ExternalPeering": _to_external,
    "GatewayPeering": _over_gateway,
}
