"""Keeps the values of secrets out of whatever is written, also where a file or a side repeats them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TypeVar, cast

from hedgehog_gitops.model.settings import Settings

_Value = TypeVar("_Value")
SHORTEST = 8
"""Shorter values are words that mean something elsewhere too; masking those would hide half of the log."""
HIDDEN = "***"


def worth_hiding(values: Collection[str]) -> tuple[str, ...]:
    """The values, and their single lines, that are long enough; the longest first."""
    lines = {line.strip() for value in values for line in (value, *value.splitlines())}
    return tuple(sorted((line for line in lines if len(line) >= SHORTEST), key=lambda line: (-len(line), line)))


def without_secrets(text: str, secrets: Collection[str]) -> str:
    """The text with each of these values hidden."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def hidden_in(value: _Value, secrets: Collection[str]) -> _Value:
    """The value with each secret hidden in every text of it, before anything escapes, quotes or cuts that text."""
    if not secrets:
        return value
    return cast("_Value", _hidden(value, secrets))


def _hidden(value: object, secrets: Collection[str]) -> object:
    match value:
        case Enum() | bool() | int() | float() | None:
            return value
        case str():
            return without_secrets(value, secrets)
        case Mapping():
            return {_hidden(key, secrets): _hidden(each, secrets) for key, each in value.items()}
        case tuple() if hasattr(value, "_make"):
            return type(value)._make(_hidden(each, secrets) for each in value)
        case tuple() | list() | frozenset():
            return type(value)(_hidden(each, secrets) for each in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{each.name: _hidden(getattr(value, each.name), secrets) for each in fields(value)})
        case _:
            return value


def named_secrets(env: Mapping[str, str]) -> tuple[str, ...]:
    """The values of variables whose names say that they are secret."""
    return tuple(value for name, value in sorted(env.items()) if name.upper().endswith(_ENDINGS))


def where_secrets_are(settings: Settings) -> tuple[frozenset[str], frozenset[str]]:
    """The variables, and the files, in which the configuration says that secrets are."""
    fabrics = settings.fabrics
    netboxes = [fabric.netbox for fabric in fabrics if fabric.netbox is not None]
    told = [fabric.notify for fabric in fabrics if fabric.notify is not None]
    variables = [
        *(each.token_env for each in netboxes),
        *(name for each in told for name in (each.url_env, each.secret_env)),
    ]
    files = [*(each.token_file for each in netboxes), *(each.secret_file for each in told)]
    return frozenset(filter(None, variables)), frozenset(filter(None, files))


_ENDINGS = ("TOKEN", "SECRET", "PASSWORD", "PASSWD", "API_KEY", "ACCESS_KEY", "SECRET_KEY", "PRIVATE_KEY")
