"""The whole pure path with a NetBox that is a file: what is planned is written, and then there is nothing to plan."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from generated_fabric import generate_fabric
from hedgehog_gitops.adapters.netbox_file import NetboxFile
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.core.netbox.looking import with_authors
from hedgehog_gitops.core.netbox.planning import plan_records
from hedgehog_gitops.core.netbox.sequencing import claims
from hedgehog_gitops.core.netbox.shared import KEEP_TAG
from hedgehog_gitops.core.netbox.showing import Showing
from hedgehog_gitops.core.netbox.sighting import changed_by_others
from hedgehog_gitops.core.netbox.translating import Translation, translate
from hedgehog_gitops.core.netbox.yielding import told, with_theirs
from hedgehog_gitops.core.planning import Planned
from hedgehog_gitops.core.settling import written_record
from hedgehog_gitops.model.kind import ObjectKey, kind_named
from hedgehog_gitops.model.live import LiveObject, LiveSide, SideName, Written
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.plan import Action, Verdict
from hedgehog_gitops.model.record import NETBOX
from hedgehog_gitops.model.settings import Authority, Fabric, NetboxSettings, PruneSettings
from hedgehog_gitops.model.state import BaseRecord

PRUNING = PruneSettings(enabled=True, max_objects=1000, max_share=1.0)
FABRIC = Fabric(name="prod", directory="fabrics/prod", prune=PRUNING)
SITE = NetboxSettings(site="dc1")


def specs_of(objects: list[JsonObject]) -> dict[ObjectKey, JsonObject]:
    specs: dict[ObjectKey, JsonObject] = {}
    for each in objects:
        group, kind = as_text(each["apiVersion"]).partition("/")[0], as_text(each["kind"])
        key = ObjectKey(group, kind, "default", as_text(as_object(each["metadata"])["name"]))
        specs[key] = default_spec(kind_named(group, kind), each)
    return specs


def shown(objects: list[JsonObject], fabric: str = "prod") -> Translation:
    return translate(fabric, SITE, specs_of(objects), package_release().profiles)


def planned(side: NetboxFile, wanted: Translation, bases: Mapping[ObjectKey, BaseRecord]) -> Planned:
    showing = Showing(records=wanted.records, revision="1", refused={})
    return plan_records(FABRIC._replace(name=side.fabric), showing, side.read(list(wanted.records.values())), bases)


def applied(side: NetboxFile, made: Planned, bases: dict[ObjectKey, BaseRecord]) -> None:
    changes = {change.key: change for change in made.plan.changes}
    for wave in made.plan.waves:
        assert len({key.kind for key in wave}) == 1, "a wave can be sent in bulk"
        for outcome in side.write([changes[key] for key in wave]):
            assert isinstance(outcome, Written), outcome
            manifest = changes[outcome.key].manifest
            if manifest is None or outcome.object is None:
                bases.pop(outcome.key, None)
            else:
                bases[outcome.object.key] = written_record(manifest, outcome.object, "1", SideName.NETBOX)


@pytest.fixture
def objects() -> list[JsonObject]:
    return generate_fabric(vpcs=12, leaves=4, gateways=1)


def test_what_was_written_needs_nothing_more(objects: list[JsonObject], tmp_path: Path) -> None:
    """Issue 7, 1: the second plan is empty, with and without our own memory."""
    side, bases, wanted = NetboxFile(tmp_path / "netbox.json", "prod"), dict[ObjectKey, BaseRecord](), shown(objects)
    applied(side, planned(side, wanted, bases), bases)
    for memory in (bases, {}):
        again = planned(side, wanted, memory)
        assert (again.plan.is_empty, again.plan.kept) == (True, {"in-sync": len(wanted.records)})
    assert planned(side, wanted, bases).settled.records == ()


def test_what_git_has_no_longer_goes_and_what_it_has_stays(objects: list[JsonObject], tmp_path: Path) -> None:
    side, bases = NetboxFile(tmp_path / "netbox.json", "prod"), dict[ObjectKey, BaseRecord]()
    applied(side, planned(side, shown(objects), bases), bases)
    gone = {"VPCAttachment", "VPCPeering", "ExternalPeering"}
    fewer = shown([each for each in objects if each["kind"] not in gone])
    applied(side, planned(side, fewer, bases), bases)
    assert planned(side, fewer, bases).plan.is_empty
    assert {live.key for live in side.read([]).objects.values()} <= fewer.records.keys()


def test_another_fabric_with_the_same_names_touches_nothing_of_the_first(
    objects: list[JsonObject], tmp_path: Path
) -> None:
    """Issue 7, 6: what is in its place belongs to another fabric: a conflict, and never adopted."""
    path, bases = tmp_path / "netbox.json", dict[ObjectKey, BaseRecord]()
    first, other = NetboxFile(path, "prod"), NetboxFile(path, "prod-2")
    applied(first, planned(first, shown(objects), bases), bases)
    before = first.read([]).objects
    made = planned(other, shown(objects, "prod-2"), {})
    applied(other, made, {})
    assert first.read([]).objects == before
    assert {held.key.kind for held in made.plan.conflicts} == {"dcim.device"}


def test_every_kind_is_shown_or_said_not_to_be(objects: list[JsonObject]) -> None:
    """Issue 7, scope: never silently dropped."""
    wanted = shown(objects)
    told = {key.kind for key in (*wanted.unrepresented, *wanted.recorded)}
    kinds = {as_text(each["kind"]) for each in objects}
    assert told == {"ExternalPeering", "GatewayPeering", "GatewayGroup"}
    assert kinds - told <= {key.name.partition("/")[0] for key in wanted.records} | {
        "SwitchGroup",  # a tag of its switches
        "VPCAttachment",  # VLANs of interfaces
        "VPCPeering",  # route targets of VRFs
    }


def test_a_vlan_keeps_its_number_when_its_subnet_has_another_name(tmp_path: Path) -> None:
    """Issue 7, scope: the port waits for the new VLAN, that for the old one, and this for nobody."""
    text = json.dumps(generate_fabric(vpcs=3, leaves=2))
    native = '"connection": "server-00003--unbundled"'
    objects: list[JsonObject] = json.loads(text.replace(native, f'{native}, "nativeVLAN": true'))
    side, bases = NetboxFile(tmp_path / "netbox.json", "prod"), dict[ObjectKey, BaseRecord]()
    applied(side, planned(side, shown(objects), bases), bases)
    for before, after in (("backend", "rear"), ("vpc-00002", "blue"), ("vpc-00003", "green")):
        text = text.replace(before, after)
    renamed = shown(json.loads(text.replace(native, f'{native}, "nativeVLAN": true')))
    applied(side, planned(side, renamed, bases), bases)
    assert planned(side, renamed, bases).plan.is_empty
    assert {live.key for live in side.read([]).objects.values()} <= renamed.records.keys()


def changing_places(objects: list[JsonObject]) -> list[JsonObject]:
    """VPCs swap VLANs, subnets of one their networks, leaves their addresses; some take what another leaves."""
    text = json.dumps(objects)
    pairs = [('"vlan": 1000,', '"vlan": 1004,'), ("172.30.0.14/21", "172.30.0.15/21"), ('"10.0.0.', '"10.0.1.')]
    for one, other in pairs:
        text = text.replace(one, "?").replace(other, one).replace("?", other)
    chain = [('"vlan": 1012,', '"vlan": 1099,'), ('"vlan": 1008,', '"vlan": 1012,')]
    for before, after in chain:
        text = text.replace(before, after)
    found: list[JsonObject] = json.loads(text)
    return found


def test_what_netbox_has_once_changes_places_in_one_plan(objects: list[JsonObject], tmp_path: Path) -> None:
    """Issue 7, scope: VLANs, networks, ranges and addresses are swapped, and nothing is ever there twice."""
    side, bases = NetboxFile(tmp_path / "netbox.json", "prod"), dict[ObjectKey, BaseRecord]()
    applied(side, planned(side, shown(objects), bases), bases)
    wanted = shown(changing_places(objects))
    plan = planned(side, wanted, bases).plan
    changes = {change.key: change for change in plan.changes}
    for key in (key for wave in plan.waves for key in wave):
        (outcome,) = side.write([changes[key]])
        assert isinstance(outcome, Written), outcome
        assert doubled(side) == []
    assert planned(side, wanted, {}).plan.is_empty
    assert len(plan.waves) < 20


def test_a_run_that_ends_while_things_change_places_is_completed(objects: list[JsonObject], tmp_path: Path) -> None:
    """Issue 7, 4: what stepped aside is ours there, and nobody's drift."""
    side, bases = NetboxFile(tmp_path / "netbox.json", "prod"), dict[ObjectKey, BaseRecord]()
    applied(side, planned(side, shown(objects), bases), bases)
    wanted, rounds = shown(changing_places(objects)), 0
    while (plan := planned(side, wanted, bases).plan).waves:
        assert {change.verdict for change in plan.changes} == {Verdict.PENDING}
        changes = {change.key: change for change in plan.changes}
        assert all(isinstance(each, Written) for each in side.write([changes[key] for key in plan.waves[0]]))
        rounds += 1
    assert plan.is_empty
    assert rounds > 3


