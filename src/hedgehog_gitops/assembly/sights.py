"""A cheap look around, for schedulers: where git's branch is, and whether a side has moved; nothing is read whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from hedgehog_gitops.assembly.in_good_time import in_good_time
from hedgehog_gitops.assembly.sources import in_git
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.seen import Seen
from hedgehog_gitops.model.settings import Fabric, Settings

SIGHT_SECONDS = 10.0
"""How long git and the sides are waited for, all together. Who gives no answer is not known, and nothing follows."""

_GIT = ""  # no name of a fabric


def see(fabrics: Sequence[Fabric], settings: Settings) -> Mapping[str, Seen]:
    """What is seen of each fabric: one question to git for all of them, and the stamps of sides that are directories.

    Of a real cluster nothing cheap says that it has moved: its revision grows with every write, also with our own.
    """
    asks: dict[str, Callable[[], str]] = {_GIT: partial(_head, settings)}
    asks |= {name: partial(_directory, directory, settings) for name, directory in _directories(fabrics)}
    told, _ = in_good_time(asks, SIGHT_SECONDS)
    head = told.get(_GIT, "")
    return {each.name: Seen(head=head, sides=_sides(told.get(each.name, ""))) for each in fabrics}


def see_one(fabric: Fabric, settings: Settings) -> Seen:
    """What is seen of one fabric."""
    return see([fabric], settings)[fabric.name]


def _head(settings: Settings) -> str:
    root = Path(settings.root)
    if not in_git(root):
        return ""
    from hedgehog_gitops.adapters.git import open_branch  # noqa: PLC0415 - git only in a git checkout

    return open_branch(root, settings.git, settings.limits, timeout=SIGHT_SECONDS).head()


def _directories(fabrics: Sequence[Fabric]) -> Iterator[tuple[str, str]]:
    for fabric in fabrics:
        if fabric.cluster is not None and fabric.cluster.directory:
            yield fabric.name, fabric.cluster.directory


def _directory(directory: str, settings: Settings) -> str:
    from hedgehog_gitops.adapters.directory_cluster import directory_version  # noqa: PLC0415 - only this side

    return directory_version(Path(settings.root) / directory)


def _sides(version: str) -> Mapping[str, str]:
    return {SideName.CLUSTER.value: version} if version else {}
