"""A fabric as people look at it: objects with their verdicts on each side, who is connected to whom, what was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import Author, FieldValue, Verdict


class Row(NamedTuple):
    """One field that differs: where, what git says, and what a side has."""

    side: SideName
    path: str
    git: FieldValue
    found: FieldValue
    verdict: Verdict
    by: str = ""


class Told(NamedTuple):
    """What a plan says of an object on one side: what is done or why nothing is, and who began it."""

    side: SideName
    verdict: Verdict
    action: str
    reason: str
    about: str = ""
    author: Author | None = None


class Pictured(NamedTuple):
    """One object: its worst verdict, what is told of it on each side, what differs, and whom it reaches."""

    key: ObjectKey
    verdict: Verdict
    sides: Mapping[SideName, Verdict]
    told: tuple[Told, ...]
    rows: tuple[Row, ...]
    reach: tuple[ObjectKey, ...]
    path: str
    spec: JsonObject


class Link(NamedTuple):
    """One connection between two devices, or from a device to an external."""

    connection: ObjectKey
    near: ObjectKey
    far: ObjectKey


class Seen(NamedTuple):
    """A finding with the line of its file, where that can be read."""

    finding: Finding
    line: str


class Picture(NamedTuple):
    """Everything that a report shows of one fabric."""

    fabric: str
    revision: str
    plan_id: str
    objects: tuple[Pictured, ...]
    links: tuple[Link, ...]
    findings: tuple[Seen, ...]
    unknown: Mapping[str, str]
    sides: tuple[SideName, ...]
    authority: Mapping[str, str]
