"""What is wrong with a configuration: its shape by the JSON Schema, and what the schema cannot say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from hedgehog_gitops.core.authority import faults
from hedgehog_gitops.core.directories import check_directory, overlapping
from hedgehog_gitops.core.near import near_matches
from hedgehog_gitops.core.repository_url import without_secrets
from hedgehog_gitops.core.rules.settings_rules import (
    CONFIG_AUTHORITY,
    CONFIG_CLUSTER,
    CONFIG_NAME,
    CONFIG_NETBOX,
    CONFIG_NOTIFY,
    CONFIG_OVERLAP,
    CONFIG_SECRET,
    CONFIG_SHAPE,
)
from hedgehog_gitops.model.document import Document
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.kind import Kind
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_list, as_object, as_text, path_text
from hedgehog_gitops.model.rule import Rule
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.settings.build import ignore_values

ValidationError: TypeAlias = Any
"""jsonschema's error; its fields are typed as possibly unset, which those of a raised one never are."""

_WEB = re.compile(r"https?://[^/\s]", re.IGNORECASE)
_SECRET_KEY = re.compile(r"(token|password|passwd|secret|api_?key|bearer)\Z", re.IGNORECASE)


def judge_shape(document: Document, schema: JsonObject) -> tuple[Finding, ...]:
    """Findings wherever the document does not have the schema's form; a literal secret is named as one."""
    import jsonschema_rs  # noqa: PLC0415 - the compiled engine says yes or no

    if jsonschema_rs.validator_for(schema).is_valid(document.value):
        return ()
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, only for what is wrong

    errors = Draft202012Validator(schema).iter_errors(document.value)
    return tuple(finding for error in errors for finding in _explain(document, error))


def judge_configuration(
    document: Document, settings: Settings, schema_of: Callable[[Kind], JsonObject]
) -> tuple[Finding, ...]:
    """Findings about fabrics that cannot stand beside each other, or cannot work as they are."""
    directories = [fabric.directory for fabric in settings.fabrics]
    return (
        *(finding for index in range(len(settings.fabrics)) for finding in _directory(document, index)),
        *_names(document, settings.fabrics),
        *(_overlap(document, settings.fabrics, one, other) for one, other in overlapping(directories)),
        *(finding for index, fabric in enumerate(settings.fabrics) for finding in _cluster(document, index, fabric)),
        *(
            finding
            for index, fabric in enumerate(settings.fabrics)
            for finding in _authority(document, index, fabric, schema_of)
        ),
        *(finding for index, entry in enumerate(_entries(document)) for finding in _netbox(document, index, entry)),
        *_notify(document, ("notify",), as_object(document.value)),
        *(
            finding
            for index, entry in enumerate(_entries(document))
            for finding in _notify(document, ("fabrics", index, "notify"), entry)
        ),
        *_ignores(document, ("ignore",)),
        *(
            finding
            for index in range(len(settings.fabrics))
            for finding in _ignores(document, ("fabrics", index, "ignore"))
        ),
    )


def _ignores(document: Document, at: FieldPath) -> Iterator[Finding]:
    """What is wrong with the rules that suppressions name."""
    values = ignore_values(document, at)
    if not values:
        return
    from hedgehog_gitops.core.suppression.names import named  # noqa: PLC0415 - every rule there is, only to look one up

    for index, entry in enumerate(values):
        for number, name in enumerate(as_list(entry["rules"])):
            yield from named([as_text(name)], document.origin((*at, index, "rules", number)))[1]


def _notify(document: Document, at: FieldPath, entry: JsonObject) -> Iterator[Finding]:
    """What is missing or said twice, and a password in the address; its text is never repeated."""
    if "notify" not in entry:
        return
    value, field = as_object(entry["notify"]), path_text(at)
    for names in (("url", "url_env"), ("secret_env", "secret_file")):
        if sum(name in value for name in names) != 1:
            origin = document.origin(at, key=True)
            message = f"{field} needs either {' or '.join(names)}"
            yield CONFIG_NOTIFY.at(
                origin, message, field=field, hint="keep one of the two, and add it if it is missing"
            )
    address = as_text(value.get("url"))
    yield from _address(document, (*at, "url"), address, CONFIG_NOTIFY, "use url_env, and revoke this one")


def _netbox(document: Document, index: int, entry: JsonObject) -> Iterator[Finding]:
    """What is missing or said twice about NetBox, and a password in its address."""
    if "netbox" not in entry:
        return
    at: FieldPath = ("fabrics", index, "netbox")
    value, field, origin = as_object(entry["netbox"]), path_text(at), document.origin(at, key=True)
    for names in (("url", "file"), *([("token_env", "token_file")] if "url" in value else [])):
        if sum(name in value for name in names) != 1:
            hint = "keep one of the two, and add it if it is missing"
            yield CONFIG_NETBOX.at(origin, f"{field} needs either {' or '.join(names)}", field=field, hint=hint)
    if "site" not in value:
        hint = "name the slug of the site that the fabric stands in"
        yield CONFIG_NETBOX.at(origin, f"{field} names no site", field=field, hint=hint)
    yield from _address(document, (*at, "url"), as_text(value.get("url")), CONFIG_NETBOX, "revoke this one")


