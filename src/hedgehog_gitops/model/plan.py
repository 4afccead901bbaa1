"""The plan: every difference with its verdict, and what will be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Final, TypeAlias

from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject
from hedgehog_gitops.model.settings import OnMissing


class Missing(Enum):
    """Marks a field that is not there, which is not the same as null."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING
FILES: Final = ("git", "files")
"""Stands for a kind in what is frozen: the desired state itself is not known whole."""

FieldValue: TypeAlias = "Json | Missing"


class Verdict(StrEnum):
    """Who moved since the last apply. `unmanaged` and `missing` are verdicts of whole objects."""

    IN_SYNC = "in-sync"
    PENDING = "pending"
    DRIFTED = "drifted"
    CONFLICT = "conflict"
    UNMANAGED = "unmanaged"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Action(StrEnum):
    """What applying a plan does to an object."""

    CREATE = "create"
    UPDATE = "update"
    PRUNE = "prune"
    ADOPT = "adopt"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field: what we last applied, what git says, what the target has, and who moved it."""

    path: FieldPath
    base: FieldValue
    desired: FieldValue
    live: FieldValue
    verdict: Verdict
    manager: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Precondition:
    """What must still hold for the write: the object's version and uid; both empty means that it must not exist."""

    version: str = ""
    uid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Whose change in git it is: the last commit that changed the object's file, and when it was written.

    An empty `commit`: not committed yet. `is_shared`: the file holds other objects too, so it may be theirs.
    """

    name: str
    commit: str
    time: str
    is_shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One object that applying the plan would write. `manifest` is sent as it is; None for a prune.

    `blast_radius` names objects that the change reaches, a few of each kind; `reached` counts all of them by kind.
    `author` is told and does nothing: the plan's id does not depend on it.
    """

    side: SideName
    action: Action
    verdict: Verdict
    key: ObjectKey
    fields: tuple[FieldChange, ...]
    reason: str
    precondition: Precondition
    manifest: JsonObject | None
    blast_radius: tuple[ObjectKey, ...] = ()
    reached: Mapping[str, int] = field(default_factory=dict)
    author: Author | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """One object that the plan does not write: a conflict, an unknown read, or something that it depends on."""

    side: SideName
    verdict: Verdict
    key: ObjectKey
    fields: tuple[FieldChange, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Fields of one of our objects that others set and git never had: theirs, left alone, and told."""

    side: SideName
    key: ObjectKey
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """What a person asked of this plan.

    `adopt`: take over objects that others made. `on_missing`: what to do with an object of ours that was deleted on
    the side (None: as configured). `targets`, `excludes`: only these objects and what they need, or all but these and
    what needs them; each `Kind/name`, `Kind` or a pattern of one. `strict`: all or nothing, on all sides.
    `allow_deletes`: the id of the one plan whose prunes may exceed the budget.
    """

    adopt: bool = False
    on_missing: OnMissing | None = None
    targets: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    strict: bool = False
    allow_deletes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that differs, in the order of execution. `kept` counts the objects that need nothing, by verdict.

    `waves` are the keys of all changes in the order in which they are written, each wave needing only earlier ones.
    `withheld` are prunes that are shown and not done, each with its reason. `frozen` are kinds whose live side could
    not be read, with the reason. `beside` are fields of our objects that are other people's.
    `paused` are fields that another writer and we kept overwriting: left as they are, and no agreement.
    `left_out` counts the objects that differ and that nobody asked for (`targets`, `excludes`).
    `findings` are about the step that the plan takes: why the side would refuse an update, and what is legal and cuts
    service. `version` is that of the program that made the plan. `sides` is `kept` again, side by side, for each side
    that the plan is about. `options` are what was asked, but for an allowance, which is of the plan's own id.
    """

    id: str
    fabric: str
    revision: str
    config_digest: str
    changes: tuple[Change, ...]
    conflicts: tuple[HeldBack, ...]
    blocked: tuple[HeldBack, ...]
    withheld: tuple[Change, ...]
    kept: Mapping[str, int]
    waves: tuple[tuple[ObjectKey, ...], ...]
    frozen: Mapping[tuple[str, str], str]
    beside: tuple[Beside, ...] = ()
    paused: tuple[HeldBack, ...] = ()
    left_out: int = 0
    findings: tuple[Finding, ...] = ()
    version: str = ""
    sides: Mapping[SideName, Mapping[str, int]] = field(default_factory=dict)
    options: PlanOptions = PlanOptions()

    @property
    def is_empty(self) -> bool:
        """True if desired and live agree in all that was asked for, and that is known."""
        return not (self.changes or self.conflicts or self.blocked or self.frozen or self.paused)

    @property
    def overdue(self) -> tuple[Change, ...]:
        """Prunes that should be done and are not: a guard withholds them, and nobody decided that the object stays."""
        return tuple(change for change in self.withheld if change.verdict is Verdict.PENDING)


class Agreement(StrEnum):
    """Whether desired and live are equal, as far as is known."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


def agreement(plan: Plan) -> Agreement:
    """What a plan says about the two sides."""
    if plan.frozen:
        return Agreement.UNKNOWN
    is_equal = plan.is_empty and not plan.left_out and not plan.overdue
    return Agreement.EQUAL if is_equal else Agreement.DIFFERENT
