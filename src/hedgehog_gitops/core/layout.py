"""The grammar of a fabric's directory: what a path is, and where each object has its one home.

    README.md   raw/**/*.yaml   managed/<plural>/[<namespace>_]<name>.yaml   unmanaged/**   .hnp/**

Names that older tools used are recognised on read and say where their files belong; only canonical names are written.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from hedgehog_gitops.core.directories import DirectoryCheck, check_directory, overlapping, overlaps
from hedgehog_gitops.model.kind import BY_DIRECTORY, USER_KINDS, Kind, ObjectKey, kind_of

__all__ = [
    "Area",
    "DirectoryCheck",
    "Place",
    "case_collisions",
    "check_directory",
    "classify_path",
    "is_yaml",
    "managed_path",
    "overlapping",
    "overlaps",
]

RAW = "raw"
MANAGED = "managed"
UNMANAGED = "unmanaged"
METADATA = ".hnp"
README = "README.md"
KEEP = ".gitkeep"
MANIFEST_PATH = f"{METADATA}/manifest.yaml"
LOG_PATH = f"{METADATA}/archive-log.yaml"
ARCHIVE = f"{METADATA}/archive"
LEGACY_ARCHIVE = f"{ARCHIVE}/legacy"


class Area(StrEnum):
    """What a file of the directory is for."""

    RAW = "raw"
    MANAGED = "managed"
    READ_ROOT = "read-root"
    UNMANAGED = "unmanaged"
    METADATA = "metadata"
    LEGACY = "legacy"
    IGNORED = "ignored"
    STRAY = "stray"


class Place(NamedTuple):
    """What a path says about its file.

    `kind` is set below a managed kind directory. `synonym` is the older name of a directory that was recognised, and
    `canonical` the directory it stands for. `move_to` is where a legacy file belongs. `reason` says why it is ignored.
    """

    area: Area
    kind: Kind | None = None
    synonym: str = ""
    canonical: str = ""
    move_to: str = ""
    reason: str = ""


def managed_path(key: ObjectKey) -> str:
    """The one home of an object: `managed/<plural>/<name>.yaml`, `<namespace>_<name>.yaml` outside `default`.

    No Kubernetes name holds an underscore, so two identities never share a path.
    """
    file = key.name if key.namespace == "default" else f"{key.namespace}_{key.name}"
    return f"{MANAGED}/{kind_of(key).directory}/{file}.yaml"


def is_yaml(path: str) -> bool:
    """True for `.yaml` and `.yml` in any case."""
    return path[-5:].lower() == ".yaml" or path[-4:].lower() == ".yml"


def classify_path(path: str, read_roots: tuple[str, ...] = ()) -> Place:
    """What a path relative to the fabric's directory is; `read_roots` are directories read in place."""
    top, _, rest = path.partition("/")
    if not rest:
        return _top_file(path)
    if top == MANAGED:
        return _managed(path, rest)
    if top in _WHOLE_AREAS:
        return _WHOLE_AREAS[top]
    if path.endswith("/" + KEEP):
        return _KEEP
    return _raw(path, rest) if top == RAW else _elsewhere(path, read_roots)


