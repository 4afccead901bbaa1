"""What is sent: a change in our form as the body that NetBox takes, references as ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hedgehog_gitops.adapters.netbox.live import Marks
from hedgehog_gitops.adapters.netbox.places import (
    GENERIC,
    MEMBER_KINDS,
    TERMINATIONS,
    Known,
    called,
    own_name,
)
from hedgehog_gitops.adapters.netbox.versions import changes_single_tags
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.plan import Action, Change
from hedgehog_gitops.model.record import RECORD_KIND_BY_NAME, is_reference, mark_of, name_called

SENT_ONLY = {"id", "add_tags", "remove_tags", "changelog_message"}
"""What NetBox takes and does not give back."""

_MESSAGE = 200


class DanglingError(Exception):
    """A body refers to an object that NetBox does not have."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(kind, name)
        self.kind = kind
        self.name = name

    def __str__(self) -> str:
        return f"it refers to {self.kind} {self.name.replace(':', ' ', 1)}, which NetBox does not have"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Whose objects are written, how they are marked, what the change log is told, and what the server can do."""

    fabric: str
    marks: Marks
    message: str
    tag: str
    version: tuple[int, int]


def created(change: Change, known: Known, author: Author) -> JsonObject:
    """The body of a new object; the shared kinds are of no fabric and carry no mark."""
    manifest = change.manifest or {}
    body = _body({**as_object(manifest.get("once")), **as_object(manifest.get("fields"))}, known)
    for name, (adds, _) in members_of(change).items():
        body[name] = [_id(*_member(name, member), known) for member in adds]
    if not RECORD_KIND_BY_NAME[change.key.kind].is_shared:
        body["custom_fields"] = {**as_object(body.get("custom_fields")), **marked(change.key, manifest, author)}
        tags = [*as_list(body.get("tags")), *_tag(author, known)]
        body["tags"] = [tag for place, tag in enumerate(tags) if tag not in tags[:place]]
    return _told(body, change, author)


def updated(change: Change, current: JsonObject, known: Known, author: Author) -> JsonObject:
    """The body of a change to an object; empty if there is nothing to change. `current` is the row as it is now."""
    manifest = change.manifest or {}
    body = _body(as_object(manifest.get("fields")), known)
    for name, halves in members_of(change).items():
        body |= _changed_members(name, *halves, current, known, author)
    if "base" in manifest:
        is_ours = manifest["base"] is not None
        marks = marked(change.key, manifest, author) if is_ours else _unmarked(author.marks)
        body["custom_fields"] = {**as_object(body.get("custom_fields")), **marks}
        if _moves_tag(change):
            body |= _with_tag(body, current, known, author, is_ours=is_ours)
    return _told(body, change, author) if body else {}


def needs_current(change: Change, version: tuple[int, int]) -> bool:
    """Whether the body of an update depends on lists as they are now."""
    names = set(members_of(change)) | ({"tags"} if _moves_tag(change) else set())
    return bool(names - ({"tags"} if changes_single_tags(version) else set()))


def members_of(change: Change) -> dict[str, tuple[list[Json], list[Json]]]:
    """By list, the members of ours that come in and those that go out."""
    members = as_object((change.manifest or {}).get("members"))
    adds, removes = as_object(members.get("add")), as_object(members.get("remove"))
    return {name: (as_list(adds.get(name)), as_list(removes.get(name))) for name in sorted({*adds, *removes})}


def marked(key: ObjectKey, manifest: JsonObject, author: Author) -> JsonObject:
    """The custom fields that make an object ours, and the base beside them."""
    marks: JsonObject = {author.marks.key: mark_of(author.fabric, key), author.marks.fabric: author.fabric}
    return {**marks, **({author.marks.base: manifest["base"]} if "base" in manifest else {})}


def referred(changes: Iterable[Change]) -> Iterator[tuple[str, str]]:
    """Everything that changes point to, by kind and name."""
    for change in changes:
        manifest = change.manifest or {}
        yield from _references({name: manifest.get(name) for name in ("once", "fields")})
        for name, (adds, removes) in members_of(change).items():
            yield from (_member(name, member) for member in (*adds, *removes))


def message_of(change: Change, author: Author) -> str:
    """What the change log is told: who, in which run, and why."""
    return f"{author.message}: {change.reason}"[:_MESSAGE] if author.message else change.reason[:_MESSAGE]


def _references(value: Json) -> Iterator[tuple[str, str]]:
    if is_reference(value):
        yield called(as_object(value))
    elif isinstance(value, dict | list):
        for below in value.values() if isinstance(value, dict) else value:
            yield from _references(below)


def _body(fields: Mapping[str, Json], known: Known) -> JsonObject:
    body: JsonObject = {}
    for name, value in fields.items():
        if name in TERMINATIONS:
            body[name] = [_end(as_object(end), known) for end in as_list(value)]
        elif name in GENERIC:
            kind, identity = (called(as_object(value))[0], _sent(value, known)) if value is not None else (None, None)
            body |= {f"{name}_type": kind, f"{name}_id": identity}
        else:
            body[name] = _sent(value, known)
    return body


def _sent(value: Json, known: Known) -> Json:
    if isinstance(value, list):
        return [_sent(entry, known) for entry in value]
    if is_reference(value):
        return _id(*called(as_object(value)), known)
    if isinstance(value, dict):
        return {name: _sent(entry, known) for name, entry in value.items()}
    return value


def _end(reference: JsonObject, known: Known) -> JsonObject:
    kind, name = called(reference)
    return {"object_type": kind, "object_id": _id(kind, name, known)}


def _id(kind: str, name: str, known: Known) -> int:
    attribute, _, text = name.partition(":")
    identity = int(text) if attribute == "id" and text.isdecimal() else known.id_of(kind, name)
    if identity is None:
        raise DanglingError(kind, name)
    return identity


def _member(name: str, member: Json) -> tuple[str, str]:
    if isinstance(member, dict):
        return called(member)
    kind = MEMBER_KINDS.get(name, "")
    return kind, f"slug:{as_text(member)}" if kind == "extras.tag" else as_text(member)


def _changed_members(
    name: str, wanted: list[Json], unwanted: list[Json], current: JsonObject, known: Known, author: Author
) -> JsonObject:
    """A list with our members in and out, and everybody else's left; tags one by one where NetBox can."""
    adds = [_id(*_member(name, member), known) for member in wanted]
    gone = [known.id_of(*_member(name, member)) for member in unwanted]
    removes: list[Json] = [identity for identity in gone if identity is not None]
    if name == "tags" and changes_single_tags(author.version):
        both: dict[str, list[Json]] = {"add_tags": list(adds), "remove_tags": removes}
        return {verb: members for verb, members in both.items() if members}
    have = [member if isinstance(member, int) else as_object(member).get("id") for member in as_list(current.get(name))]
    kept = [member for member in have if member not in removes]
    return {name: [*kept, *(member for member in adds if member not in kept)]}


