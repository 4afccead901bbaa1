"""What a rule has against an object, before it is placed in a file."""

from __future__ import annotations

from typing import NamedTuple

from hedgehog_gitops.model.kind import WIRING, ObjectKey
from hedgehog_gitops.model.plain import FieldPath
from hedgehog_gitops.model.rule import Rule


class Other(NamedTuple):
    """The other object of a fault, and the field of it that matters."""

    key: ObjectKey
    field: FieldPath


def other_wiring(kind: str, name: str, *field: str | int) -> Other:
    """An object of the wiring group as the other one."""
    return Other(ObjectKey(group=WIRING, kind=kind, namespace="default", name=name), field)


class Fault(NamedTuple):
    """One fault of one object. `field` counts from the object's root, e.g. ("spec", "subnets", "default", "vlan").

    A fault knows no file: where it stands is looked up only once there is one, so that judging stays quick. With
    `at_key` it stands at the field's key and not at its value.
    """

    rule: Rule
    field: FieldPath
    message: str
    hint: str = ""
    other: Other | None = None
    at_key: bool = False
