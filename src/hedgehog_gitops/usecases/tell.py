"""Tell people at the repository's service: one comment a fabric and pull request, one issue a fabric that drifts."""

from __future__ import annotations

from typing import assert_never

from hedgehog_gitops.core.workflow.marking import Mark
from hedgehog_gitops.core.workflow.telling import Add, Edit, Leave, decide_comment, decide_issue
from hedgehog_gitops.model.workflow import Note
from hedgehog_gitops.ports import Forge


def tell_comment(forge: Forge, number: int, mark: Mark, body: str, *, is_clean: bool) -> Note | None:
    """Keep our comment on a pull request current; the one that stands now, if there is one."""
    decision = decide_comment(forge.comments(number), mark, is_clean=is_clean)
    match decision:
        case Leave():
            return decision.note
        case Add():
            return forge.write_comment(number, body)
        case Edit():
            return forge.write_comment(number, body, decision.note)
        case _:
            assert_never(decision)


def tell_issue(forge: Forge, title: str, mark: Mark, body: str, *, is_clean: bool) -> Note | None:
    """Open, update or close our issue about a fabric; the one that stands now, if there is one."""
    decision = decide_issue(forge.issues(), mark, title, is_clean=is_clean)
    match decision:
        case Leave():
            return decision.note
        case Add():
            return forge.write_issue(title, body)
        case Edit():
            return forge.write_issue(title, body, decision.note, is_open=decision.is_open)
        case _:
            assert_never(decision)
