"""Taking raw files in, and keeping managed files in their one home: seven stages, all of them values in, values out.

`discover` finds the files, `parse` reads and identifies, `normalise` makes an object's own text, `reconcile` decides
who is right, `stock` holds all of that; `take_in` and `change_set` turn it into changes of the tree, `tell` into
findings. `plan` runs them in order.
"""

from __future__ import annotations

from hedgehog_gitops.core.ingest.parse import accept_all
from hedgehog_gitops.core.ingest.plan import plan_ingestion
from hedgehog_gitops.core.ingest.values import (
    DocumentOutcome,
    DocumentResult,
    FileOutcome,
    FileResult,
    Ingestion,
    Judge,
)

__all__ = [
    "DocumentOutcome",
    "DocumentResult",
    "FileOutcome",
    "FileResult",
    "Ingestion",
    "Judge",
    "accept_all",
    "plan_ingestion",
]