def test_a_device_whose_name_is_written_in_another_case_is_in_the_place_of_ours() -> None:
    """Issue 7, scope: NetBox takes a name once in a site; the other one can be taken over."""
    wanted = shown(generate_fabric(vpcs=1, leaves=2)).records
    server = next(record for key, record in wanted.items() if key.name == "Server/server-00001")
    value: JsonObject = {**server.fields, "name": "SERVER-00001"}
    twin = LiveObject(key=ObjectKey(NETBOX, "dcim.device", "", "#7"), value=value, version="1", uid="7")
    live = LiveSide(side=SideName.NETBOX, objects={twin.key: twin}, unknown={})
    plan = plan_records(FABRIC, Showing(records={server.key: server}, revision="1", refused={}), live, {}).plan
    assert [(held.key, held.verdict) for held in plan.conflicts] == [(server.key, Verdict.UNMANAGED)]


def doubled(side: NetboxFile) -> list[str]:
    """What is there more than once and may be there once; switches of one pair and gateways share addresses."""
    crowd = Counter(
        claim
        for live in side.read([]).objects.values()
        if live.value.get("role") != "anycast"
        for claim in claims(live.key.kind, live.value)
    )
    return [claim for claim, number in crowd.items() if number > 1]


UNBUNDLED = {"Connection/server-00003--unbundled", "Connection/server-00007--unbundled"}


