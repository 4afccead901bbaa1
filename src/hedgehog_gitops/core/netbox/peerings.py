"""Peerings for which stock NetBox has no model: kept as JSON on the VRF of every VPC that they name."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.netbox.networks import VRF
from hedgehog_gitops.core.netbox.scene import Scene, custom, record_key
from hedgehog_gitops.core.netbox.scene import part as made
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject, as_object, as_text
from hedgehog_gitops.model.record import Record

PEERINGS = ("ExternalPeering", "GatewayPeering")


def peering_records(scene: Scene) -> Iterator[Record]:
    """What peerings add to the VRFs of their VPCs: each by its kind, namespace and name."""
    found: dict[ObjectKey, JsonObject] = {}
    for kind in PEERINGS:
        for key, spec in scene.all(kind):
            for vpc in _vpcs(scene, key, spec):
                found.setdefault(vpc, {})[f"{kind}/{key.namespace}/{key.name}"] = spec
    for vpc, peerings in found.items():
        yield made(record_key(VRF, vpc), custom(scene, "peerings", peerings))


def is_recorded(scene: Scene, key: ObjectKey) -> bool:
    """Whether a peering names any VPC that is shown."""
    return any(_vpcs(scene, key, scene.specs[key]))


def _vpcs(scene: Scene, key: ObjectKey, spec: JsonObject) -> Iterator[ObjectKey]:
    names = [*as_object(spec.get("peering")), as_text(as_object(as_object(spec.get("permit")).get("vpc")).get("name"))]
    for name in sorted(names):
        if (vpc := scene.find("VPC", name, key)) is not None:
            yield vpc[0]
