"""Laws of the NetBox side, on whole fabrics and a NetBox in memory: nothing of a person's is lost (issue 7)."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from generated_fabric import generate_fabric
from hedgehog_gitops.adapters.netbox_entries import Entry, Table
from hedgehog_gitops.adapters.package_profiles import PackageProfiles
from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.core.netbox.looking import with_carried
from hedgehog_gitops.core.netbox.planning import plan_records
from hedgehog_gitops.core.netbox.showing import Showing
from hedgehog_gitops.core.netbox.surveying import going
from hedgehog_gitops.core.netbox.translating import translate
from hedgehog_gitops.core.planning import Planned
from hedgehog_gitops.core.settling import base_record
from hedgehog_gitops.model.kind import KINDS, ObjectKey
from hedgehog_gitops.model.live import LiveSide, SideName, Written
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object
from hedgehog_gitops.model.plan import Action, PlanOptions
from hedgehog_gitops.model.record import NETBOX, RECORD_KIND_BY_NAME, RECORD_KINDS, Record, mark_of
from hedgehog_gitops.model.settings import Fabric, NetboxSettings, OnMissing, PruneSettings
from hedgehog_gitops.model.state import BaseRecord

KIND_OF = {kind.kind: kind for kind in KINDS}
ALL = frozenset((NETBOX, kind.name) for kind in RECORD_KINDS)
DROPPED = re.compile(r"server-000(?:0[15-9]|1)|spine-0[2-9]")
PERSONAL = ("comments", "tenant", "rack", "asset_tag")
LEAVES = ("server-0002", "server-0003", "leaf-02", "gateway-1")
"""What git may lose, with everything that names it."""

RECREATE = PlanOptions(on_missing=OnMissing.RECREATE)
Bases = dict[ObjectKey, BaseRecord]


@cache
def specs(vpcs: int) -> Mapping[ObjectKey, JsonObject]:
    """A small fabric: a pair of leaves, one spine, and one server of each kind of connection."""
    found: dict[ObjectKey, JsonObject] = {}
    for value in generate_fabric(vpcs=vpcs, leaves=2, gateways=1):
        if not DROPPED.search(json.dumps(value)):
            kind = KIND_OF[str(value["kind"])]
            name = str(as_object(value["metadata"])["name"])
            found[ObjectKey(kind.group, kind.kind, "default", name)] = default_spec(kind, value)
    return found


def fabric(name: str = "f1", site: str = "dc1") -> Fabric:
    prune = PruneSettings(enabled=True, max_objects=1000, max_share=1.0)
    return Fabric(name=name, directory="f", netbox=NetboxSettings(file="x", site=site), prune=prune)


@cache
def records(vpcs: int, name: str = "f1", site: str = "dc1", left: str = "") -> Mapping[ObjectKey, Record]:
    """All records of a fabric, without one object of it and what names that."""
    kept = {k: spec for k, spec in specs(vpcs).items() if not left or left not in json.dumps([k.name, spec])}
    return translate(name, NetboxSettings(file="x", site=site), kept, {}).records


def look(table: Table, wanted: Mapping[ObjectKey, Record]) -> LiveSide:
    found = (*table.own(), *table.twins(wanted.values()))
    return LiveSide(side=SideName.NETBOX, objects={each.key: each for each in found}, unknown={}, proven=ALL)


def planned(
    table: Table,
    vpcs: int,
    bases: Mapping[ObjectKey, BaseRecord],
    options: PlanOptions = RECREATE,
    site: str = "dc1",
    left: str = "",
) -> Planned:
    return planned_for(table, records(vpcs, table.fabric, site, left), bases, options, site)


def planned_for(
    table: Table,
    wanted: Mapping[ObjectKey, Record],
    bases: Mapping[ObjectKey, BaseRecord],
    options: PlanOptions = RECREATE,
    site: str = "dc1",
) -> Planned:
    mine, live = fabric(table.fabric, site), look(table, wanted)
    showing = Showing(records=wanted, revision="r1", refused={})
    live = with_carried(live, table.carried(going(showing, live, bases, options)))
    return plan_records(mine, showing, live, bases, options)


def applied(table: Table, bases: Bases, plan: Planned) -> None:
    """Writes a plan, and remembers it."""
    by_key = {change.key: change for change in plan.plan.changes}
    assert sorted(by_key) == sorted(key for wave in plan.plan.waves for key in wave)
    for key in (key for wave in plan.plan.waves for key in wave):
        outcome = table.write(by_key[key])
        assert isinstance(outcome, Written), outcome
        base = as_object((by_key[key].manifest or {}).get("base"))
        if outcome.object is None or not base:
            bases.pop(key, None)
        elif not RECORD_KIND_BY_NAME[key.kind].is_shared:
            bases[key] = base_record(key, base, outcome.object, "r1", SideName.NETBOX)
    for record in plan.settled.records:
        bases.setdefault(record.key, record)
    for key in plan.settled.forget:
        bases.pop(key, None)


@cache
def filled(vpcs: int) -> tuple[Table, Bases]:
    table, bases = Table("f1", {}), Bases()
    applied(table, bases, planned(table, vpcs, bases))
    return table, bases


def test_a_translation_is_the_same_each_time_with_a_key_for_each_record() -> None:
    """Issue 7, scope: stable part keys."""
    once, again = (translate("f1", NetboxSettings(site="dc1"), specs(3), PackageProfiles()) for _ in range(2))
    assert once == again
    assert list(once.records) == list(again.records)


def test_two_fabrics_of_equal_names_share_no_mark_and_no_place() -> None:
    """Issue 7, 6: in two sites, everything natural that is not shared differs too, or hangs on what differs."""
    table, bases = Table("f1", {}), Bases()
    applied(table, bases, planned(table, 3, bases))
    before = copy.deepcopy(table.entries)
    other, others = Table("f10", table.entries, table.last_id), Bases()
    first = planned(other, 3, others, site="dc2")
    assert not first.plan.conflicts
    applied(other, others, first)
    assert {number: other.entries[number] for number in before} == before
    assert planned(other, 3, others, site="dc2").plan.is_empty
    marks = {mark_of(name, each.key) for name in ("f1", "f10") for each in records(3, name).values()}
    assert len(marks) == 2 * len(records(3))


def test_the_same_site_is_a_conflict_and_touches_nobody() -> None:
    """Issue 7, 6: devices of equal names in one site stay those of the first fabric."""
    table, _ = filled(3)
    other = Table("f2", copy.deepcopy(table.entries), table.last_id)
    plan = planned(other, 3, {}, PlanOptions(adopt=True)).plan
    held = {each.key.kind for each in (*plan.conflicts, *plan.blocked)}
    assert "dcim.device" in held
    assert not any(change.key.kind == "dcim.device" for change in plan.changes)


def test_an_applied_plan_leaves_an_empty_one() -> None:
    """Issue 7, 1: the second run writes nothing."""
    table, bases = copy.deepcopy(filled(4))
    assert planned(table, 4, bases).plan.is_empty
    applied(table, bases, planned(table, 2, bases))
    assert planned(table, 2, bases).plan.is_empty
    applied(table, bases, planned(table, 4, bases))
    assert planned(table, 4, bases).plan.is_empty


def test_a_lost_memory_loses_nothing() -> None:
    """Issue 7, scope: ownership is by the mark, the base is in NetBox."""
    table, _ = copy.deepcopy(filled(3))
    plan = planned(table, 3, {})
    assert plan.plan.is_empty
    assert len(plan.settled.records) == sum(
        not RECORD_KIND_BY_NAME[each.key.kind].is_shared for each in records(3).values()
    )


Edit = Callable[[Table, int], None]


def _personal(table: Table, number: int) -> None:
    for name in PERSONAL:
        table.entries[number][name] = f"mine {name}"


def _description(table: Table, number: int) -> None:
    table.entries[number]["description"] = "mine"


def _custom_field(table: Table, number: int) -> None:
    entry = table.entries[number]
    entry["custom_fields"] = {**as_object(entry.get("custom_fields")), "owner": "mine"}


def _tag(table: Table, number: int) -> None:
    table.entries[number]["tags"] = [*as_list(table.entries[number].get("tags")), "mine"]


def _add(table: Table, entry: Entry) -> int:
    table.last_id += 1
    table.entries[table.last_id] = {**entry, "id": table.last_id}
    return table.last_id


def _vlan(table: Table, number: int) -> None:
    entry = table.entries[number]
    if entry["kind"] == "dcim.interface":
        vlan = _add(table, {"kind": "ipam.vlan", "name": "mine", "vid": 42, "group": None})
        mine: JsonObject = {"ref": "ipam.vlan", "id": vlan, "name": "mine"}
        entry["tagged_vlans"] = [*as_list(entry.get("tagged_vlans")), mine]
        entry["mode"] = entry.get("mode") or "tagged"


def _interface(table: Table, number: int) -> None:
    entry = table.entries[number]
    if entry["kind"] == "dcim.device":
        device: JsonObject = {"ref": "dcim.device", "mark": entry.get("mark")}
        _add(table, {"kind": "dcim.interface", "name": f"mine{number}", "type": "virtual", "device": device})


def _address(table: Table, number: int) -> None:
    entry = table.entries[number]
    if entry["kind"] == "dcim.interface":
        port: JsonObject = {"ref": "dcim.interface", "mark": entry.get("mark")}
        _add(table, {"kind": "ipam.ipaddress", "address": f"192.0.2.{number % 250}/32", "assigned_object": port})


def _prefix(table: Table, number: int) -> None:
    entry = table.entries[number]
    if entry["kind"] == "ipam.vrf":
        vrf: JsonObject = {"ref": "ipam.vrf", "mark": entry.get("mark")}
        _add(table, {"kind": "ipam.prefix", "prefix": f"203.0.{number % 250}.0/24", "vrf": vrf})


def _port_in_vlan(table: Table, number: int) -> None:
    entry = table.entries[number]
    if entry["kind"] == "ipam.vlan":
        vlan: JsonObject = {"ref": "ipam.vlan", "mark": entry.get("mark")}
        _add(table, {"kind": "dcim.interface", "name": f"mine{number}", "untagged_vlan": vlan})


def _rename(table: Table, number: int) -> None:
    if "name" in table.entries[number]:
        table.entries[number]["name"] = f"renamed-{number}"


def _delete(table: Table, number: int) -> None:
    if table.entries[number]["kind"] == "dcim.cable":
        del table.entries[number]


def _lose_base(table: Table, number: int) -> None:
    table.entries[number].pop("base", None)


def _spoil_base(table: Table, number: int) -> None:
    table.entries[number]["base"] = {"v": 99}


EDITS: tuple[Edit, ...] = (
    _personal,
    _description,
    _custom_field,
    _tag,
    _vlan,
    _interface,
    _interface,  # twice as often
    _address,
    _prefix,
    _port_in_vlan,
    _rename,
    _delete,
    _lose_base,
    _spoil_base,
)


def persons(table: Table, git: Mapping[str, Record]) -> dict[tuple[int, str], object]:
    """Everything in a NetBox that is a person's."""
    found: dict[tuple[int, str], object] = {}
    for number, entry in table.entries.items():
        mark = entry.get("mark")
        if not mark and not RECORD_KIND_BY_NAME[str(entry["kind"])].is_shared:
            found[number, ""] = entry
            continue
        for name in PERSONAL:
            if name in entry:
                found[number, name] = entry[name]
        record = git.get(f"{entry['kind']} {mark}")
        if record is not None and "description" not in record.fields and entry.get("description") == "mine":
            found[number, "description"] = "mine"
        if "mine" in as_list(entry.get("tags")):
            found[number, "tags"] = True
        if "owner" in as_object(entry.get("custom_fields")):
            found[number, "custom field"] = "mine"
        if any(as_object(vlan).get("name") == "mine" for vlan in as_list(entry.get("tagged_vlans"))):
            found[number, "tagged_vlans"] = True
    return copy.deepcopy(found)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_nothing_of_a_persons_is_lost(data: st.DataObject) -> None:
    """Issue 7, 2: whatever people edit, and whatever git does meanwhile, theirs stays where it is."""
    table, bases = copy.deepcopy(filled(3))
    for _ in range(data.draw(st.integers(1, 2))):
        after, left = data.draw(st.sampled_from((2, 3))), data.draw(st.sampled_from(("", *LEAVES)))
        for _ in range(data.draw(st.integers(1, 4))):
            edit = data.draw(st.sampled_from(EDITS))
            kind = data.draw(st.sampled_from(("dcim.device", "dcim.interface", "dcim.cable", "ipam.vlan", "ipam.vrf")))
            places = sorted(number for number, each in table.entries.items() if each["kind"] == kind)
            edit(table, data.draw(st.sampled_from(places)))
        table = Table("f1", table.entries, table.last_id)
        git = {f"{each.key.kind} {mark_of('f1', each.key)}": each for each in records(after, left=left).values()}
        before = persons(table, git)
        plan = planned(table, after, bases, left=left)
        gone = {int(each.precondition.uid) for each in plan.plan.changes if each.action is Action.PRUNE}
        applied(table, bases, plan)
        kept = persons(table, git)
        assert {place: each for place, each in before.items() if place[0] not in gone} == {
            place: each for place, each in kept.items() if place in before
        }
        again = planned(table, after, bases, left=left).plan
        assert not again.changes