def with_ports_swapped(objects: list[JsonObject]) -> list[JsonObject]:
    """Two servers change places on their leaf."""
    text, here, there = json.dumps(objects), '"leaf-001/E1/5"', '"leaf-001/E1/13"'
    found: list[JsonObject] = json.loads(text.replace(here, '"?"').replace(there, here).replace('"?"', there))
    return found


def test_cables_that_change_places_go_first_and_are_made_anew(objects: list[JsonObject], tmp_path: Path) -> None:
    """Issue 7, scope: cable moves and swaps, also where nothing is pruned: their connections are still in git."""
    side, bases = NetboxFile(tmp_path / "netbox.json", "prod"), dict[ObjectKey, BaseRecord]()
    applied(side, planned(side, shown(objects), bases), bases)
    wanted = shown(with_ports_swapped(objects))
    showing = Showing(records=wanted.records, revision="2", refused={})
    careful = FABRIC._replace(prune=PruneSettings())
    plan = plan_records(careful, showing, side.read(list(wanted.records.values())), bases).plan
    cables = [change for change in plan.changes if change.key.kind == "dcim.cable"]
    assert [change.action for change in cables] == [Action.PRUNE] * 2 + [Action.CREATE] * 2
    assert {change.key.name.partition("#")[0] for change in cables} == UNBUNDLED
    assert not plan.withheld


def test_what_something_kept_needs_is_kept_too(objects: list[JsonObject], tmp_path: Path) -> None:
    """Issue 7, scope: the keep tag on a cable keeps its ports and their devices, else half a cable would be left."""
    side, bases = NetboxFile(tmp_path / "netbox.json", "prod"), dict[ObjectKey, BaseRecord]()
    applied(side, planned(side, shown(objects), bases), bases)
    wanted = shown([each for each in objects if "server-00003" not in json.dumps(each)])
    live = side.read(list(wanted.records.values()))
    cable = next(key for key in live.objects if key.kind == "dcim.cable" and "server-00003" in key.name)
    tagged = live.objects[cable]._replace(value={**live.objects[cable].value, "tags": [KEEP_TAG]})
    showing = Showing(records=wanted.records, revision="2", refused={})
    plan = plan_records(FABRIC, showing, live._replace(objects={**live.objects, cable: tagged}), bases).plan
    assert {change.key.kind for change in plan.withheld} == {"dcim.cable", "dcim.interface", "dcim.device"}
    assert not any(change.key.kind == "dcim.device" for change in plan.changes)


