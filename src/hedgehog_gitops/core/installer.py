"""The installer's objects in a set of files: found, judged, and asked for the fabric's constants. Never applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hedgehog_gitops.core.fabricator import configuration, fabric_constants
from hedgehog_gitops.core.identify import Identified
from hedgehog_gitops.core.rules import fabricator_rules as rules
from hedgehog_gitops.core.semantics import placed
from hedgehog_gitops.core.semantics.fabricator_config import fabricator
from hedgehog_gitops.core.semantics.fabricator_nodes import nodes
from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.model.document import Document
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.kind import BY_GROUP_KIND, ObjectKey, Owner
from hedgehog_gitops.model.plain import JsonObject, as_object, as_text, get_path
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest

NAMESPACE, NAME = "fab", "default"
"""Where the installer looks for its objects, and the name of its Fabricator."""


def installer_objects(documents: Iterable[tuple[Document, Identified]]) -> tuple[Manifest, ...]:
    """The objects of the installer in documents, in their order."""
    return tuple(found for document, identified in documents for found in _in(document, identified))


def fabricators(objects: Iterable[Manifest]) -> tuple[Manifest, ...]:
    """The Fabricators among the installer's objects."""
    return tuple(each for each in objects if each.key.kind == "Fabricator")


def described_constants(objects: Sequence[Manifest]) -> FabricConstants:
    """The constants that the one Fabricator among the objects describes; the defaults if there is not exactly one."""
    found = fabricators(objects)
    return fabric_constants(found[0].value) if len(found) == 1 else FabricConstants()


def judge_installer(objects: Sequence[Manifest]) -> tuple[Finding, ...]:
    """Everything that the installer would refuse about its objects, taken together."""
    found = {each.key: each for each in objects}
    owners = fabricators(objects)
    config: JsonObject = configuration(owners[0].value) if len(owners) == 1 else {}
    faults = (
        *((each, fault) for each in objects for fault in _namespace(each)),
        *((each, fault) for index, each in enumerate(owners) for fault in _identity(each, owners[:index])),
        *((each, fault) for each in owners for fault in fabricator(each.value)),
        *nodes(objects, config),
    )
    return tuple(placed(each, fault, found) for each, fault in faults)


_RULES = {"Fabricator": rules.IDENTITY, "ControlNode": rules.CONTROL_NODE, "FabNode": rules.FAB_NODE}


def _in(document: Document, identified: Identified) -> Iterator[Manifest]:
    for path in identified.others:
        value = as_object(get_path(document.value, path))
        group = as_text(value.get("apiVersion")).rpartition("/")[0]
        kind = BY_GROUP_KIND.get((group, as_text(value.get("kind"))))
        if kind is not None and kind.owner is Owner.INSTALLER:
            metadata = as_object(value.get("metadata"))
            name, namespace = as_text(metadata.get("name")), as_text(metadata.get("namespace"))
            key = ObjectKey(group=group, kind=kind.kind, namespace=namespace, name=name)
            yield Manifest(key=key, kind=kind, value=value, document=document, at=path)


def _namespace(each: Manifest) -> Iterator[Fault]:
    if each.key.namespace != NAMESPACE and each.key.kind in _RULES:
        message = f"metadata.namespace: {each.key.namespace!r} is not {NAMESPACE!r}"
        yield Fault(_RULES[each.key.kind], ("metadata", "namespace"), message, f"write namespace: {NAMESPACE}")


def _identity(each: Manifest, before: Sequence[Manifest]) -> Iterator[Fault]:
    if each.key.name != NAME:
        message = f"metadata.name: {each.key.name!r} is not {NAME!r}"
        yield Fault(rules.IDENTITY, ("metadata", "name"), message, f"write name: {NAME}")
    if before:
        message = f"there is a Fabricator in {before[0].document.path} already"
        yield Fault(rules.IDENTITY, ("kind",), message, "keep one of them")