def case_collisions(paths: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Pairs of paths, in order, that a file system without case cannot keep apart."""
    first: dict[str, str] = {}
    pairs = ((first.setdefault(path.casefold(), path), path) for path in sorted(paths))
    return tuple((one, other) for one, other in pairs if one != other)


_WHOLE_AREAS = {METADATA: Place(area=Area.METADATA), UNMANAGED: Place(area=Area.UNMANAGED)}
_READ_ROOT = Place(area=Area.READ_ROOT)
_STRAY = Place(area=Area.STRAY)
_RAW = Place(area=Area.RAW)
_MANAGED = Place(area=Area.MANAGED)
_PENDING = Place(area=Area.RAW, synonym="raw/pending", canonical="raw")
_RESOURCES = Place(area=Area.MANAGED, synonym="managed/resources", canonical="managed")
_KEEP = Place(area=Area.IGNORED, reason="keeps its directory in git")
_HIDDEN = Place(area=Area.IGNORED, reason="a hidden file")
_NOT_YAML = Place(area=Area.IGNORED, reason="no .yaml or .yml file")
_TOOL_FILE = Place(area=Area.IGNORED, reason="a file of another tool")
_README = Place(area=Area.IGNORED, reason="text for people")

_TOOL_FILES = frozenset({"hedgehog-gitops", "mkdocs", "docker-compose", "compose", "action"})
"""Stems of YAML files that a fabric directory at the root of a repository may lie beside."""

_ARCHIVED = re.compile(r"\.ya?ml\.archived(\.\d+)?\Z", re.IGNORECASE)
_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_KIND_PLACES = {directory: Place(area=Area.MANAGED, kind=kind) for directory, kind in BY_DIRECTORY.items()}


def _hyphenated(kind: Kind) -> str:
    """`VPCAttachment` with plural `vpcattachments` is `vpc-attachments`, as one older tool wrote it."""
    words = _BOUNDARY.sub("-", kind.kind.replace("IPv4", "Ipv4")).lower().split("-")
    return "-".join([*words[:-1], kind.plural.removeprefix("".join(words[:-1]))])


def _synonym_places() -> dict[str, Place]:
    named = [(spelling(kind), kind) for kind in USER_KINDS for spelling in (_hyphenated, lambda k: k.singular + "s")]
    return {
        name: Place(area=Area.MANAGED, kind=kind, synonym=f"{MANAGED}/{name}", canonical=f"{MANAGED}/{kind.directory}")
        for name, kind in named
        if name not in _KIND_PLACES
    }


_SYNONYM_PLACES = _synonym_places()


def _top_file(path: str) -> Place:
    if path.startswith("."):
        return _HIDDEN
    if path.lower() == README.lower():
        return _README
    if _ARCHIVED.search(path):
        return _legacy(path)
    if not is_yaml(path):
        return _NOT_YAML
    return _TOOL_FILE if path.rpartition(".")[0].lower() in _TOOL_FILES else _RAW


def _managed(path: str, rest: str) -> Place:
    directory, _, file = rest.partition("/")
    if file and is_yaml(path) and not _is_hidden(rest):
        place = _KIND_PLACES.get(directory)
        return place if place is not None else _other_managed(path, directory)
    if directory == "metadata" and file and not path.endswith(KEEP):
        return _legacy(path, f"{MANAGED}/metadata", METADATA)
    if path.endswith("/" + KEEP):
        return _KEEP
    if _ARCHIVED.search(path):
        return _legacy(path)
    if _is_hidden(rest):
        return _HIDDEN
    if is_yaml(path):
        return _MANAGED
    return _README if path.lower().endswith("/" + README.lower()) else _NOT_YAML


def _other_managed(path: str, directory: str) -> Place:
    if directory == "resources":
        return _RESOURCES
    if directory == "metadata":
        return _legacy(path, f"{MANAGED}/metadata", METADATA)
    return _SYNONYM_PLACES.get(directory.lower(), _MANAGED)


def _raw(path: str, rest: str) -> Place:
    if _is_hidden(rest):
        return _HIDDEN
    if _ARCHIVED.search(path):
        return _legacy(path)
    top, _, below = rest.partition("/")
    if top == "processed" and below:
        return _legacy(path, "raw/processed", ARCHIVE)
    if top == "errors" and below:
        move_to = f"{METADATA}/errors/{below}"
        return Place(area=Area.LEGACY, synonym="raw/errors", canonical=f"{METADATA}/errors", move_to=move_to)
    if not is_yaml(path):
        return _README if path.lower().endswith("/" + README.lower()) else _NOT_YAML
    return _PENDING if top == "pending" and below else _RAW


def _elsewhere(path: str, read_roots: tuple[str, ...]) -> Place:
    if _is_hidden(path):
        return _HIDDEN
    if not is_yaml(path):
        return _NOT_YAML
    return _READ_ROOT if any(path.startswith(root.strip("/") + "/") for root in read_roots) else _STRAY


def _legacy(path: str, synonym: str = "", canonical: str = "") -> Place:
    return Place(area=Area.LEGACY, synonym=synonym, canonical=canonical, move_to=f"{LEGACY_ARCHIVE}/{path}")


def _is_hidden(path: str) -> bool:
    return path.startswith(".") or "/." in path
