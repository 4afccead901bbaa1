"""Who the object of a document is, and whether it is ours at all.

Groups, kinds and versions are matched exactly against the registry. What the object's fields mean is left to the
schema and the semantic rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from hedgehog_gitops.core.object_faults import at_field, form_of, is_plain, object_findings
from hedgehog_gitops.core.rules import object_rules as rules
from hedgehog_gitops.model.document import Document
from hedgehog_gitops.model.finding import Finding, Severity
from hedgehog_gitops.model.kind import BY_GROUP_KIND, KINDS, Kind, ObjectKey, Owner
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_object
from hedgehog_gitops.model.snapshot import Manifest


class Standing(StrEnum):
    """What a document is to us."""

    USER = "user"
    CONTROLLER = "controller"
    INSTALLER = "installer"
    FOREIGN = "foreign"
    EMPTY = "empty"
    INVALID = "invalid"


class Identified(NamedTuple):
    """The objects of one document that people own in git, and what was wrong.

    `standing` is that of the whole document; a `List` is as bad as the worst of its items, and `user` as soon as one
    item is ours. `others` are the paths of a list's items that are not ours and have to be kept elsewhere.
    """

    manifests: tuple[Manifest, ...]
    findings: tuple[Finding, ...]
    standing: Standing
    others: tuple[FieldPath, ...] = ()


def identify(document: Document, namespace: str = "default") -> Identified:
    """The identities in a document; an object without a namespace is in `namespace`."""
    value = document.value
    if value is None:
        return Identified(manifests=(), findings=(), standing=Standing.EMPTY)
    return _part(document, value, (), namespace)


def duplicates(manifests: Iterable[Manifest]) -> tuple[Finding, ...]:
    """A finding at every document after the first that describes the same object."""
    first: dict[ObjectKey, Manifest] = {}
    return tuple(
        rules.DUPLICATE_IDENTITY.at(
            manifest.origin(("metadata", "name")),
            f"{manifest.key} is written here and in {_place(first[manifest.key])}",
            hint="keep one of the two",
            field="metadata.name",
            key=manifest.key,
        )
        for manifest in manifests
        if first.setdefault(manifest.key, manifest) is not manifest
    )


def _place(manifest: Manifest) -> str:
    origin = manifest.origin(("metadata", "name"))
    return f"{origin.path}:{origin.line}"


_GROUPS = frozenset(kind.group for kind in KINDS)
_LOOKALIKE = re.compile(r"hedgehog", re.IGNORECASE)
_WORST_FIRST = (Standing.INVALID, Standing.CONTROLLER, Standing.USER, Standing.INSTALLER, Standing.FOREIGN)


def _is_list(value: JsonObject) -> bool:
    kind = value.get("kind")
    if not isinstance(kind, str) or not kind.endswith("List"):
        return False
    group, _, _ = str(value.get("apiVersion")).rpartition("/")
    return (kind == "List" and not group) or (group, kind.removesuffix("List")) in BY_GROUP_KIND


def _unpack(document: Document, value: JsonObject, at: FieldPath, namespace: str) -> Identified:
    items = value["items"]
    parts = [
        _part(document, _typed(item, value), (*at, "items", index), namespace)
        for index, item in enumerate(items if isinstance(items, list) else [])
    ]
    standings = {part.standing for part in parts}
    return Identified(
        manifests=tuple(manifest for part in parts for manifest in part.manifests),
        findings=tuple(finding for part in parts for finding in part.findings),
        standing=next((standing for standing in _WORST_FIRST if standing in standings), Standing.EMPTY),
        others=tuple(path for part in parts for path in part.others),
    )


def _part(document: Document, value: Json, at: FieldPath, namespace: str) -> Identified:
    if isinstance(value, dict) and isinstance(value.get("items"), list) and _is_list(value):
        return _unpack(document, value, at, namespace)
    return _judge(document, value, at, namespace)


def _typed(item: Json, listed: JsonObject) -> Json:
    """The item of a `VPCList` may leave out the apiVersion and kind that the list says already."""
    kind = str(listed["kind"]).removesuffix("List")
    if not kind or not isinstance(item, dict):
        return item
    return {"apiVersion": listed["apiVersion"], "kind": kind, **item}


def _judge(document: Document, value: Json, at: FieldPath, namespace: str) -> Identified:
    if not isinstance(value, dict):
        finding = rules.NOT_A_MAPPING.at(
            document.origin(at),
            f"this is {form_of(value)}, not a Kubernetes object",
            hint="an object starts with apiVersion, kind and metadata",
        )
        return Identified(manifests=(), findings=(finding,), standing=Standing.INVALID)
    broken = tuple(_type_findings(document, value, at))
    if broken:
        return Identified(manifests=(), findings=broken, standing=Standing.INVALID)
    group, _, version = str(value["apiVersion"]).rpartition("/")
    kind = BY_GROUP_KIND.get((group, str(value["kind"])))
    if kind is None:
        return _without_kind(document, value, at, group)
    match kind.owner:
        case Owner.USER:
            return _object(document, value, at, kind, version, namespace)
        case Owner.CONTROLLER:
            return _controllers(document, value, at)
        case Owner.INSTALLER:
            return _installers(document, value, at)


def _type_findings(document: Document, value: JsonObject, at: FieldPath) -> Iterator[Finding]:
    api_version = value.get("apiVersion")
    if not isinstance(api_version, str) or not api_version or api_version.count("/") > 1:
        yield at_field(
            rules.NO_API_VERSION,
            document,
            at,
            "apiVersion",
            f"apiVersion is {form_of(api_version)}" if "apiVersion" in value else "the object has no apiVersion",
            "write for example `apiVersion: vpc.githedgehog.com/v1beta1`",
        )
    kind = value.get("kind")
    if not isinstance(kind, str) or not kind:
        yield at_field(
            rules.NO_KIND,
            document,
            at,
            "kind",
            f"kind is {form_of(kind)}" if "kind" in value else "the object has no kind",
            "write for example `kind: VPC`",
        )


def _without_kind(document: Document, value: JsonObject, at: FieldPath, group: str) -> Identified:
    if group in _GROUPS:
        known = ", ".join(kind.kind for kind in KINDS if kind.group == group)
        finding = at_field(
            rules.UNKNOWN_KIND,
            document,
            at,
            "kind",
            f"{group} has no kind {value['kind']}",
            f"the kinds of this group are {known}",
        )
        return Identified(manifests=(), findings=(finding,), standing=Standing.INVALID)
    findings: tuple[Finding, ...] = ()
    if _LOOKALIKE.search(group):
        hint = "if a Hedgehog object was meant, the groups are " + ", ".join(sorted(_GROUPS))
        message = f"{group} is no group of Hedgehog; the object is not managed"
        findings = (at_field(rules.FOREIGN_LOOKALIKE, document, at, "apiVersion", message, hint),)
    return Identified(manifests=(), findings=findings, standing=Standing.FOREIGN, others=(at,))


def _controllers(document: Document, value: JsonObject, at: FieldPath) -> Identified:
    finding = at_field(
        rules.CONTROLLER_KIND,
        document,
        at,
        "kind",
        f"the fabric's controllers write objects of kind {value['kind']}",
        "remove it from git",
    )
    return Identified(manifests=(), findings=(finding,), standing=Standing.CONTROLLER)


def _installers(document: Document, value: JsonObject, at: FieldPath) -> Identified:
    finding = at_field(
        rules.INSTALLER_KIND,
        document,
        at,
        "kind",
        f"{value['kind']} belongs to the installer; it is kept as it is and not applied",
        "keep it in fab.yaml, outside the fabric's directory",
    )
    return Identified(manifests=(), findings=(finding,), standing=Standing.INSTALLER, others=(at,))


def _object(
    document: Document, value: JsonObject, at: FieldPath, kind: Kind, version: str, namespace: str
) -> Identified:
    """One user-owned object: its manifest if the identity can be told, and all findings about it."""
    metadata = as_object(value.get("metadata"))
    name = metadata.get("name")
    space = metadata.get("namespace")
    if isinstance(name, str) and (space is None or isinstance(space, str)):
        key = ObjectKey(group=kind.group, kind=kind.kind, namespace=space or namespace, name=name)
        if is_plain(key, kind, version, value, metadata):
            manifest = Manifest(key=key, kind=kind, value=value, document=document, at=at)
            return Identified(manifests=(manifest,), findings=(), standing=Standing.USER)
    else:
        key = None
    findings = tuple(object_findings(document, value, at, kind, version, key))
    if key is None or any(
        finding.severity is Severity.ERROR and finding.rule not in _IDENTITY_STANDS for finding in findings
    ):
        return Identified(manifests=(), findings=findings, standing=Standing.INVALID)
    manifest = Manifest(key=key, kind=kind, value=value, document=document, at=at)
    return Identified(manifests=(manifest,), findings=findings, standing=Standing.USER)


_IDENTITY_STANDS = frozenset({rules.SHORT_NAME.id, rules.NAMESPACE_NOT_DEFAULT.id})
"""Errors that admission would raise although it is clear which object is meant."""
