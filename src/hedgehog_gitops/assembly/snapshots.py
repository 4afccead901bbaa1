"""The live objects of a cluster as canonical manifests on disk."""

from __future__ import annotations

from pathlib import Path

from hedgehog_gitops.core.canonical import canonical
from hedgehog_gitops.core.layout import managed_path
from hedgehog_gitops.core.looking import is_compared
from hedgehog_gitops.core.writing import to_yaml
from hedgehog_gitops.model.kind import USER_KINDS, kind_of
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.ports import Side


def write_snapshot(side: Side, directory: Path, fabric: Fabric) -> tuple[int, dict[str, str]]:
    """One file for each object, in the layout of the directory side; how many, and kinds that are not known."""
    live = side.read([kind for kind in USER_KINDS if is_compared(fabric, kind)])
    for key, found in live.objects.items():
        file = directory / managed_path(key).partition("/")[2]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(to_yaml(canonical(kind_of(key), found.value, key.namespace)), encoding="utf-8")
    return len(live.objects), {kind: reason for (_, kind), reason in live.unknown.items()}
