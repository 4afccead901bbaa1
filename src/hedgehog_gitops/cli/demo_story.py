"""The tour of `demo` as data: each step with what it runs, changes and expects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from hedgehog_gitops.cli.exits import Exit


@dataclass(frozen=True, slots=True)
class Ours:
    """Run our own command; the tour goes wrong if it does not end with this code."""

    arguments: tuple[str, ...]
    ends: Exit = Exit.DONE


@dataclass(frozen=True, slots=True)
class Git:
    """Run git, shown to the reader."""

    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace text in a file, as a person would in an editor."""

    path: str
    before: str
    after: str


Act: TypeAlias = Ours | Git | Edit


@dataclass(frozen=True, slots=True)
class Step:
    """One heading of the tour and what happens below it."""

    title: str
    acts: tuple[Act, ...]


FIX = Edit("fabrics/quickstart/raw/07-attachments.yaml", "  subnet: web/frontent", "  subnet: web/frontend")
DRIFT = Edit("live/quickstart/vpcs/data.yaml", "vlan: 1002", "vlan: 1042")
COMMIT = (Git(("commit", "--quiet", "--all", "--message", "Correct the subnet")), Git(("push", "--quiet")))

STORY = (
    Step("A fabric arrives as raw files, with one mistake in it", (Ours(("validate",), ends=Exit.FAILED),)),
    Step("Correct it", (FIX, Ours(("validate",)), *COMMIT)),
    Step(
        "Take the raw files in: one commit on the remote, or none",
        (Ours(("normalize", "--publish")), Git(("pull", "--quiet")), Git(("log", "--oneline", "--shortstat", "-2"))),
    ),
    Step("What would applying change?", (Ours(("plan",)),)),
    Step("Apply it; the cluster is a directory here", (Ours(("apply", "--yes")),)),
    Step("Sync: nothing to do, so nothing is written", (Ours(("sync",)),)),
    Step(
        "Somebody changes the cluster by hand",
        (DRIFT, Ours(("plan", "--detailed-exitcode"), ends=Exit.CHANGES)),
    ),
    Step("Sync puts it back and proves it by reading again", (Ours(("sync",)), Ours(("status",)))),
)
