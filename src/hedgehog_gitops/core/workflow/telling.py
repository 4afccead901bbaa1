"""What becomes of our comment on a pull request and of our issue about drift: one each, kept current."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from hedgehog_gitops.core.workflow.marking import Mark, mark_of
from hedgehog_gitops.model.workflow import Note


@dataclass(frozen=True, slots=True)
class Leave:
    """Nothing is written. `note` is the one that stands, if there is one."""

    note: Note | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Add:
    """A new one is written."""


@dataclass(frozen=True, slots=True)
class Edit:
    """This one is written anew; `is_open` is what becomes of an issue."""

    note: Note
    is_open: bool = True


Decision: TypeAlias = Leave | Add | Edit


def decide_comment(ours: Sequence[Note], mark: Mark, *, is_clean: bool) -> Decision:
    """What to do about a comment. The one of a later run stands; a clean text is written only over another."""
    known = _about(ours, mark)
    if known is None:
        return Leave(reason="there is nothing to tell") if is_clean else Add()
    return _over(known, mark) or Edit(known)


def decide_issue(ours: Sequence[Note], mark: Mark, title: str, *, is_clean: bool) -> Decision:
    """What to do about an issue: opened, kept current, closed. Whoever removes its mark has taken it over."""
    known = _about(ours, mark)
    if known is None:
        taken = next((note for note in ours if note.is_open and note.title == title and not mark_of(note.body)), None)
        if taken is not None:
            return Leave(taken, "a person has taken the issue over")
        return Leave(reason="there is nothing to tell") if is_clean else Add()
    if is_clean and not known.is_open:
        return Leave(known, "it is closed already")
    return _over(known, mark) or _unless_same(known, mark, is_open=not is_clean)


def _about(ours: Sequence[Note], mark: Mark) -> Note | None:
    """Ours about this subject: the open one first, and the oldest of those, if two runs once made two."""
    about = [note for note in ours if (found := mark_of(note.body)) is not None and found.subject == mark.subject]
    return min(about, key=lambda note: (not note.is_open, note.id), default=None)


def _over(known: Note, mark: Mark) -> Leave | None:
    """A run that was overtaken says nothing."""
    found = mark_of(known.body)
    is_later = found is not None and found.run > mark.run
    return Leave(known, "a later run has told already") if is_later else None


def _unless_same(known: Note, mark: Mark, *, is_open: bool) -> Decision:
    found = mark_of(known.body)
    if found is not None and found.digest == mark.digest and known.is_open is is_open:
        return Leave(known, "it says the same already")
    return Edit(known, is_open=is_open)
