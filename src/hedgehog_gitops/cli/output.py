"""Where results go, and in which forms: stdout or the file of `-o FILE`, and a file for each `-o FORM=FILE`."""

from __future__ import annotations

import os
import re
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from hedgehog_gitops.cli.parser import FORMATS
from hedgehog_gitops.model.errors import UsageError

TERMINAL = "terminal"
"""The form of text for a person at a terminal."""

FORMS = {
    "validate": ("text", "json", "github", "sarif", "junit", "markdown"),
    "rules": ("text", "json", "markdown"),
    "explain": ("text", "json", "markdown"),
    "plan": ("text", "json", "github", "markdown"),
    "show": ("text", "json", "github", "markdown"),
    "fabrics": ("text", "json", "github", "github-matrix"),
}
_FORMS_OF_OTHERS = ("text", "json", "github")


class Target(NamedTuple):
    """One result that is wanted: its form, and its file (empty for stdout)."""

    form: str
    file: str


def check_outputs(args: Namespace) -> None:
    """Refuse a form that the command does not have, before it does anything."""
    forms = FORMS.get(args.command, _FORMS_OF_OTHERS)
    if wrong := next((target.form for target in targets(args) if target.form not in (*forms, TERMINAL)), None):
        raise UsageError(f"{args.command} has no form {wrong}; it has {', '.join(forms)}")


def chosen_format(args: Namespace) -> str:
    """The form of the main result.

    By default that is text; annotations inside a GitHub workflow; and of all rules the page, but a list on a terminal.
    """
    if args.format:
        return str(args.format)
    is_on_stdout = not plain_files(args)
    if args.command == "rules":
        return "text" if is_on_stdout and sys.stdout.isatty() else "markdown"
    is_in_workflow = os.environ.get("GITHUB_ACTIONS") == "true" and args.command != "explain"
    return "github" if is_in_workflow and is_on_stdout else "text"


def targets(args: Namespace) -> tuple[Target, ...]:
    """The main result on stdout or in the files named alone, then those with a form of their own."""
    form, files = chosen_format(args), plain_files(args)
    main = [Target(form, file) for file in files] or [Target(_on_stdout(form), "")]
    return (*main, *(Target(*_split(each)) for each in args.output or () if _split(each)[0]))


def plain_files(args: Namespace) -> list[str]:
    """The files named without a form."""
    return [file for form, file in map(_split, args.output or ()) if not form]


def write_result(args: Namespace, text: str | Callable[[str], str]) -> None:
    """Write every result that is wanted; `text` is what it says in any form, or gives it in one. Files come first."""
    for form, file in sorted(targets(args), key=lambda target: target.file == ""):
        shown = text if isinstance(text, str) else text(form)
        if file:
            _write(file, shown)
        else:
            sys.stdout.write(shown)
            sys.stdout.flush()


def note(text: str) -> None:
    """A line for the person at the terminal, beside the result; an event where events are logged."""
    _LISTENERS[-1].note(text)


def complain(text: str) -> None:
    """The same, of an error that ends the command."""
    _LISTENERS[-1].complain(text)


class Listener(Protocol):
    """Who hears what is said beside the result."""

    def note(self, text: str) -> None:
        """Something worth knowing."""
        ...

    def complain(self, text: str) -> None:
        """What ended the command."""
        ...


class Person:
    """Reads lines on stderr."""

    def note(self, text: str) -> None:
        """The line as it is."""
        print(text, file=sys.stderr)

    complain = note


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Meanwhile somebody else hears it."""
    _LISTENERS.append(listener)
    try:
        yield
    finally:
        _LISTENERS.pop()


_LISTENERS: list[Listener] = [Person()]


def has_colours() -> bool:
    """True if the terminal wants colours."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _on_stdout(form: str) -> str:
    return TERMINAL if form == "text" and sys.stdout.isatty() else form


_WORD = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)=(.+)", re.DOTALL)


def _split(text: str) -> tuple[str, str]:
    """The form and the file of `FORM=FILE`; no form for a file alone. `./a=b` is a file whose name holds a `=`."""
    found = _WORD.fullmatch(text)
    if found is None:
        return "", text
    if found[1] not in FORMATS:
        raise UsageError(f"no form {found[1]!r} ({', '.join(FORMATS)}); for a file of that name write ./{text}")
    return found[1], found[2]


def _write(file: str, text: str) -> None:
    try:
        Path(file).write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from error
