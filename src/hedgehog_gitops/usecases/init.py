"""Create or repair the directory structure of one fabric, as one commit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from hedgehog_gitops.core.directories import check_directory
from hedgehog_gitops.core.structure import Structure, plan_structure
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.finding import Finding, has_errors
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.tree import Published, Tree, TreeEdit
from hedgehog_gitops.ports import Source
from hedgehog_gitops.usecases.publishing import publish_newest

_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Initialised:
    """What was created, kept and repaired, and the revision that has it now."""

    fabric: str
    directory: str
    structure: Structure
    published: Published

    @property
    def ok(self) -> bool:
        """True if nothing forbade the structure."""
        return not has_errors(self.structure.findings)


def ensure_structure(
    fabric: Fabric, source: Source, limits: Limits = _LIMITS, *, sleep: Callable[[float], None] = time.sleep
) -> Initialised:
    """The fabric's structure, complete at the newest revision. A second call changes nothing.

    A directory that must not be used, or whose manifest is damaged or too new, is left alone; the findings say why.
    """

    def compute() -> tuple[Tree, Structure]:
        tree = source.read(fabric.directory)
        return tree, _planned(tree, fabric, limits)

    (_, structure), published = publish_newest(
        source,
        compute,
        lambda planned: (TreeEdit(base=planned[0], changes=planned[1].changes),),
        lambda planned: _message(fabric, planned[1]),
        sleep,
    )
    return Initialised(fabric=fabric.name, directory=fabric.directory, structure=structure, published=published)


def _planned(tree: Tree, fabric: Fabric, limits: Limits) -> Structure:
    """The plan; an empty one with the findings if the directory itself is refused."""
    refusals: tuple[Finding, ...] = check_directory(fabric.directory, allow_root=True).findings
    if has_errors(refusals):
        return Structure(changes=(), created=(), kept=(), repaired=(), findings=refusals)
    return plan_structure(tree, fabric, limits)


def _message(fabric: Fabric, structure: Structure) -> str:
    verb = "Create" if structure.created else "Complete"
    pieces = "\n".join(f"- {piece}" for piece in (*structure.created, *structure.repaired))
    return f"{verb} the directory structure of {fabric.name}\n\n{pieces}\n"
