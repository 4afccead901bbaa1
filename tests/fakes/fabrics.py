"""Desired states and memories for tests of planning and syncing."""

from __future__ import annotations

from collections.abc import Iterable

from fakes.memory_side import key_of
from hedgehog_gitops.core.canonical import canonical, digest
from hedgehog_gitops.model.document import Document, Mark
from hedgehog_gitops.model.kind import KINDS, ObjectKey, find_kind, kind_of
from hedgehog_gitops.model.live import LiveObject, LiveSide, SideName
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.settings import ClusterSettings, Fabric
from hedgehog_gitops.model.snapshot import Manifest, Snapshot
from hedgehog_gitops.model.state import BaseRecord

LAB = Fabric(name="lab", directory="fabrics/lab", cluster=ClusterSettings(directory="live"), config_digest="c0ffee")
NOWHERE = Mark(1, 1, 1, 1, 1, 1, None)


def thing(kind: str, name: str, spec: JsonObject | None = None, **metadata: Json) -> JsonObject:
    """A whole object of a kind of ours."""
    found = next(each for each in KINDS if each.kind == kind)
    return {
        "apiVersion": found.api_version,
        "kind": kind,
        "metadata": {"name": name, "namespace": "default", **metadata},
        "spec": spec or {},
    }


def vpc(name: str = "blue", vlan: int = 1001, **spec: Json) -> JsonObject:
    """A VPC with one subnet."""
    return thing("VPC", name, {"subnets": {"default": {"subnet": "10.0.1.0/24", "vlan": vlan}}, **spec})


def attachment(name: str = "at", vpc_name: str = "blue") -> JsonObject:
    """A VPCAttachment of a VPC."""
    return thing("VPCAttachment", name, {"subnet": f"{vpc_name}/default", "connection": "c1"})


def manifest(value: JsonObject) -> Manifest:
    """An object as if it had been read from a file."""
    key = key_of(value)
    kind = find_kind(key.group, key.kind)
    assert kind is not None
    document = Document(path=f"{key.name}.yaml", index=0, value=value, marks=lambda: NOWHERE, start=0, end=0)
    return Manifest(key=key, kind=kind, value=value, document=document)


def desired(*values: JsonObject, revision: str = "r1") -> Snapshot:
    """A snapshot of the fabric with these objects."""
    manifests = [manifest(value) for value in values]
    return Snapshot(fabric="lab", revision=revision, manifests={each.key: each for each in manifests})


def live_side(*values: JsonObject, unknown: dict[tuple[str, str], str] | None = None) -> LiveSide:
    """A look at a cluster that stores these objects."""
    found = [
        LiveObject(key=key_of(v), value=v, version=f"v-{key_of(v).name}", uid=f"u-{key_of(v).name}") for v in values
    ]
    return LiveSide(
        side=SideName.CLUSTER,
        objects={each.key: each for each in found},
        unknown=unknown or {},
        proven=frozenset((kind.group, kind.kind) for kind in KINDS),
    )


def remembered(*values: JsonObject) -> dict[ObjectKey, BaseRecord]:
    """A memory in which we applied these objects last."""
    return {record.key: record for record in map(_record, values)}


def owned(
    value: JsonObject, fields: JsonObject, manager: str = "hedgehog-gitops", operation: str = "Apply"
) -> JsonObject:
    """The object with one more entry of managedFields."""
    metadata = value["metadata"]
    assert isinstance(metadata, dict)
    before = metadata.get("managedFields", [])
    assert isinstance(before, list)
    entry: JsonObject = {
        "manager": manager,
        "operation": operation,
        "time": "2026-01-02T03:04:05Z",
        "fieldsType": "FieldsV1",
        "fieldsV1": fields,
    }
    return {**value, "metadata": {**metadata, "managedFields": [*before, entry]}}


def keys(values: Iterable[JsonObject]) -> list[ObjectKey]:
    """Their identities."""
    return [key_of(value) for value in values]


def _record(value: JsonObject) -> BaseRecord:
    key = key_of(value)
    canonical_value = canonical(kind_of(key), value)
    return BaseRecord(
        key=key,
        side=SideName.CLUSTER,
        uid=f"u-{key.name}",
        digest=digest(canonical_value),
        revision="r0",
        value=canonical_value,
    )
