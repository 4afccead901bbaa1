"""Sync: the one way in. Lock, read, ingest, plan, apply, look again, write the status.

Fabrics of one repository share one ingestion, and so one commit; everything else is each fabric's own, and one
fabric's failure never reaches another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hedgehog_gitops.model.errors import HedgehogGitopsError
from hedgehog_gitops.model.state import SyncResult, Trigger
from hedgehog_gitops.usecases.ended import Ended, failed
from hedgehog_gitops.usecases.run import FabricPorts, Run, SyncPorts, begin, finish, unstored

if TYPE_CHECKING:  # a run that does not start takes nothing in
    from hedgehog_gitops.usecases.ingest import FabricIngestion
    from hedgehog_gitops.usecases.sides import Looking


def sync_fabrics(
    fabrics: Sequence[FabricPorts], shared: SyncPorts, *, trigger: Trigger, force: bool = False
) -> tuple[SyncResult, ...]:
    """One result for each fabric, in the order given. Errors that a fabric's own run met are in its result."""
    runs: list[Run] = []
    results: dict[str, SyncResult] = {}

    def beat() -> None:
        for run in tuple(runs):
            run.held.beat()

    try:
        with shared.heart(beat):
            for ports in fabrics:
                begun = _begin(ports, shared, trigger, force=force)
                if isinstance(begun, Run):
                    runs.append(begun)
                else:
                    results[begun.fabric] = begun
            looking = {run.fabric.name: _look_ahead(run) for run in runs[:1]}  # of later ones it would be too old
            taken_in = _take_in(runs, shared)
            for run in runs:
                ended = _converge(run, shared, taken_in[run.fabric.name], looking.pop(run.fabric.name, None))
                results[run.fabric.name] = _finish(run, shared, ended)
    finally:
        for run in runs:
            run.held.release()
    return tuple(results[ports.fabric.name] for ports in fabrics)


def _begin(ports: FabricPorts, shared: SyncPorts, trigger: Trigger, *, force: bool) -> Run | SyncResult:
    try:
        return begin(ports, shared, trigger, force=force)
    except HedgehogGitopsError as error:
        return unstored(ports, shared, trigger, error)


def _take_in(runs: Sequence[Run], shared: SyncPorts) -> dict[str, FabricIngestion | HedgehogGitopsError]:
    """What was taken in, by fabric, or why it could not be. A run that has lost its lock is left out of the commit."""
    if not runs:
        return {}
    shared.progress.step("read the files")
    lost: dict[str, HedgehogGitopsError] = {}
    try:
        parts = shared.take_in([run.fabric for run in runs], lambda: _check_locks(runs, lost))
    except HedgehogGitopsError as error:
        others = [run for run in runs if run.fabric.name not in lost]
        return {**_take_in(others, shared), **lost} if lost else {run.fabric.name: error for run in runs}
    return {part.fabric: part for part in parts}


def _check_locks(runs: Sequence[Run], lost: dict[str, HedgehogGitopsError]) -> None:
    """Before a commit that holds all of their files: note who may not write any more, and raise if somebody may not."""
    for run in runs:
        try:
            run.held.check()
        except HedgehogGitopsError as error:
            lost[run.fabric.name] = error
    if lost:
        raise next(iter(lost.values()))


def _finish(run: Run, shared: SyncPorts, ended: Ended) -> SyncResult:
    try:
        return finish(run, shared, ended)
    except HedgehogGitopsError as error:
        return unstored(run.ports, shared, run.trigger, error, run)


def _look_ahead(run: Run) -> Looking | None:
    from hedgehog_gitops.usecases.converge import look_ahead  # noqa: PLC0415 - all of planning, for runs that start

    return look_ahead(run)


def _converge(
    run: Run, shared: SyncPorts, part: FabricIngestion | HedgehogGitopsError, looking: Looking | None
) -> Ended:
    shared.progress.about(run.fabric.name, run.state.run_id)
    if isinstance(part, HedgehogGitopsError):
        return failed(part)
    from hedgehog_gitops.usecases.converge import converge  # noqa: PLC0415 - see above

    try:
        return converge(run, shared, part, looking)
    except HedgehogGitopsError as error:
        return failed(error, part)