def test_a_port_that_a_person_gave_a_vlan_keeps_its_mode(objects: list[JsonObject], tmp_path: Path) -> None:
    """Issue 7, 2: git takes the last VLAN of ours off; NetBox lets no port have VLANs without a mode."""
    side, bases = NetboxFile(tmp_path / "netbox.json", "prod"), dict[ObjectKey, BaseRecord]()
    applied(side, planned(side, shown(objects), bases), bases)
    document = json.loads(side.path.read_text())
    tagged = [each for each in document["objects"] if each.get("tagged_vlans")]
    tagged[0]["tagged_vlans"].append({"ref": "ipam.vlan", "id": 4000, "name": "theirs"})
    side.path.write_text(json.dumps(document))
    fewer = shown([each for each in objects if each["kind"] != "VPCAttachment"])
    applied(side, planned(side, fewer, bases), bases)
    after = {each["id"]: each for each in json.loads(side.path.read_text())["objects"]}
    kept = [(after[each["id"]]["mode"], len(after[each["id"]]["tagged_vlans"])) for each in tagged]
    assert kept == [("tagged", 1), *[(None, 0)] * (len(tagged) - 1)]
    assert planned(side, fewer, bases).plan.is_empty


def test_what_was_there_before_us_keeps_what_it_hangs_on(objects: list[JsonObject], tmp_path: Path) -> None:
    """Issue 7, 2: an interface that we took over stays when git drops it, so its device stays too."""
    side, bases = NetboxFile(tmp_path / "netbox.json", "prod"), dict[ObjectKey, BaseRecord]()
    applied(side, planned(side, shown(objects), bases), bases)
    document = json.loads(side.path.read_text())
    port = next(
        each
        for each in document["objects"]
        if each["kind"] == "dcim.interface" and each.get("mark", "").startswith("prod/Server/default/server-0001")
    )
    port["base"]["adopted"] = True
    side.path.write_text(json.dumps(document))
    fewer = shown([each for each in objects if "server-0001" not in json.dumps(each)])
    made = planned(side, fewer, bases)
    (kept,) = [each for each in made.plan.withheld if each.key.kind == "dcim.device"]
    assert "stays and needs it" in kept.reason
    applied(side, made, bases)
    assert port["id"] in {each["id"] for each in json.loads(side.path.read_text())["objects"]}


def test_drift_says_who_and_when(objects: list[JsonObject], tmp_path: Path) -> None:
    """Issue 7, scope: drift says who and when, as NetBox's change log has it."""
    side, bases = NetboxFile(tmp_path / "netbox.json", "prod"), dict[ObjectKey, BaseRecord]()
    wanted = shown(objects)
    applied(side, planned(side, wanted, bases), bases)
    live = side.read(list(wanted.records.values()))
    device = ObjectKey(NETBOX, "dcim.device", "default", "Switch/leaf-001")
    moved = live.objects[device]._replace(value={**live.objects[device].value, "description": "by hand"})
    drifted = live._replace(objects={**live.objects, device: moved})
    assert changed_by_others(wanted.records, live, bases) == []
    assert changed_by_others(wanted.records, drifted, bases) == [moved]
    told = with_authors(drifted, {device: "ann at 2026-05-01"})
    showing = Showing(records=wanted.records, revision="1", refused={})
    (change,) = plan_records(FABRIC, showing, told, bases).plan.changes
    assert change.reason == "drift, by ann at 2026-05-01"


