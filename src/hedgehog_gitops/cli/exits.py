"""Exit codes, and which error gives which."""

from __future__ import annotations

from enum import IntEnum

from hedgehog_gitops.model.errors import (
    HedgehogGitopsError,
    LockHeldError,
    SettingsError,
    UnreachableError,
    UsageError,
)


class Exit(IntEnum):
    """What the command tells its caller."""

    DONE = 0
    FAILED = 1
    CHANGES = 2
    USAGE = 64
    UNREACHABLE = 69
    BUG = 70
    LOCKED = 75
    INTERRUPTED = 130


MEANINGS = {
    Exit.DONE: "done, or nothing to do",
    Exit.FAILED: "findings of severity error, or a step failed",
    Exit.CHANGES: "changes are pending (plan --detailed-exitcode, normalize --check)",
    Exit.USAGE: "usage or configuration",
    Exit.UNREACHABLE: "a side cannot be reached",
    Exit.BUG: "a bug in this program",
    Exit.LOCKED: "another run holds the lock",
    Exit.INTERRUPTED: "interrupted",
}


def exit_of(error: HedgehogGitopsError) -> Exit:
    """The exit code for an error that ended the command."""
    match error:
        case UsageError() | SettingsError():
            return Exit.USAGE
        case UnreachableError():
            return Exit.UNREACHABLE
        case LockHeldError():
            return Exit.LOCKED
        case _:
            return Exit.FAILED


def worst(codes: list[Exit]) -> Exit:
    """One code for several fabrics: a failure counts before an unreachable side, a lock and pending changes."""
    order = (Exit.FAILED, Exit.UNREACHABLE, Exit.LOCKED, Exit.CHANGES)
    return next((code for code in order if code in codes), Exit.DONE)
