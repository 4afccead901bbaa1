"""A thread that does something again and again while other work goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread


@contextmanager
def beating(beat: Callable[[], None], pause: float) -> Iterator[None]:
    """Call `beat` every `pause` seconds until the block ends. Nobody waits for a beat under way then."""
    stop = Event()

    def go() -> None:
        while not stop.wait(pause):
            beat()

    Thread(target=go, name="heartbeat", daemon=True).start()
    try:
        yield
    finally:
        stop.set()
