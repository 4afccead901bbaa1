"""What a step of a workflow needs beside its command: the repository's service, the approved plan, ages of runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from hedgehog_gitops.adapters.clock import SystemClock
from hedgehog_gitops.assembly.observing import known_statuses
from hedgehog_gitops.core.saved_plan import plan_from_value
from hedgehog_gitops.core.workflow.ages import age_text
from hedgehog_gitops.core.workflow.approving import ALL_PLANS, artifact_name, plan_file
from hedgehog_gitops.model.errors import NotApprovedError, UsageError
from hedgehog_gitops.model.plan import Plan
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.model.workflow import Inputs, Occasion, PullRequest
from hedgehog_gitops.ports import Forge


def open_forge(inputs: Inputs, occasion: Occasion) -> Forge | None:
    """The service, if there is a token for it and a repository there."""
    if not inputs.token or not occasion.repository:
        return None
    try:
        from hedgehog_gitops.adapters.github import GitHubForge  # noqa: PLC0415 - a slow client, only where asked
    except ImportError as error:
        raise UsageError("GitHub's API needs the extra `github`: pip install 'hedgehog-gitops[github]'") from error
    return GitHubForge(occasion.repository, inputs.token, occasion.api)


def approved_plan(forge: Forge | None, pull_request: PullRequest | None, fabric: Fabric) -> Plan:
    """The plan of a fabric that the runs of the pull request's last commit stored; `NotApprovedError` without one."""
    if forge is None:
        raise NotApprovedError(fabric.name, "there is no token to look for the approved plan with")
    if pull_request is None:
        raise NotApprovedError(fabric.name, "no pull request brought this commit")
    if not pull_request.is_merged:
        raise NotApprovedError(fabric.name, f"pull request {pull_request.number} is not merged")
    for name in (artifact_name(fabric.name), ALL_PLANS):
        for path, data in forge.stored_files(name, pull_request.head).items():
            if path.rpartition("/")[2] == plan_file(fabric.name):
                return _plan(fabric, data)
    where = f"pull request {pull_request.number} stored no plan of it for its last commit {pull_request.head[:12]}"
    raise NotApprovedError(fabric.name, where)


def told_plans(forge: Forge | None, run: int, fabrics: Sequence[Fabric]) -> tuple[Plan, ...]:
    """The plans of these fabrics that another run stored, perhaps a fork's: something to show, nothing to carry out."""
    if forge is None:
        raise UsageError("there is no token to read the stored plans with")
    files = {path.rpartition("/")[2]: data for path, data in forge.files_of_run(run).items()}
    names = [(fabric, plan_file(fabric.name)) for fabric in fabrics]
    return tuple(_plan(fabric, files[name]) for fabric, name in names if name in files)


def ages(fabrics: Sequence[Fabric], settings: Settings) -> Mapping[str, str]:
    """How long ago each fabric's last good run was, as far as its memory can be read."""
    now = SystemClock().now()
    return {each.fabric: age_text(each.state.last_success_at, now) for each in known_statuses(fabrics, settings)[0]}


def _plan(fabric: Fabric, data: bytes) -> Plan:
    try:
        found = plan_from_value(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotApprovedError(fabric.name, f"what is stored is no plan ({error})") from error
    if found.fabric != fabric.name:
        raise NotApprovedError(fabric.name, f"the stored plan is of {found.fabric}")
    return found
