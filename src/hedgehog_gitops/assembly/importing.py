"""`import` put together from adapters: what other sides decide, offered to the files on disk or as one commit."""

from __future__ import annotations

from hedgehog_gitops.assembly.planning import open_sides
from hedgehog_gitops.assembly.releases import release_of
from hedgehog_gitops.assembly.sources import files, shared_branch
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.model.tree import Published
from hedgehog_gitops.usecases.importing import Import, offered


def import_now(fabric: Fabric, settings: Settings, *, publish: bool) -> tuple[Import, Published | None]:
    """What is offered; with `publish` it is taken into the shared branch as one commit."""
    source = shared_branch(settings) if publish else files(settings)
    found = offered(fabric, source, open_sides(fabric, settings), release_of(settings), settings.limits)
    if not publish or not found.edit.changes:
        return found, None
    sides = ", ".join(sorted({offer.side.value for offer in found.offers}))
    return found, source.publish([found.edit], f"Take in what {sides} decides about {fabric.name}\n")
