"""A document's text changed to read as another value, keeping comments, key order and scalar style.

ruamel.yaml's only home. It edits; our reader judges: a text that does not read as the target is never returned.
"""

from __future__ import annotations

import io
import re
from typing import Any

from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.writing.emitting import reads_as_itself
from hedgehog_gitops.model.errors import NotRepresentableError
from hedgehog_gitops.model.plain import Json, JsonObject


def edit_document(text: str, target: JsonObject) -> str:
    """The text of one document, changed so that it reads as `target`; unchanged where it already does.

    `NotRepresentableError` if no such text could be made.
    """
    if _reads_as(text, target):
        return text
    edited = _edited(text, target)
    if not _reads_as(edited, target):
        raise NotRepresentableError(text[:80])
    return edited


def _edited(text: str, target: JsonObject) -> str:
    from ruamel.yaml import YAML  # noqa: PLC0415 - slow to import, needed for few files
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415 - with it

    yaml = YAML(typ="rt")
    yaml.version = (1, 1)
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    yaml.indent(mapping=2, sequence=4 if _lists_are_indented(text) else 2, offset=2 if _lists_are_indented(text) else 0)
    try:
        tree = yaml.load(text)
        changed = _merge(tree, _plain(text), target)
        out = io.StringIO()
        yaml.dump(changed, out)
    except YAMLError as error:
        raise NotRepresentableError(text[:80]) from error
    return _without_version(out.getvalue())


def _merge(tree: Any, value: Json, target: Json) -> Any:
    """The round-trip tree changed where the value differs from the target, untouched elsewhere."""
    if _same(value, target):
        return tree
    if isinstance(value, dict) and isinstance(target, dict) and hasattr(tree, "items"):
        return _merge_mapping(tree, value, target)
    if isinstance(value, list) and isinstance(target, list) and len(value) == len(target) == len(tree):
        for index, (one, other) in enumerate(zip(value, target, strict=True)):
            tree[index] = _merge(tree[index], one, other)
        return tree
    return _fresh(target)


def _merge_mapping(tree: Any, value: JsonObject, target: JsonObject) -> Any:
    names = {_key_text(key): key for key in tree}
    for name in value:
        if name not in target and name in names:
            del tree[names[name]]
    for name, entry in target.items():
        if name in value and name in names:
            tree[names[name]] = _merge(tree[names[name]], value[name], entry)
        else:
            tree[_fresh(name)] = _fresh(entry)
    return tree


def _fresh(value: Json) -> Any:
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString  # noqa: PLC0415 - loaded already

    match value:
        case dict():
            return {_fresh(name): _fresh(entry) for name, entry in value.items()}
        case list():
            return [_fresh(entry) for entry in value]
        case str() if not reads_as_itself(value) or not value.isprintable():
            return DoubleQuotedScalarString(value)
        case _:
            return value


def _key_text(key: object) -> str:
    return str(key).lower() if isinstance(key, bool) else str(key)


def _plain(text: str) -> Json:
    documents = read_documents(text.encode(), "").documents
    return documents[0].value if documents else None


def _reads_as(text: str, target: JsonObject) -> bool:
    result = read_documents(text.encode(), "")
    return len(result.documents) == 1 and _same(result.documents[0].value, target)


def _same(one: Json, other: Json) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and one == other


_INDENTED_LIST = re.compile(r"^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*\1 +- ", re.MULTILINE)


def _lists_are_indented(text: str) -> bool:
    return bool(_INDENTED_LIST.search(text))


def _without_version(text: str) -> str:
    return text.removeprefix("%YAML 1.1\n").removeprefix("---\n")
