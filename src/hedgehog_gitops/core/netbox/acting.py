"""A verdict as a change: what is sent for a new object, for a changed one, for one taken over, and for one let go."""

from __future__ import annotations

from dataclasses import replace

from hedgehog_gitops.core.netbox.comparing import (
    BASE_VERSION,
    BESIDE,
    HALF_MARKED,
    base_of,
    flat,
    found_at,
    is_adopted,
    known_base,
    member,
    members_of,
    nested,
)
from hedgehog_gitops.core.netbox.sequencing import without_late
from hedgehog_gitops.core.netbox.sighting import Sighting
from hedgehog_gitops.model.live import LiveObject, SideName
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.plan import Action, Change, FieldChange, Missing, Precondition, Verdict
from hedgehog_gitops.model.record import RECORD_KIND_BY_NAME, Record
from hedgehog_gitops.model.state import BaseRecord


def change_of(each: Sighting) -> Change:
    """Make it, or change it."""
    return _created(each) if each.live is None else _updated(each, each.live)


def adoption(each: Sighting) -> Change:
    """Take over what is in a record's place: only our marks are set, and a base that is what is there."""
    twin = each.live
    if twin is None:
        raise ValueError(each.key)
    shown = nested({path: found_at(twin.value, path) for path in flat(each.record.fields) if path[0] in twin.value})
    base: JsonObject = {"v": BASE_VERSION, "fields": shown, "members": {}, "adopted": True}
    return _change(each, Action.ADOPT, {"base": base}, "it was made by others; it becomes ours", twin)


def farewell(found: LiveObject, remembered: BaseRecord | None) -> Change:
    """Let go of an object that was there before us: our marks come off, and our members of its lists."""
    known = as_object((known_base(found, remembered) or {}).get("members"))
    removed = {
        name: [member(name, text) for text in sorted(map(as_text, as_list(members))) if text in members_of(found, name)]
        for name, members in known.items()
    }
    manifest: JsonObject = {"base": None}
    if any(removed.values()):
        manifest["members"] = {"remove": {name: members for name, members in removed.items() if members}}
    return Change(
        side=SideName.NETBOX,
        action=Action.UPDATE,
        verdict=Verdict.PENDING,
        key=found.key,
        fields=(),
        reason="no longer in git; it was there before us, so it stays and is ours no more",
        precondition=Precondition(version=found.version, uid=found.uid),
        manifest=manifest,
    )


def _created(each: Sighting) -> Change:
    record = replace(each.record, fields=without_late(each.record.fields))
    manifest: JsonObject = {"fields": dict(record.fields)}
    if record.once:
        manifest["once"] = dict(record.once)
    if members := _listed(record):
        manifest["members"] = {"add": members}
    if not RECORD_KIND_BY_NAME[record.key.kind].is_shared:
        manifest["base"] = base_of(record)
    reason = "it was deleted in NetBox" if each.verdict is Verdict.MISSING else "new in git"
    return _change(each, Action.CREATE, manifest, reason, None)


def _updated(each: Sighting, live: LiveObject) -> Change:
    record = each.record
    fields = {tuple(map(str, field.path)): field for field in each.fields}
    lists = {
        path[0]: field for path, field in fields.items() if isinstance(field.live, list) and path[0] in _lists(record)
    }
    sent = nested(
        {
            path: None if isinstance(field.desired, Missing) else field.desired
            for path, field in fields.items()
            if path[0] not in lists and path[0] not in {BESIDE, HALF_MARKED}
        }
    )
    manifest: JsonObject = {"base": base_of(record, is_adopted=is_adopted(live, None))}
    if sent:
        manifest["fields"] = sent
    if lists:
        manifest["members"] = _moved(lists)
    return _change(each, Action.UPDATE, manifest, _reason(each), live)


def _lists(record: Record) -> frozenset[str]:
    return frozenset((*record.members, "tags", "tagged_vlans", "import_targets", "export_targets"))


def _moved(lists: dict[str, FieldChange]) -> JsonObject:
    """Our members that come in, and those that go out."""
    added: JsonObject = {}
    removed: JsonObject = {}
    for name, field in lists.items():
        wanted, found = _texts(field.desired), _texts(field.live)
        if more := sorted(wanted - found):
            added[name] = [member(name, text) for text in more]
        if less := sorted(found - wanted):
            removed[name] = [member(name, text) for text in less]
    halves = {"add": added, "remove": removed}
    return {half: entries for half, entries in halves.items() if entries}


def _texts(value: object) -> set[str]:
    return {each for each in value if isinstance(each, str)} if isinstance(value, list) else set()


def _listed(record: Record) -> JsonObject:
    return {
        name: list[Json](member(name, text) for text in sorted(members))
        for name, members in sorted(record.members.items())
        if members
    }


def _reason(each: Sighting) -> str:
    if each.verdict is Verdict.DRIFTED:
        writers = sorted({field.manager for field in each.fields if field.manager})
        return f"drift, by {', '.join(writers) or 'somebody in NetBox'}"
    first, *others = [str(field.path[-1]) for field in each.fields]
    return f"changed in git: {first}" + (f" and {len(others)} more" if others else "")


def _change(each: Sighting, action: Action, manifest: JsonObject, reason: str, found: LiveObject | None) -> Change:
    return Change(
        side=SideName.NETBOX,
        action=action,
        verdict=each.verdict,
        key=each.key,
        fields=() if action is Action.CREATE else each.fields,
        reason=reason,
        precondition=Precondition() if found is None else Precondition(version=found.version, uid=found.uid),
        manifest=manifest,
    )