def test_addresses_of_a_gateways_ports_are_shown_once(objects: list[JsonObject]) -> None:
    """Issue 7, 1: interfaces of a Gateway with their addresses, also where a Connection names one of them too."""
    (gateway,) = (as_object(each["spec"]) for each in objects if each["kind"] == "Gateway")
    ports = as_object(gateway["interfaces"]).values()
    wanted = [text for each in ports for text in map(as_text, as_list(as_object(each).get("ips")))]
    without = [each for each in objects if each["kind"] != "Connection"]
    for having in (objects, without):
        fields = [each.fields for key, each in shown(having).records.items() if key.kind == "ipam.ipaddress"]
        assert sorted(as_text(each["address"]) for each in fields if _is_on_gateway_port(each)) == sorted(wanted)


def _is_on_gateway_port(address: JsonObject) -> bool:
    port = as_text(as_object(address.get("assigned_object")).get("key"))
    return port.startswith("Gateway/") and "#port/" in port


def test_a_plan_counts_what_netbox_has_no_model_for(objects: list[JsonObject], tmp_path: Path) -> None:
    """Issue 7, scope: reported, never silently dropped."""
    wanted = shown(objects)
    side = NetboxFile(tmp_path / "netbox.json", "prod")
    showing = Showing(
        records=wanted.records,
        revision="1",
        refused={},
        recorded=wanted.recorded,
        unrepresented=wanted.unrepresented,
    )
    made = plan_records(FABRIC, showing, side.read(list(wanted.records.values())), {})
    assert {key.kind for key in wanted.recorded} == {"ExternalPeering", "GatewayPeering"}
    assert {key.kind for key in wanted.unrepresented} == {"GatewayGroup"}
    assert made.plan.kept == {
        "recorded as JSON in NetBox": len(wanted.recorded),
        "not represented in NetBox": len(wanted.unrepresented),
    }


def test_a_peering_is_kept_on_the_vrfs_of_its_vpcs_and_goes_with_it(objects: list[JsonObject], tmp_path: Path) -> None:
    """Issue 7, scope: recorded as JSON in a custom field, three-way like any field; a person's field stays."""
    side, bases = NetboxFile(tmp_path / "netbox.json", "prod"), dict[ObjectKey, BaseRecord]()
    applied(side, planned(side, shown(objects), bases), bases)
    peering = next(each for each in objects if each["kind"] == "GatewayPeering")
    name = _name(peering)
    (vpc, *_) = as_object(as_object(peering["spec"])["peering"])
    vrf = ObjectKey(NETBOX, "ipam.vrf", "default", f"VPC/{vpc}")

    def kept() -> JsonObject:
        return as_object(as_object(side.read([]).objects[vrf].value["custom_fields"])["hedgehog_peerings"])

    assert kept()[f"GatewayPeering/default/{name}"] == shown_spec(peering)
    fewer = shown([each for each in objects if each is not peering])
    made = planned(side, fewer, bases)
    assert all("hedgehog_peerings" in field.path for change in made.plan.changes for field in change.fields)
    applied(side, made, bases)
    assert f"GatewayPeering/default/{name}" not in kept()
    assert planned(side, fewer, bases).plan.is_empty


def shown_spec(value: JsonObject) -> JsonObject:
    (spec,) = specs_of([value]).values()
    return spec


def test_a_peering_of_vpcs_that_are_not_shown_is_not_represented(objects: list[JsonObject]) -> None:
    """Issue 7, scope: what has no record anywhere is said to have none."""
    only = SITE._replace(kinds=("GatewayPeering",))
    wanted = translate("prod", only, specs_of(objects), {})
    assert (wanted.records, wanted.recorded) == ({}, ())
    assert {key.kind for key in wanted.unrepresented} == {"GatewayPeering"}


def test_two_fabrics_with_one_number_share_the_asn(objects: list[JsonObject], tmp_path: Path) -> None:
    """Issue 7, scope: an ASN is unique in all of NetBox; it is made once, never changed and never pruned."""
    path, other_site = tmp_path / "netbox.json", NetboxSettings(site="dc2")
    for fabric, settings in (("prod", SITE), ("east", other_site)):
        side, bases = NetboxFile(path, fabric), dict[ObjectKey, BaseRecord]()
        wanted = translate(fabric, settings, specs_of(objects), package_release().profiles)
        applied(side, planned(side, wanted, bases), bases)
    entries = json.loads(path.read_text())["objects"]
    numbers = [each["asn"] for each in entries if each["kind"] == "ipam.asn"]
    assert len(numbers) == len(set(numbers)) > 1
    asked = [each["custom_fields"]["hedgehog_asn"]["asn"] for each in entries if each.get("name") == "leaf-001"]
    assert (len(asked), set(asked) <= set(numbers)) == (2, True)
    emptied = planned(side, translate("east", other_site, {}, {}), bases)
    assert not [change for change in emptied.plan.changes if change.key.kind in {"ipam.asn", "ipam.rir"}]


