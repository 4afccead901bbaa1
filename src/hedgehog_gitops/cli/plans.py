"""`plan`, `apply` and `snapshot`: the sides seen from git."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from hedgehog_gitops.assembly.configuration import choose_fabrics
from hedgehog_gitops.assembly.planning import plan_now
from hedgehog_gitops.assembly.snapshots import take_snapshot
from hedgehog_gitops.assembly.sources import named_files
from hedgehog_gitops.assembly.syncing import run_apply
from hedgehog_gitops.cli.configured import configured
from hedgehog_gitops.cli.exits import Exit, worst
from hedgehog_gitops.cli.options import plan_options
from hedgehog_gitops.cli.output import note, write_result
from hedgehog_gitops.cli.progress import progress_of
from hedgehog_gitops.cli.results import exit_of_result, results_text
from hedgehog_gitops.core.saved_plan import asked, plan_from_value, plan_value, why_stale
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.finding import Finding, Severity
from hedgehog_gitops.model.live import LiveSide, SideName
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import FILES, Plan, PlanOptions
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.model.state import SyncResult
from hedgehog_gitops.render.findings_text import findings_text
from hedgehog_gitops.render.plan_text import plan_text
from hedgehog_gitops.render.text import as_json, count, one_line


def plan(args: Namespace) -> int:
    """Show what applying would do, fabric by fabric."""
    settings = configured(args)
    fabrics = choose_fabrics(settings, args.fabric)
    for is_asked, what in ((args.out, "a saved plan"), (args.live, "a snapshot")):
        if is_asked:
            _only(fabrics, what)
    live = Path(args.live) if args.live else None
    plans = [_plan(args, fabric, settings, plan_options(args), live) for fabric in fabrics]
    if args.out:
        Path(args.out).write_text(as_json(plan_value(plans[0])), encoding="utf-8")
    write_result(args, lambda form: _plans_text(form, plans))
    return worst([_plan_exit(each, is_detailed=args.detailed_exitcode) for each in plans])


def apply(args: Namespace) -> int:
    """Carry out a saved plan, or plan, ask and carry out."""
    settings = configured(args)
    saved = _load(Path(args.plan)) if args.plan else None
    if saved is not None and args.fabric and saved.fabric not in args.fabric:
        raise UsageError(f"{args.plan} is a plan of {saved.fabric}, and --fabric names {', '.join(args.fabric)}")
    names = [saved.fabric] if saved else args.fabric
    results = [_apply(args, fabric, settings, saved) for fabric in choose_fabrics(settings, names)]
    done = [each for each in results if each is not None]
    write_result(args, lambda form: results_text(form, done))
    return worst([exit_of_result(each) for each in done])


def show(args: Namespace) -> int:
    """Print a saved plan in any form; nothing is asked of git or of a side."""
    saved = _load(Path(args.plan))
    write_result(args, lambda form: _plans_text(form, [saved]))
    return Exit.DONE


def snapshot(args: Namespace) -> int:
    """Write what the sides hold to a directory: the cluster as one file an object, NetBox as one file."""
    settings = configured(args)
    fabric = _only(choose_fabrics(settings, args.fabric), "a snapshot")
    taken = take_snapshot(fabric, settings, Path(args.directory))
    looks = [each for each in (taken.live, taken.netbox) if each is not None]
    for live in looks:
        _tell_written(fabric, live, args.directory)
    if taken.forgotten:
        note(f"what is remembered of the sides is not known, and not written: {one_line(taken.forgotten)}")
    return Exit.UNREACHABLE if taken.forgotten or any(live.unknown for live in looks) else Exit.DONE


def _tell_written(fabric: Fabric, live: LiveSide, directory: str) -> None:
    what = ("object",) if live.side is SideName.CLUSTER else ("record of NetBox", "records of NetBox")
    note(f"{fabric.name}: {count(len(live.objects), *what)} written to {directory}")
    for (_, kind), reason in sorted(live.unknown.items()):
        note(f"not known, and not written: {kind}: {one_line(reason)}")


def _only(fabrics: Sequence[Fabric], what: str) -> Fabric:
    if len(fabrics) != 1:
        raise UsageError(f"{what} is of one fabric; name it with --fabric")
    return fabrics[0]


def _plan(args: Namespace, fabric: Fabric, settings: Settings, options: PlanOptions, live: Path | None = None) -> Plan:
    with progress_of(args) as progress:
        progress.step(f"{fabric.name}: read the files and look at the cluster")
        made, findings = plan_now(fabric, settings, args.revision, options, live)
    _tell(findings)
    return made


def _apply(args: Namespace, fabric: Fabric, settings: Settings, saved: Plan | None) -> SyncResult | None:
    approved, options = "", plan_options(args) if saved is None else asked(saved, plan_options(args))
    if saved is not None or not args.yes:
        made = _plan(args, fabric, settings, options)
        if saved is not None and (stale := why_stale(saved, made)) is not None:
            raise stale
        if made.changes and not args.yes and not _is_agreed(made):
            note(f"{fabric.name}: nothing was applied")
            return None
        approved = made.id
    with progress_of(args) as progress:
        source = named_files(settings, args.revision)
        return run_apply(fabric, settings, source, approved=approved, options=options, progress=progress)


def _is_agreed(made: Plan) -> bool:
    if not sys.stdin.isatty():
        raise UsageError("apply asks on a terminal; use --yes elsewhere")
    sys.stderr.write(plan_text(made) + f"Apply this to {made.fabric}? Only 'yes' will do: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip() == "yes"


def _plans_text(form: str, plans: list[Plan]) -> str:
    if form == "markdown":
        from hedgehog_gitops.render.plan_page import plan_page  # noqa: PLC0415 - only for this form

        return "\n".join(map(plan_page, plans))
    if form != "json":
        return "".join(map(plan_text, plans))
    values: list[JsonObject] = [plan_value(each) for each in plans]
    return as_json(values[0] if len(values) == 1 else {"schema": "hedgehog-gitops/plans/v1", "plans": [*values]})


def _plan_exit(made: Plan, *, is_detailed: bool) -> Exit:
    if made.frozen:
        return Exit.FAILED if FILES in made.frozen else Exit.UNREACHABLE
    if made.blocked:
        return Exit.FAILED
    return Exit.CHANGES if is_detailed and (made.changes or made.conflicts or made.paused) else Exit.DONE


def _tell(findings: tuple[Finding, ...]) -> None:
    errors = tuple(finding for finding in findings if finding.severity is Severity.ERROR)
    if errors:
        note(findings_text(errors).rstrip())


def _load(file: Path) -> Plan:
    try:
        return plan_from_value(json.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{file} is no saved plan: {error}") from error
