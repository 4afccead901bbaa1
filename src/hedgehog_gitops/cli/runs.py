"""`sync`, `status` and `fabrics`."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence

from hedgehog_gitops.adapters.progress import progress_on
from hedgehog_gitops.assembly.configuration import choose_fabrics
from hedgehog_gitops.assembly.syncing import known_status, run_sync
from hedgehog_gitops.cli.configured import configured
from hedgehog_gitops.cli.exits import Exit, worst
from hedgehog_gitops.cli.options import plan_options
from hedgehog_gitops.cli.output import write_result
from hedgehog_gitops.cli.results import exit_of_result, results_text
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.state import Trigger
from hedgehog_gitops.render.sync_json import instant
from hedgehog_gitops.render.text import as_json
from hedgehog_gitops.usecases.status import FabricStatus


def sync(args: Namespace) -> int:
    """Run `execute_fabric_sync` for the fabrics; those of one repository share one commit."""
    settings = configured(args)
    fabrics = choose_fabrics(settings, args.fabric)
    with progress_on(sys.stderr, is_wanted=not args.no_progress) as progress:
        results = run_sync(
            fabrics,
            settings,
            trigger=Trigger(args.trigger),
            force=args.force,
            options=plan_options(args),
            progress=progress,
        )
    write_result(args, lambda form: results_text(form, results))
    return worst([exit_of_result(result) for result in results])


def status(args: Namespace) -> int:
    """Show what is known, as of when; nothing is asked of git or of the cluster."""
    settings = configured(args)
    known = [known_status(fabric, settings) for fabric in choose_fabrics(settings, args.fabric)]
    write_result(args, lambda form: _statuses(form, known))
    return Exit.DONE


def fabrics(args: Namespace) -> int:
    """List the fabrics of the configuration."""
    settings = configured(args)
    chosen = choose_fabrics(settings, args.fabric)
    write_result(args, lambda form: _fabrics(form, chosen))
    return Exit.DONE


def _statuses(form: str, known: list[FabricStatus]) -> str:
    if form != "json":
        return "".join(_status_line(each) for each in known)
    listed: list[Json] = [_status_value(each) for each in known]
    return as_json({"schema": "hedgehog-gitops/status/v1", "fabrics": listed})


def _fabrics(form: str, chosen: Sequence[Fabric]) -> str:
    if form != "json":
        return "".join(f"{fabric.name}\t{fabric.directory}\n" for fabric in chosen)
    listed: list[Json] = [{"name": fabric.name, "directory": fabric.directory} for fabric in chosen]
    return as_json({"schema": "hedgehog-gitops/fabrics/v1", "fabrics": listed})


def _status_value(known: FabricStatus) -> JsonObject:
    state = known.state
    return {
        "fabric": known.fabric,
        "status": known.status.value,
        "freshness": known.freshness.value,
        "agreement": known.agreement.value,
        "as_of": instant(state.last_attempt_finished_at),
        "last_success_at": instant(state.last_success_at),
        "next_sync_at": instant(known.next_sync_at),
        "revision": state.desired_revision,
        "run_id": state.run_id,
        "error": state.error,
        "error_category": state.error_category,
        "running": known.running.run_id if known.running else "",
        "counts": dict(sorted(state.counts.items())),
    }


def _status_line(known: FabricStatus) -> str:
    state = known.state
    as_of = instant(state.last_attempt_finished_at)
    parts = [
        f"as of {as_of}" if as_of else "never looked",
        f"at {state.desired_revision[:12]}" if state.desired_revision else "",
        f"agreement {known.agreement.value}",
        f"run {known.running.run_id} under way" if known.running else "",
        f"error: {state.error}" if state.error else "",
    ]
    return f"{known.fabric}: {known.status.value} ({', '.join(part for part in parts if part)})\n"
