"""What every side of records keeps to: a file, a real NetBox, and one that speaks as older ones do.

Issue 7: one port, one contract suite; 4.4 to 4.7 behaviours. Asserted on the outside of each.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import pytest

from fakes.netbox_proxy import proxying
from fakes.records import adoption, base_of, by_slug, creation, key_of_record, own, record, removal, shared, update
from fixtures_netbox import Netbox
from hedgehog_gitops.adapters.netbox import NetboxRecords
from hedgehog_gitops.adapters.netbox.places import ENDPOINTS
from hedgehog_gitops.adapters.netbox_file import NetboxFile
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject, Refusal, Refused, WriteOutcome, Written
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.plan import Change
from hedgehog_gitops.model.record import Record, mark_of
from hedgehog_gitops.ports import Records

_NUMBERS = itertools.count(1)

VRF = "ipam.vrf"
VLAN = "ipam.vlan"
GROUP = "ipam.vlangroup"


class World(Protocol):
    """A side of one fabric, and the other way to the same objects that people take."""

    side: Records
    fabric: str

    def outside(self, key: ObjectKey) -> dict[str, Any] | None:
        """The object with the mark of this key, with plain fields and the slugs of its tags; None if there is none."""
        ...

    def someone_makes(self, kind: str, **fields: Any) -> None:
        """A person makes an object of plain fields."""
        ...

    def someone_changes(self, key: ObjectKey, **fields: Any) -> None:
        """A person changes plain fields."""
        ...

    def someone_hangs(self, key: ObjectKey, kind: str, by: str, **fields: Any) -> None:
        """A person makes an object that refers to one of ours."""
        ...

    def someone_tags(self, key: ObjectKey, slug: str) -> None:
        """A person adds a tag."""
        ...

    def someone_deletes(self, key: ObjectKey) -> None:
        """A person deletes an object."""
        ...

    def of_other_fabric(self) -> Records:
        """The side of another fabric in the same NetBox."""
        ...


class FileWorld:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.fabric = f"fab-{next(_NUMBERS)}x"  # with a digit behind it, it is no other test's
        self.side: Records = NetboxFile(path, self.fabric)

    def outside(self, key: ObjectKey) -> dict[str, Any] | None:
        mark = mark_of(self.fabric, key)
        return next((each for each in self._objects() if each.get("mark") == mark and each["kind"] == key.kind), None)

    def someone_makes(self, kind: str, **fields: Any) -> None:
        objects = self._objects()
        number = max([0, *(each["id"] for each in objects)]) + 1
        self._store([*objects, {"kind": kind, "id": number, **fields}])

    def someone_changes(self, key: ObjectKey, **fields: Any) -> None:
        mark = mark_of(self.fabric, key)
        self._store([{**each, **fields} if each.get("mark") == mark else each for each in self._objects()])

    def someone_hangs(self, key: ObjectKey, kind: str, by: str, **fields: Any) -> None:
        reference = {"ref": key.kind, "mark": mark_of(self.fabric, key)}
        self.someone_makes(kind, **fields, **{by: reference})

    def someone_tags(self, key: ObjectKey, slug: str) -> None:
        found = self.outside(key)
        assert found is not None
        self.someone_changes(key, tags=[*found.get("tags", []), slug])

    def someone_deletes(self, key: ObjectKey) -> None:
        mark = mark_of(self.fabric, key)
        self._store([each for each in self._objects() if each.get("mark") != mark])

    def of_other_fabric(self) -> Records:
        return NetboxFile(self.path, f"{self.fabric}0")

    def _objects(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.path.read_text())["objects"] if self.path.exists() else []
        return found

    def _store(self, objects: Sequence[dict[str, Any]]) -> None:
        self.path.write_text(json.dumps({"schema": "hedgehog-gitops/netbox/v1", "objects": list(objects)}))


class NetboxWorld:
    def __init__(self, netbox: Netbox, url: str) -> None:
        self.netbox = netbox
        self.url = url
        self.fabric = f"fab-{next(_NUMBERS)}x"  # with a digit behind it, it is no other test's
        self.side: Records = self._side(self.fabric)

    def outside(self, key: ObjectKey) -> dict[str, Any] | None:
        found = self.netbox.all(ENDPOINTS[key.kind], cf_hedgehog_key=mark_of(self.fabric, key))
        if not found:
            return None
        row = found[0]
        return {**row, "tags": [tag["slug"] for tag in row["tags"]], "base": row["custom_fields"]["hedgehog_base"]}

    def someone_makes(self, kind: str, **fields: Any) -> None:
        self.netbox.create(ENDPOINTS[kind], **fields)

    def someone_changes(self, key: ObjectKey, **fields: Any) -> None:
        self.netbox.change(ENDPOINTS[key.kind], self._id(key), **fields)

    def someone_hangs(self, key: ObjectKey, kind: str, by: str, **fields: Any) -> None:
        self.someone_makes(kind, **fields, **{by: self._id(key)})

    def someone_tags(self, key: ObjectKey, slug: str) -> None:
        if not self.netbox.all("extras/tags", slug=slug):
            self.netbox.create("extras/tags", name=slug, slug=slug)
        self.netbox.change(ENDPOINTS[key.kind], self._id(key), add_tags=[{"slug": slug}])

    def someone_deletes(self, key: ObjectKey) -> None:
        self.netbox.delete(ENDPOINTS[key.kind], self._id(key))

    def of_other_fabric(self) -> Records:
        return self._side(f"{self.fabric}0")

    def _side(self, fabric: str) -> NetboxRecords:
        settings = NetboxSettingsAt(self.url)
        return NetboxRecords(settings, fabric, lambda: self.netbox.token, message="hedgehog-gitops run-1 abc123")

    def _id(self, key: ObjectKey) -> int:
        found = self.outside(key)
        assert found is not None
        return int(found["id"])


def NetboxSettingsAt(url: str) -> Any:  # noqa: N802 - reads as the type that it makes
    from hedgehog_gitops.model.settings import NetboxSettings  # noqa: PLC0415

    return NetboxSettings(url=url)


IN_NETBOX = pytest.mark.server


@pytest.fixture(params=["file", *(pytest.param(version, marks=IN_NETBOX) for version in ("4.4", "4.6", "4.7"))])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[World]:
    if request.param == "file":
        yield FileWorld(tmp_path / "netbox.json")
        return
    netbox: Netbox = request.getfixturevalue("netbox_module")
    with _at(netbox, request.param) as url:
        yield NetboxWorld(netbox, url)


@contextmanager
def _at(netbox: Netbox, version: str) -> Iterator[str]:
    if version == "4.7":
        yield netbox.url
        return
    with proxying(netbox, version) as proxy:
        yield proxy.settings.url


def vrf(name: str, **fields: Any) -> Record:
    return record(VRF, f"VPC/{name}", ("name",), {"name": name, **fields})


def write(world: World, *changes: Change) -> list[WriteOutcome]:
    return list(world.side.write(changes))


def make(world: World, *records: Record) -> list[LiveObject]:
    """These records, written; as a look shows them."""
    for outcome in write(world, *map(creation, records)):
        assert isinstance(outcome, Written), outcome
    return look(world, *records)


def look(world: World, *records: Record) -> list[LiveObject]:
    objects = world.side.read(records).objects
    return [objects[each.key] for each in records]


def test_what_is_made_is_seen_with_its_fields_and_its_base(world: World) -> None:
    wanted = vrf("blue", description="one")
    (live,) = make(world, wanted)
    assert {name: live.value[name] for name in wanted.fields} == wanted.fields
    assert live.value["base"] == base_of(wanted.fields)
    outside = world.outside(wanted.key)
    assert outside is not None
    assert (outside["name"], outside["description"]) == ("blue", "one")


def test_what_we_wrote_is_seen_when_no_record_has_it_any_more(world: World) -> None:
    """Issue 7, 2: else it could not be told from a person's, and would stay for ever."""
    make(world, vrf("blue", description="one"))
    (live,) = look(world, vrf("blue"))
    assert live.value["description"] == "one"


