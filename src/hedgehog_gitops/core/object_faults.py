"""What is wrong with an object whose kind is known: its version, name, namespace, and fields that only servers set.

`identify` decides what follows from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hedgehog_gitops.core.rules import object_rules as rules
from hedgehog_gitops.model.document import Document
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.kind import Kind, ObjectKey
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_object
from hedgehog_gitops.model.rule import Rule

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

_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\Z")
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\Z")
_SHORT_NAMED = frozenset({"VPC", "External", "IPv4Namespace"})
_SHORT_NAME = 11
_LONG_NAME = 253


def is_plain(key: ObjectKey, kind: Kind, version: str, value: JsonObject, metadata: JsonObject) -> bool:
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


def object_findings(
    document: Document, value: JsonObject, at: FieldPath, kind: Kind, version: str, key: ObjectKey | None
) -> Iterator[Finding]:
    """Every finding about the object; `key` is None where its name cannot be told."""
    if version != kind.version:
        yield _version_finding(document, at, kind, version, key)
    if not isinstance(value.get("spec", _NO_SPEC), dict | None):
        message = f"spec is {form_of(value['spec'])}, not a mapping"
        yield at_field(rules.SPEC_NOT_A_MAPPING, document, at, "spec", message, "an empty spec is `spec: {}`", key)
    if key is None:
        yield from _unnamed(document, as_object(value.get("metadata")), at)
    else:
        yield from _name_findings(document, at, key)
        yield from _namespace_findings(document, at, key)
    yield from _server_findings(document, value, at, key)


def _version_finding(document: Document, at: FieldPath, kind: Kind, version: str, key: ObjectKey | None) -> Finding:
    if kind.accepts(version):
        message = f"{version} is an older version of {kind.kind}"
        return at_field(rules.OLDER_VERSION, document, at, "apiVersion", message, f"write {kind.api_version}", key)
    message = f"{kind.kind} has no version {version or '(none)'}"
    return at_field(rules.UNKNOWN_VERSION, document, at, "apiVersion", message, f"write {kind.api_version}", key)


def _unnamed(document: Document, metadata: JsonObject, at: FieldPath) -> Iterator[Finding]:
    name, space = metadata.get("name"), metadata.get("namespace")
    if not isinstance(name, str):
        message = f"metadata.name is {form_of(name)}" if "name" in metadata else "the object has no metadata.name"
        hint = "put it in quotes" if isinstance(name, int | float) else "give it a name"
        yield at_field(rules.NO_NAME, document, at, "metadata.name", message, hint)
    if not (space is None or isinstance(space, str)):
        message = f"metadata.namespace is {form_of(space)}, not a text"
        yield at_field(rules.BAD_NAMESPACE, document, at, "metadata.namespace", message, "leave it out")


def _name_findings(document: Document, at: FieldPath, key: ObjectKey) -> Iterator[Finding]:
    field, name = "metadata.name", key.name
    if not name:
        yield at_field(rules.NO_NAME, document, at, field, "metadata.name is empty", "give it a name", key)
    elif _SUBDOMAIN.match(name) is None:
        hint = "use lower-case letters, digits, hyphens and dots"
        yield at_field(rules.NAME_SYNTAX, document, at, field, f"{name!r} is no DNS subdomain", hint, key)
    if len(name) > _LONG_NAME:
        message = f"the name has {len(name)} characters"
        yield at_field(rules.NAME_LENGTH, document, at, field, message, f"use at most {_LONG_NAME}", key)
    elif len(name) > _SHORT_NAME and key.kind in _SHORT_NAMED:
        message = f"the {key.kind} name {name!r} has {len(name)} characters"
        yield at_field(rules.SHORT_NAME, document, at, field, message, f"use at most {_SHORT_NAME}", key)


def _namespace_findings(document: Document, at: FieldPath, key: ObjectKey) -> Iterator[Finding]:
    field = "metadata.namespace"
    if _LABEL.match(key.namespace) is None:
        yield at_field(
            rules.BAD_NAMESPACE, document, at, field, f"{key.namespace!r} is no DNS label", "leave it out", key
        )
    elif key.namespace != "default":
        message = f"the namespace is {key.namespace!r}; the fabric takes objects in 'default' only"
        yield at_field(rules.NAMESPACE_NOT_DEFAULT, document, at, field, message, "leave metadata.namespace out", key)


def _server_findings(document: Document, value: JsonObject, at: FieldPath, key: ObjectKey | None) -> Iterator[Finding]:
    metadata = as_object(value.get("metadata"))
    found = [name for name in SERVER_METADATA if name in metadata]
    fields = [f"metadata.{name}" for name in found] + (["status"] if "status" in value else [])
    if fields:
        message = f"{', '.join(fields)}: set by the cluster, no part of the desired state"
        yield at_field(rules.SERVER_FIELDS, document, at, fields[0], message, "`normalize` takes it out", key)


def at_field(
    rule: Rule, document: Document, at: FieldPath, field: str, message: str, hint: str, key: ObjectKey | None = None
) -> Finding:
    """A finding at a field of the object at `at`, named with dots."""
    steps: Sequence[str] = field.split(".")
    return rule.at(document.origin((*at, *steps)), message, hint=hint, field=field, key=key)


def form_of(value: Json) -> str:
    """What a value is, in words: `a list`, `the number 5`."""
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
