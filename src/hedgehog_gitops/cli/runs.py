"""`sync`, `status` and `fabrics`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from hedgehog_gitops.assembly.configuration import choose_fabrics
from hedgehog_gitops.assembly.observing import known_statuses, write_metrics
from hedgehog_gitops.assembly.syncing import run_sync
from hedgehog_gitops.cli.configured import configured
from hedgehog_gitops.cli.exits import Exit, exit_of, worst
from hedgehog_gitops.cli.options import plan_options
from hedgehog_gitops.cli.output import TERMINAL, has_colours, write_result
from hedgehog_gitops.cli.progress import progress_of
from hedgehog_gitops.cli.results import exit_of_result, results_text
from hedgehog_gitops.core.status import FabricStatus
from hedgehog_gitops.core.workflow.matrix import matrix_text
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.plain import Json
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.state import Trigger
from hedgehog_gitops.render.status_json import statuses_json
from hedgehog_gitops.render.status_text import statuses_text
from hedgehog_gitops.render.text import as_json

ANY = "any"
"""Every check of `status` that can go wrong."""


def sync(args: Namespace) -> int:
    """Run `execute_fabric_sync` for the fabrics; those of one repository share one commit."""
    if args.watch:
        from hedgehog_gitops.cli.scheduling import watch_sync  # noqa: PLC0415 - one sync needs none of it

        return watch_sync(args)
    if args.metrics_port:
        raise UsageError("--metrics-port is for --watch and worker; one sync counts in a file: --metrics FILE")
    settings = configured(args)
    fabrics = choose_fabrics(settings, args.fabric)
    with progress_of(args) as progress:
        results = run_sync(
            fabrics,
            settings,
            trigger=Trigger(args.trigger),
            force=args.force,
            options=plan_options(args),
            progress=progress,
            metrics=args.metrics,
        )
    write_result(args, lambda form: results_text(form, results))
    return worst([exit_of_result(result) for result in results])


def status(args: Namespace) -> int:
    """Show what is known, as of when; nothing is asked of git or of the cluster."""
    settings = configured(args)
    known, unread = known_statuses(choose_fabrics(settings, args.fabric), settings)
    if args.metrics:
        write_metrics(Path(args.metrics), settings)
    write_result(args, lambda form: _statuses(form, known))
    return worst([Exit.FAILED if _failing(args.fail_on, known) else Exit.DONE, *map(exit_of, unread.values())])


def fabrics(args: Namespace) -> int:
    """List the fabrics of the configuration."""
    settings = configured(args)
    chosen = choose_fabrics(settings, args.fabric)
    write_result(args, lambda form: _fabrics(form, chosen))
    return Exit.DONE


def _statuses(form: str, known: Sequence[FabricStatus]) -> str:
    if form == "json":
        return statuses_json(known)
    return statuses_text(known, has_colours=form == TERMINAL and has_colours())


def _failing(checks: Sequence[str], known: Sequence[FabricStatus]) -> bool:
    """True if something is wrong that the caller wants to hear of by the exit code."""
    return any(found.check in checks or ANY in checks for each in known for found in each.health)


def _fabrics(form: str, chosen: Sequence[Fabric]) -> str:
    if form == "github-matrix":
        return matrix_text(chosen) + "\n"
    if form != "json":
        return "".join(f"{fabric.name}\t{fabric.directory}\n" for fabric in chosen)
    listed: list[Json] = [{"name": fabric.name, "directory": fabric.directory} for fabric in chosen]
    return as_json({"schema": "hedgehog-gitops/fabrics/v1", "fabrics": listed})
