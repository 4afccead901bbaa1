"""What a scalar means to Kubernetes: the rules of its YAML library, which are neither YAML 1.1 nor 1.2.

Source: resolve() of go.yaml.in/yaml v2, which sigs.k8s.io/yaml 1.6 reads with, and Go's strconv. Held to recorded
answers of that library.
"""

from __future__ import annotations

import math
import re
import struct

from hedgehog_gitops.model.plain import Json

PREFIX = "tag:yaml.org,2002:"
MERGE = PREFIX + "merge"


class NotJsonError(ValueError):
    """The scalar is a number that JSON does not have."""


class TagMismatchError(ValueError):
    """The scalar does not fit its explicit tag."""


def plain(text: str) -> Json:
    """The value of an unquoted scalar without a tag; `NotJsonError` for infinities and not-a-number."""
    if text[:1] not in MAYBE_MORE:
        return text
    return as_json(resolve(text))


def resolve(text: str) -> Json:
    """The value that Go holds for an unquoted scalar: floats are floats, also whole ones and infinities."""
    if text in _TABLE:
        return _TABLE[text]
    if text[0] == ".":
        return _float(text, text) if _FRACTION.match(text) else text
    if text[0] not in _NUMERIC:
        return text
    digits = text.replace("_", "")
    whole = _integer(digits)
    if whole is not None:
        return whole
    return _float(digits, text) if _FLOAT.match(digits) else text


def tagged(tag: str, text: str) -> Json:
    """The value that Go holds for a scalar with an explicit tag; `TagMismatchError` if it does not fit.

    Quotes make no difference to a known tag; of an unknown one nothing remains but the text.
    """
    match tag.removeprefix(PREFIX) if tag.startswith(PREFIX) else "":
        case "int" | "float" | "bool" | "null" as wanted:
            return _fitting(wanted, text)
        case "binary":
            return _binary(text)
        case "timestamp" if not _is_timestamp(text):
            raise TagMismatchError(f"{text[:40]!r} is no timestamp")
        case _:
            return text


def word_for(key: Json) -> str:
    """What to call a value that cannot be a key."""
    match key:
        case None:
            return "null"
        case int():
            return f"the number {key}"
        case _:
            return "a list or a mapping"


def key_text(key: Json) -> str:
    """A key, as `resolve` gave it, as the text it becomes in JSON; TypeError where Kubernetes refuses it."""
    match key:
        case str():
            return key
        case bool():
            return "true" if key else "false"
        case int() if key <= _INT64_MAX:
            return str(key)
        case float():
            return _float_key(key)
        case _:
            raise TypeError(key)


def as_json(number: Json) -> Json:
    """A value with a float as Go prints it in JSON: without a fraction it is an integer; `NotJsonError` for `.inf`."""
    if not isinstance(number, float):
        return number
    if not math.isfinite(number):
        raise NotJsonError(_WORDS[str(number)])
    if number.is_integer() and abs(number) < _INTEGRAL_BELOW:
        from decimal import Decimal  # noqa: PLC0415 - few documents hold such a number

        return int(Decimal(repr(number)))
    return number


def _forms(*words: str) -> tuple[str, ...]:
    return tuple(form for word in words for form in (word, word.title(), word.upper()))


_TABLE: dict[str, Json] = {
    **dict.fromkeys(_forms("y", "yes", "on", "true"), True),
    **dict.fromkeys(_forms("n", "no", "off", "false"), False),
    **dict.fromkeys(("", "~", *_forms("null")), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((*_forms(".inf"), *_forms("+.inf")), math.inf),
    **dict.fromkeys(_forms("-.inf"), -math.inf),
}
_WORDS = {"nan": ".nan", "inf": ".inf", "-inf": "-.inf"}
_NUMERIC = frozenset("+-0123456789")
MAYBE_MORE = _NUMERIC | frozenset("yYnNtTfFoO~.") | {""}
"""How a plain scalar begins that is not certainly text."""
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))\Z")
_ODD_BINARY = re.compile(r"0b([-+][01]+)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_FRACTION = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?\Z")
_INT64_MIN, _INT64_MAX, _UINT64_MAX = -(2**63), 2**63 - 1, 2**64 - 1
_INTEGRAL_BELOW = 1e21


def _integer(digits: str) -> int | None:
    """What ParseInt or ParseUint make of the digits; None where neither takes them. Go takes a sign inside `0b`."""
    found = _INTEGER.match(digits)
    if found is None:
        odd = _ODD_BINARY.match(digits)
        return int(odd[1], 2) if odd else None
    sign, *forms = found.groups()
    whole = next(int(sign + form, base) for form, base in zip(forms, (16, 2, 8, 10), strict=True) if form is not None)
    return whole if _INT64_MIN <= whole <= (_INT64_MAX if sign else _UINT64_MAX) else None


def _float(digits: str, text: str) -> Json:
    """The float, or the text where it is too large for one."""
    number = float(digits)
    return text if math.isinf(number) else number


def _fitting(wanted: str, text: str) -> Json:
    value = resolve(text)
    if wanted == "float" and type(value) is int and value <= _INT64_MAX:
        value = float(value)
    if type(value) is not _TYPES[wanted]:
        raise TagMismatchError(f"{text[:40]!r} is no {wanted}")
    return value


_TYPES = {"int": int, "float": float, "bool": bool, "null": type(None)}


def _binary(text: str) -> str:
    """The decoded text; as in Go, each byte that is no UTF-8 becomes one replacement character."""
    digits = text.replace("\n", "")
    if not _BASE64.match(digits):
        raise TagMismatchError(f"{text[:40]!r} is not base64")
    import base64  # noqa: PLC0415 - hardly any file has such a scalar

    data = base64.b64decode(digits)
    return _ESCAPED.sub("\ufffd", data.decode("utf-8", "surrogateescape"))


_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\Z")
_ESCAPED = re.compile("[\udc80-\udcff]")


def _is_timestamp(text: str) -> bool:
    found = _TIMESTAMP.match(text)
    if found is None:
        return False
    parts = [int(part) for part in found.groups() if part is not None]
    import datetime as dt  # noqa: PLC0415 - hardly any file has a time

    try:
        dt.datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - asks only whether there is such a day and time
    except ValueError:
        return False
    return True


_TIME = r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?"
_TIMESTAMP = re.compile(
    rf"([0-9]{{4}})-([0-9]{{1,2}})-([0-9]{{1,2}})(?:[Tt]{_TIME}(?:Z|[-+](?:[01][0-9]|2[0-4]):[0-5][0-9])| {_TIME})?\Z"
)


def _float_key(number: float) -> str:
    """The fewest digits that give the same 32-bit float, with an exponent from a million on: Go formats a key so."""
    try:
        single = struct.pack("f", number)
    except OverflowError:
        single = struct.pack("f", math.copysign(math.inf, number))
    (rounded,) = struct.unpack("f", single)
    if not math.isfinite(rounded):
        return _WORDS[str(rounded)]
    from decimal import Decimal  # noqa: PLC0415 - hardly any document has such a key

    shortest = next(text for count in range(9) if struct.pack("f", float(text := f"{rounded:.{count}e}")) == single)
    exponent = int(shortest.partition("e")[2])
    return shortest if exponent < _KEY_EXPONENTS[0] or exponent >= _KEY_EXPONENTS[1] else f"{Decimal(shortest):f}"


_KEY_EXPONENTS = (-4, 6)
