"""`action`: what the GitHub Action runs. Inputs come from the environment; results go to the runner's files.

Everything is told without secrets and within GitHub's limits. What GitHub refuses is a notice and changes no exit code.
"""

from __future__ import annotations

import os
import sys
import tempfile
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hedgehog_gitops.cli.action_commands import carry_out
from hedgehog_gitops.cli.action_files import write_files
from hedgehog_gitops.cli.action_step import Step, open_step
from hedgehog_gitops.cli.action_telling import parts, tell, touched_files
from hedgehog_gitops.cli.exits import Exit
from hedgehog_gitops.core.workflow.choosing import annotated, placed_below
from hedgehog_gitops.core.workflow.judging import Judgement, counts, judged
from hedgehog_gitops.core.workflow.matrix import matrix_text
from hedgehog_gitops.core.workflow.outputs import outputs_text
from hedgehog_gitops.core.workflow.secrets import hidden_in, without_secrets
from hedgehog_gitops.model.errors import ForgeError
from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.workflow import Command, Found, Reason
from hedgehog_gitops.render.findings_text import findings_text, summary_line, without_notices
from hedgehog_gitops.render.github import commands, masking, silenced
from hedgehog_gitops.render.plan_text import plan_text
from hedgehog_gitops.render.sync_text import sync_text
from hedgehog_gitops.render.text import one_line
from hedgehog_gitops.render.workflow_page import SUMMARY_SIZE, summary_text

EXITS = {
    Reason.NONE: Exit.DONE,
    Reason.DRIFT: Exit.CHANGES,
    Reason.CHANGES: Exit.CHANGES,
    Reason.UNREACHABLE: Exit.UNREACHABLE,
    Reason.LOCKED: Exit.LOCKED,
    Reason.USAGE: Exit.USAGE,
    Reason.BUG: Exit.BUG,
}
"""The exit code of each reason; 1 for all others."""


def action(_args: Namespace) -> int:
    """Run one step of a workflow; its outputs are written whatever happens."""
    step = open_step(os.environ)
    _write_outputs(step, {"result": "failed", "failure-reason": Reason.BUG.value})  # what a crash leaves
    if step.env.get("GITHUB_ACTIONS") == "true":  # whoever runs it elsewhere would only see them
        _say(masking(step.secrets))
    step, notices = _with_pull_request(step)
    found = hidden_in(carry_out(step), step.secrets)
    judgement = judged(found, step.inputs)
    _say(without_secrets(silenced(_log(found), os.urandom(16).hex()), step.secrets))
    values = write_files(
        step, found, Path(tempfile.mkdtemp(prefix="hedgehog-gitops-", dir=os.environ.get("RUNNER_TEMP")))
    )
    told = tell(step, found, step.forge)
    _annotate(step, found, (*notices, *told.notices))
    _summarize(step, found)
    _write_outputs(step, {**values, **told.outputs, **_values(step, found, judgement)})
    return EXITS.get(judgement.reason, Exit.FAILED)


def _with_pull_request(step: Step) -> tuple[Step, tuple[str, ...]]:
    """The pull request is asked for where the event does not name it: after a merge, and after another run."""
    revision = step.occasion.after_head or (step.occasion.revision if step.inputs.command is Command.APPLY else "")
    if step.forge is None or step.pull_request is not None or not revision:
        return step, ()
    try:
        return replace(step, pull_request=step.forge.pull_request(revision)), ()
    except ForgeError as error:
        return step, (str(error),)


def _log(found: Found) -> str:
    """What a person reads in the log."""
    troubles = [f"{trouble.fabric}: {trouble.message}".removeprefix(": ") for trouble in found.troubles]
    return "".join(
        [
            findings_text(without_notices(found.findings)),
            *map(plan_text, found.plans),
            *map(sync_text, found.results),
            *(f"{name}: {age}\n" for name, age in sorted(found.ages.items())),
            *(f"! {one_line(trouble)}\n" for trouble in troubles),
            summary_line(found.validation.summary) + "\n" if found.validation else "",
        ]
    )


def _annotate(step: Step, found: Found, notices: tuple[str, ...]) -> None:
    """Annotations, where they are wanted: ten of a kind, the most important first."""
    if not step.inputs.annotations:
        _say(
            without_secrets(
                silenced("".join(f"{one_line(each)}\n" for each in notices), os.urandom(16).hex()), step.secrets
            )
        )
        return
    placed = placed_below(step.prefix, without_notices(found.findings))
    told = [(Severity.ERROR, f"{trouble.fabric}: {trouble.message}".removeprefix(": ")) for trouble in found.troubles]
    said = [*told, *((Severity.NOTICE, each) for each in notices)]
    shown = commands(annotated(placed, touched_files(step, step.forge)), said)
    _say(without_secrets(shown, step.secrets))


def _values(step: Step, found: Found, judgement: Judgement) -> dict[str, str]:
    pull_request = step.pull_request
    return {
        **{name: str(number) for name, number in counts(found).items()},
        "result": judgement.result,
        "failure-reason": judgement.reason.value,
        "plan-id": "\n".join(plan.id for plan in found.plans),
        "pull-request-number": str(pull_request.number) if pull_request else "",
        "revision": step.occasion.revision,
        "matrix": matrix_text(step.fabrics),
    }


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _summarize(step: Step, found: Found) -> None:
    """The summary of the step, as far as there is room in its file."""
    if not (name := step.env.get("GITHUB_STEP_SUMMARY")):
        return
    try:
        with Path(name).open("a", encoding="utf-8", errors="backslashreplace") as file:
            text = summary_text(parts(step, found), step.occasion, SUMMARY_SIZE - file.tell())
            file.write(without_secrets(text, step.secrets))
    except OSError as error:
        _say(f"the summary was not written: {error.strerror}\n")


def _write_outputs(step: Step, values: Mapping[str, str]) -> None:
    if name := step.env.get("GITHUB_OUTPUT"):
        shown = {name: without_secrets(value, step.secrets) for name, value in values.items()}
        with Path(name).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(outputs_text(shown, f"end-{os.urandom(16).hex()}"))
