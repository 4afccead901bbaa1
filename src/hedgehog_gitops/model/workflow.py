"""A run in a workflow of the service that hosts the repository: what it was asked, what it runs for, what it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.picture import Picture
from hedgehog_gitops.model.plan import Plan
from hedgehog_gitops.model.report import Validation
from hedgehog_gitops.model.state import SyncResult


class Command(StrEnum):
    """What the Action runs."""

    VALIDATE = "validate"
    PLAN = "plan"
    APPLY = "apply"
    SYNC = "sync"
    DRIFT = "drift"
    REPORT = "report"


class FailOn(StrEnum):
    """What fails the step, beside what keeps it from its work."""

    ERROR = "error"
    WARNING = "warning"
    DRIFT = "drift"
    CHANGES = "changes"
    NEVER = "never"


class Approval(StrEnum):
    """Which plans `apply` may carry out: the one that the merged pull request showed, or any."""

    PULL_REQUEST = "pull-request"
    NONE = "none"


class Reason(StrEnum):
    """Why a step failed, for the conditions of later steps; the words of the output `failure-reason`."""

    NONE = ""
    FINDINGS = "findings"
    WARNINGS = "warnings"
    CHANGES = "changes"
    DRIFT = "drift"
    HELD_BACK = "held-back"
    PARTIAL = "partial-apply"
    UNREACHABLE = "source-unavailable"
    LOCKED = "locked"
    NOT_APPROVED = "not-approved"
    USAGE = "usage"
    BUG = "bug"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The inputs of the Action."""

    command: Command = Command.VALIDATE
    config: str = ""
    fabrics: tuple[str, ...] = ()
    fail_on: frozenset[FailOn] = frozenset({FailOn.ERROR})
    strict: bool = False
    comment: bool = False
    annotations: bool = True
    sarif: bool = False
    approval: Approval = Approval.PULL_REQUEST
    working_directory: str = ""
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A pull request as an event or the service tells of it. Of a fork, its workflows can write nothing."""

    number: int
    head: str = ""
    is_fork: bool = False
    is_merged: bool = False
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a workflow runs for. `run` and `attempt` name it; a later run has the greater number.

    `after` is another run that it follows, for the head that `after_head` names.
    """

    event: str = ""
    repository: str = ""
    revision: str = ""
    server: str = ""
    api: str = ""
    run: int = 0
    attempt: int = 1
    after: int = 0
    after_head: str = ""
    pull_request: PullRequest | None = None

    @property
    def run_url(self) -> str:
        """Where a person sees the run; empty outside of a workflow."""
        return f"{self.server}/{self.repository}/actions/runs/{self.run}" if self.run else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What kept a fabric's step from its work; no fabric: all of them."""

    reason: Reason
    message: str
    fabric: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything that one run of the Action found and did. `ages` say how long ago a fabric's last good run was.

    `validation` is the whole verdict where there is one; `pictures` are what a page is made of, where one is wanted.
    """

    findings: tuple[Finding, ...] = ()
    plans: tuple[Plan, ...] = ()
    results: tuple[SyncResult, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    ages: Mapping[str, str] = field(default_factory=dict)
    validation: Validation | None = None
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A comment or an issue of our own at the service. `is_open` and `title` are an issue's."""

    id: int
    body: str
    url: str = ""
    title: str = ""
    is_open: bool = True
