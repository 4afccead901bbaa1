"""What is translated: the objects of one fabric with their specs as stored, and how records of them are named."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import Json, JsonObject, as_object
from hedgehog_gitops.model.profile import Profile
from hedgehog_gitops.model.record import CUSTOM_FIELDS, NETBOX, Record
from hedgehog_gitops.model.settings import NetboxSettings

TARGET_NAME = 21
"""The longest name of a route target."""

TEXT, NAME = 200, 64
"""The longest description, and the longest name of an interface or a VLAN."""

_DIGEST = 8


@dataclass(frozen=True)
class Scene:
    """The objects of a fabric that are shown, as their specs are stored, and the models of its switches."""

    fabric: str
    settings: NetboxSettings
    specs: Mapping[ObjectKey, JsonObject]
    profiles: Mapping[str, Profile]

    @cached_property
    def by_kind(self) -> Mapping[str, Mapping[ObjectKey, JsonObject]]:
        """The objects of each kind, in the order of their keys."""
        found: dict[str, dict[ObjectKey, JsonObject]] = {}
        for key, spec in sorted(self.specs.items()):
            found.setdefault(key.kind, {})[key] = spec
        return found

    def all(self, kind: str) -> Iterator[tuple[ObjectKey, JsonObject]]:
        """All objects of a kind."""
        return iter(self.by_kind.get(kind, {}).items())

    def find(self, kind: str, name: str, beside: ObjectKey) -> tuple[ObjectKey, JsonObject] | None:
        """The object of a name in the namespace of another one; None if it is not shown."""
        for key, spec in self._named.get((kind, name), ()):
            if key.namespace == beside.namespace:
                return key, spec
        return None

    @cached_property
    def _named(self) -> Mapping[tuple[str, str], tuple[tuple[ObjectKey, JsonObject], ...]]:
        found: dict[tuple[str, str], tuple[tuple[ObjectKey, JsonObject], ...]] = {}
        for key, spec in sorted(self.specs.items()):
            found[key.kind, key.name] = (*found.get((key.kind, key.name), ()), (key, spec))
        return found


def record_key(kind: str, owner: ObjectKey, part: str = "") -> ObjectKey:
    """The key of the record of a NetBox kind that shows an object, or a part of it."""
    name = f"{owner.kind}/{owner.name}" + (f"#{part}" if part else "")
    return ObjectKey(group=NETBOX, kind=kind, namespace=owner.namespace, name=name)


def ref(key: ObjectKey) -> JsonObject:
    """A reference to a record of ours."""
    kind, _, name = key.name.partition("/")
    return {"ref": key.kind, "key": f"{kind}/{key.namespace}/{name}"}


def called(kind: str, slug: str) -> JsonObject:
    """A reference to an object that is nobody's of ours, by its slug."""
    return {"ref": kind, "slug": slug}


def custom(scene: Scene, word: str, value: Json) -> JsonObject:
    """One of our custom fields, by its word, as what a record says."""
    return {CUSTOM_FIELDS: {scene.settings.field(word): value}}


def joined(fields: JsonObject, more: JsonObject) -> JsonObject:
    """What a record says and more of it; custom fields stand side by side."""
    both = {**as_object(fields.get(CUSTOM_FIELDS)), **as_object(more.get(CUSTOM_FIELDS))}
    return {**fields, **more, **({CUSTOM_FIELDS: both} if both else {})}


def slugged(text: str) -> str:
    """A slug as NetBox takes it: letters, digits, hyphens and underscores."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in text.lower()).strip("-")


def slug_of(name: str) -> str:
    """A slug of the name of an object: a dot in it is no hyphen, so that no two names become one."""
    return name.replace(".", "_")


def target_name(fabric: str, owner: ObjectKey, part: str = "") -> str:
    """A name for a route target that no other fabric has, as short as NetBox wants it."""
    text = f"{fabric}/{owner.kind}/{owner.namespace}/{owner.name}#{part}"
    return f"hh:{hashlib.sha256(text.encode()).hexdigest()}"[:TARGET_NAME]


def kept_text(text: str, most: int = TEXT) -> str:
    """A text as NetBox keeps it: without white space around it, and no longer than it takes."""
    return text.strip()[:most].rstrip()


def kept_name(text: str) -> str:
    """A name that is short enough for NetBox; a long one ends in a digest, so that no two become one."""
    if len(text) <= NAME:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]
    return f"{text[: NAME - _DIGEST - 1]}-{digest}"


def status(scene: Scene, kind: str, default: str = "active") -> JsonObject:
    """What a new object's status is."""
    return {"status": scene.settings.statuses.get(kind, default)}


def without(spec: JsonObject, shown: Iterable[str]) -> JsonObject:
    """What is left of a spec when the fields that NetBox shows are taken out."""
    fields = frozenset(shown)
    return {name: value for name, value in spec.items() if name not in fields}


def part(
    key: ObjectKey,
    fields: Mapping[str, Json] | None = None,
    *,
    once: Mapping[str, Json] | None = None,
    members: Mapping[str, Iterable[str]] | None = None,
    natural: tuple[str, ...] = (),
    beside: JsonObject | None = None,
) -> Record:
    """A record, or what one object adds to a record that others add to as well."""
    return Record(
        key=key,
        fields=dict(fields or {}),
        once=dict(once or {}),
        members={name: frozenset(entries) for name, entries in (members or {}).items()},
        natural=natural,
        beside=beside or {},
    )