def _address(document: Document, at: FieldPath, address: str, rule: Rule, advice: str) -> Iterator[Finding]:
    """Of an address that is none of the web, or holds a secret; its text is never repeated."""
    field, origin = path_text(at), document.origin(at)
    if address and not _WEB.match(address):
        hint = "it begins with https:// (or http://)"
        yield rule.at(origin, f"{field} is no address of the web", field=field, hint=hint)
    if without_secrets(address) != address:
        yield CONFIG_SECRET.at(origin, f"{field} holds a secret in plain text", field=field, hint=advice)


def _authority(
    document: Document, index: int, fabric: Fabric, schema_of: Callable[[Kind], JsonObject]
) -> Iterator[Finding]:
    for name, message in faults(fabric.authority, schema_of):
        path: FieldPath = ("fabrics", index, "authority", name)
        hint = "take it out, or name the field that was meant"
        yield CONFIG_AUTHORITY.at(document.origin(path, key=True), message, field=path_text(path), hint=hint)


def _explain(document: Document, error: ValidationError) -> Iterator[Finding]:
    path: FieldPath = tuple(error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = list(error.schema.get("properties", {}))
        yield from (_unknown_key(document, (*path, key), known) for key in error.instance if key not in known)
        return
    field = path_text(path)
    message = f"{field}: {error.message}" if field else error.message
    yield CONFIG_SHAPE.at(document.origin(path), message, field=field, hint=_hint(error))


def _unknown_key(document: Document, path: FieldPath, known: list[str]) -> Finding:
    key, field = str(path[-1]), path_text(path)
    if _SECRET_KEY.search(key):
        return CONFIG_SECRET.at(
            document.origin(path, key=True),
            f"{field} holds a secret in plain text",
            hint=f"use {key}_env or {key}_file, and revoke this one",
            field=field,
        )
    near = near_matches(key, known)
    hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(known))}"
    return CONFIG_SHAPE.at(document.origin(path, key=True), f"{field} is not a known key", hint=hint, field=field)


def _hint(error: ValidationError) -> str:
    if error.validator == "required":
        return "add it"
    described: Json = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
    return str(described)


def _directory(document: Document, index: int) -> tuple[Finding, ...]:
    path: FieldPath = ("fabrics", index, "directory")
    text = as_text(_entries(document)[index].get("directory"))
    if not check_directory(text).findings:
        return ()  # a place is not looked for without a fault: finding it takes a parser
    return check_directory(text, origin=document.origin(path)).findings


def _entries(document: Document) -> list[JsonObject]:
    return [as_object(entry) for entry in as_list(as_object(document.value).get("fabrics"))]


def _names(document: Document, fabrics: tuple[Fabric, ...]) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for index, fabric in enumerate(fabrics):
        if first.setdefault(fabric.name, index) != index:
            origin = document.origin(("fabrics", index, "name"))
            yield CONFIG_NAME.at(
                origin,
                f"two fabrics have the name {fabric.name}",
                field=f"fabrics[{index}].name",
                hint="give one of them another name",
            )


def _overlap(document: Document, fabrics: tuple[Fabric, ...], one: int, other: int) -> Finding:
    first, second = fabrics[one], fabrics[other]
    return CONFIG_OVERLAP.at(
        document.origin(("fabrics", other, "directory")),
        f"{second.directory} of {second.name} overlaps {first.directory} of {first.name}",
        hint="give each fabric a directory of its own",
        field=f"fabrics[{other}].directory",
    )


def _cluster(document: Document, index: int, fabric: Fabric) -> Iterator[Finding]:
    cluster = fabric.cluster
    if fabric.state.backend == "kubernetes" and (cluster is None or cluster.directory):
        field = f"fabrics[{index}].state.backend"
        message = f"{field} keeps the state in a cluster, and the fabric names no real one"
        origin = document.origin(("fabrics", index, "state", "backend"))
        yield CONFIG_CLUSTER.at(origin, message, field=field, hint="name a cluster, or use sqlite")
    if cluster and cluster.directory and (cluster.context or cluster.kubeconfig or cluster.in_cluster):
        field = f"fabrics[{index}].cluster"
        message = f"{field} names both a directory and a real cluster"
        yield CONFIG_CLUSTER.at(
            document.origin(("fabrics", index, "cluster")), message, field=field, hint="keep one of the two"
        )
