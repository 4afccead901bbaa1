"""`lock show` and `lock release RUN_ID`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from hedgehog_gitops.adapters.clock import SystemClock
from hedgehog_gitops.assembly.configuration import choose_fabrics
from hedgehog_gitops.assembly.locks import known_lock, release_lock
from hedgehog_gitops.cli.configured import configured
from hedgehog_gitops.cli.exits import Exit
from hedgehog_gitops.cli.output import write_result
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.state import Lease
from hedgehog_gitops.render.sync_json import instant
from hedgehog_gitops.render.text import as_json


def lock(args: Namespace) -> int:
    """Show who holds the lock of each fabric; or take it away from one run, named by its id."""
    settings = configured(args)
    fabrics = choose_fabrics(settings, args.fabric)
    if (args.way == "release") != (args.run_id is not None):
        raise UsageError("lock show, or lock release RUN_ID")
    if args.run_id is not None:
        released = [fabric.name for fabric in fabrics if release_lock(fabric, settings, args.run_id)]
        if not released:
            raise UsageError(f"run {args.run_id} holds no lock; `lock show` says which run does")
        write_result(args, lambda form: _released(form, released, args.run_id))
        return Exit.DONE
    known = [(fabric, known_lock(fabric, settings)) for fabric in fabrics]
    write_result(args, lambda form: _locks(form, known))
    return Exit.DONE


def _released(form: str, fabrics: list[str], run_id: str) -> str:
    if form == "json":
        return as_json({"schema": "hedgehog-gitops/released/v1", "fabrics": [*fabrics], "run_id": run_id})
    return "".join(f"{name}: run {run_id} does not hold the lock any more\n" for name in fabrics)


def _locks(form: str, known: Sequence[tuple[Fabric, Lease | None]]) -> str:
    if form != "json":
        return "".join(_line(fabric, lease) for fabric, lease in known)
    listed: list[Json] = [_value(fabric, lease) for fabric, lease in known]
    return as_json({"schema": "hedgehog-gitops/locks/v1", "fabrics": listed})


def _line(fabric: Fabric, lease: Lease | None) -> str:
    if lease is None:
        return f"{fabric.name}: free\n"
    return (
        f"{fabric.name}: {_word(lease)}: run {lease.run_id} of {lease.holder}, taken {instant(lease.acquired_at)},"
        f" renewed {instant(lease.renewed_at)}, until {instant(lease.expires_at)}, fence {lease.fence}\n"
    )


def _word(lease: Lease) -> str:
    return "held" if lease.is_live(SystemClock().now()) else "expired"


def _value(fabric: Fabric, lease: Lease | None) -> JsonObject:
    if lease is None:
        return {"fabric": fabric.name, "lock": "free"}
    return {
        "fabric": fabric.name,
        "lock": _word(lease),
        "run_id": lease.run_id,
        "holder": lease.holder,
        "acquired_at": instant(lease.acquired_at),
        "renewed_at": instant(lease.renewed_at),
        "expires_at": instant(lease.expires_at),
        "seconds": lease.duration.total_seconds(),
        "fence": lease.fence,
    }
