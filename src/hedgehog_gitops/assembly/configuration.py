"""Finding and loading the configuration file, and choosing fabrics from it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path

from hedgehog_gitops.adapters.package_schemas import PackageSchemas
from hedgehog_gitops.assembly.memories import configuration_memory
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.settings import Fabric, FabricConstants, Settings
from hedgehog_gitops.settings import judge_settings, known_settings, parse_constants

FILE_NAME = "hedgehog-gitops.yaml"


def load_settings(path: str | Path | None = None) -> Settings:
    """The settings of a configuration file; without a path the nearest one in this directory or above it.

    `UsageError` if there is none, `SettingsError` with all findings if it is wrong.
    """
    file = _found(path)
    return _judged(file, _read(file))[0]


def recall_settings(path: str | Path | None = None) -> Settings:
    """The same, by what is remembered of the file if nothing was found in it and it has not changed."""
    file = _found(path)
    data, root, shown = _read(file), str(file.resolve().parent), _shown(file)
    memory = configuration_memory(root, shown, data)
    with contextlib.suppress(ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return known_settings(json.loads(memory.read()), data, shown, root)
    settings, value = _judged(file, data)
    if value is not None:
        memory.write(json.dumps(value).encode("ascii"))
    return settings


def _found(path: str | Path | None) -> Path:
    file = Path(path) if path else find_configuration(Path.cwd())
    if file is None:
        raise UsageError(f"no {FILE_NAME} here or above; make one, or name it with --config")
    return file


def _judged(file: Path, data: bytes) -> tuple[Settings, Json]:
    schemas, root = PackageSchemas(), file.resolve().parent
    return judge_settings(
        data, _shown(file), str(root), schemas.configuration(), schemas.schema, lambda name: _beside(root, name)
    )


def configuration_schema() -> JsonObject:
    """The JSON Schema of the configuration file."""
    return PackageSchemas().configuration()


def load_constants(path: str | Path) -> FabricConstants:
    """Fabric constants from a file of their own, or from the installer's file."""
    return parse_constants(_read(Path(path)), str(path), PackageSchemas().configuration())


def find_configuration(start: Path) -> Path | None:
    """The configuration file in a directory or the nearest one above it, not past the top of a git checkout."""
    for directory in (start, *start.parents):
        if (directory / FILE_NAME).is_file():
            return directory / FILE_NAME
        if (directory / ".git").exists():
            return None
    return None


def choose_fabrics(settings: Settings, names: Sequence[str] | None) -> tuple[Fabric, ...]:
    """The named fabrics in the order of the configuration, or all of them."""
    if not names:
        return settings.fabrics
    known = {fabric.name for fabric in settings.fabrics}
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"no fabric {', '.join(unknown)} in the configuration; it has {', '.join(sorted(known))}")
    return tuple(fabric for fabric in settings.fabrics if fabric.name in names)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error


def _beside(root: Path, name: str) -> bytes | None:
    try:
        return (root / name).read_bytes()
    except OSError:
        return None


def _shown(file: Path) -> str:
    cwd = Path.cwd()
    return str(file.relative_to(cwd)) if file.is_absolute() and file.is_relative_to(cwd) else str(file)