ADOPT = PlanOptions(adopt=True, on_missing=OnMissing.RECREATE)


def test_what_was_there_before_us_is_taken_over_by_marks_alone_and_is_never_deleted() -> None:
    """Issue 7, scope: an adoption writes marks and a base equal to what is live; the adopted are not pruned."""
    table, bases = Table("f1", {}), Bases()
    mine = next(each for key, each in records(3).items() if key.kind == "dcim.device" and "leaf" in key.name)
    site: JsonObject = {"ref": "dcim.site", "slug": "dc1"}
    role: JsonObject = {"ref": "dcim.devicerole", "slug": "mine"}
    number = _add(table, {"kind": "dcim.device", "name": mine.fields["name"], "site": site, "role": role})
    before = copy.deepcopy(table.entries[number])
    unasked = planned(table, 3, bases).plan
    assert [each.key for each in unasked.conflicts if each.key == mine.key]
    asked = planned(table, 3, bases, ADOPT)
    (change,) = (each for each in asked.plan.changes if each.key == mine.key)
    assert change.action is Action.ADOPT
    assert change.manifest is not None
    assert change.manifest.keys() == {"base"}
    assert isinstance(table.write(change), Written)
    assert {name: table.entries[number][name] for name in before} == before
    table = Table("f1", table.entries, table.last_id)
    for _ in range(3):
        applied(table, bases, planned(table, 3, bases))
    assert planned(table, 3, bases).plan.is_empty
    assert table.entries[number]["role"] != role
    left = {k: v for k, v in records(3).items() if "leaf" not in str(k) + str(v)}
    applied(table, bases, planned_for(table, left, bases))
    assert table.entries[number]["name"] == mine.fields["name"]
    assert "mark" not in table.entries[number]
