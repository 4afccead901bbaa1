"""The configuration file as `Settings`: read, judged against its JSON Schema, and built. Pure: bytes in, values out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.rules.settings_rules import CONFIG_EMPTY, CONFIG_FABRICATOR
from hedgehog_gitops.model.document import Document
from hedgehog_gitops.model.errors import SettingsError
from hedgehog_gitops.model.finding import Finding, Origin, has_errors, in_file_order
from hedgehog_gitops.model.kind import Kind
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.settings import FabricConstants, Settings
from hedgehog_gitops.settings.build import build_constants, build_settings

if TYPE_CHECKING:  # judging the installer's file takes the rules of all kinds
    from hedgehog_gitops.settings.fabricators import Described


def no_files(_path: str) -> bytes | None:
    """The reader of a place where there is nothing beside the configuration."""
    return None


def parse_settings(
    data: bytes,
    path: str,
    root: str,
    schema: JsonObject,
    schema_of: Callable[[Kind], JsonObject],
    read_file: Callable[[str], bytes | None] = no_files,
) -> Settings:
    """The configuration in `data`; `root` is the absolute directory it lies in.

    `schema` is the configuration's own, `schema_of` gives that of a kind, `read_file` the content of a file that the
    configuration names, from its directory, or None where it cannot be read.

    `SettingsError` names every fault; what can be worked with although it is doubtful is in `Settings.warnings`.
    """
    return judge_settings(data, path, root, schema, schema_of, read_file)[0]


def judge_settings(
    data: bytes,
    path: str,
    root: str,
    schema: JsonObject,
    schema_of: Callable[[Kind], JsonObject],
    read_file: Callable[[str], bytes | None] = no_files,
) -> tuple[Settings, Json]:
    """The same, and what the file says: None if that is not all there is to know about it."""
    from hedgehog_gitops.settings.judge import judge_configuration, judge_shape  # noqa: PLC0415 - not for what is known

    document = _only_document(data, path)
    _refuse(judge_shape(document, schema))
    described = _described(document, read_file)
    settings = build_settings(document, root, {name: each.constants for name, each in described.items()})
    findings = in_file_order(judge_configuration(document, settings, schema_of))
    _refuse(findings)
    told = (finding for each in described.values() for finding in each.findings)
    settings = settings._replace(warnings=in_file_order((*findings, *told)))
    return settings, None if described or settings.warnings else document.value


def known_settings(value: Json, data: bytes, path: str, root: str) -> Settings:
    """The configuration in `data` if it is known that it says `value`, and that there is nothing to say about it."""
    places = lambda: _only_document(data, path).mark  # noqa: E731 - asked for only where a suppression stands
    document = Document(path=path, index=0, value=value, marks=places, start=0, end=len(data))
    return build_settings(document, root)


def parse_constants(data: bytes, path: str, schema: JsonObject) -> FabricConstants:
    """Fabric constants from a file of their own (`validate --settings FILE`), or from the installer's."""
    from hedgehog_gitops.settings.fabricators import describe, is_installers  # noqa: PLC0415 - only where it is named

    if is_installers(data, path):
        return describe(data, path).constants
    document = _only_document(data, path)
    from hedgehog_gitops.settings.judge import judge_shape  # noqa: PLC0415 - see above

    definitions = schema["$defs"]
    _refuse(judge_shape(document, {"$ref": "#/$defs/constants", "$defs": definitions}))
    return build_constants(document.value)


def _described(document: Document, read_file: Callable[[str], bytes | None]) -> Mapping[str, Described]:
    """What each file says that a fabric takes its settings from, by the name it has in the configuration."""
    described: dict[str, Described] = {}
    for index, entry in enumerate(as_list(as_object(document.value).get("fabrics"))):
        name = as_text(as_object(entry).get("settings_from"))
        if name and name not in described:
            from hedgehog_gitops.settings.fabricators import describe  # noqa: PLC0415 - only where it is named

            data = read_file(name)
            if data is None:
                field = f"fabrics[{index}].settings_from"
                origin = document.origin(("fabrics", index, "settings_from"))
                hint = "paths count from the configuration's directory"
                _refuse((CONFIG_FABRICATOR.at(origin, f"{field}: {name} cannot be read", hint=hint, field=field),))
            described[name] = describe(data or b"", name)
    return described


def _only_document(data: bytes, path: str) -> Document:
    result = read_documents(data, path)
    _refuse(result.findings)
    filled = [document for document in result.documents if document.value is not None]
    if len(filled) != 1:
        _refuse(
            (CONFIG_EMPTY.at(Origin(path=path, line=1, column=1), f"{len(filled)} documents found, one is needed"),)
        )
    return filled[0]


def _refuse(findings: tuple[Finding, ...]) -> None:
    if has_errors(findings):
        raise SettingsError(in_file_order(findings))
