"""Which side decides about a kind, and about single fields of it.

The configuration names kinds (`VPC: cluster`) and fields of kinds (`Switch/spec.description: netbox`); `*` stands for
any one key. A field about which git does not decide is set when the object is made, and is left alone from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from hedgehog_gitops.core.ownership import FieldManager, is_ours
from hedgehog_gitops.model.kind import USER_KINDS, Kind
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_object, without_path
from hedgehog_gitops.model.settings import Authority, Fabric

ANY = "*"


def authority_of(fabric: Fabric, kind: Kind) -> Authority:
    """Who decides about the objects of a kind."""
    return fabric.authority.get(kind.kind, fabric.authority.get("default", Authority.GIT))


def yielded(fabric: Fabric, kind: Kind) -> tuple[FieldPath, ...]:
    """The fields of a kind about which git does not decide, as paths from the object's root."""
    prefix = f"{kind.kind}/"
    return tuple(
        field_path(name.removeprefix(prefix))
        for name, authority in sorted(fabric.authority.items())
        if name.startswith(prefix) and authority is not Authority.GIT
    )


def field_path(text: str) -> FieldPath:
    """`spec.subnets.*.vlan` as steps."""
    return tuple(text.split("."))


def is_yielded(path: FieldPath, paths: tuple[FieldPath, ...]) -> bool:
    """True if a field is one of those, or lies below one."""
    return any(_lies_below(path, each) for each in paths)


def without_yielded(value: JsonObject, paths: tuple[FieldPath, ...]) -> JsonObject:
    """The value without these fields; the same value if it has none of them."""
    for path in paths:
        for found in _matches(value, path):
            value = without_path(value, found)
    return value


def leaving_alone(
    manifest: JsonObject, live: JsonObject, writers: tuple[FieldManager, ...], paths: tuple[FieldPath, ...]
) -> JsonObject:
    """What is sent of an object that exists.

    A yielded field keeps its live value while it is still ours, since an apply that left it out would remove it;
    nobody else's is sent.
    """
    sent = without_yielded(manifest, paths)
    for path in paths:
        for found, entry in _values(live, path):
            if is_ours(writers, found):
                sent = with_path(sent, found, entry)
    return sent


def keeping_yielded(value: JsonObject, live: JsonObject, paths: tuple[FieldPath, ...]) -> JsonObject:
    """The object as it will be on the side: these fields as they are there, all others as git says."""
    kept = without_yielded(value, paths)
    for path in paths:
        for found, entry in _values(live, path):
            kept = with_path(kept, found, entry)
    return kept


def with_path(value: JsonObject, path: FieldPath, entry: Json) -> JsonObject:
    """The object with a value at a path of keys."""
    first, *rest = path
    name = str(first)
    if not rest:
        return {**value, name: entry}
    below = value.get(name)
    return {**value, name: with_path(below if isinstance(below, dict) else {}, tuple(rest), entry)}


def faults(authority: Mapping[str, Authority], schema_of: Callable[[Kind], JsonObject]) -> Iterator[tuple[str, str]]:
    """Names of the configuration that decide nothing, or against each other: (name, what is wrong).

    `schema_of` gives the schema of a kind; it is asked only for kinds that have a field named.
    """
    for name, own in sorted(authority.items()):
        kind_name, _, text = name.partition("/")
        if name == "default":
            continue
        kind = next((each for each in USER_KINDS if each.kind == kind_name), None)
        if kind is None:
            yield name, f"no kind of Hedgehog that people write is named {kind_name}"
        elif text and not _has_field(schema_of(kind), field_path(text)):
            yield name, f"{kind_name} has no field {text}, so this decides nothing"
        elif text and (above := _other_above(authority, kind_name, text, own)):
            yield (
                name,
                f"{above} is decided by {authority[above].value}, so this field below it cannot be {own.value}'s",
            )


def _other_above(authority: Mapping[str, Authority], kind: str, text: str, own: Authority) -> str:
    """What is above a field and decided by another side: a field around it, or the kind where that is not git's."""
    steps = text.split(".")
    around = [f"{kind}/{'.'.join(steps[:length])}" for length in range(1, len(steps))]
    if (whole := kind if kind in authority else "default") in authority and authority[whole] is not Authority.GIT:
        around.append(whole)
    return next((name for name in around if authority.get(name, own) is not own), "")


def _has_field(schema: JsonObject, path: FieldPath) -> bool:
    if not path:
        return True
    step, *rest = path
    fields, entries = as_object(schema.get("properties")), schema.get("additionalProperties")
    if step in fields:
        return _has_field(as_object(fields[str(step)]), tuple(rest))
    if isinstance(entries, dict):
        return _has_field(entries, tuple(rest))
    return step == ANY and any(_has_field(as_object(below), tuple(rest)) for below in fields.values())


def _lies_below(path: FieldPath, top: FieldPath) -> bool:
    return len(path) >= len(top) and all(step in {ANY, str(own)} for step, own in zip(top, path, strict=False))


def _matches(value: JsonObject, path: FieldPath) -> list[FieldPath]:
    return [found for found, _ in _values(value, path)]


def _values(value: Json, path: FieldPath) -> Iterator[tuple[FieldPath, Json]]:
    if not path:
        yield (), value
        return
    if isinstance(value, dict):
        step, *rest = path
        for name in list(value) if step == ANY else [name for name in (str(step),) if name in value]:
            yield from (((name, *below), entry) for below, entry in _values(value[name], tuple(rest)))
