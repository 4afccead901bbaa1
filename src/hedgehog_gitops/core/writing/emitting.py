"""A value as one YAML document, every string quoted that Kubernetes would not read back as the same string."""

from __future__ import annotations

from functools import cache
from typing import Any

from hedgehog_gitops.core.reading.scalars import NotJsonError, plain
from hedgehog_gitops.model.plain import Json, JsonObject


def to_yaml(value: JsonObject) -> str:
    """One document in block style, keys in the given order, without a separator."""
    import yaml  # noqa: PLC0415 - loaded by the reader already

    text: str = yaml.dump(
        value, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=_WIDE, default_flow_style=False
    )
    return text


def to_flow(value: Json) -> str:
    """A value on one line, fit to stand anywhere in a document, also inside brackets."""
    import yaml  # noqa: PLC0415 - see above

    text: str = yaml.dump(
        [value], Dumper=_flow_dumper(), sort_keys=False, allow_unicode=True, width=_WIDE, default_flow_style=True
    )
    return text.rstrip("\n")[1:-1]


def reads_as_itself(text: str) -> bool:
    """True if an unquoted scalar with this text is read as this text."""
    try:
        return plain(text) == text
    except NotJsonError:
        return False


_WIDE = 1_000_000  # never fold a line: folding is where emitters and readers disagree
_AWKWARD = frozenset("\x85\u2028\u2029\ufeff\t\r")


@cache
def _dumper() -> Any:
    """PyYAML's emitter with our rule for quotes."""
    import yaml  # noqa: PLC0415 - see above

    base: Any = yaml.CSafeDumper if yaml.__with_libyaml__ else yaml.SafeDumper

    class Dumper(base):  # type: ignore[misc]  # the base is chosen at run time
        """Block style, no aliases, lists indented below their key."""

        def ignore_aliases(self, _data: object) -> bool:
            return True

    Dumper.add_representer(str, _represent_text)
    return Dumper


@cache
def _flow_dumper() -> Any:
    """The same for one line: text of several lines in double quotes."""

    class Dumper(_dumper()):  # type: ignore[misc]  # the base is chosen at run time
        """Everything on one line."""

    Dumper.add_representer(str, _represent_text_on_one_line)
    return Dumper


def _represent_text_on_one_line(dumper: Any, text: str) -> Any:
    if "\n" in text:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
    return _represent_text(dumper, text)


def _represent_text(dumper: Any, text: str) -> Any:
    if _AWKWARD.intersection(text) or (not text.isprintable() and "\n" not in text):
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
    if "\n" in text:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if is_hard(text) else "|")
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if reads_as_itself(text) else "'")


def is_hard(text: str) -> bool:
    """True if text of several lines cannot stand as a block of lines."""
    lines = text.split("\n")
    return any(line != line.rstrip() or not line.isprintable() for line in lines) or text[0].isspace()