def test_what_is_not_ours_and_hangs_on_an_object_is_told(world: World) -> None:
    """Issue 7, 2: what would be lost with an object of ours is asked for before that is deleted."""
    bare, full = make(world, vrf("bare"), vrf("full"))
    world.someone_hangs(full.key, "ipam.prefix", "vrf", prefix=f"10.77.{next(_NUMBERS)}.0/24")
    assert list(world.side.carried([bare, full])) == [full.key]
    assert "prefix" in world.side.carried([full])[full.key]


def test_references_among_ours_are_seen_by_key(world: World) -> None:
    group = record(GROUP, "VLANNamespace/v", ("slug",), {"name": world.fabric, "slug": world.fabric})
    vlan = record(
        VLAN, "VPC/a#subnet/b", ("group", "vid"), {"group": own(GROUP, "VLANNamespace/v"), "vid": 7, "name": "a/b"}
    )
    make(world, group)
    (live,) = make(world, vlan)
    assert live.value["group"] == own(GROUP, "VLANNamespace/v")
    assert live.value["vid"] == 7


def test_another_fabric_with_equal_names_is_not_seen_and_not_touched(world: World) -> None:
    """Issue 7, 6: two fabrics with equal names; the names of these begin alike too."""
    other = world.of_other_fabric()
    (written,) = other.write([creation(vrf("blue", description="theirs"))])
    assert isinstance(written, Written)
    seen = world.side.read([vrf("red")]).objects
    assert not [key for key in seen if key.namespace]
    make(world, vrf("blue", description="ours"))
    (theirs,) = [
        live for live in other.read([vrf("blue", description="")]).objects.values() if live.key == vrf("blue").key
    ]
    assert theirs.value["description"] == "theirs"


