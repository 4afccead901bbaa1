"""Progress for a person at a terminal. rich's only home; silent wherever nobody watches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

    from hedgehog_gitops.ports import Progress


class Silent:
    """Nobody watches."""

    def about(self, fabric: str, run_id: str) -> None:
        """The steps that follow are of this run."""

    def step(self, text: str, total: int = 0) -> None:
        """A new step begins."""

    def advance(self, count: int = 1) -> None:
        """Parts of it are done."""


class Bars:
    """One line a step, the current one moving."""

    def __init__(self, shown: RichProgress) -> None:
        self._shown = shown
        self._task: TaskID | None = None
        self._fabric = ""

    def about(self, fabric: str, run_id: str) -> None:  # noqa: ARG002 - a person knows a fabric by its name
        """The steps that follow are of this fabric's run."""
        self._fabric = f"{fabric}: "

    def step(self, text: str, total: int = 0) -> None:
        """A new step begins; the one before it is done."""
        self.finish()
        self._task = self._shown.add_task(f"{self._fabric}{text}", total=total or None)

    def advance(self, count: int = 1) -> None:
        """Parts of the current step are done."""
        if self._task is not None:
            self._shown.advance(self._task, count)

    def finish(self) -> None:
        """The current step is done."""
        if self._task is not None:
            task = next(task for task in self._shown.tasks if task.id == self._task)
            self._shown.update(self._task, total=task.total or 1, completed=task.total or 1)


@contextmanager
def progress_on(stream: IO[str], *, is_wanted: bool) -> Iterator[Progress]:
    """Progress on a stream if it is a terminal and a person wants it."""
    if not is_wanted or not stream.isatty():
        yield Silent()
        return
    from rich.console import Console  # noqa: PLC0415 - only where somebody watches
    from rich.progress import Progress as RichProgress  # noqa: PLC0415 - with it

    with RichProgress(console=Console(file=stream), transient=True) as shown:
        bars = Bars(shown)
        yield bars
        bars.finish()
