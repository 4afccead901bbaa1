"""A document's text changed to read as another value, keeping comments, key order and scalar style.

First in place (`splicing`); what has no simple place goes through ruamel.yaml, whose only home this is. They edit, our
reader judges: a text that does not read as the target is never returned.
"""

from __future__ import annotations

import io
import re
from typing import Any

from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.writing.emitting import reads_as_itself
from hedgehog_gitops.core.writing.page import ElsewhereError
from hedgehog_gitops.core.writing.splicing import same, spliced
from hedgehog_gitops.model.document import Document
from hedgehog_gitops.model.errors import NotRepresentableError
from hedgehog_gitops.model.finding import has_errors
from hedgehog_gitops.model.plain import Json, JsonObject


def edit_document(text: str, target: JsonObject) -> str:
    """The text of one document, changed so that it reads as `target`; unchanged where it already does.

    `NotRepresentableError` if no such text could be made.
    """
    document = _read(text)
    if document is not None and same(document.value, target):
        return text
    for way in (_in_place, _by_round_trip):
        edited = way(text, document, target)
        found = _read(edited) if edited is not None else None
        if edited is not None and found is not None and same(found.value, target):
            return edited
    raise NotRepresentableError(text[:80])


def _read(text: str) -> Document | None:
    result = read_documents(text.encode("utf-8", "surrogatepass"), "")
    return result.documents[0] if len(result.documents) == 1 and not has_errors(result.findings) else None


def _in_place(text: str, document: Document | None, target: JsonObject) -> str | None:
    try:
        return None if document is None else spliced(text, document, target)
    except ElsewhereError:
        return None


def _by_round_trip(text: str, document: Document | None, target: JsonObject) -> str | None:
    from ruamel.yaml import YAML  # noqa: PLC0415 - slow to import, needed for few files
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415 - with it

    head, body = _parted(text.replace("\r\n", "\n"))
    yaml = YAML(typ="rt")
    yaml.version = (1, 1)
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    yaml.indent(mapping=2, sequence=4 if _lists_are_indented(body) else 2, offset=2 if _lists_are_indented(body) else 0)
    try:
        tree = yaml.load(body)
        out = io.StringIO()
        yaml.dump(_merge(tree, document.value if document else None, target), out)
    except YAMLError:
        return None
    edited = head + _without_version(out.getvalue())
    return edited.replace("\n", "\r\n") if "\r\n" in text else edited


def _parted(text: str) -> tuple[str, str]:
    """What stands up to a first separator, which ruamel.yaml would drop, and the rest."""
    found = _HEAD.match(text)
    end = found.end() if found else 0
    return text[:end], text[end:]


_HEAD = re.compile(r"(?:[ \t]*(?:#.*)?\n)*---[ \t]*(?:#.*)?\n")


def _merge(tree: Any, value: Json, target: Json) -> Any:
    """The round-trip tree changed where the value differs from the target, untouched elsewhere."""
    if same(value, target):
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


_INDENTED_LIST = re.compile(r"^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*\1 +- ", re.MULTILINE)


def _lists_are_indented(text: str) -> bool:
    return bool(_INDENTED_LIST.search(text))


def _without_version(text: str) -> str:
    return text.removeprefix("%YAML 1.1\n").removeprefix("---\n").removeprefix("--- ")
