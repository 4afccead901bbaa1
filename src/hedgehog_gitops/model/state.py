"""What is remembered between runs: base and inventory, stamps, status, the lease."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import Refused, SideName
from hedgehog_gitops.model.plain import FieldPath, JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """We overwrote what another had made of a field: digests of our value and theirs (empty: none), and who it was.

    `manager` is the writer's name, with ` at ` and when it wrote where that is known.
    """

    path: FieldPath
    ours: str
    theirs: str
    manager: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseRecord:
    """One object that we own on a side: what we last wrote, in canonical form, and where that came from.

    `put_back` are the last few times that we overwrote somebody's change of one of its fields.
    """

    key: ObjectKey
    side: SideName
    uid: str
    digest: str
    revision: str
    value: JsonObject
    put_back: tuple[PutBack, ...] = ()


class SyncStatus(StrEnum):
    """The public status of a fabric, in the order in which it is decided; unknown where the memory cannot be read."""

    NOT_CONFIGURED = "not_configured"
    DISABLED = "disabled"
    SYNCING = "syncing"
    NEVER_SYNCED = "never_synced"
    ERROR = "error"
    OUT_OF_SYNC = "out_of_sync"
    IN_SYNC = "in_sync"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """How one run ended."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    PARTIAL = "partial"
    FAILED = "failed"
    SKIPPED = "skipped"
    ALREADY_RUNNING = "already_running"
    INTERRUPTED = "interrupted"


class Trigger(StrEnum):
    """What started a run."""

    MANUAL = "manual"
    SCHEDULE = "schedule"
    PUSH = "push"
    WEBHOOK = "webhook"
    API = "api"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """One run of the history. `seconds` is its duration, None for one that was interrupted."""

    run_id: str
    started_at: datetime
    outcome: Outcome
    seconds: float | None = None
    revision: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SideState:
    """What the last finished look at one side said: whether it equals git, why that is not known, and the counters.

    `version` is a digest of all that there was, where it is cheap to have; empty otherwise.
    """

    agreement: str = "unknown"
    error: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncState:
    """The stamps and counters of one fabric. Instants are aware, in UTC. `version` grows with each write.

    While a run works, and after it was killed, there is no `last_outcome`. `failures` are the runs in a row that met
    an endpoint that did not work, by endpoint in `endpoint_failures`. `history` ends with the latest run. `sides` are
    by name; `agreement` and `counts` are those of all sides together.
    """

    version: int = 0
    last_attempt_started_at: datetime | None = None
    last_attempt_finished_at: datetime | None = None
    last_success_at: datetime | None = None
    last_outcome: Outcome | None = None
    agreement: str = "unknown"
    error: str = ""
    error_category: str = ""
    failures: int = 0
    next_retry_at: datetime | None = None
    desired_revision: str = ""
    plan_id: str = ""
    run_id: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    endpoint_failures: Mapping[str, int] = field(default_factory=dict)
    history: tuple[PastRun, ...] = ()
    sides: Mapping[str, SideState] = field(default_factory=dict)

    @property
    def is_unfinished(self) -> bool:
        """True if an attempt began and never ended: it is under way, or it was killed."""
        started_at, finished_at = self.last_attempt_started_at, self.last_attempt_finished_at
        if started_at is None:
            return False
        return self.last_outcome is None or finished_at is None or finished_at < started_at

    def side(self, name: SideName) -> SideState:
        """What is known of a side; what an older version stored was all about the cluster."""
        if not self.sides and name is SideName.CLUSTER:
            return SideState(agreement=self.agreement, counts=self.counts)
        return self.sides.get(name.value, SideState())


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The one lock of a fabric. `fence` grows with every acquisition, for ever."""

    fabric: str
    holder: str
    run_id: str
    fence: int
    acquired_at: datetime
    renewed_at: datetime
    expires_at: datetime

    @property
    def duration(self) -> timedelta:
        """How long it holds when nobody renews it."""
        return self.expires_at - self.renewed_at

    def is_live(self, now: datetime) -> bool:
        """True while it holds. One that was renewed in the future is of a clock that was set back, and holds nobody."""
        return self.renewed_at - self.duration <= now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncResult:
    """What one run of `execute_fabric_sync` did and proved."""

    fabric: str
    run_id: str
    trigger: Trigger
    outcome: Outcome
    status: SyncStatus
    started_at: datetime
    finished_at: datetime
    next_sync_at: datetime | None
    revision: str
    plan_id: str
    counts: Mapping[str, int]
    findings: tuple[Finding, ...] = ()
    failures: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    reason: str = ""
    unreachable: bool = False
