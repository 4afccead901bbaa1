"""`--log-format`: what is said beside the result becomes events, one a line on stderr; no bars, no other lines."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from logging import ERROR

from hedgehog_gitops.adapters.logs import logging_to, tell_message
from hedgehog_gitops.cli.output import heard_by


@contextmanager
def logged(args: Namespace) -> Iterator[None]:
    """Events go to stderr in the form asked for, and every note with them."""
    with logging_to(sys.stderr, args.log_format, is_verbose=bool(args.verbose)), heard_by(_Log()):
        yield


class _Log:
    """Hears notes as events."""

    def note(self, text: str) -> None:
        """Something worth knowing."""
        tell_message(text)

    def complain(self, text: str) -> None:
        """What ended the command."""
        tell_message(text, ERROR)
