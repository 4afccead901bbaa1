"""Publish what was computed from the newest tree; when the branch has moved, compute it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from hedgehog_gitops.model.errors import PushRejectedError
from hedgehog_gitops.model.tree import Published, TreeEdit
from hedgehog_gitops.ports import Source

ATTEMPTS = 5
FIRST_PAUSE = 0.5

Result = TypeVar("Result")


def publish_newest(
    source: Source,
    compute: Callable[[], Result],
    edits: Callable[[Result], Sequence[TreeEdit]],
    message: Callable[[Result], str],
    sleep: Callable[[float], None],
    go_on: Callable[[], None] = lambda: None,
) -> tuple[Result, Published]:
    """The result that was published, and how. `compute` reads anew; it is called once for each attempt.

    After `ATTEMPTS` rejections the last `PushRejectedError` is raised. The pause doubles between attempts (seconds).
    `go_on` is called before anything is published: when it raises, nothing is.
    """
    attempt = 1
    while True:
        result = compute()
        wanted = edits(result)
        if wanted:
            go_on()
        try:
            published = source.publish(wanted, message(result))
        except PushRejectedError:
            if attempt == ATTEMPTS:
                raise
        else:
            return result, published._replace(attempts=attempt)
        sleep(FIRST_PAUSE * 2 ** (attempt - 1))
        attempt += 1
