"""The body of the jobs: plain Python that knows nothing of NetBox, and so is tried without it."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from hedgehog_gitops import HedgehogGitopsError, Outcome, Trigger, execute_fabric_sync, load_settings

WORKED = frozenset({Outcome.APPLIED, Outcome.UNCHANGED, Outcome.SKIPPED, Outcome.ALREADY_RUNNING})


def sync_all(config: str, log: logging.Logger) -> dict[str, Mapping[str, object]]:
    """Sync every fabric that is due; what happened to each, as plain data. One fabric's failure stops no other."""
    fabrics = load_settings(config).fabrics
    return {fabric.name: sync_one(config, fabric.name, log, Trigger.SCHEDULE) for fabric in fabrics}


def sync_one(config: str, fabric: str, log: logging.Logger, trigger: Trigger) -> Mapping[str, object]:
    """Sync one fabric. Only a schedule waits until it is due; the lock is the same for everybody."""
    try:
        result = execute_fabric_sync(fabric, trigger=trigger, settings=load_settings(config))
    except HedgehogGitopsError as error:
        log.error("%s: %s", fabric, error)  # noqa: TRY400 - the message says it all
        return {"outcome": Outcome.FAILED.value, "failures": [str(error)]}
    say = log.info if result.outcome in WORKED else log.error
    say("%s: %s %s", fabric, result.outcome.value, result.reason or "; ".join(result.failures))
    return {
        "outcome": result.outcome.value,
        "status": result.status.value,
        "run_id": result.run_id,
        "revision": result.revision,
        "counts": dict(result.counts),
        "failures": list(result.failures),
    }
