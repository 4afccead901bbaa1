"""One record on its three sides: what we last wrote (the base), what git wants, what NetBox has, and who moved.

Only our fields are compared, and of shared lists only our own members. Everything else is a person's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from hedgehog_gitops.core.canonical import same
from hedgehog_gitops.core.judge import worst
from hedgehog_gitops.model.live import LiveObject
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.plan import MISSING, FieldChange, FieldValue, Missing, Verdict
from hedgehog_gitops.model.record import CUSTOM_FIELDS, Record, is_reference
from hedgehog_gitops.model.state import BaseRecord

BASE_VERSION = 1
BESIDE = "beside"
HALF_MARKED = "half_marked"
"""An object with our key whose field of the fabric a person emptied: it is ours, and is marked again."""

CHANGED_BY = "changed_by"
"""Who changed an object last and when, as people read it; only told of objects that others changed."""

CARRIES = "carries"
"""What hangs on an object and is not ours, as people read it; only told of objects that git no longer has."""

MOVED = frozenset({Verdict.DRIFTED, Verdict.CONFLICT})
MEMBER_KINDS = {"tagged_vlans": "ipam.vlan", "import_targets": "ipam.routetarget", "export_targets": "ipam.routetarget"}
"""What the members of a shared list refer to; tags are called by their slugs."""

_VIRTUAL = ("lag", "virtual")
"""Types of interfaces that are no port of a device's own; others hang on that."""

_BLANK: Mapping[str, Json] = {"description": "", "serial": "", "enabled": True, "mark_connected": False, "mode": None}
"""What a field is when nobody says anything; null where it is not named here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A record that NetBox has: the verdict, what differs, and whether we know what we last wrote."""

    verdict: Verdict
    fields: tuple[FieldChange, ...] = ()
    is_known: bool = True


def base_of(record: Record, *, is_adopted: bool = False) -> JsonObject:
    """What is kept beside an object that is as a record wants it."""
    base: JsonObject = {
        "v": BASE_VERSION,
        "fields": dict(record.fields),
        "members": {name: list[Json](sorted(members)) for name, members in sorted(record.members.items()) if members},
    }
    if record.beside:
        base[BESIDE] = record.beside
    return {**base, "adopted": True} if is_adopted else base


def known_base(live: LiveObject, remembered: BaseRecord | None) -> JsonObject | None:
    """What we last wrote: as NetBox keeps it, or as our own memory does where a person took it off."""
    kept = as_object(live.value.get("base"))
    if kept.get("v") == BASE_VERSION:
        return kept
    if remembered is not None and remembered.uid == live.uid and remembered.value.get("v") == BASE_VERSION:
        return remembered.value
    return None


def is_adopted(live: LiveObject, remembered: BaseRecord | None) -> bool:
    """True for an object that was there before us: it is never deleted."""
    base = known_base(live, remembered)
    return base is not None and base.get("adopted") is True


def compare(record: Record, live: LiveObject, remembered: BaseRecord | None) -> Found:
    """What differs between a record and the object that carries its mark."""
    base = known_base(live, remembered)
    if base is None:
        fields = tuple(_unlike(record, live))
        return Found(verdict=Verdict.UNKNOWN if fields else Verdict.IN_SYNC, fields=fields, is_known=False)
    found = (*_fields(record, base, live), *_members(record, base, live), *_beside(record, base), *_marks(live))
    fields = tuple(_of_author(field, live) for field in found if not _is_form_of_theirs(field, record, base))
    return Found(verdict=worst(fields) if fields else Verdict.IN_SYNC, fields=fields)


def _is_form_of_theirs(field: FieldChange, record: Record, base: JsonObject) -> bool:
    """True of what a port is that a person made: they know its form."""
    is_port = record.key.kind == "dcim.interface" and field.desired not in _VIRTUAL
    return is_port and field.path == ("type",) and base.get("adopted") is True


def twin_fields(record: Record, live: LiveObject) -> tuple[FieldChange, ...]:
    """Where somebody else's object has another value than we would give it; what is blank there is no other."""
    return tuple(
        FieldChange(path=path, base=MISSING, desired=value, live=found, verdict=Verdict.UNMANAGED)
        for path, value in flat(record.fields).items()
        if not is_same(value, found := found_at(live.value, path)) and not _is_blank(path[0], found)
    )


