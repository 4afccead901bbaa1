"""Stages 1 to 6 over one tree: everything that was read, and what was decided about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hedgehog_gitops.core.identify import Standing
from hedgehog_gitops.core.ingest.discover import Discovered, discover
from hedgehog_gitops.core.ingest.parse import claims, parse
from hedgehog_gitops.core.ingest.reconcile import Reconciled, reconcile
from hedgehog_gitops.core.ingest.values import Claim, FileResult, Judge, ParsedFile
from hedgehog_gitops.core.layout import Area
from hedgehog_gitops.core.suppression import unless_ignored
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.tree import Tree


class Stock(NamedTuple):
    """Everything that was read, and what was decided about it."""

    found: Discovered
    files: tuple[ParsedFile, ...]
    claims: Mapping[str, Sequence[Claim]]
    reconciled: Reconciled


def take_stock(tree: Tree, fabric: Fabric, limits: Limits, judge: Judge) -> Stock:
    """Read every file that counts once, and decide about every object."""
    judge = unless_ignored(judge, fabric.ignores)
    found = discover(tree, fabric.ingest.layout_roots, limits)
    namespace = fabric.cluster.namespace if fabric.cluster else "default"
    files = tuple(parse(each, namespace, limits, judge) for each in found.inputs)
    claimed = {file.path: tuple(claims(file)) for file in files}
    frozen = {each.source.path: FileResult.REJECTED for each in found.blocked}
    frozen |= {file.path: FileResult.REJECTED for file in files if _is_rejected(file, claimed[file.path], fabric)}
    every = (claim for held in claimed.values() for claim in held)
    reconciled = reconcile(files, every, frozen, fabric.ingest.on_conflict)
    return Stock(found=found, files=files, claims=claimed, reconciled=reconciled)


def _is_rejected(file: ParsedFile, claimed: Sequence[Claim], fabric: Fabric) -> bool:
    """True if the file has to stay as it is for its own faults."""
    if file.broken or not file.refused:
        return file.broken
    has_others = any(found.standing in {Standing.FOREIGN, Standing.INSTALLER} for found in file.identified)
    is_partly_good = bool(claimed) or has_others
    return not (file.is_raw and fabric.ingest.partial and is_partly_good)


def is_unreadable(stock: Stock) -> bool:
    """True if a file of the desired state hides who its objects are."""
    hidden = (file for file in stock.files if not file.is_raw)
    return any(each.place.area is not Area.RAW for each in stock.found.blocked) or any(
        file.broken or _hides_objects(file) for file in hidden
    )


def _hides_objects(file: ParsedFile) -> bool:
    return any(found.standing is Standing.INVALID for found in file.identified)
