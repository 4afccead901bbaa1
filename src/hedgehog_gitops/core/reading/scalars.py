"""What a scalar means to Kubernetes: the rules of its YAML library, which are neither YAML 1.1 nor 1.2.

Source: resolve() of the go-yaml v2 line that sigs.k8s.io/yaml carries, and Go's strconv; held to 84 recorded answers.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct
from decimal import Decimal

from hedgehog_gitops.model.plain import Json

STR = "tag:yaml.org,2002:str"
INT = "tag:yaml.org,2002:int"
FLOAT = "tag:yaml.org,2002:float"
BOOL = "tag:yaml.org,2002:bool"
NULL = "tag:yaml.org,2002:null"
BINARY = "tag:yaml.org,2002:binary"
TIMESTAMP = "tag:yaml.org,2002:timestamp"


class NotJsonError(ValueError):
    """The scalar is a number that JSON does not have."""


class TagMismatchError(ValueError):
    """The scalar does not fit its explicit tag."""


def _forms(*words: str) -> tuple[str, ...]:
    return tuple(form for word in words for form in (word, word.title(), word.upper()))


_TABLE: dict[str, Json] = {
    **dict.fromkeys(_forms("y", "yes", "on", "true"), True),
    **dict.fromkeys(_forms("n", "no", "off", "false"), False),
    **dict.fromkeys(("", "~", *_forms("null")), None),
}
_NOT_JSON = frozenset(f"{sign}.{word}" for sign in ("", "+", "-") for word in ("inf", "Inf", "INF")) | frozenset(
    (".nan", ".NaN", ".NAN")
)
_MAYBE_NUMBER = frozenset("+-.0123456789")
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_INT64_MIN, _UINT64_MAX = -(2**63), 2**64 - 1
_INTEGRAL_BELOW = 1e21


def plain(text: str) -> Json:
    """The value of an unquoted scalar without a tag; `NotJsonError` for infinities and not-a-number."""
    if text in _TABLE:
        return _TABLE[text]
    if text[0] not in _MAYBE_NUMBER:
        return text
    if text in _NOT_JSON:
        raise NotJsonError(text)
    return _number(text)


def tagged(tag: str, text: str, *, quoted: bool) -> Json:
    """The value of a scalar with an explicit tag; `TagMismatchError` if it does not fit."""
    match tag:
        case "tag:yaml.org,2002:binary":
            return _binary(text)
        case "tag:yaml.org,2002:int" | "tag:yaml.org,2002:float" | "tag:yaml.org,2002:bool" | "tag:yaml.org,2002:null":
            return _fitting(tag, text)
        case "!" if not quoted:
            return text
        case _:
            return text  # !!str, !!timestamp and unknown tags: the text as it stands


def key_text(key: Json) -> str:
    """A scalar key as the text it becomes in JSON; TypeError where Kubernetes refuses it as a key."""
    match key:
        case str():
            return key
        case bool():
            return "true" if key else "false"
        case int():
            return str(key)
        case float():
            return _float_key(key)
        case _:
            raise TypeError(key)


def as_json_number(number: float) -> Json:
    """A float as Go prints it in JSON: without a fraction it is an integer."""
    if number.is_integer() and abs(number) < _INTEGRAL_BELOW:
        return int(Decimal(repr(number)))
    return number


def _number(text: str) -> Json:
    digits = text.replace("_", "")
    if text[0] != "." and (found := _INTEGER.match(digits)):
        whole = _integer(found)
        if _INT64_MIN <= whole <= _UINT64_MAX:
            return whole
        if not found[5]:
            return text  # too wide, and no decimal that could be a float
    if not _FLOAT.match(text if text[0] == "." else digits):
        return text
    number = float(digits)
    return text if math.isinf(number) else as_json_number(number)


def _integer(found: re.Match[str]) -> int:
    sign, hexadecimal, binary, octal, decimal = found.groups()
    for digits, base in ((hexadecimal, 16), (binary, 2), (octal, 8), (decimal, 10)):
        if digits is not None:
            return int(sign + digits, base)
    raise AssertionError(found)  # one of the alternatives has matched


def _binary(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except binascii.Error as error:
        raise TagMismatchError(f"{text[:40]!r} is not base64") from error


def _fitting(tag: str, text: str) -> Json:
    value = plain(text)
    fits = {
        INT: isinstance(value, int) and not isinstance(value, bool),
        FLOAT: isinstance(value, int | float) and not isinstance(value, bool),
        BOOL: isinstance(value, bool),
        NULL: value is None,
    }
    if not fits[tag]:
        raise TagMismatchError(f"{text[:40]!r} is no {tag.rpartition(':')[2]}")
    return value


def _float_key(number: float) -> str:
    """The fewest digits that give the same 32-bit float: Go formats a key so. Whole numbers never come here."""
    single = struct.pack("f", number)
    (rounded,) = struct.unpack("f", single)
    candidates = (f"{rounded:.{count}g}" for count in range(1, 10))
    return next((text for text in candidates if struct.pack("f", float(text)) == single), repr(rounded))
