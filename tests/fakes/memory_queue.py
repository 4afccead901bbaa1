"""A queue of runs in memory, held to the same contract as the real one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hedgehog_gitops.model.request import Request


@dataclass(slots=True)
class MemoryQueue:
    """Waiting and working runs by fabric; the waiting ones in their order."""

    waiting: dict[str, Request] = field(default_factory=dict)
    working: dict[str, Request] = field(default_factory=dict)
    asked: dict[str, Request] = field(default_factory=dict)
    planned: dict[str, datetime] = field(default_factory=dict)
    marked: dict[str, str] = field(default_factory=dict)

    def put(self, request: Request) -> bool:
        """Queue, unless the fabric is there."""
        if request.fabric in self.waiting or request.fabric in self.working:
            return False
        self.waiting[request.fabric] = request
        return True

    def take(self) -> Request | None:
        """A worker takes the oldest run."""
        if not self.waiting:
            return None
        name = next(iter(self.waiting))
        self.working[name] = self.waiting.pop(name)
        return self.working[name]

    def end(self, fabric: str) -> None:
        """A worker has ended a run."""
        del self.working[fabric]

    def ask(self, request: Request) -> None:
        """Note a request."""
        self.asked[request.fabric] = request

    def requests(self) -> Mapping[str, Request]:
        """The noted requests."""
        return dict(self.asked)

    def drop(self, request: Request) -> None:
        """Forget a request."""
        if self.asked.get(request.fabric) == request:
            del self.asked[request.fabric]

    def looks(self) -> Mapping[str, datetime]:
        """The planned looks."""
        return dict(self.planned)

    def remember(self, looks: Mapping[str, datetime]) -> None:
        """Plan looks."""
        self.planned.update(looks)

    def marks(self) -> Mapping[str, str]:
        """What was seen last."""
        return dict(self.marked)

    def mark(self, marks: Mapping[str, str]) -> None:
        """Note what is seen."""
        self.marked.update(marks)

    def sweep(self) -> None:
        """Nobody is killed here."""
