"""Records and changes to them, made briefly."""

from __future__ import annotations

from collections.abc import Mapping

from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject, SideName
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.plan import Action, Change, Precondition, Verdict
from hedgehog_gitops.model.record import NETBOX, RECORD_KIND_BY_NAME, Record


def key_of_record(kind: str, name: str) -> ObjectKey:
    """The key of a record of a Hedgehog object `Kind/name[#part]`."""
    return ObjectKey(group=NETBOX, kind=kind, namespace="default", name=name)


def record(
    kind: str, name: str, natural: tuple[str, ...], fields: JsonObject, once: JsonObject | None = None
) -> Record:
    """One record."""
    return Record(key=key_of_record(kind, name), fields=fields, once=once or {}, natural=natural)


def shared(kind: str, slug: str, **fields: Json) -> Record:
    """A record that belongs to no fabric."""
    return Record(key=key_of_record(kind, f"Shared/{slug}"), fields={"slug": slug, **fields}, natural=("slug",))


def own(kind: str, name: str) -> JsonObject:
    """A reference to an object of ours."""
    first, _, rest = name.partition("/")
    return {"ref": kind, "key": f"{first}/default/{rest}"}


def by_slug(kind: str, slug: str) -> JsonObject:
    """A reference to somebody else's object."""
    return {"ref": kind, "slug": slug}


def base_of(fields: JsonObject, *, adopted: bool = False) -> JsonObject:
    """What we remember to have written."""
    return {"v": 1, "fields": fields, "members": {}, "adopted": adopted}


def creation(wanted: Record, members: Mapping[str, list[Json]] | None = None) -> Change:
    """Make a record."""
    manifest: JsonObject = {"fields": wanted.fields, "once": wanted.once}
    if members:
        manifest["members"] = {"add": dict(members)}
    if not RECORD_KIND_BY_NAME[wanted.key.kind].is_shared:
        manifest["base"] = base_of(wanted.fields)
    return _change(Action.CREATE, wanted.key, None, manifest)


def update(live: LiveObject, fields: JsonObject, **more: Json) -> Change:
    """Change some fields of an object; `members` and `base` as they are sent."""
    return _change(Action.UPDATE, live.key, live, {"fields": fields, **more})


def adoption(key: ObjectKey, live: LiveObject, base: JsonObject) -> Change:
    """Make an object ours without changing what it says."""
    return _change(Action.ADOPT, key, live, {"fields": {}, "base": base})


def removal(live: LiveObject) -> Change:
    """Delete an object."""
    return _change(Action.PRUNE, live.key, live, None)


def _change(action: Action, key: ObjectKey, live: LiveObject | None, manifest: JsonObject | None) -> Change:
    return Change(
        side=SideName.NETBOX,
        action=action,
        verdict=Verdict.PENDING,
        key=key,
        fields=(),
        reason="changed in git",
        precondition=Precondition() if live is None else Precondition(version=live.version, uid=live.uid),
        manifest=manifest,
    )
