"""Runs of sync as lines for people."""

from __future__ import annotations

from hedgehog_gitops.model.state import SyncResult
from hedgehog_gitops.render.findings_text import findings_text, without_notices
from hedgehog_gitops.render.text import one_line

QUIET = frozenset({"files_ignored", "files_unchanged", "pending", "missing", "differing"})


def sync_text(result: SyncResult) -> str:
    """What one run did, what it could not do, and when the next one is due."""
    lines = [findings_text(without_notices(result.findings))]
    lines += [f"  ! {one_line(failure)}\n" for failure in result.failures]
    lines += [
        f"  ! {refused.key}: {refused.refusal.value}: {one_line(refused.message)}\n" for refused in result.refused
    ]
    return "".join([*lines, _headline(result)])


def _headline(result: SyncResult) -> str:
    told = {name: number for name, number in sorted(result.counts.items()) if number and name not in QUIET}
    counts = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in told.items())
    details = [
        part for part in (f"at {result.revision[:12]}" if result.revision else "", counts, result.reason) if part
    ]
    due = f"; next due {result.next_sync_at.isoformat(timespec='seconds')}" if result.next_sync_at else ""
    return f"{result.fabric}: {result.outcome.value} ({one_line('; '.join(details))}); {result.status.value}{due}\n"
