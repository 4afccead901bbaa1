"""Where validations remember what they found, and everything that a memory depends on.

The directory is `$HEDGEHOG_GITOPS_CACHE_DIR`, else `hedgehog-gitops` in the user's cache directory. It may be deleted
at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, Mapping
from functools import cache
from operator import attrgetter
from pathlib import Path

from hedgehog_gitops.adapters.file_memory import FileMemory, KeptFile
from hedgehog_gitops.adapters.package_files import PACKAGE, package_directory
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.ports import Memory

VARIABLE = "HEDGEHOG_GITOPS_CACHE_DIR"


def fabric_memory(settings: Settings, fabric: Fabric, schemas: str | None) -> Memory:
    """The memory of one configured fabric."""
    directory = schemas or (str(Path(settings.root) / settings.schemas) if settings.schemas else "")
    return _memory(("fabric", os.path.realpath(settings.root), fabric.name), (fabric, settings.limits), directory)


def paths_memory(paths: list[Path], judged_by: object, schemas: str | None) -> Memory:
    """The memory of files and directories named by hand."""
    named = (str(path.absolute()) for path in paths)
    return _memory(("paths", str(Path.cwd()), *named), (tuple(map(str, paths)), judged_by), schemas or "")


def cache_directory(environment: Mapping[str, str]) -> Path | None:
    """Where memories lie; None for a user without a home."""
    if chosen := environment.get(VARIABLE):
        return Path(chosen)
    home = environment.get("XDG_CACHE_HOME") or (f"{environment['HOME']}/.cache" if environment.get("HOME") else "")
    return Path(home, "hedgehog-gitops") if Path(home).is_absolute() else None


def configuration_memory(root: str, name: str, data: bytes) -> KeptFile:
    """The memory of a configuration file: what it says, if nothing was found in it."""
    return KeptFile(_file(("configuration", root, name)), _meaning(data))


def _memory(name: tuple[str, ...], judged_by: object, schemas: str) -> Memory:
    refreshed = tuple(_states(Path(schemas))) if schemas else ()
    return FileMemory(_file(name), _meaning((judged_by, os.path.realpath(schemas), refreshed)))


def _file(name: tuple[str, ...]) -> Path:
    directory = cache_directory(os.environ) or Path(os.devnull)
    return directory / f"{hashlib.sha256(repr(name).encode()).hexdigest()[:32]}.json"


def _meaning(judged_by: object) -> str:
    return hashlib.sha256(repr((judged_by, _program())).encode()).hexdigest()


@cache
def _program() -> str:
    """The files that verdicts come from: what is installed, and the schemas. An update makes every memory worthless."""
    states = (*_states(PACKAGE), *_states(package_directory("schemas")))
    return hashlib.sha256(repr(states).encode()).hexdigest()


def _states(top: str | Path) -> Iterator[tuple[str, int, int]]:
    """Every file below a directory with its size and time; a link that leads nowhere has neither."""
    with contextlib.suppress(OSError), os.scandir(top) as found:
        for entry in sorted(found, key=attrgetter("name")):
            if entry.is_dir(follow_symlinks=False):
                yield from _states(entry.path) if entry.name != "__pycache__" else ()
                continue
            try:
                status = entry.stat()
            except OSError:
                yield entry.path, 0, 0
            else:
                yield entry.path, status.st_size, status.st_mtime_ns
