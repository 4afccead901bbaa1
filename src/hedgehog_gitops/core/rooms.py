"""Namespaces that get narrower: who lives in the part that is given up has to leave first.

A VPC waits for its namespaces as for everything that it names. Where a namespace gives up networks or VLANs that a VPC
of the same plan leaves, it is the other way round: admission refuses a namespace in which a VPC does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from hedgehog_gitops.core.addresses import prefix
from hedgehog_gitops.core.semantics.vpc_alone import announced
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text

Specs = Mapping[ObjectKey, JsonObject]
Fits = Callable[[JsonObject], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """One namespace that is narrowed among the writes, and the VPCs that it concerns.

    `leaving` have to be written before it. `content` fit in it as it is, so they need not wait for it. `torn` leave
    what it gives up for what it only gets: neither can be first.
    """

    namespace: ObjectKey
    leaving: frozenset[ObjectKey]
    content: frozenset[ObjectKey]
    torn: frozenset[ObjectKey]


def narrowed(after: Specs, before: Specs) -> Iterator[Narrowed]:
    """The namespaces that give up what a VPC still has; `before` are the specs that the side has of all written."""
    for key, spec in after.items():
        if key.kind not in _ROOMS or key not in before or before[key] == spec:
            continue
        fits_before, fits_after = (_ROOMS[key.kind](each, key.name) for each in (before[key], spec))
        leaving = frozenset(user for user, has in before.items() if user.kind == "VPC" and not fits_after(has))
        if leaving:
            content = frozenset(user for user, wants in after.items() if user.kind == "VPC" and fits_before(wants))
            torn = frozenset(user for user in leaving if user in after and user not in content)
            yield Narrowed(namespace=key, leaving=leaving, content=content, torn=torn)


def _networks(namespace: JsonObject, name: str) -> Fits:
    pools = [found for text in as_list(namespace.get("subnets")) if (found := prefix(as_text(text))) is not None]

    def fits(vpc: JsonObject) -> bool:
        if vpc.get("ipv4Namespace") != name:
            return True
        found = [network for _, network, _, _ in announced(as_object(vpc.get("subnets")))]
        return all(network is None or any(pool.covers(network) for pool in pools) for network in found)

    return fits


def _vlans(namespace: JsonObject, name: str) -> Fits:
    """Admission looks up the VPCs of a VLAN namespace by the name of their IPv4 namespace, so these count as well."""
    ranges = [(_number(as_object(each).get("from")), _number(as_object(each).get("to"))) for each in
              as_list(namespace.get("ranges"))]  # fmt: skip

    def fits(vpc: JsonObject) -> bool:
        if name not in {vpc.get("vlanNamespace"), vpc.get("ipv4Namespace")}:
            return True
        found = [_number(as_object(subnet).get("vlan")) for subnet in as_object(vpc.get("subnets")).values()]
        return all(not vlan or any(first <= vlan <= last for first, last in ranges) for vlan in found)

    return fits


def _number(value: Json) -> int:
    return value if isinstance(value, int) else 0


_ROOMS: dict[str, Callable[[JsonObject, str], Fits]] = {"IPv4Namespace": _networks, "VLANNamespace": _vlans}
