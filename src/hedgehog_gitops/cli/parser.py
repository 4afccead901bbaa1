"""The command line's grammar. Commands are bound to their functions by name, so that `--help` loads none of them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeAlias

from hedgehog_gitops.cli.exits import MEANINGS

Add: TypeAlias = Callable[[argparse.ArgumentParser], None]

FORMATS = ("text", "json", "github", "sarif", "junit", "markdown", "github-matrix")
_DAY = 86400
EXIT_CODES = "exit codes:\n" + "\n".join(f"  {code.value:<4} {text}" for code, text in MEANINGS.items())


def build_parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser of the whole command; the chosen command is in `.command`.

    For `words` that begin with a command it knows no other: to make them all takes longer than many a command.
    """
    parser = argparse.ArgumentParser(
        prog="hedgehog-gitops",
        description="Validate, plan and apply the GitOps directory of a Hedgehog open-network fabric.",
        epilog=EXIT_CODES,
        formatter_class=_LinesAsTheyAre,
    )
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    _add_global(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, summary, add in [each for each in COMMANDS if each[0] in words[:1]] or COMMANDS:
        command = commands.add_parser(name, help=summary, description=summary, formatter_class=_Help)
        _add_global(command, default=argparse.SUPPRESS)
        add(command)
    return parser


class _Help(argparse.HelpFormatter):
    """Help as wide as the terminal. argparse makes one for every option, and would load a module and ask each time."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


class _LinesAsTheyAre(_Help, argparse.RawDescriptionHelpFormatter):
    """The same for text that is wrapped already."""


@cache
def _columns() -> int:
    if (chosen := os.environ.get("COLUMNS", "")).isdecimal() and int(chosen):
        return int(chosen)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or _USUAL_WIDTH  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return _USUAL_WIDTH


_USUAL_WIDTH = 80


def _add_global(parser: argparse.ArgumentParser, default: object = None) -> None:
    parser.add_argument("--config", metavar="FILE", default=default, help="configuration (hedgehog-gitops.yaml)")
    parser.add_argument(
        "--fabric", metavar="NAME", action="append", default=default, help="only this fabric (repeatable)"
    )
    parser.add_argument("--format", choices=FORMATS, default=default, help="form of the result (text)")
    parser.add_argument(
        "-o",
        "--output",
        metavar="[FORM=]FILE",
        action="append",
        default=default,
        help="write the result to a file; with FORM= one more result, in that form (repeatable)",
    )
    parser.add_argument(
        "--log-format", choices=("text", "json"), default=default, help="log events on stderr, a line each"
    )
    parser.add_argument("--no-progress", action="store_true", default=default, help="no progress on stderr")
    parser.add_argument("-v", "--verbose", action="store_true", default=default, help="say more on stderr")


def _no_more(_parser: argparse.ArgumentParser) -> None:
    """A command without arguments of its own."""


def _validate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="*", help="files or directories (default: every fabric)")
    parser.add_argument(
        "--settings",
        metavar="FILE",
        help="fabric constants, or the installer's fab.yaml, for use without a configuration",
    )
    parser.add_argument("--strict", action="store_true", help="warnings are errors")
    parser.add_argument("--changed", action="store_true", help="for hooks: only what changes in PATH… have to do with")
    parser.add_argument("--schemas", metavar="DIR", help="judge by the schemas in DIR, as `schema --from` writes them")
    parser.add_argument("--base", metavar="REV", help="judge also what changed since this git revision")
    parser.add_argument("--no-cache", action="store_true", help="judge every file anew, and remember nothing")
    _revision(parser)


def _render(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="*", help="files or directories (default: every fabric)")
    parser.add_argument("--defaults", action="store_true", help="with everything that the cluster fills in")
    _revision(parser)


def _normalize(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="write nothing; exit 2 if something would be written")
    parser.add_argument("--publish", action="store_true", help="write one commit on the remote branch instead of files")


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--adopt", action="store_true", help="take over objects that others made")
    parser.add_argument(
        "--on-missing", choices=("ask", "recreate", "forget"), help="what to do with objects that were deleted"
    )
    parser.add_argument(
        "--target", metavar="NAME", action="append", default=[], help="only Kind/name, and what it needs (repeatable)"
    )
    parser.add_argument(
        "--exclude", metavar="NAME", action="append", default=[], help="not Kind/name, nor what needs it (repeatable)"
    )
    parser.add_argument("--strict", action="store_true", help="while anything is held back, write nothing")
    parser.add_argument(
        "--allow-deletes", metavar="PLAN_ID", default="", help="prune beyond the budget, in this one plan"
    )


def _plan(parser: argparse.ArgumentParser) -> None:
    _options(parser)
    parser.add_argument("--out", metavar="FILE", help="save the plan, for apply FILE")
    parser.add_argument("--live", metavar="DIR", help="a directory written by snapshot, in place of the sides")
    parser.add_argument("--detailed-exitcode", action="store_true", help="exit 2 if changes are pending")
    _revision(parser)


def _apply(parser: argparse.ArgumentParser) -> None:
    _options(parser)
    parser.add_argument("plan", metavar="FILE", nargs="?", help="a saved plan; without it plan and apply")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    _revision(parser)


def _show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plan", metavar="FILE", help="a plan saved by plan --out")


def _sync(parser: argparse.ArgumentParser) -> None:
    _options(parser)
    _metrics(parser)
    _metrics_port(parser)
    parser.add_argument("--force", action="store_true", help="run although it is not due or sync is disabled")
    parser.add_argument(
        "--trigger", choices=("manual", "schedule", "push", "webhook", "api"), default="manual", help="what started it"
    )
    parser.add_argument(
        "--watch",
        metavar="SECONDS",
        type=_seconds,
        nargs="?",
        const=60,
        help="go on, in this process: sync what is due, and look again when something is, or after SECONDS (60)",
    )


def _metrics(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--metrics", metavar="FILE", default="", help="keep Prometheus metrics in this file, NAME.prom")


def _status(parser: argparse.ArgumentParser) -> None:
    _metrics(parser)
    parser.add_argument(
        "--fail-on",
        choices=("overdue", "interrupted", "failing", "breaker", "unread", "any"),
        action="append",
        default=[],
        help="exit 1 if this is wrong with a fabric's syncs (repeatable)",
    )


def _lock(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("way", choices=("show", "release"), help="show all locks, or release the one of a run")
    parser.add_argument(
        "run_id", metavar="RUN_ID", nargs="?", help="the run to take the lock from, as `lock show` names it"
    )


def _seconds(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= _DAY:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 1 to {_DAY}")
    return int(text)


def _redis(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--redis", metavar="URL", default="", help="of the queue (HEDGEHOG_GITOPS_REDIS_URL, else this host's Redis)"
    )
    parser.add_argument("--queue", metavar="NAME", default="hedgehog-gitops", help="the queue of this configuration")


def _metrics_port(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--metrics-port", metavar="[HOST:]PORT", default="", help="serve Prometheus metrics while the command runs"
    )


def _worker(parser: argparse.ArgumentParser) -> None:
    _redis(parser)
    _metrics(parser)
    _metrics_port(parser)
    parser.add_argument("--burst", action="store_true", help="stop when the queue is empty")


def _schedule(parser: argparse.ArgumentParser) -> None:
    _redis(parser)
    parser.add_argument(
        "--every", metavar="SECONDS", type=_seconds, default=15, help="how often to look which fabrics are due (15)"
    )
    parser.add_argument(
        "--run-seconds", metavar="SECONDS", type=_seconds, default=600, help="how long a run may take (600)"
    )


def _snapshot(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("directory", metavar="DIR", help="where to write what the sides hold")


def _report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--html", metavar="FILE", help="write one page that needs nothing else")
    parser.add_argument("--live", metavar="DIR", help="a directory written by snapshot, in place of the sides")
    _revision(parser)


def _import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--publish", action="store_true", help="write one commit on the shared branch")


def _doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--setup",
        metavar="VARIABLE",
        nargs="?",
        const="",
        help="make custom fields, tags and roles in NetBox, with the token in this environment variable (or that of "
        "syncs), and print the least permissions that syncs need",
    )


def _schema(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", nargs="?", help="a kind, its plural or short name; or `configuration`")
    parser.add_argument("--bundle", action="store_true", help="all kinds in one JSON Schema")
    parser.add_argument("--crd", action="store_true", help="CustomResourceDefinitions of all kinds (or of KIND)")
    parser.add_argument("--profiles", action="store_true", help="switch profiles in place of schemas")
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--from", dest="source", metavar="DIR", help="made from definitions (or SwitchProfiles) in files"
    )
    source.add_argument("--from-cluster", action="store_true", help="made from those of the fabric's cluster")
    parser.add_argument("--check", action="store_true", help="print how it differs from what ships; exit 1 if it does")
    parser.add_argument("--schemas", metavar="DIR", help="the schemas in DIR in place of those that ship")


def _explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rule", metavar="RULE", help="id of a rule, or another id that it is known by")


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--keep", metavar="DIR", help="work in this new directory and leave it there")


def _revision(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--revision", metavar="REV", help="read this git revision instead of the files on disk")


COMMANDS: tuple[tuple[str, str, Add], ...] = (
    ("init", "create or repair the directory structure of the fabrics", _no_more),
    ("validate", "check syntax, structure, schema and references; every finding in one pass", _validate),
    ("render", "print the objects as Kubernetes would read them", _render),
    ("normalize", "take in raw files and bring managed files into their one home and form", _normalize),
    ("plan", "show what applying would change, and why", _plan),
    ("apply", "carry out a plan", _apply),
    ("show", "print a saved plan", _show),
    ("sync", "read, validate, ingest, plan and apply, under the fabric's lock", _sync),
    ("worker", "run the syncs that wait in Redis (extra `rq`)", _worker),
    ("schedule", "have workers sync whatever is due (extra `rq`)", _schedule),
    ("status", "show what is known of each fabric, and as of when", _status),
    ("lock", "show who holds the locks, or release the lock of one run", _lock),
    ("snapshot", "write what the cluster and NetBox hold to a directory", _snapshot),
    ("report", "the fabric as people look at it: one page, or JSON", _report),
    ("import", "show what another side decides and git says otherwise, or take it into git", _import),
    ("doctor", "look at everything that syncs need: reachability, permissions, clocks, state", _doctor),
    ("fabrics", "list the configured fabrics", _no_more),
    ("schema", "print JSON Schemas or CustomResourceDefinitions, or make them anew from a cluster's", _schema),
    ("rules", "list all rules with their explanations", _no_more),
    ("explain", "say what a rule is about, and what to do", _explain),
    ("demo", "a tour on a scratch copy of the quick-start fabric", _demo),
    ("action", "one step of a workflow on GitHub, as action.yml runs it: inputs come from the environment", _no_more),
)
