"""What a judge of one kind is given, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from hedgehog_gitops.core.semantics.faults import Fault
from hedgehog_gitops.core.semantics.stored import Stored
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.snapshot import Manifest

Alone: TypeAlias = Callable[[Manifest, JsonObject, FabricConstants], Iterable[Fault]]
"""(manifest, spec as stored, constants). The manifest is there for names, labels and annotations."""

Together: TypeAlias = Callable[[str, JsonObject, Stored], Iterable[Fault]]
"""(name, spec as stored, the set)."""
