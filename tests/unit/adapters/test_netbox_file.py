from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hedgehog_gitops.adapters.netbox_file import SCHEMA, NetboxFile
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject, Refusal, Refused, SideName, WriteOutcome, Written
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import Action, Change, Precondition, Verdict
from hedgehog_gitops.model.record import NETBOX, Record

LEAF = ObjectKey(NETBOX, "dcim.device", "default", "Switch/leaf-1")
PORT = ObjectKey(NETBOX, "dcim.interface", "default", "Switch/leaf-1#port/E1/1")
VLAN = ObjectKey(NETBOX, "ipam.vlan", "default", "VPC/blue#subnet/default")
ON_LEAF: JsonObject = {"ref": "dcim.device", "key": "Switch/default/leaf-1"}
THE_VLAN: JsonObject = {"ref": "ipam.vlan", "key": "VPC/default/blue#subnet/default"}
SITE: JsonObject = {"ref": "dcim.site", "slug": "dc1"}


def change(key: ObjectKey, manifest: JsonObject | None, live: LiveObject | None = None) -> Change:
    seen = Precondition() if live is None else Precondition(version=live.version, uid=live.uid)
    action = Action.PRUNE if manifest is None else Action.CREATE if live is None else Action.UPDATE
    return Change(
        side=SideName.NETBOX,
        action=action,
        verdict=Verdict.PENDING,
        key=key,
        fields=(),
        reason="",
        precondition=seen,
        manifest=manifest,
    )


def body(**fields: Any) -> JsonObject:
    return {"fields": fields, "base": {"v": 1, "fields": fields}}


def stored(*outcomes: WriteOutcome) -> list[LiveObject]:
    return [each.object for each in outcomes if isinstance(each, Written) and each.object is not None]


@pytest.fixture
def netbox(tmp_path: Path) -> NetboxFile:
    return NetboxFile(tmp_path / "netbox.json", "prod")


def make(netbox: NetboxFile, *wanted: tuple[ObjectKey, JsonObject]) -> Mapping[ObjectKey, LiveObject]:
    for key, manifest in wanted:
        (outcome,) = netbox.write([change(key, manifest)])
        assert isinstance(outcome, Written), outcome
    return netbox.read([]).objects


BOTH = ((LEAF, body(name="leaf-1", site=SITE)), (PORT, body(name="E1/1", device=ON_LEAF)))


def test_a_record_is_read_as_it_was_written_with_its_base(netbox: NetboxFile) -> None:
    """Issue 7, scope: the embedded side holds the same records in one JSON file."""
    live = make(netbox, *BOTH)
    assert live.keys() == {LEAF, PORT}
    assert live[PORT].value["device"] == ON_LEAF
    assert live[PORT].value["base"] == {"v": 1, "fields": {"name": "E1/1", "device": ON_LEAF}}


def test_another_fabric_of_the_same_names_is_not_seen_and_not_touched(netbox: NetboxFile) -> None:
    """Issue 7, 6: two fabrics with equal names in one NetBox."""
    other = NetboxFile(netbox.path, "lab")
    ours, theirs = make(netbox, *BOTH), make(other, *BOTH)

    assert {live.uid for live in ours.values()}.isdisjoint({live.uid for live in theirs.values()})
    (gone,) = netbox.write([change(LEAF, None, ours[LEAF])])
    assert isinstance(gone, Written)
    assert (netbox.read([]).objects, other.read([]).objects) == ({}, theirs)


def test_what_stands_in_the_place_of_a_wanted_record_is_seen_as_a_twin(netbox: NetboxFile) -> None:
    netbox.path.write_text(
        json.dumps(
            {
                "schema": SCHEMA,
                "objects": [{"kind": "dcim.device", "id": 7, "name": "leaf-1", "site": {**SITE, "id": 1}}],
            }
        )
    )
    wanted = Record(key=LEAF, fields={"name": "leaf-1", "site": SITE}, natural=("site", "name"))
    elsewhere = Record(key=LEAF, fields={"name": "leaf-1", "site": {**SITE, "slug": "dc2"}}, natural=("site", "name"))

    assert netbox.read([wanted]).objects.keys() == {ObjectKey(NETBOX, "dcim.device", "", "#7")}
    assert netbox.read([elsewhere]).objects == {}


