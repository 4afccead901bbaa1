"""What a step of a workflow tells at GitHub. What GitHub refuses becomes a notice; nothing here fails the step."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import NamedTuple

from hedgehog_gitops.cli.action_step import Step
from hedgehog_gitops.core.workflow.judging import has_drift
from hedgehog_gitops.core.workflow.marking import Mark, mark_text
from hedgehog_gitops.core.workflow.secrets import without_secrets
from hedgehog_gitops.model.errors import ForgeError
from hedgehog_gitops.model.workflow import Command, Found, Note
from hedgehog_gitops.ports import Forge
from hedgehog_gitops.render.findings_text import without_notices
from hedgehog_gitops.render.workflow_page import COMMENT_SIZES, Part, comment_text, parts_of, resolved_text
from hedgehog_gitops.usecases.tell import tell_comment, tell_issue

UNFIT = 422
"""GitHub's status for a body that it does not take, be it too long."""
COMMENTED = (Command.VALIDATE, Command.PLAN, Command.APPLY, Command.REPORT)


class Told(NamedTuple):
    """What came of it: outputs, and notices about what GitHub refused."""

    outputs: dict[str, str]
    notices: tuple[str, ...]


def touched_files(step: Step, forge: Forge | None) -> Collection[str]:
    """The files that the pull request changes; nothing where that cannot be known."""
    if forge is None or step.occasion.pull_request is None:
        return ()
    try:
        return forge.changed_files(step.occasion.pull_request.number)
    except ForgeError:
        return ()


def parts(step: Step, found: Found) -> list[Part]:
    """What is told, fabric by fabric."""
    asking = replace(found, findings=without_notices(found.findings))
    return parts_of(asking, [(fabric.name, fabric.directory) for fabric in step.fabrics])


def tell(step: Step, found: Found, forge: Forge | None) -> Told:
    """Comments on the pull request, or issues about drift, where they are wanted."""
    if not step.inputs.comment or step.trouble is not None:
        return Told({}, ())
    if forge is None:
        return Told({}, ("the input comment is true, but there is no token to write a comment with",))
    told, notices = _Gathered(), list[str]()
    for part in parts(step, found):
        if (not part.fabric and part.is_clean) or (step.occasion.after and not part.plans):
            continue
        try:
            note, is_issue = _tell_part(step, part, forge)
            told = told.with_note(note, is_issue=is_issue)
        except ForgeError as error:
            notices.append(f"{error}; {_advice(error)}")
    return Told(told.outputs, tuple(dict.fromkeys(notices)))


class _Gathered(NamedTuple):
    comments: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()

    @property
    def outputs(self) -> dict[str, str]:
        return {"comment-url": "\n".join(self.comments), "issue-number": "\n".join(self.issues)}

    def with_note(self, note: Note | None, *, is_issue: bool) -> _Gathered:
        if note is None:
            return self
        if is_issue:
            return self._replace(issues=(*self.issues, str(note.id)))
        return self._replace(comments=(*self.comments, note.url))


def _tell_part(step: Step, part: Part, forge: Forge) -> tuple[Note | None, bool]:
    if step.inputs.command is Command.DRIFT:
        return _issue(step, part, forge), True
    if step.pull_request is None or step.inputs.command not in COMMENTED:
        return None, False
    return _comment(step, part, forge, step.pull_request.number), False


def _comment(step: Step, part: Part, forge: Forge, number: int) -> Note | None:
    mark = _mark(step, part, Command.PLAN if step.occasion.after else step.inputs.command)
    is_clean = part.is_clean and not part.results
    return _shorter(
        step,
        part,
        mark,
        is_clean=is_clean,
        tell=lambda body: tell_comment(forge, number, mark, body, is_clean=is_clean),
    )


def _issue(step: Step, part: Part, forge: Forge) -> Note | None:
    """Where the sides are not known, an issue is neither opened nor closed."""
    if not part.plans or part.troubles or any(plan.frozen for plan in part.plans):
        return None
    mark, title = _mark(step, part, Command.DRIFT), f"Drift in fabric {part.fabric}"
    is_clean = not any(map(has_drift, part.plans))
    return _shorter(
        step, part, mark, is_clean=is_clean, tell=lambda body: tell_issue(forge, title, mark, body, is_clean=is_clean)
    )


def _shorter(step: Step, part: Part, mark: Mark, *, is_clean: bool, tell: Callable[[str], Note | None]) -> Note | None:
    """Tell it, and again with less if GitHub finds it too long after all."""
    for size in COMMENT_SIZES:
        text = mark_text(mark)
        body = resolved_text(part, step.occasion, text) if is_clean else comment_text(part, step.occasion, text, size)
        try:
            return tell(without_secrets(body, step.secrets))
        except ForgeError as error:
            if error.status != UNFIT or size == COMMENT_SIZES[-1]:
                raise
    return None


def _mark(step: Step, part: Part, about: Command) -> Mark:
    plans = ",".join(plan.id for plan in part.plans)
    head = step.pull_request.head if step.pull_request else step.occasion.revision
    key, run = f"{step.key}:{part.fabric}", step.occasion.run
    return Mark(about=about.value, key=key, head=head, plan=plans, run=run, digest=plans)


def _advice(error: ForgeError) -> str:
    if error.status in (401, 403, 404):
        return (
            "the token may not; the step's summary says the same, and docs/action.md what a fork's pull request needs"
        )
    return "the step's summary says the same"
