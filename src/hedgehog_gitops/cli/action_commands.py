"""The commands of the Action, each from its inputs to what it found; errors become troubles of their fabric."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from hedgehog_gitops.assembly.checking import check_all
from hedgehog_gitops.assembly.planning import pictured_plan, plan_now
from hedgehog_gitops.assembly.sources import named_files
from hedgehog_gitops.assembly.syncing import run_apply, run_sync
from hedgehog_gitops.assembly.workflow import ages, approved_plan, told_plans
from hedgehog_gitops.cli.action_step import Step
from hedgehog_gitops.cli.exits import Exit, exit_of
from hedgehog_gitops.core.workflow.approving import allowed_plan
from hedgehog_gitops.model.errors import ForgeError, HedgehogGitopsError, NotApprovedError, StalePlanError, StateError
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.plan import Plan, PlanOptions
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.model.state import Trigger
from hedgehog_gitops.model.workflow import Approval, Command, Found, Reason, Trouble

TRIGGERS = {"push": Trigger.PUSH, "schedule": Trigger.SCHEDULE, "repository_dispatch": Trigger.API}
"""What started a sync, by the event; by hand for all others."""


def carry_out(step: Step) -> Found:
    """Do what the step is for, fabric by fabric; one that cannot be reached keeps no other from its turn."""
    if step.settings is None or step.trouble is not None:
        return Found(findings=step.findings, troubles=(step.trouble,) if step.trouble else ())
    match step.inputs.command:
        case Command.VALIDATE:
            return _validate(step, step.settings)
        case Command.REPORT if step.occasion.after:
            return _stored(step)
        case Command.REPORT:
            return _each(step, lambda fabric, settings: _report(step, fabric, settings))
        case Command.PLAN:
            return _each(step, lambda fabric, settings: _plan(step, fabric, settings))
        case Command.DRIFT:
            found = _each(step, lambda fabric, settings: _plan(step, fabric, settings))
            return replace(found, ages=ages(step.fabrics, step.settings))
        case Command.APPLY:
            return _each(step, lambda fabric, settings: _apply(step, fabric, settings))
        case Command.SYNC:
            return replace(_sync(step, step.settings), ages=ages(step.fabrics, step.settings))
        case _:
            assert_never(step.inputs.command)


def reason_of(error: HedgehogGitopsError) -> Reason:
    """The word for an error that kept a fabric from its turn."""
    if isinstance(error, StalePlanError | NotApprovedError):
        return Reason.NOT_APPROVED
    if isinstance(error, StateError | ForgeError):
        return Reason.UNREACHABLE
    reasons = {Exit.USAGE: Reason.USAGE, Exit.UNREACHABLE: Reason.UNREACHABLE, Exit.LOCKED: Reason.LOCKED}
    return reasons.get(exit_of(error), Reason.PARTIAL)


def _validate(step: Step, settings: Settings) -> Found:
    checked = check_all(settings, step.inputs.fabrics, strict=step.inputs.strict)
    return Found(findings=checked.findings, validation=checked._replace(snapshots=()))


def _each(step: Step, work: Callable[[Fabric, Settings], Found]) -> Found:
    found = Found()
    for fabric in step.fabrics:
        if step.settings is not None:
            found = _together(found, _attempted(fabric, step.settings, work))
    return found


def _attempted(fabric: Fabric, settings: Settings, work: Callable[[Fabric, Settings], Found]) -> Found:
    try:
        return work(fabric, settings)
    except HedgehogGitopsError as error:
        return Found(troubles=(Trouble(reason=reason_of(error), message=str(error), fabric=fabric.name),))


def _together(one: Found, other: Found) -> Found:
    return replace(
        one,
        findings=(*one.findings, *other.findings),
        plans=(*one.plans, *other.plans),
        results=(*one.results, *other.results),
        troubles=(*one.troubles, *other.troubles),
        pictures=(*one.pictures, *other.pictures),
    )


def _plan(step: Step, fabric: Fabric, settings: Settings) -> Found:
    made, findings = _planned(step, fabric, settings)
    return Found(plans=(made,), findings=findings)


def _report(step: Step, fabric: Fabric, settings: Settings) -> Found:
    made, findings, seen = pictured_plan(fabric, settings, PlanOptions(strict=step.inputs.strict))
    return Found(plans=(made,), findings=findings, pictures=(seen,))


def _planned(step: Step, fabric: Fabric, settings: Settings) -> tuple[Plan, tuple[Finding, ...]]:
    """The plan, with the deletions that a label of the pull request allows to exactly this plan."""
    made, findings = plan_now(fabric, settings, None, PlanOptions(strict=step.inputs.strict))
    if not made.withheld or not _allowed(step, made):
        return made, findings
    return plan_now(fabric, settings, None, _options(step, made))


def _apply(step: Step, fabric: Fabric, settings: Settings) -> Found:
    """Carry out the plan that was approved: it is made anew, and must have the same effect."""
    made, findings = _planned(step, fabric, settings)
    if not made.changes:
        return Found(plans=(made,), findings=findings)
    if step.inputs.approval is Approval.PULL_REQUEST:
        approved = approved_plan(step.forge, step.pull_request, fabric)
        if approved.id != made.id:
            raise StalePlanError("the effect", approved.id, made.id)
    source, options = named_files(settings, None), _options(step, made)
    result = run_apply(fabric, settings, source, approved=made.id, options=options)
    return Found(results=(result,), findings=result.findings)


def _stored(step: Step) -> Found:
    """What a run before this one planned, as it stored it."""
    try:
        return Found(plans=told_plans(step.forge, step.occasion.after, step.fabrics))
    except HedgehogGitopsError as error:
        return Found(troubles=(Trouble(reason=reason_of(error), message=str(error)),))


def _sync(step: Step, settings: Settings) -> Found:
    trigger = TRIGGERS.get(step.occasion.event, Trigger.MANUAL)
    try:
        results = run_sync(step.fabrics, settings, trigger=trigger, options=PlanOptions(strict=step.inputs.strict))
    except HedgehogGitopsError as error:
        return Found(troubles=(Trouble(reason=reason_of(error), message=str(error)),))
    return Found(results=results, findings=tuple(finding for each in results for finding in each.findings))


def _allowed(step: Step, made: Plan) -> str:
    return allowed_plan(step.pull_request.labels, made.id) if step.pull_request else ""


def _options(step: Step, made: Plan) -> PlanOptions:
    return PlanOptions(strict=step.inputs.strict, allow_deletes=_allowed(step, made))