def test_every_write_makes_a_new_version_and_a_stale_one_is_refused(netbox: NetboxFile) -> None:
    before = make(netbox, *BOTH)[LEAF]
    (after,) = stored(*netbox.write([change(LEAF, {"fields": {"serial": "S1"}}, before)]))
    (late,) = netbox.write([change(LEAF, {"fields": {"serial": "S2"}}, before)])

    assert after.version != before.version
    assert (after.uid, after.value["serial"], after.value["name"]) == (before.uid, "S1", "leaf-1")
    assert isinstance(late, Refused)
    assert late.refusal is Refusal.STALE


def test_only_our_members_of_a_shared_list_come_and_go(netbox: NetboxFile) -> None:
    live = make(netbox, *BOTH, (VLAN, body(vid=1001)))
    document = json.loads(netbox.path.read_text())
    document["objects"][1] |= {"mode": "tagged", "tagged_vlans": [{"ref": "ipam.vlan", "id": 99}]}
    netbox.path.write_text(json.dumps(document))

    live = netbox.read([]).objects
    (joined,) = stored(*netbox.write([change(PORT, {"members": {"add": {"tagged_vlans": [THE_VLAN]}}}, live[PORT])]))
    assert joined.value["tagged_vlans"] == [{"ref": "ipam.vlan", "id": 99}, THE_VLAN]
    (left,) = stored(*netbox.write([change(PORT, {"members": {"remove": {"tagged_vlans": [THE_VLAN]}}}, joined)]))
    assert left.value["tagged_vlans"] == [{"ref": "ipam.vlan", "id": 99}]


def test_a_reference_to_nothing_is_refused_and_the_rest_is_written(netbox: NetboxFile) -> None:
    refused, written = netbox.write([change(key, manifest) for key, manifest in reversed(BOTH)])
    assert isinstance(refused, Refused)
    assert (refused.refusal, refused.message) == (Refusal.INVALID, "device: prod/Switch/default/leaf-1 is not there")
    assert isinstance(written, Written)


def test_a_device_takes_its_interfaces_along_but_not_one_with_a_cable(netbox: NetboxFile) -> None:
    cable = ObjectKey(NETBOX, "dcim.cable", "default", "Connection/c1#link/0")
    end: JsonObject = {"ref": "dcim.interface", "key": "Switch/default/leaf-1#port/E1/1"}
    live = make(netbox, *BOTH, (cable, body(a_terminations=[end])))

    (held,) = netbox.write([change(LEAF, None, live[LEAF])])
    assert isinstance(held, Refused)
    netbox.write([change(cable, None, live[cable])])
    (gone,) = netbox.write([change(LEAF, None, live[LEAF])])
    assert isinstance(gone, Written)
    assert netbox.read([]).objects == {}


def test_what_is_gone_already_is_what_a_prune_wants(netbox: NetboxFile) -> None:
    live = make(netbox, *BOTH)
    assert all(isinstance(each, Written) for _ in range(2) for each in netbox.write([change(PORT, None, live[PORT])]))


def test_our_marks_come_off_and_the_object_stays(netbox: NetboxFile) -> None:
    live = make(netbox, *BOTH)
    netbox.write([change(PORT, {"fields": {}, "base": None}, live[PORT])])
    assert PORT not in netbox.read([]).objects
    assert [each.get("mark") for each in json.loads(netbox.path.read_text())["objects"]][1] is None


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema": "hedgehog-gitops/netbox/v1", "objects": [{"id": 1}]}'])
def test_a_damaged_file_is_unknown_and_not_empty(netbox: NetboxFile, text: str) -> None:
    netbox.path.write_text(text)
    with pytest.raises(UnreachableError):
        netbox.read([])
    with pytest.raises(UnreachableError):
        list(netbox.write([change(LEAF, body(name="leaf-1"))]))
    assert netbox.path.read_text() == text


def test_a_mark_on_two_objects_makes_their_kind_unknown(netbox: NetboxFile) -> None:
    """Issue 7, 3: a doubled key."""
    make(netbox, *BOTH)
    document = json.loads(netbox.path.read_text())
    document["objects"].append({**document["objects"][0], "id": 50})
    netbox.path.write_text(json.dumps(document))
    assert list(netbox.read([]).unknown) == [(NETBOX, "dcim.device")]


def test_a_file_that_is_missing_proves_nothing(netbox: NetboxFile) -> None:
    assert not netbox.read([]).proven
    make(netbox, *BOTH)
    assert (NETBOX, "dcim.device") in netbox.read([]).proven


def test_when_the_lock_is_lost_nothing_is_written(netbox: NetboxFile) -> None:
    class LostError(Exception):
        pass

    def stop() -> None:
        raise LostError

    with pytest.raises(LostError):
        list(netbox.write([change(LEAF, body(name="leaf-1"))], stop))
    assert not netbox.path.exists()
