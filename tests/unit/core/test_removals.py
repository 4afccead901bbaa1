from __future__ import annotations

import pytest

from fakes.fabrics import thing
from fakes.memory_side import key_of
from fakes.texts import switch_group
from hedgehog_gitops.core import removals as module
from hedgehog_gitops.core.removals import removals
from hedgehog_gitops.model.history import FileChange, FileVersion, HistoryStep

GONE = key_of(thing("SwitchGroup", "gone"))
A, B = "f/raw/a.yaml", "f/raw/b.yaml"


def file(path: str, *names: str, text: str = "") -> FileVersion:
    return FileVersion(path, ("---\n".join(map(switch_group, names)) + text).encode())


def step(commit: str, before: list[list[FileVersion]], after: list[FileVersion]) -> HistoryStep:
    return HistoryStep(FileChange(commit=commit, is_removal=True), tuple(map(tuple, before)), tuple(after))


TAKEN_OUT = step("taken", [[file(A, "gone", "stays")]], [file(A, "stays")])


@pytest.mark.parametrize(
    ("steps", "commit"),
    [
        ([TAKEN_OUT], "taken"),
        ([step("later", [[file(A, "stays")]], [file(A, "stays", text="# edited\n")]), TAKEN_OUT], "taken"),
        ([step("whole", [[file(A, "gone", "stays")]], [])], "whole"),
        ([step("again", [[file(B, "gone")]], []), TAKEN_OUT], "again"),
        ([step("moved", [[file(A, "gone", "stays")]], [file(A, "stays"), file(B, "gone")]), TAKEN_OUT], None),
        ([step("made", [[]], [file(A, "gone")])], None),
        ([step("merge", [[file(A, "gone")], [file(A, "stays")]], [file(A, "both")]), TAKEN_OUT], "taken"),
        ([step("merge", [[file(A, "gone")], [file(A, "gone", "x")]], [file(A, "x")])], "merge"),
        ([step("broken", [[file(A, "x")]], [file(A, "gone", text="\t{")]), TAKEN_OUT], None),
        ([step("root", [], [file(A, "stays")]), TAKEN_OUT], "taken"),
        ([step("alike", [[file(A, "gone-2", "x")]], [file(A, "x")]), TAKEN_OUT], "taken"),
        ([], None),
    ],
    ids=[
        "a document of several", "an edit since", "with the whole file", "the newest of two", "moved to another file",
        "still there as far as is known", "a merge of a removal", "removed by the merge itself",
        "a file that cannot be read", "a clone's end", "a name with more to it", "no history",
    ],
)  # fmt: skip
def test_the_newest_commit_that_had_it_and_left_it_nowhere(steps: list[HistoryStep], commit: str | None) -> None:
    """Issue 5, reasons and authors: an object that was taken out of a file of several, or nobody."""
    found = removals([GONE], steps, "default")
    assert {key: change.commit for key, change in found.items()} == ({} if commit is None else {GONE: commit})


def test_no_step_is_read_once_all_are_found() -> None:
    def endless() -> object:
        yield TAKEN_OUT
        raise AssertionError

    assert removals([GONE], endless(), "default")  # type: ignore[arg-type]


def test_a_long_history_of_edits_ends_before_it_costs_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_READ", 3)
    noise = [step(f"n{number}", [[file(A, "x", text="# gone\n")]], [file(A, "x")]) for number in range(9)]
    assert removals([GONE], [*noise[:2], TAKEN_OUT], "default")
    assert removals([GONE], [*noise, TAKEN_OUT], "default") == {}
