"""A switch's primary address: it is made after its device, and the device is told of it in the same plan."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from generated_fabric import generate_fabric
from hedgehog_gitops.adapters.netbox_file import NetboxFile
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.core.netbox.planning import plan_records
from hedgehog_gitops.core.netbox.showing import Showing
from hedgehog_gitops.core.netbox.translating import translate
from hedgehog_gitops.core.planning import Planned
from hedgehog_gitops.core.settling import written_record
from hedgehog_gitops.model.kind import ObjectKey, kind_named
from hedgehog_gitops.model.live import LiveSide, SideName, Written
from hedgehog_gitops.model.plain import Json, JsonObject, as_object, as_text
from hedgehog_gitops.model.plan import Action, Change, PlanOptions, Verdict
from hedgehog_gitops.model.record import NETBOX, Record, later_key
from hedgehog_gitops.model.settings import Fabric, NetboxSettings, OnMissing, PruneSettings
from hedgehog_gitops.model.state import BaseRecord

FABRIC = Fabric(
    name="prod", directory="fabrics/prod", prune=PruneSettings(enabled=True, max_objects=1000, max_share=1.0)
)
LEAF = ObjectKey(NETBOX, "dcim.device", "default", "Switch/leaf-001")
ADDRESS = ObjectKey(NETBOX, "ipam.ipaddress", "default", "Switch/leaf-001#ip")
REFERENCE = {"ref": "ipam.ipaddress", "key": "Switch/default/leaf-001#ip"}


class Site:
    """A fabric, its memory, and a NetBox that is a file."""

    def __init__(self, path: Path) -> None:
        self.side = NetboxFile(path / "netbox.json", "prod")
        self.bases: dict[ObjectKey, BaseRecord] = {}
        self.specs: dict[ObjectKey, JsonObject] = {}
        for each in generate_fabric(vpcs=2, leaves=2):
            group, kind = as_text(each["apiVersion"]).partition("/")[0], as_text(each["kind"])
            key = ObjectKey(group, kind, "default", as_text(as_object(each["metadata"])["name"]))
            self.specs[key] = default_spec(kind_named(group, kind), each)

    @property
    def records(self) -> Mapping[ObjectKey, Record]:
        return translate("prod", NetboxSettings(site="dc1"), self.specs, package_release().profiles).records

    @property
    def leaf(self) -> ObjectKey:
        return next(key for key in self.specs if (key.kind, key.name) == ("Switch", "leaf-001"))

    def look(self) -> LiveSide:
        return self.side.read(list(self.records.values()))

    def plan(self, options: PlanOptions | None = None) -> Planned:
        showing = Showing(records=self.records, revision="1", refused={})
        return plan_records(FABRIC, showing, self.look(), self.bases, options or PlanOptions())

    def write(self, changes: Mapping[ObjectKey, Change], wave: tuple[ObjectKey, ...]) -> None:
        for outcome in self.side.write([changes[key] for key in wave]):
            assert isinstance(outcome, Written), outcome
            manifest = changes[outcome.key].manifest
            if manifest is None or outcome.object is None:
                self.bases.pop(outcome.key, None)
            else:
                self.bases[outcome.object.key] = written_record(manifest, outcome.object, "1", SideName.NETBOX)

    def apply(self) -> Planned:
        made = self.plan()
        changes = {change.key: change for change in made.plan.changes}
        for wave in made.plan.waves:
            self.write(changes, wave)
        return made

    def primary(self) -> Json:
        return self.look().objects[LEAF].value.get("primary_ip4")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def without_ip(spec: JsonObject) -> JsonObject:
    return {name: value for name, value in spec.items() if name != "ip"}


def test_a_new_switch_has_its_primary_address_after_one_plan(site: Site) -> None:
    """Issue 7, 1: `ip` is the device's primary_ip4; the second plan is empty."""
    made = site.apply()
    order = [key for wave in made.plan.waves for key in wave]
    assert order.index(LEAF) < order.index(ADDRESS) < order.index(later_key(LEAF))
    assert site.primary() == REFERENCE
    assert site.plan().plan.is_empty


