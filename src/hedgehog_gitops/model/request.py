"""Somebody's or something's wish that a fabric be synced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hedgehog_gitops.model.state import Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Which fabric should be synced, why, and since when somebody waits for it."""

    fabric: str
    trigger: Trigger
    at: datetime
