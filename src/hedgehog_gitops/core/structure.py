"""What `init` creates or repairs: the directories, README, manifest and archive log of one fabric.

A pure plan; what exists is never overwritten, and a complete directory gives no changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hedgehog_gitops.core.layout import KEEP, LOG_PATH, MANAGED, MANIFEST_PATH, RAW, README, UNMANAGED
from hedgehog_gitops.core.metadata_files import judge_manifest, manifest_text, new_log_text
from hedgehog_gitops.core.rules import layout_rules as rules
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.finding import Finding, Origin, has_errors
from hedgehog_gitops.model.kind import USER_KINDS
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.tree import Tree, TreeChange, WriteFile

DIRECTORIES: tuple[str, ...] = (RAW, *sorted(f"{MANAGED}/{kind.directory}" for kind in USER_KINDS), UNMANAGED)
"""Every directory of the layout that holds objects."""


class Structure(NamedTuple):
    """What there is and what is to be done. Pieces are named by path; a directory ends in a slash.

    `created` are pieces of a new structure, `repaired` those that an existing one lacks; `findings` name them too, for
    a run that only looks. With an error among the findings nothing is changed.
    """

    changes: tuple[TreeChange, ...]
    created: tuple[str, ...]
    kept: tuple[str, ...]
    repaired: tuple[str, ...]
    findings: tuple[Finding, ...]


def plan_structure(tree: Tree, fabric: Fabric, limits: Limits | None = None) -> Structure:
    """The changes that complete the fabric's directory."""
    refusals = judge_manifest(tree.files.get(MANIFEST_PATH), limits or Limits())
    present = _directories(tree)
    pieces = {README: README in present, MANIFEST_PATH: MANIFEST_PATH in tree.files, LOG_PATH: LOG_PATH in tree.files}
    pieces |= {f"{directory}/": directory in present for directory in DIRECTORIES}
    missing = tuple(piece for piece, is_there in pieces.items() if not is_there)
    is_new = MANIFEST_PATH in missing
    refused = has_errors(refusals)
    return Structure(
        changes=() if refused else tuple(_write(piece, fabric) for piece in missing),
        created=missing if is_new and not refused else (),
        kept=tuple(piece for piece, is_there in pieces.items() if is_there),
        repaired=missing if not is_new and not refused else (),
        findings=(*refusals, *_missing(missing)),
    )


def _directories(tree: Tree) -> frozenset[str]:
    """Every directory that holds a file, and README.md if there is one under any spelling."""
    homes = {path.rpartition("/")[0] for path in tree.files}
    found = {home[:at] for home in homes for at in (*_slashes(home), len(home))}
    has_readme = any(path.lower() == README.lower() for path in tree.files if "/" not in path)
    return frozenset(found | ({README} if has_readme else set()))


def _slashes(path: str) -> Iterator[int]:
    return (index for index, letter in enumerate(path) if letter == "/")


def _write(piece: str, fabric: Fabric) -> WriteFile:
    texts = {README: _readme(fabric.name), MANIFEST_PATH: manifest_text(fabric.name), LOG_PATH: new_log_text()}
    path = f"{piece}{KEEP}" if piece.endswith("/") else piece
    return WriteFile(path=path, data=texts.get(piece, "").encode(), expected=None)


def _missing(pieces: tuple[str, ...]) -> Iterator[Finding]:
    hint = "`hedgehog-gitops init` creates it"
    for piece in pieces:
        if not piece.endswith("/"):
            yield rules.PIECE_MISSING.at(Origin(path=piece), f"{piece} is missing", hint=hint)
    directories = [piece for piece in pieces if piece.endswith("/")]
    if directories:
        message = f"missing directories: {', '.join(directories)}"
        yield rules.PIECE_MISSING.at(Origin(path=directories[0]), message, hint=hint)


def _readme(fabric: str) -> str:
    return f"""# Fabric {fabric}

The desired state of one Hedgehog fabric, kept by `hedgehog-gitops`.

| where | what |
|---|---|
| `raw/` | the drop zone: put YAML files with Hedgehog objects here, any name, any depth |
| `managed/` | one file per object; edit them here |
| `unmanaged/` | kept, never read as objects |
| `.hnp/` | what the tool remembers about this directory |

`hedgehog-gitops validate` checks everything, `hedgehog-gitops normalize` takes raw files in.
"""
