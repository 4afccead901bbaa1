"""Which release of the fabric API counts: the one that ships, or a directory that was refreshed from a cluster."""

from __future__ import annotations

from pathlib import Path

from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.model.release import Release
from hedgehog_gitops.model.settings import Settings


def release_of(settings: Settings, schemas: str | None = None) -> Release:
    """The release of the directory named by hand, else by the configuration, else the one that ships."""
    if schemas is None and settings.schemas:
        return release_named(str(Path(settings.root) / settings.schemas))
    return release_named(schemas)


def release_named(schemas: str | None) -> Release:
    """The release in a directory; without a name the one that ships."""
    if not schemas:
        return package_release()
    from hedgehog_gitops.adapters.release_directory import release_in  # noqa: PLC0415 - only for a refreshed release

    return release_in(Path(schemas), package_release())
