"""Fields that refer to what is made after their object: a device's primary address needs a port, and that the device.

A new object is made without them and given them in a later step of the same plan; one that is there gets them with
everything else, as soon as what they refer to is there. Neither keeps anything of the object from being made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from hedgehog_gitops.core.netbox.comparing import base_of
from hedgehog_gitops.core.netbox.sequencing import Graph, references
from hedgehog_gitops.core.netbox.sighting import Sighting
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject, SideName
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import MISSING, Action, Change, FieldChange, Precondition
from hedgehog_gitops.model.record import LATE_FIELDS, Record, later_key, whole_key


def late_fields(record: Record) -> JsonObject:
    """The late fields of a record."""
    return {name: value for name, value in record.fields.items() if name in LATE_FIELDS}


def late_needs(seen: Iterable[Sighting]) -> Graph:
    """What late fields refer to, of objects that are there and have another value there."""
    return {
        each.key: frozenset(references(late_fields(each.record)))
        for each in seen
        if each.live is not None
        and not each.is_twin
        and any(str(field.path[0]) in LATE_FIELDS for field in each.fields)
    }


def with_late_too(graph: Graph, late: Graph) -> Graph:
    """What each record needs to be written at all: what its late fields refer to as well, where it is there."""
    return {key: needs | late.get(key, frozenset()) for key, needs in graph.items()} if late else graph


def with_late(graph: Graph, late: Graph) -> Graph:
    """The order of writes: what is there waits for what its late fields refer to, and nothing waits for it."""
    there = late.keys()
    return {key: (needs - there) | late.get(key, frozenset()) for key, needs in graph.items()} if late else graph


def later_steps(
    writes: Mapping[ObjectKey, Change], seen: Mapping[ObjectKey, Sighting], live: Mapping[ObjectKey, LiveObject]
) -> dict[ObjectKey, Change]:
    """The steps that complete what is made, where what they refer to is there or will be."""
    steps = (
        _step(seen[key], fields)
        for key, change in writes.items()
        if change.action is Action.CREATE
        and (fields := late_fields(seen[key].record))
        and all(target in writes or target in live for target in references(fields))
    )
    return {step.key: step for step in steps}


def step_needs(steps: Mapping[ObjectKey, Change], writing: Collection[ObjectKey]) -> Graph:
    """What each step waits for: its object, and what the fields refer to."""
    return {
        key: frozenset((whole_key(key), *references(step.manifest or {}))) & frozenset(writing)
        for key, step in steps.items()
    }


def _step(each: Sighting, fields: JsonObject) -> Change:
    changed = tuple(
        FieldChange(path=(name,), base=MISSING, desired=value, live=MISSING, verdict=each.verdict)
        for name, value in sorted(fields.items())
    )
    return Change(
        side=SideName.NETBOX,
        action=Action.UPDATE,
        verdict=each.verdict,
        key=later_key(each.key),
        fields=changed,
        reason=f"new in git: {', '.join(sorted(fields))}",
        precondition=Precondition(),
        manifest={"fields": fields, "base": base_of(each.record)},
    )
