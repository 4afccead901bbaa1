"""The installer's file as a source of settings: its one Fabricator, read and judged."""

from __future__ import annotations

from dataclasses import dataclass

from hedgehog_gitops.core.fabricator import fabric_constants
from hedgehog_gitops.core.identify import identify
from hedgehog_gitops.core.installer import fabricators, installer_objects, judge_installer
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.rules.settings_rules import CONFIG_FABRICATOR
from hedgehog_gitops.model.document import Document
from hedgehog_gitops.model.errors import SettingsError
from hedgehog_gitops.model.finding import Finding, Origin, has_errors, in_file_order
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What the installer's file says about a fabric, and what the installer would refuse of it."""

    constants: FabricConstants
    findings: tuple[Finding, ...]


def describe(data: bytes, path: str) -> Described:
    """The fabric in the installer's file; `SettingsError` if it cannot be read or has not exactly one Fabricator."""
    result = read_documents(data, path)
    if has_errors(result.findings):
        raise SettingsError(in_file_order(result.findings))
    objects = _objects(result.documents)
    found = fabricators(objects)
    if len(found) != 1:
        message = f"{len(found)} Fabricators found, one is needed"
        hint = "name the file that the installer reads, fab.yaml"
        raise SettingsError((CONFIG_FABRICATOR.at(Origin(path=path, line=1, column=1), message, hint=hint),))
    return Described(constants=fabric_constants(found[0].value), findings=judge_installer(objects))


def is_installers(data: bytes, path: str) -> bool:
    """True if the file holds an object of the installer: then it is no plain section of settings."""
    return bool(_objects(read_documents(data, path).documents))


def _objects(documents: tuple[Document, ...]) -> tuple[Manifest, ...]:
    return installer_objects((document, identify(document)) for document in documents)
