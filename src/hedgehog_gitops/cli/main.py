"""The entry point: parse, run one command, turn its outcome or error into an exit code."""

from __future__ import annotations

import gc
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from types import FrameType
from typing import NoReturn

from hedgehog_gitops.cli.exits import Exit, exit_of
from hedgehog_gitops.cli.output import check_outputs, complain
from hedgehog_gitops.cli.parser import build_parser
from hedgehog_gitops.model.errors import HedgehogGitopsError, SettingsError
from hedgehog_gitops.render.findings_text import findings_text

MODULES = {
    "init": "files",
    "normalize": "files",
    "validate": "check",
    "render": "check",
    "plan": "plans",
    "apply": "plans",
    "show": "plans",
    "snapshot": "plans",
    "import": "imports",
    "report": "reporting",
    "sync": "runs",
    "worker": "scheduling",
    "schedule": "scheduling",
    "status": "runs",
    "fabrics": "runs",
    "doctor": "doctor",
    "lock": "locks",
    "schema": "schemas",
    "rules": "reference",
    "explain": "reference",
    "demo": "demo",
    "action": "action",
}

_NAMED = {"import": "take_in"}
"""Commands whose names are words of Python."""

RARELY = (1_000_000, 20, 100)
"""Thresholds of the garbage collector: ten thousand documents are many small values and no garbage."""


def run() -> NoReturn:
    """Run the command line as a program. An interrupted one ends at once: nothing it still waits for would be used."""
    gc.set_threshold(*RARELY)
    signal.signal(signal.SIGTERM, _interrupt)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file's name can hold what a terminal cannot show
    code = main()
    if code == Exit.INTERRUPTED:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    gc.freeze()  # the process ends: to look through all that it knows for garbage would only take time
    sys.exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    try:
        words = sys.argv[1:] if argv is None else argv
        args = build_parser(words).parse_args(words)
    except SystemExit as stop:  # argparse's own exit: 0 after --help, 2 for a wrong argument
        return Exit.DONE if stop.code in (0, None) else Exit.USAGE
    if not args.log_format:
        return _answered(args)
    from hedgehog_gitops.cli.logs import logged  # noqa: PLC0415 - only where something is logged

    with logged(args):
        return _answered(args)


def _answered(args: Namespace) -> int:
    """The exit code of the command, whatever became of it."""
    try:
        return _run(args)
    except SettingsError as error:
        complain(findings_text(error.findings).rstrip())
        return exit_of(error)
    except HedgehogGitopsError as error:
        complain(f"hedgehog-gitops: {error}")
        return exit_of(error)
    except KeyboardInterrupt:
        complain("hedgehog-gitops: interrupted")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left; nothing more to say
        return Exit.DONE
    except Exception as error:  # noqa: BLE001 - the one broad catch: anything else is a bug and says so
        return _bug(error, verbose=bool(args.verbose))


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """A polite stop ends the command as Ctrl-C does, so that locks are given back."""
    raise KeyboardInterrupt


def _run(args: Namespace) -> int:
    if args.version:
        from importlib.metadata import version  # noqa: PLC0415 - slow, and only for this

        sys.stdout.write(f"hedgehog-gitops {version('hedgehog-gitops')}\n")
        return Exit.DONE
    if args.command is None:
        build_parser().print_help(sys.stderr)
        return Exit.USAGE
    check_outputs(args)
    module = import_module(f"hedgehog_gitops.cli.{MODULES[args.command]}")
    return int(getattr(module, _NAMED.get(args.command, args.command))(args))


def _bug(error: Exception, *, verbose: bool) -> int:
    if verbose:
        raise error
    name = type(error).__name__
    complain(f"hedgehog-gitops: a bug: {name}: {error} (run again with -v for the place, and report it)")
    return Exit.BUG
