"""What the memory learns: from a look alone, and from a confirmed write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hedgehog_gitops.core.canonical import canonical, digest, same
from hedgehog_gitops.core.fights import as_we_want, put_back_after
from hedgehog_gitops.core.looking import Look
from hedgehog_gitops.model.kind import ObjectKey, kind_of
from hedgehog_gitops.model.live import Absent, LiveObject, LiveSide, SideName, look_up
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.plan import FieldChange, Verdict
from hedgehog_gitops.model.record import NETBOX, RECORD_KIND_BY_NAME
from hedgehog_gitops.model.state import BaseRecord, PutBack


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Objects already as desired that the memory does not know so, and objects gone on both sides."""

    records: tuple[BaseRecord, ...] = ()
    forget: tuple[ObjectKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a record keeps beside what was sent: what we put back so far, and the fields that are paused."""

    put_back: tuple[PutBack, ...] = ()
    paused: tuple[FieldChange, ...] = ()


NOTHING = Carried()


def settle(
    looks: Iterable[Look],
    live: LiveSide,
    gone: Iterable[ObjectKey],
    revision: str,
) -> Settled:
    """What a look settles; nothing when it settles nothing new, so that a second run writes nothing.

    `gone` are objects that we own and git no longer has.
    """
    records = [
        replace(base_record(each.key, each.desired, each.live, revision, live.side), put_back=carry(each).put_back)
        for each in looks
        if each.live is not None and each.verdict is Verdict.IN_SYNC and _is_news(each, each.live)
    ]
    forget = [key for key in gone if isinstance(look_up(live, key), Absent)]
    return Settled(records=tuple(records), forget=tuple(forget))


def intended_record(key: ObjectKey, sent: JsonObject, revision: str, side: SideName) -> BaseRecord:
    """What to remember before an object is made: should its answer never come, it is known whose it would be."""
    value = _remembered(key, sent, side)
    return BaseRecord(key=key, side=side, uid="", digest=digest(value), revision=revision, value=value)


def is_remembered(key: ObjectKey) -> bool:
    """True of what can be ours; what fabrics share in NetBox belongs to none of them."""
    return key.group != NETBOX or not RECORD_KIND_BY_NAME[key.kind].is_shared


def leaving_record(base: BaseRecord) -> BaseRecord:
    """What to remember before an object is deleted: should its answer never come, nobody else has deleted it."""
    return replace(base, uid="")


def staying_record(base: BaseRecord, uid: str) -> BaseRecord:
    """What to remember of an object whose deletion was refused."""
    return replace(base, uid=uid)


def written_record(
    sent: JsonObject, live: LiveObject, revision: str, side: SideName, carried: Carried = NOTHING
) -> BaseRecord:
    """What to remember of a confirmed write: what we sent, in canonical form, and what is carried on."""
    value = _remembered(live.key, as_we_want(sent, carried.paused), side)
    return replace(base_record(live.key, value, live, revision, side), put_back=carried.put_back)


def _remembered(key: ObjectKey, sent: JsonObject, side: SideName) -> JsonObject:
    """What is sent as the base that a side is compared with: NetBox is given it in the same request."""
    if side is SideName.NETBOX:
        return as_object(sent.get("base"))
    return canonical(kind_of(key), sent, key.namespace)


def carry(each: Look) -> Carried:
    """What the record of an object keeps once its fields are written."""
    is_same = each.base is not None and each.live is not None and each.base.uid == each.live.uid
    before = each.base.put_back if is_same and each.base is not None else ()
    return Carried(put_back=put_back_after(before, each.fields), paused=each.paused)


def base_record(key: ObjectKey, desired: JsonObject, live: LiveObject, revision: str, side: SideName) -> BaseRecord:
    """A record of an object that the side has as desired (canonical)."""
    return BaseRecord(key=key, side=side, uid=live.uid, digest=digest(desired), revision=revision, value=desired)


def _is_news(each: Look, live: LiveObject) -> bool:
    if each.base is None or each.base.uid != live.uid:
        return True
    return each.base.value is not each.desired and not same(each.base.value, each.desired)
