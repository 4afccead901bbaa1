"""The API server's verdict on single objects: strict decoding of what was written, limits of what would be stored.

The compiled engine (jsonschema-rs) says yes or no; only what it refuses is explained, by the reference engine
(jsonschema), in words of our own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

from hedgehog_gitops.core.decoding import decoding_schema, storing_schema
from hedgehog_gitops.core.explaining import explain
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.snapshot import Manifest

if TYPE_CHECKING:
    from hedgehog_gitops.model.plain import Json


class _Validator(Protocol):
    def is_valid(self, instance: Json) -> bool: ...


class _Judge(NamedTuple):
    """Both schemas of one kind, and their compiled validators."""

    schema: JsonObject
    decoding: JsonObject
    storing: JsonObject
    decodes: _Validator
    stores: _Validator


def judge_schema(
    manifests: Collection[Manifest],
    schemas: Mapping[tuple[str, str], JsonObject],
    specs: Mapping[ObjectKey, JsonObject],
) -> tuple[Finding, ...]:
    """Every finding about every manifest. `schemas` is by (group, kind), `specs` are the specs as stored."""
    unread = undecodable(manifests, schemas)
    return (
        *(finding for each in manifests if each.key in unread for finding in decoding_findings(each, schemas)),
        *storing_findings([each for each in manifests if each.key not in unread], schemas, specs),
    )


def undecodable(manifests: Iterable[Manifest], schemas: Mapping[tuple[str, str], JsonObject]) -> frozenset[ObjectKey]:
    """The objects that strict decoding refuses."""
    return frozenset(
        manifest.key
        for manifest in manifests
        if not _compiled(schemas[manifest.key.group, manifest.key.kind]).decodes.is_valid(manifest.value)
    )


def is_usable(schema: JsonObject) -> bool:
    """True if objects can be judged by a schema that comes from outside."""
    if not isinstance(as_object(schema.get("properties")).get("spec"), dict):
        return False
    try:
        _compile(schema)
    except ValueError:
        return False
    return True


def decoding_findings(manifest: Manifest, schemas: Mapping[tuple[str, str], JsonObject]) -> tuple[Finding, ...]:
    """Why strict decoding refuses an object that it does refuse."""
    judge = _compiled(schemas[manifest.key.group, manifest.key.kind])
    return tuple(explain(manifest, manifest.value, judge.decoding))


def storing_findings(
    manifests: Iterable[Manifest],
    schemas: Mapping[tuple[str, str], JsonObject],
    specs: Mapping[ObjectKey, JsonObject],
) -> tuple[Finding, ...]:
    """What the API server has against objects that decode, once they are as they would be stored."""
    return tuple(
        finding
        for manifest in manifests
        for finding in _storing(manifest, _compiled(schemas[manifest.key.group, manifest.key.kind]), specs)
    )


def _storing(manifest: Manifest, judge: _Judge, specs: Mapping[ObjectKey, JsonObject]) -> Iterator[Finding]:
    stored: JsonObject = {"spec": specs[manifest.key]}
    if not judge.stores.is_valid(stored):
        yield from explain(manifest, stored, judge.storing)


def _compiled(schema: JsonObject) -> _Judge:
    """The compiled schema; the last ones are kept, by identity, since a schema is never changed."""
    found = _COMPILED.get(id(schema))
    if found is None or found.schema is not schema:
        found = _COMPILED[id(schema)] = _compile(schema)
    return found


_COMPILED: dict[int, _Judge] = {}


def _compile(schema: JsonObject) -> _Judge:
    import jsonschema_rs  # noqa: PLC0415 - not needed by commands that judge nothing

    decoding, storing = decoding_schema(schema), storing_schema(schema)
    return _Judge(
        schema=schema,
        decoding=decoding,
        storing=storing,
        decodes=jsonschema_rs.validator_for(decoding),
        stores=jsonschema_rs.validator_for(storing),
    )
