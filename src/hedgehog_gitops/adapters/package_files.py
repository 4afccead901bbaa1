"""Files that ship with the package: inside it once installed, at the repository's root while developing."""

from __future__ import annotations

from pathlib import Path

from hedgehog_gitops.model.errors import HedgehogGitopsError

PACKAGE = Path(__file__).resolve().parents[1]
REPOSITORY = PACKAGE.parents[1]


def package_directory(name: str) -> Path:
    """The directory of shipped files with this name, such as `schemas`."""
    for root in (PACKAGE, REPOSITORY):
        if (root / name).is_dir():
            return root / name
    raise HedgehogGitopsError(f"this installation has no {name}; install the package again")
