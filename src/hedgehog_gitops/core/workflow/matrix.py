"""The fabrics as the matrix of a workflow: a job for each, as `fromJSON` takes it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hedgehog_gitops.model.settings import Fabric


def matrix_text(fabrics: Sequence[Fabric]) -> str:
    """One line of JSON with an entry a fabric: `fabric` and `directory`."""
    return json.dumps({"include": [{"fabric": each.name, "directory": each.directory} for each in fabrics]})
