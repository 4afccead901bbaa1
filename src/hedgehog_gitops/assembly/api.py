"""The public verbs: one function each, for programs that use the package as a library.

`fabric` is a fabric's name or its settings; `settings` are those of the nearest configuration file unless given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from hedgehog_gitops.assembly.checking import check_paths
from hedgehog_gitops.assembly.configuration import choose_fabrics, load_settings
from hedgehog_gitops.assembly.planning import DEFAULT_OPTIONS, plan_now
from hedgehog_gitops.assembly.releases import release_of
from hedgehog_gitops.assembly.sources import base_files, files, files_or_revision, named_files, shared_branch
from hedgehog_gitops.assembly.syncing import run_apply, run_sync
from hedgehog_gitops.core import due
from hedgehog_gitops.core.saved_plan import asked, why_stale
from hedgehog_gitops.core.validation import schema_judge
from hedgehog_gitops.model.plan import Plan, PlanOptions
from hedgehog_gitops.model.report import Validation
from hedgehog_gitops.model.seen import Seen
from hedgehog_gitops.model.settings import Fabric, FabricConstants, Settings
from hedgehog_gitops.model.state import SyncResult, SyncState, Trigger
from hedgehog_gitops.usecases.ingest import FabricIngestion, IngestReport, foresee_ingest, ingest
from hedgehog_gitops.usecases.init import Initialised, ensure_structure
from hedgehog_gitops.usecases.validate import validate_fabric


def ensure_gitops_structure(fabric: Fabric | str, *, settings: Settings | None = None) -> Initialised:
    """Create or repair the directory structure of a fabric on disk; a second call changes nothing."""
    chosen, known = _resolve(fabric, settings)
    return ensure_structure(chosen, files(known), known.limits)


def ingest_fabric_raw_files(fabric: Fabric | str, *, settings: Settings | None = None) -> IngestReport:
    """Take the raw files of a fabric in, as one commit on the shared branch, or files where there is no git."""
    chosen, known = _resolve(fabric, settings)
    return ingest([chosen], shared_branch(known), known.limits, judge=schema_judge(release_of(known).schemas))


def normalize(fabric: Fabric | str, *, settings: Settings | None = None) -> FabricIngestion:
    """What taking in and normalizing the files on disk would change; nothing is written."""
    chosen, known = _resolve(fabric, settings)
    return foresee_ingest([chosen], files(known), known.limits, schema_judge(release_of(known).schemas))[0]


def validate(
    target: Fabric | Sequence[str | Path],
    *,
    settings: Settings | None = None,
    revision: str | None = None,
    base: str | None = None,
    constants: FabricConstants | str | Path | None = None,
    strict: bool = False,
) -> Validation:
    """Every finding about a fabric, or about loose files and directories taken together as one fabric.

    With `base`, a git revision, also about what changed since. `constants` are the fabric's for loose files, or the
    file that holds them: a section of settings or the installer's `fab.yaml`. Without them they are those of a
    Fabricator among the files, else the defaults. A configured fabric has its own.
    """
    if not isinstance(target, Fabric):
        return check_paths([str(path) for path in target], constants, strict=strict, base=base)
    _, known = _resolve(target, settings)
    source = files_or_revision(known, revision)
    return validate_fabric(target, source, release_of(known), known.limits, base_files(known, base))


def make_plan(
    fabric: Fabric | str,
    *,
    settings: Settings | None = None,
    revision: str | None = None,
    options: PlanOptions = DEFAULT_OPTIONS,
) -> Plan:
    """What applying the files on disk (or of a revision) would do to the fabric's cluster."""
    chosen, known = _resolve(fabric, settings)
    return plan_now(chosen, known, revision, options)[0]


def apply_plan(
    fabric: Fabric | str,
    plan: Plan,
    *,
    settings: Settings | None = None,
    revision: str | None = None,
    options: PlanOptions = DEFAULT_OPTIONS,
) -> SyncResult:
    """Carry out exactly this plan, under the fabric's lock, with the options that it was made with or others.

    `StalePlanError` before any write, and before any run is begun, if something that it was made for has moved.
    """
    chosen, known = _resolve(fabric, settings)
    options = asked(plan, options)
    if (stale := why_stale(plan, plan_now(chosen, known, revision, options)[0])) is not None:
        raise stale
    return run_apply(chosen, known, named_files(known, revision), approved=plan.id, options=options)


def execute_fabric_sync(
    fabric: Fabric | str,
    *,
    trigger: Trigger = Trigger.API,
    force: bool = False,
    settings: Settings | None = None,
    see: Callable[[Fabric], Seen] | None = None,
) -> SyncResult:
    """Read, validate, ingest, plan and apply one fabric under its lock: the only way in for every trigger.

    A run of a schedule that is not due by its stamps asks `see`, if there is one, whether git or a side has moved.
    """
    chosen, known = _resolve(fabric, settings)
    return run_sync([chosen], known, trigger=trigger, force=force, see=see)[0]


def needs_sync(fabric: Fabric, state: SyncState, now: datetime | None = None, *, head: str = "") -> bool:
    """Whether a scheduled run of a fabric is due, going by its stamps, and by git's `head` where one is given."""
    instant = now or datetime.now(UTC)
    is_configured = bool(fabric.sides)
    return bool(due.needs_sync(fabric.sync, state, None, instant, is_configured=is_configured, seen=Seen(head=head)))


def _resolve(fabric: Fabric | str, settings: Settings | None) -> tuple[Fabric, Settings]:
    known = settings or load_settings()
    return (fabric if isinstance(fabric, Fabric) else choose_fabrics(known, [fabric])[0]), known
