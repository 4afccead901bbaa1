"""The configuration file as `Settings`: read, judged against its JSON Schema, and built. Pure: bytes in, values out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.rules.settings_rules import CONFIG_EMPTY
from hedgehog_gitops.model.document import Document
from hedgehog_gitops.model.errors import SettingsError
from hedgehog_gitops.model.finding import Finding, Origin, has_errors, in_file_order
from hedgehog_gitops.model.kind import Kind
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.settings import FabricConstants, Settings
from hedgehog_gitops.settings.build import build_constants, build_settings
from hedgehog_gitops.settings.judge import judge_configuration, judge_shape


def parse_settings(
    data: bytes, path: str, root: str, schema: JsonObject, schema_of: Callable[[Kind], JsonObject]
) -> Settings:
    """The configuration in `data`; `root` is the absolute directory it lies in.

    `schema` is the configuration's own, `schema_of` gives that of a kind.

    `SettingsError` names every fault; what can be worked with although it is doubtful is in `Settings.warnings`.
    """
    document = _only_document(data, path)
    _refuse(judge_shape(document, schema))
    settings = build_settings(document, root)
    findings = in_file_order(judge_configuration(document, settings, schema_of))
    _refuse(findings)
    return replace(settings, warnings=findings)


def parse_constants(data: bytes, path: str, schema: JsonObject) -> FabricConstants:
    """Fabric constants from a file of their own (`validate --settings FILE`)."""
    document = _only_document(data, path)
    definitions = schema["$defs"]
    _refuse(judge_shape(document, {"$ref": "#/$defs/constants", "$defs": definitions}))
    return build_constants(document.value)


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