def _moves_tag(change: Change) -> bool:
    manifest = change.manifest or {}
    return "base" in manifest and (change.action is Action.ADOPT or manifest["base"] is None)


def _with_tag(body: JsonObject, current: JsonObject, known: Known, author: Author, *, is_ours: bool) -> JsonObject:
    """The tag that people see comes with our marks and goes with them."""
    tag: list[Json] = [author.tag] if _tag(author, known) else []
    moved = _changed_members("tags", tag if is_ours else [], [] if is_ours else tag, {**current, **body}, known, author)
    together = {verb: [*as_list(body.get(verb)), *as_list(moved[verb])] for verb in moved if verb != "tags"}
    return {**moved, **together}


def _tag(author: Author, known: Known) -> list[Json]:
    """For people's eyes only; where the tag is not there, it is done without."""
    identity = known.id_of("extras.tag", f"slug:{author.tag}")
    return [] if identity is None else [identity]


def _unmarked(marks: Marks) -> JsonObject:
    return {marks.key: None, marks.fabric: None, marks.base: None}


def _told(body: JsonObject, change: Change, author: Author) -> JsonObject:
    return {**body, "changelog_message": message_of(change, author)}


def name_of(change: Change) -> str:
    """How references call the object of a change."""
    if RECORD_KIND_BY_NAME[change.key.kind].is_shared:
        return name_called(change.key.kind, as_object((change.manifest or {}).get("fields")))
    return own_name(change.key)
