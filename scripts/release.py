"""What the workflow of a release asks: whether tag, version and changelog agree, and the notes of the release.

python scripts/release.py check v1.2.3
python scripts/release.py notes v1.2.3
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run as a command."""
    order, tag = sys.argv[1:]
    if order == "notes":
        sys.stdout.write(notes(tag, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")))
        return 0
    faults = disagreements(tag, ROOT)
    sys.stderr.write("".join(f"{fault}\n" for fault in faults))
    return 1 if faults else 0


def disagreements(tag: str, root: Path) -> list[str]:
    """Why a tag cannot become a release; empty if it can."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    left = [file.name for file in (root / "changes").iterdir() if file.name != "README.md"]
    faults = []
    if tag != f"v{project['version']}":
        faults.append(f"the tag is {tag}, but pyproject.toml has version {project['version']}")
    if not notes(tag, (root / "CHANGELOG.md").read_text(encoding="utf-8")):
        faults.append(f"CHANGELOG.md has no part {tag.removeprefix('v')}: run towncrier build")
    if left:
        faults.append(f"changes/ still has {len(left)} entries that the changelog does not: run towncrier build")
    return faults


def notes(tag: str, changelog: str) -> str:
    """The part of the changelog about a version."""
    parts = re.split(r"^## ", changelog, flags=re.MULTILINE)
    wanted = tag.removeprefix("v")
    return next((part.partition("\n")[2].strip() + "\n" for part in parts if part.split(" ", 1)[0] == wanted), "")


if __name__ == "__main__":
    sys.exit(main())