def test_a_run_that_ends_before_the_address_is_told_is_completed_by_the_next(site: Site) -> None:
    """Issue 7, 4: the base says what was written, so what is missing is a change like any other."""
    made = site.plan()
    changes = {change.key: change for change in made.plan.changes}
    for wave in made.plan.waves[:-1]:
        site.write(changes, tuple(key for key in wave if key != later_key(LEAF)))
    if later_key(LEAF) not in made.plan.waves[-1]:
        site.write(changes, made.plan.waves[-1])
    assert site.primary() is None
    (change,) = [change for change in site.plan().plan.changes if change.key == LEAF]
    assert (change.action, change.verdict) == (Action.UPDATE, Verdict.PENDING)
    site.apply()
    assert (site.primary(), site.plan().plan.is_empty) == (REFERENCE, True)


def test_an_address_that_comes_later_is_told_to_the_device(site: Site) -> None:
    whole = site.specs[site.leaf]
    site.specs[site.leaf] = without_ip(whole)
    site.apply()
    assert site.primary() is None
    site.specs[site.leaf] = {**whole, "description": "changed too"}
    site.apply()
    assert (site.primary(), site.plan().plan.is_empty) == (REFERENCE, True)


def test_an_address_that_git_takes_away_goes_from_the_device_too(site: Site) -> None:
    site.apply()
    site.specs[site.leaf] = without_ip(site.specs[site.leaf])
    site.apply()
    assert site.primary() is None
    assert ADDRESS not in site.look().objects
    assert site.plan().plan.is_empty


def test_a_switch_that_git_takes_away_goes_with_its_address(site: Site) -> None:
    site.apply()
    site.specs = {key: spec for key, spec in site.specs.items() if "leaf-001" not in f"{key.name} {spec}"}
    site.apply()
    assert not [key for key in site.look().objects if "leaf-001" in key.name]
    assert site.plan().plan.is_empty


def test_a_primary_address_of_a_person_is_drift(site: Site) -> None:
    """Issue 7, 2: the field is ours, so it is put back; where git says nothing it is left alone."""
    site.apply()
    live = site.look()
    theirs: JsonObject = {"ref": "ipam.ipaddress", "id": 999}
    moved = live.objects[LEAF]._replace(value={**live.objects[LEAF].value, "primary_ip4": theirs})
    drifted = live._replace(objects={**live.objects, LEAF: moved})
    for spec, verdicts in ((site.specs[site.leaf], [Verdict.DRIFTED]), (without_ip(site.specs[site.leaf]), [])):
        site.specs[site.leaf] = spec
        showing = Showing(records=site.records, revision="1", refused={})
        plan = plan_records(FABRIC, showing, drifted, site.bases).plan
        late = [change for change in plan.changes if change.key == LEAF for field in change.fields]
        assert [change.verdict for change in late if change.fields[0].path == ("primary_ip4",)] == verdicts


def test_a_device_waits_for_an_address_that_a_person_deleted(site: Site) -> None:
    """It is asked about, so the device cannot be told of it; with `recreate` both are put back."""
    site.apply()
    live = site.look()
    device = live.objects[LEAF]._replace(value={**live.objects[LEAF].value, "primary_ip4": None})
    objects = {key: each for key, each in live.objects.items() if key != ADDRESS}
    deleted = live._replace(objects={**objects, LEAF: device})
    showing = Showing(records=site.records, revision="1", refused={})
    held = plan_records(FABRIC, showing, deleted, site.bases).plan
    assert {each.key for each in held.blocked} == {LEAF, ADDRESS}
    options = PlanOptions(on_missing=OnMissing.RECREATE)
    made = plan_records(FABRIC, showing, deleted, site.bases, options).plan
    assert [key for wave in made.waves for key in wave] == [ADDRESS, LEAF]