def is_same(wanted: Json, found: Json) -> bool:
    """Equality; a reference by slug to what NetBox shows with more than its slug is the same."""
    if isinstance(wanted, dict) and is_reference(wanted) and isinstance(found, dict):
        return all(same(value, found.get(name)) for name, value in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(map(is_same, wanted, found))
    return same(wanted, found)


def flat(fields: JsonObject) -> dict[tuple[str, ...], Json]:
    """Fields by path: custom fields are each compared on their own, and those of people not at all."""
    plain: dict[tuple[str, ...], Json] = {(name,): value for name, value in fields.items() if name != CUSTOM_FIELDS}
    own = as_object(fields.get(CUSTOM_FIELDS))
    return {**plain, **{(CUSTOM_FIELDS, name): value for name, value in own.items()}}


def nested(fields: Mapping[tuple[str, ...], Json]) -> JsonObject:
    """Fields as a record has them, of those by path."""
    plain: JsonObject = {path[0]: value for path, value in fields.items() if path[0] != CUSTOM_FIELDS}
    own: JsonObject = {path[1]: value for path, value in fields.items() if path[0] == CUSTOM_FIELDS}
    return {**plain, CUSTOM_FIELDS: own} if own else plain


def found_at(value: JsonObject, path: tuple[str, ...]) -> Json:
    """What NetBox has at a path; null where it has nothing."""
    own, *below = path
    return as_object(value.get(own)).get(below[0]) if below else value.get(own)


def members_of(live: LiveObject, name: str) -> frozenset[str]:
    """Those members of a shared list that can be ours, as records call them."""
    entries = as_list(live.value.get(name))
    return frozenset(text for each in entries if (text := _member(each)))


def member(name: str, text: str) -> Json:
    """A member as it is written."""
    kind = MEMBER_KINDS.get(name)
    return {"ref": kind, "key": text} if kind else text


def blank(name: str) -> Json:
    """What a field is when nobody says anything."""
    return _BLANK.get(name)


def _member(value: Json) -> str:
    return as_text(as_object(value).get("key")) if isinstance(value, dict) else as_text(value)


def _fields(record: Record, base: JsonObject, live: LiveObject) -> Iterator[FieldChange]:
    before, ours = flat(as_object(base.get("fields"))), flat(record.fields)
    for path, wanted in ours.items():
        found = found_at(live.value, path)
        if not is_same(wanted, found):
            known: FieldValue = before.get(path, MISSING)
            yield _change(path, known, wanted, found)
    for path in sorted(before.keys() - ours.keys()):
        found = found_at(live.value, path)
        is_left = is_same(before[path], found) and not _is_blank(path[0], found) and path[0] not in record.once
        if is_left and not (path[0] == "mode" and _has_others_vlans(base, live)):
            yield _change(path, before[path], blank(path[0]), found)  # ours no longer, and still as we left it


def _has_others_vlans(base: JsonObject, live: LiveObject) -> bool:
    """Whether a port has VLANs that we did not put there: without its mode it could not have them."""
    known = set(map(as_text, as_list(as_object(base.get("members")).get("tagged_vlans"))))
    tagged = {_member(each) for each in as_list(live.value.get("tagged_vlans"))}
    untagged, before = live.value.get("untagged_vlan"), as_object(base.get("fields")).get("untagged_vlan")
    return bool(tagged - known) or not (untagged is None or is_same(before, untagged))


def _of_author(field: FieldChange, live: LiveObject) -> FieldChange:
    """With who changed the object last, where that is known and somebody else moved the field."""
    author = as_text(live.value.get(CHANGED_BY))
    return replace(field, manager=author) if author and field.verdict in MOVED else field


def _change(path: tuple[str, ...], base: FieldValue, desired: Json, live: Json) -> FieldChange:
    return FieldChange(path=path, base=base, desired=desired, live=live, verdict=_moved(base, desired, live))


def _moved(base: FieldValue, desired: Json, live: Json) -> Verdict:
    if isinstance(base, Missing):
        return Verdict.PENDING if _is_blank("", live) else Verdict.CONFLICT
    if is_same(base, live):
        return Verdict.PENDING
    return Verdict.DRIFTED if same(base, desired) else Verdict.CONFLICT


def _members(record: Record, base: JsonObject, live: LiveObject) -> Iterator[FieldChange]:
    before = as_object(base.get("members"))
    for name in sorted({*record.members, *before}):
        known = frozenset(map(as_text, as_list(before.get(name))))
        wanted, found = record.members.get(name, frozenset()), members_of(live, name)
        if wanted <= found and not (known - wanted) & found:
            continue
        has = found & (known | wanted)
        verdict = Verdict.PENDING if has == known else Verdict.DRIFTED if known == wanted else Verdict.PENDING
        texts = (list[Json](sorted(each)) for each in (known, wanted, has))
        was, desired, shown = texts
        yield FieldChange(path=(name,), base=was, desired=desired, live=shown, verdict=verdict)


def _beside(record: Record, base: JsonObject) -> Iterator[FieldChange]:
    """What NetBox has no field for is where we wrote it: nobody else moves it."""
    known = as_object(base.get(BESIDE))
    if not same(known, record.beside):
        yield FieldChange(path=(BESIDE,), base=known, desired=record.beside, live=known, verdict=Verdict.PENDING)


def _marks(live: LiveObject) -> Iterator[FieldChange]:
    if live.value.get(HALF_MARKED) is True:
        yield FieldChange(path=(HALF_MARKED,), base=False, desired=False, live=True, verdict=Verdict.DRIFTED)


def _unlike(record: Record, live: LiveObject) -> Iterator[FieldChange]:
    for path, wanted in flat(record.fields).items():
        found = found_at(live.value, path)
        if not is_same(wanted, found):
            yield FieldChange(path=path, base=MISSING, desired=wanted, live=found, verdict=Verdict.UNKNOWN)
    for name, members in sorted(record.members.items()):
        has = members_of(live, name) & members
        if members != has:
            texts, shown = list[Json](sorted(members)), list[Json](sorted(has))
            yield FieldChange(path=(name,), base=MISSING, desired=texts, live=shown, verdict=Verdict.UNKNOWN)


def _is_blank(name: str, found: Json) -> bool:
    return found in (None, "", [], {}) or (name in _BLANK and same(found, _BLANK[name]))
