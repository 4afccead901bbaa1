"""The release of the fabric API that ships with the package."""

from __future__ import annotations

from hedgehog_gitops.adapters.package_profiles import PackageProfiles
from hedgehog_gitops.adapters.package_schemas import PackageSchemas
from hedgehog_gitops.model.release import Release


def package_release() -> Release:
    """Schemas and switch profiles, read when they are first asked for."""
    return Release(schemas=PackageSchemas(), profiles=PackageProfiles())
