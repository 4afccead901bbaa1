"""Every record beside what NetBox has in its place, and the verdict on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hedgehog_gitops.core.netbox.comparing import MOVED, compare, is_same, twin_fields
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject, LiveSide, Present, Unknown, look_up
from hedgehog_gitops.model.plain import Json, as_list, as_text
from hedgehog_gitops.model.plan import FieldChange, Verdict
from hedgehog_gitops.model.record import RECORD_KIND_BY_NAME, Record, key_of
from hedgehog_gitops.model.state import BaseRecord

_ENDS = ("a_terminations", "b_terminations")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A record, what is in its place, and the verdict. `is_twin`: that is not ours, by any mark.

    `reason` says why nothing can be done about it, where nothing can.
    """

    record: Record
    verdict: Verdict
    live: LiveObject | None = None
    fields: tuple[FieldChange, ...] = ()
    is_twin: bool = False
    reason: str = ""

    @property
    def key(self) -> ObjectKey:
        """Whom it is about."""
        return self.record.key


def sightings(
    records: Mapping[ObjectKey, Record], live: LiveSide, bases: Mapping[ObjectKey, BaseRecord]
) -> list[Sighting]:
    """All records, each with what NetBox has of it, in the order of the records."""
    twins = _Twins(live)
    return [_sight(record, live, bases.get(key), twins) for key, record in records.items()]


def changed_by_others(
    records: Mapping[ObjectKey, Record], live: LiveSide, bases: Mapping[ObjectKey, BaseRecord]
) -> list[LiveObject]:
    """Our objects of which somebody else moved a field."""
    return [
        each.live
        for each in sightings(records, live, bases)
        if each.live is not None and not each.is_twin and each.verdict in MOVED
    ]


def _sight(record: Record, live: LiveSide, base: BaseRecord | None, twins: _Twins) -> Sighting:
    match look_up(live, record.key):
        case Present(found) if RECORD_KIND_BY_NAME[record.key.kind].is_shared:
            return Sighting(record=record, verdict=Verdict.IN_SYNC, live=found)
        case Present(found):
            seen = compare(record, found, base)
            reason = "" if seen.is_known or not seen.fields else _NO_BASE
            return Sighting(record=record, verdict=seen.verdict, live=found, fields=seen.fields, reason=reason)
        case Unknown(reason):
            return Sighting(record=record, verdict=Verdict.UNKNOWN, reason=reason)
        case _:
            return _absent(record, base, twins.of(record))


_NO_BASE = (
    "what we last wrote is not known (its base was taken off or cannot be read), so it is not overwritten; "
    "make it as git has it, or take our marks off and adopt it"
)


def _absent(record: Record, base: BaseRecord | None, twin: LiveObject | None) -> Sighting:
    if twin is None:
        verdict = Verdict.MISSING if base is not None and base.uid else Verdict.PENDING
        return Sighting(record=record, verdict=verdict)
    if mark := as_text(twin.value.get("mark")):
        reason = _others(record, twin, mark)
        return Sighting(record=record, verdict=Verdict.CONFLICT, live=twin, is_twin=True, reason=reason)
    fields = twin_fields(record, twin)
    return Sighting(record=record, verdict=Verdict.UNMANAGED, live=twin, fields=fields, is_twin=True)


def _others(record: Record, twin: LiveObject, mark: str) -> str:
    """Whose it is that stands in the place of a record, and what to do about it."""
    reason = f"object {twin.uid} is in its place and belongs to {mark}"
    found, own = key_of(record.key.kind, mark), record.fields.get("site", record.fields.get("scope"))
    if found is None:
        return reason
    advice = "give each fabric a site of its own (netbox.site)" if own is not None else "one of the two has to change"
    return f"{reason}: fabric {found[0]} has one of that name there already; {advice}"


class _Twins:
    """What is in the place of records without being theirs, to be found by what tells objects apart."""

    def __init__(self, live: LiveSide) -> None:
        self._by_kind: dict[str, list[LiveObject]] = {}
        for key, found in live.objects.items():
            if not key.namespace:
                self._by_kind.setdefault(key.kind, []).append(found)
        self._by_text: dict[tuple[str, str], list[LiveObject]] = {}
        for kind, objects in self._by_kind.items():
            for found in objects:
                for text in _texts(found):
                    self._by_text.setdefault((kind, text), []).append(found)

    def of(self, record: Record) -> LiveObject | None:
        """The twin of a record; a cable's is whatever is plugged into one of its ports."""
        kind = record.key.kind
        if kind not in self._by_kind:
            return None
        if kind == "dcim.cable":
            return next(self._plugged(record), None)
        wanted = {**record.once, **record.fields}
        for found in self._likely(record, wanted):
            if record.natural and all(
                _is_called(record.key, name, wanted.get(name), found.value.get(name)) for name in record.natural
            ):
                return found
        return None

    def _likely(self, record: Record, wanted: Mapping[str, Json]) -> Iterable[LiveObject]:
        last = wanted.get(record.natural[-1]) if record.natural else None
        return self._by_text.get((record.key.kind, str(last).casefold()), ())

    def _plugged(self, record: Record) -> Iterator[LiveObject]:
        for port in (port for name in _ENDS for port in as_list(record.fields.get(name))):
            yield from self._by_text.get(("dcim.cable", str(port)), ())


def _texts(found: LiveObject) -> Iterator[str]:
    """What a twin may be found by: every plain value of it, and the ports of a cable."""
    for name, value in found.value.items():
        if name in _ENDS:
            yield from map(str, as_list(value))
        elif not isinstance(value, dict | list):
            yield str(value).casefold()


def _is_called(key: ObjectKey, name: str, wanted: Json, found: Json) -> bool:
    """Equality of a natural field; a device's name is there once in a site, in whatever case it is written."""
    if (key.kind, name) == ("dcim.device", "name"):
        return as_text(wanted).casefold() == as_text(found).casefold()
    return is_same(wanted, found)
