"""Where validations remember what they found, and everything that a memory depends on.

The directory is `$HEDGEHOG_GITOPS_CACHE_DIR`, else `hedgehog-gitops` in the user's cache directory. It may be deleted
at any time.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from hedgehog_gitops.adapters.file_memory import FileMemory
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


def _memory(name: tuple[str, ...], judged_by: object, schemas: str) -> Memory:
    directory = cache_directory(os.environ)
    file = f"{hashlib.sha256(repr(name).encode()).hexdigest()[:32]}.json"
    meaning = repr((judged_by, os.path.realpath(schemas), tuple(_program(schemas))))
    return FileMemory((directory or Path(os.devnull)) / file, hashlib.sha256(meaning.encode()).hexdigest())


def _program(schemas: str) -> Iterator[tuple[str, int, int]]:
    """The files that verdicts come from: what is installed, and the schemas. An update makes every memory worthless."""
    tops = [PACKAGE, package_directory("schemas"), *([Path(schemas)] if schemas else [])]
    for top in tops:
        for directory, below, files in os.walk(top):
            below[:] = sorted(each for each in below if each != "__pycache__")
            for name in sorted(files):
                yield f"{directory}/{name}", *_state(f"{directory}/{name}")


def _state(name: str) -> tuple[int, int]:
    """Size and time of a file; a link that leads nowhere has neither."""
    try:
        status = os.stat(name)  # noqa: PTH116 - hundreds of them in every run
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns
