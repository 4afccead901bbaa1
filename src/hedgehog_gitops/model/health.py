"""What is well and what is not with a fabric and its surroundings, as values: collected, never raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plan import Agreement


class Grade(StrEnum):
    """How well: an error keeps syncs from working, a warning may."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One thing that was looked at: what was found, and what to do about it. No fabric: it is about all of them."""

    check: str
    grade: Grade
    message: str
    advice: str = ""
    fabric: str = ""


class Need(NamedTuple):
    """One permission: a verb on a resource of an API group."""

    group: str
    resource: str
    verb: str

    @property
    def name(self) -> str:
        """The resource as roles name it."""
        return f"{self.resource}.{self.group}" if self.group else self.resource


@dataclass(frozen=True, slots=True, kw_only=True)
class SideStatus:
    """What is known of one side: whether it equals git, how many objects differ, and what the last look found.

    Nothing that has expired: then `agreement` is unknown, `differing` None and `found` empty. `error` says why the last
    look does not know the side, where it does not.
    """

    side: SideName
    agreement: Agreement
    differing: int | None = None
    found: Mapping[str, int] = field(default_factory=dict)
    error: str = ""
