from __future__ import annotations

import pytest

from hedgehog_gitops.cli import main as entry
from hedgehog_gitops.cli.exits import Exit, exit_of, worst
from hedgehog_gitops.model.errors import (
    HedgehogGitopsError,
    LockHeldError,
    PushRejectedError,
    SettingsError,
    UnreachableError,
    UsageError,
)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["--version"], 0),
        ([], 64),
        (["nonsense"], 64),
        (["plan", "--no-such-option"], 64),
        (["validate", "/does/not/exist.yaml"], 64),
    ],
    ids=["help", "version", "nothing", "command", "option", "path"],
)
def test_how_a_command_line_ends(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(arguments) == code
    said = capsys.readouterr()
    assert said.out or said.err


def test_a_bug_is_one_line_and_its_own_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_args: object) -> int:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(entry, "_run", broken)
    assert entry.main(["status"]) == Exit.BUG
    assert capsys.readouterr().err == (
        "hedgehog-gitops: a bug: ZeroDivisionError: oops (run again with -v for the place, and report it)\n"
    )


def test_an_interrupt_has_its_own_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_args: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(entry, "_run", interrupted)
    assert entry.main(["status"]) == Exit.INTERRUPTED


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("no"), Exit.USAGE),
        (SettingsError(()), Exit.USAGE),
        (UnreachableError("git", "gone"), Exit.UNREACHABLE),
        (LockHeldError("lab", "here", "r1", "soon"), Exit.LOCKED),
        (PushRejectedError("main", "abc"), Exit.FAILED),
    ],
    ids=["usage", "settings", "unreachable", "locked", "push"],
)
def test_each_error_has_its_code(error: HedgehogGitopsError, code: Exit) -> None:
    assert exit_of(error) is code


def test_of_several_fabrics_a_failure_counts_before_pending_changes() -> None:
    assert worst([Exit.DONE, Exit.CHANGES, Exit.FAILED]) is Exit.FAILED
    assert worst([Exit.CHANGES, Exit.UNREACHABLE]) is Exit.UNREACHABLE
    assert worst([]) is Exit.DONE