def test_a_custom_field_that_a_person_changed_is_drift_and_theirs_are_not_looked_at(
    objects: list[JsonObject], tmp_path: Path
) -> None:
    """Issue 7, scope: of custom fields only ours are compared, each on its own."""
    side, bases = NetboxFile(tmp_path / "netbox.json", "prod"), dict[ObjectKey, BaseRecord]()
    wanted = shown(objects)
    applied(side, planned(side, wanted, bases), bases)
    live = side.read(list(wanted.records.values()))
    key = ObjectKey(NETBOX, "dcim.device", "default", "Switch/leaf-001")
    custom = as_object(live.objects[key].value["custom_fields"])
    edited = {**custom, "hedgehog_redundancy": "mclag", "theirs": "stays"}
    moved = live.objects[key]._replace(value={**live.objects[key].value, "custom_fields": edited})
    showing = Showing(records=wanted.records, revision="1", refused={})
    plan = plan_records(FABRIC, showing, live._replace(objects={**live.objects, key: moved}), bases).plan
    (change,) = plan.changes
    assert change.reason.startswith("drift")
    assert as_object(change.manifest)["fields"] == {"custom_fields": {"hedgehog_redundancy": "eslag"}}


def test_an_asn_that_netbox_decides_is_set_once_and_is_theirs_from_then_on(objects: list[JsonObject]) -> None:
    """Issue 7, scope: authority for a field, also where a custom field shows it and refers to what is shared."""
    fabric = FABRIC._replace(authority={"Switch/spec.asn": Authority.NETBOX})
    specs = {key: spec for key, spec in specs_of(objects).items() if key.kind == "Switch"}
    whole, bare = (translate("prod", SITE, each, {}).records for each in (specs, told(fabric, specs)))
    assert not [key for key in bare if key.kind in {"ipam.asn", "ipam.rir"}]
    assert with_theirs(fabric, whole, bare, {}) == whole
    key = ObjectKey(NETBOX, "dcim.device", "default", "Switch/leaf-001")
    theirs: JsonObject = {"hedgehog_asn": {"ref": "ipam.asn", "id": 7, "asn": 64999}, "theirs": "stays"}
    live = LiveObject(key=key, value={**whole[key].fields, "custom_fields": theirs}, version="1", uid="1")
    fields = with_theirs(fabric, whole, bare, {key: live})[key].fields
    assert fields["custom_fields"] == {"hedgehog_asn": theirs["hedgehog_asn"], "hedgehog_redundancy": "eslag"}


def test_the_lags_of_one_connection_are_found_by_it(objects: list[JsonObject]) -> None:
    """Issue 7, 1: a custom field says of which Connection a switch's LAG is, and of which a port that leads outside."""
    found: dict[str, set[str]] = {}
    for record in shown(objects).records.values():
        if text := as_text(as_object(record.fields.get("custom_fields")).get("hedgehog_connection")):
            what = "LAG" if record.fields["type"] == "lag" else as_text(record.fields["name"])
            found.setdefault(text, set()).add(f"{as_object(record.fields['device'])['key']} {what}")
    bundle = found["prod/Connection/default/server-00001--eslag"]
    assert bundle == {"Switch/default/leaf-001 LAG", "Switch/default/leaf-002 LAG"}
    assert found["prod/Connection/default/leaf-001--external"] == {"Switch/default/leaf-001 E1/41"}
    kinds = {
        next(iter(as_object(each["spec"]))) for each in objects if f"prod/Connection/default/{_name(each)}" in found
    }
    assert kinds == {"eslag", "external", "staticExternal"}


def _name(value: JsonObject) -> str:
    return as_text(as_object(value["metadata"])["name"])
