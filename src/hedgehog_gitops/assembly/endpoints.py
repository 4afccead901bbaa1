"""The sides and the memory of a fabric, opened as its configuration says."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path

from hedgehog_gitops.model.errors import UnreachableError, UsageError
from hedgehog_gitops.model.settings import Fabric, NetboxSettings, Settings
from hedgehog_gitops.ports import Records, Side, StateStore

STATE_FILE = "state.sqlite"


def open_cluster(fabric: Fabric, settings: Settings, on_request: Callable[[str, str], None] | None = None) -> Side:
    """The cluster side: a real API server, or a directory that stands for one.

    `on_request` hears of each request to a server, with its method and address.
    """
    if fabric.cluster is None:
        raise UsageError(f"fabric {fabric.name} names no cluster; add `cluster` to its configuration")
    if fabric.cluster.directory:
        from hedgehog_gitops.adapters.directory_cluster import DirectoryCluster  # noqa: PLC0415 - only this side

        return DirectoryCluster(Path(settings.root) / fabric.cluster.directory)
    from hedgehog_gitops.adapters.kubernetes import KubernetesCluster  # noqa: PLC0415 - a slow client, only now

    return KubernetesCluster(fabric.cluster, root=Path(settings.root), on_request=on_request)


def open_netbox(
    fabric: Fabric, settings: Settings, told: str, on_request: Callable[[str, str], None] | None = None
) -> Records:
    """The NetBox side: a real one, or a file that stands for one. `told` is what its change log hears of each write."""
    if fabric.netbox is None:
        raise UsageError(f"fabric {fabric.name} names no NetBox; add `netbox` to its configuration")
    root, own = Path(settings.root), fabric.netbox
    if own.file:
        from hedgehog_gitops.adapters.netbox_file import NetboxFile  # noqa: PLC0415 - only this side

        return NetboxFile(root / own.file, fabric.name)
    from hedgehog_gitops.adapters.netbox import NetboxRecords  # noqa: PLC0415 - a slow client, only now

    placed = own._replace(ca_file=str(root / own.ca_file) if own.ca_file else "")
    token = partial(netbox_token, own, root)
    return NetboxRecords(placed, fabric.name, token, message=f"hedgehog-gitops {told}".strip(), on_request=on_request)


def netbox_token(settings: NetboxSettings, root: Path) -> str:
    """The token, from where the configuration says; `UnreachableError` that names the place and not the token."""
    if settings.token_env:
        token, place = os.environ.get(settings.token_env, ""), f"the environment has no {settings.token_env}"
    else:
        token, place = _read(root / settings.token_file), f"{settings.token_file} holds no token"
    if not token.strip():
        raise UnreachableError("netbox", place, "set it where syncs run")
    return token.strip()


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def open_state(fabric: Fabric, settings: Settings, on_request: Callable[[str, str], None] | None = None) -> StateStore:
    """The fabric's memory: in its cluster, in the file that the configuration names, or below the git directory."""
    root = Path(settings.root)
    if keeps_state_in_cluster(fabric):
        if fabric.cluster is None or fabric.cluster.directory:
            raise UsageError(f"fabric {fabric.name} keeps its state in a cluster (state.backend), but names none")
        from hedgehog_gitops.adapters.kubernetes import KubernetesState  # noqa: PLC0415 - a slow client, only now

        return KubernetesState(fabric.cluster, root=root, on_request=on_request)
    return open_local_state(fabric, settings)


def peek_state(fabric: Fabric, settings: Settings) -> StateStore:
    """The same memory for a quick look: a server that gives no answer is not waited for as a run waits."""
    if not keeps_state_in_cluster(fabric) or fabric.cluster is None or fabric.cluster.directory:
        return open_state(fabric, settings)
    from hedgehog_gitops.adapters.kubernetes import QUICK, KubernetesState  # noqa: PLC0415 - a slow client, only now

    return KubernetesState(fabric.cluster, root=Path(settings.root), patience=QUICK)


def open_local_state(fabric: Fabric, settings: Settings) -> StateStore:
    """The memory on this machine: for a plan without a cluster even that of a fabric which keeps it in the cluster."""
    from hedgehog_gitops.adapters.sqlite_state import SqliteState  # noqa: PLC0415 - not for who has it in a cluster

    root = Path(settings.root)
    if fabric.state.path:
        return SqliteState(root / fabric.state.path)
    return SqliteState(_state_file(root))


def keeps_state_in_cluster(fabric: Fabric) -> bool:
    """True if a fabric's memory is in its cluster: by the configuration, or because it names a real one.

    Whoever names a file wants that.
    """
    match fabric.state.backend:
        case "kubernetes":
            return True
        case "auto":
            return fabric.cluster is not None and not fabric.cluster.directory and not fabric.state.path
        case _:
            return False


def new_run_id() -> str:
    """A name for one run that no other run has."""
    return uuid.uuid4().hex[:12]


def _state_file(root: Path) -> Path:
    """Out of sight of git: below its own directory, by the place of the configuration in the checkout."""
    for top in (root, *root.parents):
        if (top / ".git").is_dir():
            place = root.relative_to(top).as_posix()
            name = STATE_FILE if place == "." else f"{hashlib.sha256(place.encode()).hexdigest()[:8]}-{STATE_FILE}"
            return top / ".git" / "hedgehog-gitops" / name
    return root / ".hedgehog-gitops" / STATE_FILE
