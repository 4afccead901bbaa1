"""What the runner makes of a step's log and files, with the limits that GitHub has and does not tell of."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

SHOWN_OF_A_KIND = 10
LONGEST_SUMMARY = 1024 * 1024
LONGEST_OUTPUTS = 1024 * 1024
KINDS = ("error", "warning", "notice")
KNOWN = {*KINDS, "add-mask", "stop-commands", "group", "endgroup", "debug"}
_COMMAND = re.compile(r"\s*::([A-Za-z0-9_-]+)(?: ([^:]*(?:(?!::):[^:]*)*))?::(.*)")
_OLD_COMMAND = re.compile(r".*##\[([a-z-]+)")


class LimitError(AssertionError):
    """Something that the runner would drop, cut or execute without a word."""


@dataclass(frozen=True)
class Annotation:
    """One annotation as the runner takes it."""

    kind: str
    message: str
    properties: dict[str, str]


@dataclass
class Heard:
    """What a log said: annotations, masks, and the lines that a person reads, with every mask applied."""

    annotations: list[Annotation] = field(default_factory=list)
    masks: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def log(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)

    def of_kind(self, kind: str) -> list[Annotation]:
        return [each for each in self.annotations if each.kind == kind]


def hear(log: str) -> Heard:
    """Read a log line by line; `LimitError` where an annotation vanishes or a command is none."""
    heard, silence = Heard(), ""
    for line in re.split(r"\r\n|\n|\r", log):
        if silence:
            if line.strip() == f"::{silence}::":
                silence = ""
            else:
                heard.lines.append(_masked(line, heard.masks))
            continue
        if _OLD_COMMAND.match(line):
            raise LimitError(f"an old command: {line!r}")
        found = _COMMAND.fullmatch(line)
        if found is None:
            heard.lines.append(_masked(line, heard.masks))
            continue
        silence = _obey(heard, found[1], found[2] or "", _plain(found[3]))
    for kind, number in Counter(each.kind for each in heard.annotations).items():
        if number > SHOWN_OF_A_KIND:
            raise LimitError(f"{number} annotations of kind {kind}: {number - SHOWN_OF_A_KIND} of them vanish")
    return heard


def outputs_in(text: str) -> dict[str, str]:
    """The values in the runner's file of outputs; a later one of the same name wins."""
    values: dict[str, str] = {}
    lines = text.split("\n")
    while lines:
        line = lines.pop(0)
        if not line:
            continue
        name, heredoc, delimiter = line.partition("<<")
        if not heredoc:
            name, equals, value = line.partition("=")
            if not equals:
                raise LimitError(f"no output: {line!r}")
            values[name] = value
            continue
        end = lines.index(delimiter) if delimiter in lines else -1
        if end < 0:
            raise LimitError(f"the output {name} has no end")
        values[name], lines = "\n".join(lines[:end]), lines[end + 1 :]
    if sum(2 * len(value) for value in values.values()) > LONGEST_OUTPUTS:
        raise LimitError("more outputs than a job may have")
    return values


def _obey(heard: Heard, command: str, properties: str, message: str) -> str:
    """Do what a command says; the token that ends a silence, if it begins one."""
    if command not in KNOWN:
        raise LimitError(f"the command {command!r} is none of ours")
    if command == "add-mask":
        heard.masks.append(message)
    if command in KINDS:
        told = dict(part.partition("=")[::2] for part in properties.split(",") if part)
        heard.annotations.append(
            Annotation(
                command, _masked(message, heard.masks), {name: _plain_property(text) for name, text in told.items()}
            )
        )
        heard.lines.append(_masked(message, heard.masks))
    return message if command == "stop-commands" else ""


def _masked(text: str, masks: list[str]) -> str:
    for mask in masks:
        text = text.replace(mask, "***")
    return text


def _plain(text: str) -> str:
    return text.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def _plain_property(text: str) -> str:
    return text.replace("%3A", ":").replace("%2C", ",").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
