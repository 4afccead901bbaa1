"""The API server's verdict on single objects: strict decoding of what was written, limits of what would be stored.

The compiled engine (jsonschema-rs) says yes or no, unless there are so few objects, and so plain ones, that it is not
worth loading (`plainly`). Only what it refuses is explained, by the reference engine (jsonschema), in our own words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from hedgehog_gitops.core.decoding import decoding_schema, storing_schema
from hedgehog_gitops.core.explaining import explain
from hedgehog_gitops.core.plainly import fits_plainly
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.snapshot import Manifest

if TYPE_CHECKING:
    from hedgehog_gitops.model.plain import Json


class _Validator(Protocol):
    def is_valid(self, instance: Json) -> bool: ...


class _Form:
    """One schema, and its compiled validator as soon as that is needed."""

    def __init__(self, schema: JsonObject) -> None:
        self.schema = schema

    @cached_property
    def compiled(self) -> _Validator:
        """ValueError for a schema that is none."""
        import jsonschema_rs  # noqa: PLC0415 - not needed by commands that judge nothing

        return jsonschema_rs.validator_for(self.schema)

    def is_of(self, value: Json, count: int) -> bool:
        """True if a value, one of so many, has this form."""
        return (count <= _FEW and fits_plainly(self.schema, value)) or self.compiled.is_valid(value)


class _Judge(NamedTuple):
    """Both schemas of one kind."""

    schema: JsonObject
    decoding: _Form
    storing: _Form


_FEW = 50
"""To load the compiled engine takes as long as to judge several hundred objects without it."""


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


def undecodable(manifests: Collection[Manifest], schemas: Mapping[tuple[str, str], JsonObject]) -> frozenset[ObjectKey]:
    """The objects that strict decoding refuses."""
    return frozenset(
        manifest.key
        for manifest in manifests
        if not _judge(schemas[manifest.key.group, manifest.key.kind]).decoding.is_of(manifest.value, len(manifests))
    )


def is_usable(schema: JsonObject) -> bool:
    """True if objects can be judged by a schema that comes from outside."""
    if not isinstance(as_object(schema.get("properties")).get("spec"), dict):
        return False
    try:
        judge = _judge(schema)
        _ = judge.decoding.compiled, judge.storing.compiled
    except ValueError:
        return False
    return True


def decoding_findings(manifest: Manifest, schemas: Mapping[tuple[str, str], JsonObject]) -> tuple[Finding, ...]:
    """Why strict decoding refuses an object that it does refuse."""
    judge = _judge(schemas[manifest.key.group, manifest.key.kind])
    return tuple(explain(manifest, manifest.value, judge.decoding.schema))


def storing_findings(
    manifests: Collection[Manifest],
    schemas: Mapping[tuple[str, str], JsonObject],
    specs: Mapping[ObjectKey, JsonObject],
) -> tuple[Finding, ...]:
    """What the API server has against objects that decode, once they are as they would be stored."""
    return tuple(
        finding
        for manifest in manifests
        for finding in _storing(manifest, schemas, {"spec": specs[manifest.key]}, len(manifests))
    )


def _storing(
    manifest: Manifest, schemas: Mapping[tuple[str, str], JsonObject], stored: JsonObject, count: int
) -> Iterator[Finding]:
    form = _judge(schemas[manifest.key.group, manifest.key.kind]).storing
    if not form.is_of(stored, count):
        yield from explain(manifest, stored, form.schema)


def _judge(schema: JsonObject) -> _Judge:
    """Both forms of a schema; the last ones are kept, by identity, since a schema is never changed."""
    found = _JUDGES.get(id(schema))
    if found is None or found.schema is not schema:
        found = _JUDGES[id(schema)] = _Judge(schema, _Form(decoding_schema(schema)), _Form(storing_schema(schema)))
    return found


_JUDGES: dict[int, _Judge] = {}
