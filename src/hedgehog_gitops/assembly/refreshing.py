"""Where a refresh reads from: the cluster of a fabric, the current context of a kubeconfig, or files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hedgehog_gitops.adapters.worktree import read_paths
from hedgehog_gitops.assembly.configuration import choose_fabrics, find_configuration, load_settings
from hedgehog_gitops.core.gathering import read_manifests
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.errors import UnreachableError, UsageError
from hedgehog_gitops.model.finding import has_errors
from hedgehog_gitops.model.kind import KINDS, WIRING, kind_named
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.settings import ClusterSettings

SWITCH_PROFILE = kind_named(WIRING, "SwitchProfile")


def definitions_in_files(path: str) -> tuple[JsonObject, ...]:
    """The CustomResourceDefinitions in a file or below a directory; `UsageError` if there are none."""
    return _some(path, "CustomResourceDefinition", "CustomResourceDefinitions")


def definitions_of_cluster(config: str | None, names: Sequence[str] | None) -> tuple[JsonObject, ...]:
    """The CustomResourceDefinitions of the chosen fabric's cluster."""
    cluster, root = _cluster(config, names)
    if cluster.directory:
        return definitions_in_files(str(root / cluster.directory))
    from hedgehog_gitops.adapters.kubernetes import KubernetesCluster, read_definitions  # noqa: PLC0415 - slow, only now

    return read_definitions(KubernetesCluster(cluster, root=root).transport, KINDS)


def profiles_in_files(path: str) -> tuple[JsonObject, ...]:
    """The SwitchProfile objects in a file or below a directory; `UsageError` if there are none."""
    return _some(path, SWITCH_PROFILE.kind, "SwitchProfile objects")


def profiles_of_cluster(config: str | None, names: Sequence[str] | None) -> tuple[JsonObject, ...]:
    """The SwitchProfile objects of the chosen fabric's cluster; an error if there are none."""
    cluster, root = _cluster(config, names)
    if cluster.directory:
        return profiles_in_files(str(root / cluster.directory))
    from hedgehog_gitops.adapters.kubernetes import KubernetesCluster  # noqa: PLC0415 - slow, only now

    live = KubernetesCluster(cluster, root=root).read([SWITCH_PROFILE])
    for reason in live.unknown.values():
        raise UnreachableError(SideName.CLUSTER, reason)
    if not live.objects:
        raise UsageError("the cluster has no SwitchProfile objects in this namespace")
    return tuple(found.value for found in live.objects.values())


def _some(path: str, kind: str, plural: str) -> tuple[JsonObject, ...]:
    results = read_manifests(read_paths([Path(path)], Limits()), Limits())
    for result in results:
        if has_errors(result.findings):
            finding = result.findings[0]
            raise UsageError(f"{finding.origin.path}:{finding.origin.line}: {finding.message}")
    values = [as_object(document.value) for result in results for document in result.documents]
    found = [value for each in values for value in _items(each) if value.get("kind") == kind]
    if not found:
        raise UsageError(f"there are no {plural} in {path}")
    return tuple(found)


def _items(value: JsonObject) -> list[JsonObject]:
    """An object itself, or those of a list as `kubectl get -o yaml` prints it."""
    is_list = as_text(value.get("kind")).endswith("List") and isinstance(value.get("items"), list)
    return [as_object(item) for item in as_list(value["items"])] if is_list else [value]


def _cluster(config: str | None, names: Sequence[str] | None) -> tuple[ClusterSettings, Path]:
    """The one cluster to ask, and where its relative paths start."""
    if config is None and find_configuration(Path.cwd()) is None:
        return ClusterSettings(), Path.cwd()
    settings = load_settings(config)
    clusters = {fabric.name: fabric.cluster for fabric in choose_fabrics(settings, names) if fabric.cluster is not None}
    if len(clusters) != 1:
        found = ", ".join(clusters) or "none of them names a cluster"
        raise UsageError(f"one cluster is needed, name its fabric with --fabric: {found}")
    return next(iter(clusters.values())), Path(settings.root)