def test_an_update_changes_only_what_it_names(world: World) -> None:
    wanted = vrf("blue", description="one")
    make(world, wanted)
    world.someone_changes(wanted.key, comments="theirs")
    (live,) = look(world, wanted)
    (outcome,) = write(
        world, update(live, {"description": "two"}, base=base_of({"name": "blue", "description": "two"}))
    )
    assert isinstance(outcome, Written)
    outside = world.outside(wanted.key)
    assert outside is not None
    assert (outside["description"], outside["comments"], outside["name"]) == ("two", "theirs", "blue")
    assert outside["base"] == base_of({"name": "blue", "description": "two"})


def test_an_update_of_what_somebody_changed_since_is_stale_and_the_others_are_written(world: World) -> None:
    """Issue 7, 3: 412 on a stale batch."""
    records = [vrf(name, description="one") for name in ("a", "b", "c")]
    lives = make(world, *records)
    world.someone_changes(records[1].key, description="theirs")
    outcomes = {each.key: each for each in write(world, *(update(live, {"description": "two"}) for live in lives))}
    stale = outcomes[records[1].key]
    assert isinstance(stale, Refused)
    assert stale.refusal is Refusal.STALE
    assert [(world.outside(each.key) or {})["description"] for each in records] == ["two", "theirs", "two"]


def test_what_was_written_can_be_written_again_with_the_version_that_the_write_gave(world: World) -> None:
    wanted = vrf("blue", description="one")
    (first,) = write(world, creation(wanted))
    assert isinstance(first, Written)
    assert first.object is not None
    (second,) = write(world, update(first.object, {"description": "two"}))
    assert isinstance(second, Written)


def test_a_removal_deletes_and_one_of_what_is_gone_is_done_already(world: World) -> None:
    lives = make(world, vrf("a"), vrf("b"))
    world.someone_deletes(lives[0].key)
    outcomes = write(world, *map(removal, lives))
    assert sorted(outcomes, key=lambda each: each.key) == [Written(key=live.key, object=None) for live in lives]
    assert [world.outside(live.key) for live in lives] == [None, None]


def test_a_removal_of_what_somebody_changed_since_is_stale(world: World) -> None:
    (live,) = make(world, vrf("a"))
    world.someone_changes(live.key, description="mine now")
    (outcome,) = write(world, removal(live))
    assert isinstance(outcome, Refused)
    assert outcome.refusal is Refusal.STALE
    assert world.outside(live.key) is not None


