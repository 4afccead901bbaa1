"""Why a schema refuses an object, in words that say what was found, what is wanted, and where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

from hedgehog_gitops.core.decoding import WORDS, type_words
from hedgehog_gitops.core.near import near_matches
from hedgehog_gitops.core.rules import schema_rules as rules
from hedgehog_gitops.core.written import written_path
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, path_text
from hedgehog_gitops.model.rule import Rule
from hedgehog_gitops.model.snapshot import Manifest

ValidationError: TypeAlias = Any
"""jsonschema's error; its fields are typed as possibly unset, which those of a raised one never are."""


def explain(manifest: Manifest, value: Json, schema: JsonObject) -> Iterator[Finding]:
    """A finding for each fault that the schema has with a value of a manifest."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, only for what is wrong

    errors = sorted(Draft202012Validator(schema).iter_errors(value), key=lambda error: path_text(_path(error)))
    for error in errors:
        yield from _findings(manifest, error)
    if not errors:
        yield rules.LIMITS.at(manifest.origin(), "the object does not fit its schema", key=manifest.key)


def _findings(manifest: Manifest, error: ValidationError) -> Iterator[Finding]:
    path = _path(error)
    match error.validator:
        case "additionalProperties" if isinstance(error.instance, dict):
            known = list(error.schema["properties"])
            yield from (_unknown(manifest, (*path, name), known) for name in error.instance if name not in known)
        case "type":
            yield _at(manifest, rules.WRONG_TYPE, path, _wrong_type(error), _quote_hint(error))
        case "minimum" | "maximum" if "x-width" in error.schema and _is_width(error):
            bounds = f"{error.schema['minimum']} to {error.schema['maximum']}"
            yield _at(manifest, rules.WIDTH, path, f"{_shown(error.instance)} is not in {bounds}")
        case _:
            place = written_path(manifest, path)
            yield _at(manifest, _limit_rule(manifest, error), place, _limit(error), _form_hint(error))


def _unknown(manifest: Manifest, path: FieldPath, known: list[str]) -> Finding:
    name = str(path[-1])
    near = near_matches(name, known)
    hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(known)) or 'no fields'}"
    return rules.UNKNOWN_FIELD.at(
        manifest.origin(path, key=True),
        f"{path_text(path)} is no field of {manifest.key.kind}",
        hint=hint,
        field=path_text(path),
        key=manifest.key,
    )


def _at(manifest: Manifest, rule: Rule, path: FieldPath, message: str, hint: str = "") -> Finding:
    field = path_text(path)
    return rule.at(manifest.origin(path), f"{field}: {message}", hint=hint, field=field, key=manifest.key)


def _path(error: ValidationError) -> FieldPath:
    return tuple(error.absolute_path)


def _wrong_type(error: ValidationError) -> str:
    return f"{type_words(error.validator_value)} is wanted, {_shown(error.instance)} is {_kind_of(error.instance)}"


def _quote_hint(error: ValidationError) -> str:
    wants_text = "string" in str(error.validator_value)
    return "put it in quotes" if wants_text and isinstance(error.instance, bool | int | float) else ""


def _form_hint(error: ValidationError) -> str:
    """An address of the form that is wanted; patterns stand for nothing else."""
    if error.validator != "pattern":
        return ""
    return "write an IPv4 address" + (
        " with a prefix length, like 172.30.128.0/31" if "/" in error.validator_value else ""
    )


def _is_width(error: ValidationError) -> bool:
    return error.validator not in error.schema.get("x-limits", ())


def _limit_rule(manifest: Manifest, error: ValidationError) -> Rule:
    match manifest.key.kind, error.validator:
        case "Switch", _:
            return rules.SWITCH
        case "Connection", _:
            return rules.CONNECTION
        case "GatewayPeering", _:
            return rules.GATEWAY_WORDS
        case "ExternalAttachment", _:
            return rules.REQUIRED_SPEC
        case _, "minItems" | "maxItems":
            return rules.COUNTS
        case _:
            return rules.LIMITS


def _limit(error: ValidationError) -> str:
    wanted: Any = error.validator_value
    match error.validator:
        case "required":
            missing = [name for name in wanted if name not in error.instance]
            return f"{', '.join(missing)} is missing"
        case "enum":
            return f"{_shown(error.instance)} is none of {', '.join(word or 'empty' for word in map(str, wanted))}"
        case "pattern":
            return f"{_shown(error.instance)} does not have the form that is wanted here"
        case "minItems" | "maxItems":
            bound = "at least" if error.validator == "minItems" else "at most"
            return f"{bound} {wanted} entries are wanted, there are {len(error.instance)}"
        case "minimum" | "maximum":
            return (
                f"{_shown(error.instance)} is not {'at least' if error.validator == 'minimum' else 'at most'} {wanted}"
            )
        case _:
            return str(error.message)


def _kind_of(value: Json) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return WORDS["boolean"]
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return WORDS["array"]
        case _:
            return WORDS["object"]


def _shown(value: Json, width: int = 40) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= width else text[: width - 1] + "…"
