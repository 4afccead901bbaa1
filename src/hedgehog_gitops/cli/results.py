"""Results of runs, as text or JSON and as exit codes."""

from __future__ import annotations

from collections.abc import Sequence

from hedgehog_gitops.cli.exits import Exit
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.state import Outcome, SyncResult
from hedgehog_gitops.render.sync_json import sync_value
from hedgehog_gitops.render.sync_text import sync_text
from hedgehog_gitops.render.text import as_json


def results_text(form: str, results: Sequence[SyncResult]) -> str:
    """The runs in the form asked for; several runs are one JSON object with a list."""
    if form != "json":
        return "".join(sync_text(result) for result in results)
    values: list[JsonObject] = [sync_value(result) for result in results]
    return as_json(values[0] if len(values) == 1 else {"schema": "hedgehog-gitops/syncs/v1", "runs": [*values]})


def exit_of_result(result: SyncResult) -> Exit:
    """The exit code for one run."""
    match result.outcome:
        case Outcome.APPLIED | Outcome.UNCHANGED | Outcome.SKIPPED:
            return Exit.DONE
        case Outcome.ALREADY_RUNNING:
            return Exit.LOCKED
        case _:
            return Exit.UNREACHABLE if result.unreachable else Exit.FAILED
