"""Which function judges which kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.core.semantics.stored import Stored
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest

ALONE: dict[str, Callable[[Manifest, JsonObject, FabricConstants], Iterable[Fault]]] = {}
"""By kind: (manifest, spec as stored, constants). The manifest is there for names, labels and annotations."""

TOGETHER: dict[str, Callable[[str, JsonObject, Stored], Iterable[Fault]]] = {}
"""By kind: (name, spec as stored, the set)."""