def test_what_has_our_mark_already_is_not_made_again(world: World) -> None:
    make(world, vrf("blue"))
    (outcome,) = write(world, creation(vrf("blue")))
    assert isinstance(outcome, Refused)
    objects = world.side.read([vrf("blue")]).objects
    assert [key for key in objects if key.kind == VRF] == [vrf("blue").key]


def test_a_bad_record_is_refused_with_its_own_message_and_the_others_are_written(world: World) -> None:
    bad = record(
        VLAN, "VPC/bad#x", ("group", "vid"), {"group": own(GROUP, "VLANNamespace/none"), "vid": 7, "name": "bad"}
    )
    good = record(VLAN, "VPC/good#x", ("group", "vid"), {"vid": 8, "name": f"good-{world.fabric}"})
    outcomes = {each.key: each for each in write(world, creation(bad), creation(good))}
    assert isinstance(outcomes[good.key], Written)
    refused = outcomes[bad.key]
    assert isinstance(refused, Refused)
    assert refused.refusal is Refusal.INVALID
    assert "VLANNamespace/default/none" in refused.message
    assert world.outside(bad.key) is None


def test_what_a_person_made_in_the_place_of_a_record_is_shown_and_is_nobodys(world: World) -> None:
    name = f"mine-{world.fabric}"
    world.someone_makes(VRF, name=name, description="a person's")
    objects = world.side.read([vrf(name, description="")]).objects
    (twin,) = [live for live in objects.values() if live.key.kind == VRF]
    assert twin.key == ObjectKey("netbox", VRF, "", f"#{twin.uid}")
    assert twin.value["description"] == "a person's"
    assert "mark" not in twin.value


def test_what_another_fabric_has_in_the_place_of_a_record_is_shown_with_its_mark(world: World) -> None:
    name = f"both-{world.fabric}"
    other = record(VRF, f"VPC/{name}", ("name",), {"name": name})
    assert isinstance(next(iter(world.of_other_fabric().write([creation(other)]))), Written)
    objects = world.side.read([vrf(name)]).objects
    (twin,) = [live for live in objects.values() if live.key.kind == VRF]
    assert twin.key.namespace == ""
    assert twin.value["mark"] == f"{world.fabric}0/VPC/default/{name}"


def test_an_adoption_sets_our_marks_and_nothing_else(world: World) -> None:
    name = f"mine-{world.fabric}"
    world.someone_makes(VRF, name=name, description="a person's", comments="keep")
    key = key_of_record(VRF, f"VPC/{name}")
    (twin,) = [live for live in world.side.read([vrf(name)]).objects.values() if live.key.kind == VRF]
    (outcome,) = write(world, adoption(key, twin, base_of({"name": name}, adopted=True)))
    assert isinstance(outcome, Written)
    outside = world.outside(key)
    assert outside is not None
    assert (outside["description"], outside["comments"]) == ("a person's", "keep")
    assert outside["base"]["adopted"] is True


def test_giving_up_what_was_adopted_takes_our_marks_off_and_leaves_the_object(world: World) -> None:
    wanted = vrf(f"kept-{world.fabric}", description="one")
    (live,) = make(world, wanted)
    (outcome,) = write(world, update(live, {}, base=None))
    assert isinstance(outcome, Written)
    assert world.outside(wanted.key) is None
    (twin,) = [each for each in world.side.read([wanted]).objects.values() if each.key.kind == VRF]
    assert (twin.key.namespace, twin.value["description"]) == ("", "one")


def test_our_members_of_a_list_come_and_go_and_a_persons_stay(world: World) -> None:
    for slug in ("ours-1", "ours-2"):
        tag = Record(
            key=key_of_record("extras.tag", f"Shared/{slug}"), fields={"name": slug, "slug": slug}, natural=("slug",)
        )
        if tag.key not in world.side.read([tag]).objects:
            assert isinstance(write(world, creation(tag))[0], Written)
    wanted = vrf("blue")
    (first,) = write(world, creation(wanted, {"tags": ["ours-1"]}))
    assert isinstance(first, Written)
    world.someone_tags(wanted.key, "theirs")
    (live,) = look(world, wanted)
    members: Any = {"add": {"tags": ["ours-2"]}, "remove": {"tags": ["ours-1"]}}
    (second,) = write(world, update(live, {}, members=members, base=base_of({})))
    assert isinstance(second, Written)
    outside = world.outside(wanted.key)
    assert outside is not None
    assert set(outside["tags"]) - {"hedgehog-managed"} == {"ours-2", "theirs"}


