"""Who the object of a document is, and whether it is ours at all.

Groups, kinds and versions are matched exactly against the registry. What the object's fields mean is left to the
schema and the semantic rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hedgehog_gitops.core.rules import object_rules as rules
from hedgehog_gitops.model.document import Document
from hedgehog_gitops.model.finding import Finding, Severity
from hedgehog_gitops.model.kind import BY_GROUP_KIND, KINDS, Kind, ObjectKey, Owner
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_object
from hedgehog_gitops.model.rule import Rule
from hedgehog_gitops.model.snapshot import Manifest

SERVER_METADATA = (
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
)
"""Fields of `metadata` that only the API server sets."""


class Standing(StrEnum):
    """What a document is to us."""

    USER = "user"
    CONTROLLER = "controller"
    INSTALLER = "installer"
    FOREIGN = "foreign"
    EMPTY = "empty"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
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
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\Z")
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\Z")
_LOOKALIKE = re.compile(r"hedgehog", re.IGNORECASE)
_SHORT_NAMED = frozenset({"VPC", "External", "IPv4Namespace"})
_SHORT_NAME = 11
_LONG_NAME = 253
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
            f"this is {_form(value)}, not a Kubernetes object",
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
        yield _field(
            rules.NO_API_VERSION,
            document,
            at,
            "apiVersion",
            f"apiVersion is {_form(api_version)}" if "apiVersion" in value else "the object has no apiVersion",
            "write for example `apiVersion: vpc.githedgehog.com/v1beta1`",
        )
    kind = value.get("kind")
    if not isinstance(kind, str) or not kind:
        yield _field(
            rules.NO_KIND,
            document,
            at,
            "kind",
            f"kind is {_form(kind)}" if "kind" in value else "the object has no kind",
            "write for example `kind: VPC`",
        )


def _without_kind(document: Document, value: JsonObject, at: FieldPath, group: str) -> Identified:
    if group in _GROUPS:
        known = ", ".join(kind.kind for kind in KINDS if kind.group == group)
        finding = _field(
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
        findings = (_field(rules.FOREIGN_LOOKALIKE, document, at, "apiVersion", message, hint),)
    return Identified(manifests=(), findings=findings, standing=Standing.FOREIGN, others=(at,))


def _controllers(document: Document, value: JsonObject, at: FieldPath) -> Identified:
    finding = _field(
        rules.CONTROLLER_KIND,
        document,
        at,
        "kind",
        f"the fabric's controllers write objects of kind {value['kind']}",
        "remove it from git",
    )
    return Identified(manifests=(), findings=(finding,), standing=Standing.CONTROLLER)


def _installers(document: Document, value: JsonObject, at: FieldPath) -> Identified:
    finding = _field(
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
        if _is_plain(key, kind, version, value, metadata):
            manifest = Manifest(key=key, kind=kind, value=value, document=document, at=at)
            return Identified(manifests=(manifest,), findings=(), standing=Standing.USER)
    else:
        key = None
    findings = tuple(_object_findings(document, value, at, kind, version, key))
    if key is None or any(
        finding.severity is Severity.ERROR and finding.rule not in _IDENTITY_STANDS for finding in findings
    ):
        return Identified(manifests=(), findings=findings, standing=Standing.INVALID)
    manifest = Manifest(key=key, kind=kind, value=value, document=document, at=at)
    return Identified(manifests=(manifest,), findings=findings, standing=Standing.USER)


_IDENTITY_STANDS = frozenset({rules.SHORT_NAME.id, rules.NAMESPACE_NOT_DEFAULT.id})
"""Errors that admission would raise although it is clear which object is meant."""


def _is_plain(key: ObjectKey, kind: Kind, version: str, value: JsonObject, metadata: JsonObject) -> bool:
    """The quick answer for nearly every object: nothing to say about it."""
    return (
        version == kind.version
        and key.namespace == "default"
        and len(key.name) <= (_SHORT_NAME if kind.kind in _SHORT_NAMED else _LONG_NAME)
        and _SUBDOMAIN.match(key.name) is not None
        and isinstance(value.get("spec", _NO_SPEC), dict)
        and "status" not in value
        and metadata.keys().isdisjoint(SERVER_METADATA)
    )


_NO_SPEC: JsonObject = {}


def _object_findings(
    document: Document, value: JsonObject, at: FieldPath, kind: Kind, version: str, key: ObjectKey | None
) -> Iterator[Finding]:
    if version != kind.version:
        yield _version_finding(document, at, kind, version, key)
    if not isinstance(value.get("spec", _NO_SPEC), dict | None):
        message = f"spec is {_form(value['spec'])}, not a mapping"
        yield _field(rules.SPEC_NOT_A_MAPPING, document, at, "spec", message, "an empty spec is `spec: {}`", key)
    if key is None:
        yield from _unnamed(document, as_object(value.get("metadata")), at)
    else:
        yield from _name_findings(document, at, key)
        yield from _namespace_findings(document, at, key)
    yield from _server_findings(document, value, at, key)


def _version_finding(document: Document, at: FieldPath, kind: Kind, version: str, key: ObjectKey | None) -> Finding:
    if kind.accepts(version):
        message = f"{version} is an older version of {kind.kind}"
        return _field(rules.OLDER_VERSION, document, at, "apiVersion", message, f"write {kind.api_version}", key)
    message = f"{kind.kind} has no version {version or '(none)'}"
    return _field(rules.UNKNOWN_VERSION, document, at, "apiVersion", message, f"write {kind.api_version}", key)


def _unnamed(document: Document, metadata: JsonObject, at: FieldPath) -> Iterator[Finding]:
    name, space = metadata.get("name"), metadata.get("namespace")
    if not isinstance(name, str):
        message = f"metadata.name is {_form(name)}" if "name" in metadata else "the object has no metadata.name"
        hint = "put it in quotes" if isinstance(name, int | float) else "give it a name"
        yield _field(rules.NO_NAME, document, at, "metadata.name", message, hint)
    if not (space is None or isinstance(space, str)):
        message = f"metadata.namespace is {_form(space)}, not a text"
        yield _field(rules.BAD_NAMESPACE, document, at, "metadata.namespace", message, "leave it out")


def _name_findings(document: Document, at: FieldPath, key: ObjectKey) -> Iterator[Finding]:
    field, name = "metadata.name", key.name
    if not name:
        yield _field(rules.NO_NAME, document, at, field, "metadata.name is empty", "give it a name", key)
    elif _SUBDOMAIN.match(name) is None:
        hint = "use lower-case letters, digits, hyphens and dots"
        yield _field(rules.NAME_SYNTAX, document, at, field, f"{name!r} is no DNS subdomain", hint, key)
    if len(name) > _LONG_NAME:
        message = f"the name has {len(name)} characters"
        yield _field(rules.NAME_LENGTH, document, at, field, message, f"use at most {_LONG_NAME}", key)
    elif len(name) > _SHORT_NAME and key.kind in _SHORT_NAMED:
        message = f"the {key.kind} name {name!r} has {len(name)} characters"
        yield _field(rules.SHORT_NAME, document, at, field, message, f"use at most {_SHORT_NAME}", key)


def _namespace_findings(document: Document, at: FieldPath, key: ObjectKey) -> Iterator[Finding]:
    field = "metadata.namespace"
    if _LABEL.match(key.namespace) is None:
        yield _field(
            rules.BAD_NAMESPACE, document, at, field, f"{key.namespace!r} is no DNS label", "leave it out", key
        )
    elif key.namespace != "default":
        message = f"the namespace is {key.namespace!r}; the fabric takes objects in 'default' only"
        yield _field(rules.NAMESPACE_NOT_DEFAULT, document, at, field, message, "leave metadata.namespace out", key)


def _server_findings(document: Document, value: JsonObject, at: FieldPath, key: ObjectKey | None) -> Iterator[Finding]:
    metadata = as_object(value.get("metadata"))
    found = [name for name in SERVER_METADATA if name in metadata]
    fields = [f"metadata.{name}" for name in found] + (["status"] if "status" in value else [])
    if fields:
        message = f"{', '.join(fields)}: set by the cluster, no part of the desired state"
        yield _field(rules.SERVER_FIELDS, document, at, fields[0], message, "`normalize` takes it out", key)


def _field(
    rule: Rule, document: Document, at: FieldPath, field: str, message: str, hint: str, key: ObjectKey | None = None
) -> Finding:
    steps: Sequence[str] = field.split(".")
    return rule.at(document.origin((*at, *steps)), message, hint=hint, field=field, key=key)


def _form(value: Json) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a truth value"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {value!r}"[:60]
        case list():
            return "a list"
        case dict():
            return "a mapping"
