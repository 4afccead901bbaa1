"""How the work of one run ended, and what an error that ended it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hedgehog_gitops.model.errors import (
    HedgehogGitopsError,
    PushRejectedError,
    SettingsError,
    UnreachableError,
    UsageError,
)
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.live import Refused
from hedgehog_gitops.model.plan import Agreement
from hedgehog_gitops.model.state import Outcome, SideState

if TYPE_CHECKING:  # a run that does not start takes nothing in
    from hedgehog_gitops.usecases.ingest import FabricIngestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How the work of one run ended, before it is stamped."""

    outcome: Outcome
    agreement: Agreement
    revision: str = ""
    plan_id: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    sides: Mapping[str, SideState] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    failures: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    category: str = ""
    endpoint: str = ""
    is_unreachable: bool = False


def failed(error: HedgehogGitopsError, part: FabricIngestion | None = None) -> Ended:
    """A run that an error ended: nothing is known of the agreement."""
    return Ended(
        outcome=Outcome.FAILED,
        agreement=Agreement.UNKNOWN,
        revision=part.revision if part is not None else "",
        counts=file_counts(part) if part is not None else {},
        failures=(str(error),),
        category=_category(error),
        endpoint=_endpoint(error),
        is_unreachable=isinstance(error, UnreachableError | PushRejectedError),
    )


def file_counts(part: FabricIngestion) -> dict[str, int]:
    """How many files had each result, by the name that counters have in reports."""
    return {f"files_{result.value}": number for result, number in part.counts.items()}


def _category(error: HedgehogGitopsError) -> str:
    match error:
        case UnreachableError():
            return _reach(str(error))
        case PushRejectedError():
            return "git"
        case SettingsError() | UsageError():
            return "configuration"
        case _:
            return "external"


def _endpoint(error: HedgehogGitopsError) -> str:
    """The endpoint that did not work; empty when that is not what ended the run."""
    match error:
        case UnreachableError(side=side):
            return str(side)
        case PushRejectedError():
            return "git"
        case _:
            return ""


def _reach(text: str) -> str:
    if "certificate" in text.lower():
        return "tls"
    return "permission" if "401" in text or "403" in text else "network"