def test_nothing_is_sent_any_more_when_the_caller_says_stop(world: World) -> None:
    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        list(world.side.write([creation(vrf("blue"))], stop))
    assert world.outside(vrf("blue").key) is None


def test_a_number_is_found_by_itself_and_a_custom_field_refers_to_it(world: World) -> None:
    """Issue 7, scope: an ASN is one in all of NetBox, so it is shared; a device says by a custom field which is its."""
    rir = shared("ipam.rir", "hedgehog-private", name="hedgehog-private", is_private=True)
    number = 4_200_000_000 + next(_NUMBERS)
    asn = Record(
        key=key_of_record("ipam.asn", f"Shared/asn-{number}"),
        fields={"asn": number, "rir": by_slug("ipam.rir", "hedgehog-private")},
        natural=("asn",),
    )
    if rir.key not in world.side.read([rir]).objects:
        assert isinstance(write(world, creation(rir))[0], Written)
    assert asn.key not in world.side.read([asn]).objects
    assert isinstance(write(world, creation(asn))[0], Written)
    assert asn.key in world.of_other_fabric().read([asn]).objects
    address = f"192.0.2.{number % 250 + 1}/32"
    neighbor = record("ipam.ipaddress", "ExternalAttachment/a#neighbor", ("address",), {"address": address})
    refers: JsonObject = {"ref": "ipam.asn", "asn": number}
    wanted = replace(neighbor, fields={**neighbor.fields, "custom_fields": {"hedgehog_asn": refers}})
    (live,) = make(world, wanted)
    shown = as_object(as_object(live.value["custom_fields"])["hedgehog_asn"])
    assert (shown["ref"], shown["asn"]) == ("ipam.asn", number)
    (outcome,) = write(world, update(live, {"custom_fields": {"hedgehog_asn": None}}))
    assert isinstance(outcome, Written)
    outside = world.outside(wanted.key)
    assert outside is not None
    assert outside["custom_fields"]["hedgehog_asn"] is None


def test_json_in_a_custom_field_comes_back_as_it_went_and_a_persons_field_stays(world: World) -> None:
    """Issue 7, scope: peerings are kept as JSON; somebody may well call a VPC `ref`."""
    peerings: JsonObject = {
        "GatewayPeering/default/a": {"peering": {"ref": {"expose": [{"ips": [{"cidr": "10.0.0.0/8"}]}]}, "key": {}}}
    }
    wanted = vrf("blue", custom_fields={"hedgehog_peerings": peerings})
    (live,) = make(world, wanted)
    assert as_object(live.value["custom_fields"])["hedgehog_peerings"] == peerings
    world.someone_changes(wanted.key, custom_fields={"hedgehog_peerings": peerings, "theirs": "stays"})
    (live,) = look(world, wanted)
    (outcome,) = write(world, update(live, {"custom_fields": {"hedgehog_peerings": {"more": {"ref": {}}}}}))
    assert isinstance(outcome, Written)
    outside = world.outside(wanted.key)
    assert outside is not None
    found = outside["custom_fields"]
    assert (found["hedgehog_peerings"], found["theirs"]) == ({"more": {"ref": {}}}, "stays")


def test_shared_kinds_are_found_by_slug_and_carry_no_mark(world: World) -> None:
    slug = f"maker-{world.fabric}"
    maker = Record(
        key=key_of_record("dcim.manufacturer", f"Shared/{slug}"), fields={"name": slug, "slug": slug}, natural=("slug",)
    )
    assert maker.key not in world.side.read([maker]).objects
    assert isinstance(write(world, creation(maker))[0], Written)
    assert world.side.read([maker]).objects[maker.key].value["name"] == slug
    assert maker.key in world.of_other_fabric().read([maker]).objects
    assert world.outside(maker.key) is None
    assert by_slug("dcim.manufacturer", slug)["slug"] == slug
