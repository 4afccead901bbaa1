"""How far the work is: bars for a person, events where those are logged."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from hedgehog_gitops.adapters.progress import progress_on
from hedgehog_gitops.ports import Progress


@contextmanager
def progress_of(args: Namespace) -> Iterator[Progress]:
    """Who is told of the steps of a command."""
    if args.log_format:
        from hedgehog_gitops.adapters.logs import Logged  # noqa: PLC0415 - only where something is logged

        yield Logged()
        return
    with progress_on(sys.stderr, is_wanted=not args.no_progress) as progress:
        yield progress
