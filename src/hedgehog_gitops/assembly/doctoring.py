"""`doctor`: everything that a sync needs is looked at, one after the other, and nothing is changed."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from hedgehog_gitops.adapters.clock import SystemClock
from hedgehog_gitops.assembly.endpoints import keeps_state_in_cluster, open_cluster, open_netbox, open_state
from hedgehog_gitops.assembly.sources import in_git
from hedgehog_gitops.core.doctor import (
    CLUSTER,
    CONFIGURATION,
    GIT,
    NOTIFY,
    STATE,
    clock_finding,
    names_nothing,
    object_needs,
    permission_findings,
)
from hedgehog_gitops.core.netbox_access import NETBOX_CHECK, netbox_findings
from hedgehog_gitops.model.errors import HedgehogGitopsError, UnreachableError
from hedgehog_gitops.model.health import Grade, Health, Need
from hedgehog_gitops.model.settings import ClusterSettings, Fabric, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was found, and the versions of what takes part; a cluster's by the name of its fabric."""

    findings: tuple[Health, ...]
    versions: Mapping[str, str]


def examine(fabrics: Sequence[Fabric], settings: Settings) -> Examination:
    """Look at everything that syncs of these fabrics need."""
    versions = {"hedgehog-gitops": _version("hedgehog-gitops"), "python": platform.python_version()}
    versions |= {"kubernetes client": _version("kubernetes")}
    findings = [*_configuration(settings), *_git(settings, versions)]
    for fabric in fabrics:
        findings += [*_cluster(fabric, settings, versions), *_netbox(fabric, settings, versions)]
        findings += [*_state(fabric, settings), *_notify(fabric, settings)]
    return Examination(findings=tuple(findings), versions=versions)


def _configuration(settings: Settings) -> Iterator[Health]:
    number = len(settings.fabrics)
    yield Health(check=CONFIGURATION, grade=Grade.OK, message=f"it is valid and has {number} fabrics")
    for warning in settings.warnings:
        place = f"{warning.origin.path}:{warning.origin.line}"
        yield Health(
            check=CONFIGURATION, grade=Grade.WARNING, message=f"{place}: {warning.message}", advice=warning.hint
        )


def _git(settings: Settings, versions: dict[str, str]) -> Iterator[Health]:
    root = Path(settings.root)
    if not in_git(root):
        yield Health(
            check=GIT,
            grade=Grade.WARNING,
            message=f"{root} is not in a git repository: files on disk are synced",
            advice="keep the fabric in git, so that every change has an author and can be undone",
        )
        return
    from hedgehog_gitops.adapters.git import git_version, open_branch  # noqa: PLC0415 - only with a repository

    try:
        versions["git"] = git_version(root)
        probe = open_branch(root, settings.git, settings.limits).probe()
    except HedgehogGitopsError as error:
        yield _failed(GIT, error)
        return
    yield Health(check=GIT, grade=Grade.OK, message=f"{probe.name} can be read, and is at {probe.revision[:12]}")
    if probe.refusal:
        yield Health(
            check="git-write",
            grade=Grade.WARNING,
            message=f"{probe.name} cannot be written: {probe.refusal}",
            advice="let these credentials push, or leave raw/ empty: sync publishes what it takes in there",
        )


def _cluster(fabric: Fabric, settings: Settings, versions: dict[str, str]) -> Iterator[Health]:
    if fabric.cluster is None:
        if not fabric.sides:
            yield names_nothing(fabric)
        return
    try:
        if fabric.cluster.directory:
            live = open_cluster(fabric, settings).read([])
            yield _ok(CLUSTER, fabric, f"the directory {fabric.cluster.directory} stands for it ({live.side.value})")
            return
        yield from _server(fabric, fabric.cluster, settings, versions)
    except HedgehogGitopsError as error:
        yield _failed(CLUSTER, error, fabric.name)


def _server(fabric: Fabric, cluster: ClusterSettings, settings: Settings, versions: dict[str, str]) -> Iterator[Health]:
    from hedgehog_gitops.adapters.kubernetes import (  # noqa: PLC0415 - a slow client, only now
        STATE_NEEDS,
        KubernetesCluster,
        held,
        look_at_server,
    )

    transport = KubernetesCluster(cluster, root=Path(settings.root)).transport
    server = look_at_server(transport)
    versions[f"cluster of {fabric.name}"] = server.version
    yield _ok(CLUSTER, fabric, f"Kubernetes {server.version} answered in {server.seconds * 1000:.0f} ms")
    yield clock_finding(fabric.name, server.time, SystemClock().now(), timedelta(seconds=server.seconds))
    yield from permission_findings(fabric, held(transport, cluster.namespace, object_needs(fabric)))
    if keeps_state_in_cluster(fabric):
        needs = [Need(group, resource, verb) for group, resource, verbs in STATE_NEEDS for verb in verbs]
        yield from permission_findings(fabric, held(transport, cluster.namespace, needs), "state and lock")


def _netbox(fabric: Fabric, settings: Settings, versions: dict[str, str]) -> Iterator[Health]:
    if fabric.netbox is None:
        return
    try:
        if fabric.netbox.file:
            number = len(open_netbox(fabric, settings, "").read(()).objects)
            yield _ok(
                NETBOX_CHECK, fabric, f"the file {fabric.netbox.file} stands for it, with {number} objects of ours"
            )
            return
        from hedgehog_gitops.assembly.netbox_access import known_access, owned  # noqa: PLC0415 - a slow client

        seen = known_access(fabric, fabric.netbox, settings)
        versions[f"NetBox of {fabric.name}"] = seen.version
        yield from netbox_findings(fabric, fabric.netbox, seen, owned(fabric, settings))
    except HedgehogGitopsError as error:
        yield _failed(NETBOX_CHECK, error, fabric.name)


def _state(fabric: Fabric, settings: Settings) -> Iterator[Health]:
    """Opening the file takes its write lock; in a cluster the permissions say whether it can be written."""
    if not fabric.sides:
        return
    try:
        open_state(fabric, settings).load(fabric.name)
    except HedgehogGitopsError as error:
        yield _failed(STATE, error, fabric.name)
        return
    where = "in the cluster, and can be read" if keeps_state_in_cluster(fabric) else "in a file that can be written"
    yield _ok(STATE, fabric, f"state and lock are kept {where}")


def _notify(fabric: Fabric, settings: Settings) -> Iterator[Health]:
    if fabric.notify is None:
        return
    from hedgehog_gitops.assembly.notifying import recipient  # noqa: PLC0415 - only where somebody is told

    found = recipient(fabric.notify, Path(settings.root))
    if isinstance(found, str):
        advice = "set it where syncs run; until then nobody is told of changes of status"
        yield Health(check=NOTIFY, grade=Grade.WARNING, message=found, advice=advice, fabric=fabric.name)
    else:
        yield _ok(NOTIFY, fabric, "address and secret are there (nothing was sent)")


def _ok(check: str, fabric: Fabric, message: str) -> Health:
    return Health(check=check, grade=Grade.OK, message=message, fabric=fabric.name)


def _failed(check: str, error: HedgehogGitopsError, fabric: str = "") -> Health:
    if isinstance(error, UnreachableError):
        advice = error.advice or "check the address, the network and the credentials"
        return Health(check=check, grade=Grade.ERROR, message=error.reason, advice=advice, fabric=fabric)
    return Health(check=check, grade=Grade.ERROR, message=str(error), advice="correct that first", fabric=fabric)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed as a package"
