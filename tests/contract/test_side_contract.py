"""What every side keeps to: in memory, on disk, and on a real API server. Asserted on the outside of each."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Protocol, cast

import pytest
import yaml

from fakes.memory_side import MemorySide, key_of
from fixtures_cluster import KubeCluster, collection_path, object_path
from hedgehog_gitops.adapters.directory_cluster import DirectoryCluster
from hedgehog_gitops.adapters.kubernetes import KubernetesCluster
from hedgehog_gitops.model.kind import KINDS, VPC, WIRING, Kind, find_kind, kind_of
from hedgehog_gitops.model.live import LiveObject, Refusal, Refused, SideName, WriteOutcome, Written
from hedgehog_gitops.model.plain import Json, JsonObject, as_object, get_path
from hedgehog_gitops.model.plan import Action, Change, Precondition, Verdict
from hedgehog_gitops.ports import Side


class World(Protocol):
    """A side, and the other way to the same objects that everybody else takes."""

    side: Side

    def outside(self, value: JsonObject) -> JsonObject | None:
        """The object of this identity as it is stored; None if it is not there."""
        ...

    def someone_writes(self, value: JsonObject) -> None:
        """Somebody else puts this whole object in place."""
        ...

    def someone_deletes(self, value: JsonObject) -> None:
        """Somebody else deletes the object of this identity."""
        ...


class MemoryWorld:
    def __init__(self) -> None:
        self.memory = MemorySide()
        self.side: Side = self.memory

    def outside(self, value: JsonObject) -> JsonObject | None:
        live = self.memory.objects.get(key_of(value))
        return None if live is None else live.value

    def someone_writes(self, value: JsonObject) -> None:
        self.memory.put(value)

    def someone_deletes(self, value: JsonObject) -> None:
        self.memory.delete(key_of(value))


class DirectoryWorld:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.side: Side = DirectoryCluster(root)

    def path(self, value: JsonObject) -> Path:
        key = key_of(value)
        return self.root / kind_of(key).plural / f"{key.name}.yaml"

    def outside(self, value: JsonObject) -> JsonObject | None:
        path = self.path(value)
        return cast("JsonObject", yaml.safe_load(path.read_text())) if path.exists() else None

    def someone_writes(self, value: JsonObject) -> None:
        self.path(value).parent.mkdir(parents=True, exist_ok=True)
        self.path(value).write_text(yaml.safe_dump(value))

    def someone_deletes(self, value: JsonObject) -> None:
        self.path(value).unlink()


class KubernetesWorld:
    def __init__(self, cluster: KubeCluster) -> None:
        self.cluster = cluster
        self.side: Side = KubernetesCluster(cluster.settings(), page_size=7)

    def outside(self, value: JsonObject) -> JsonObject | None:
        key = key_of(value)
        return self.cluster.get(kind_of(key), key.name)

    def someone_writes(self, value: JsonObject) -> None:
        key = key_of(value)
        there = self.outside(value)
        if there is None:
            status, body = self.cluster.request("POST", collection_path(kind_of(key)), value)
        else:
            version = get_path(there, ("metadata", "resourceVersion"))
            metadata: JsonObject = {**as_object(value["metadata"]), "resourceVersion": version}
            path = object_path(kind_of(key), key.name)
            status, body = self.cluster.request("PUT", path, {**value, "metadata": metadata})
        assert status in {200, 201}, body

    def someone_deletes(self, value: JsonObject) -> None:
        key = key_of(value)
        status, body = self.cluster.request("DELETE", object_path(kind_of(key), key.name))
        assert status == 200, body


@pytest.fixture(params=["memory", "directory", pytest.param("kubernetes", marks=pytest.mark.server)])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    match request.param:
        case "memory":
            return MemoryWorld()
        case "directory":
            return DirectoryWorld(tmp_path / "live")
        case _:
            return KubernetesWorld(request.getfixturevalue("kube_cluster"))


VPC_KIND = cast("Kind", find_kind(VPC, "VPC"))
GROUP_KIND = cast("Kind", find_kind(WIRING, "SwitchGroup"))


def vpc(name: str = "vpc-1", vlan: Json = 1001, **spec: Json) -> JsonObject:
    subnets: JsonObject = {"default": {"subnet": "10.0.1.0/24", "vlan": vlan}}
    return {
        "apiVersion": VPC_KIND.api_version,
        "kind": "VPC",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {"subnets": subnets, **spec},
    }


def change(action: Action, manifest: JsonObject, seen: LiveObject | None = None) -> Change:
    precondition = Precondition() if seen is None else Precondition(version=seen.version, uid=seen.uid)
    return Change(
        side=SideName.CLUSTER,
        action=action,
        verdict=Verdict.PENDING,
        key=key_of(manifest),
        fields=(),
        reason="",
        precondition=precondition,
        manifest=None if action is Action.PRUNE else manifest,
    )


def write(world: World, *changes: Change) -> tuple[WriteOutcome, ...]:
    return tuple(world.side.write(changes))


def created(world: World, manifest: JsonObject) -> LiveObject:
    (outcome,) = write(world, change(Action.CREATE, manifest))
    assert isinstance(outcome, Written), outcome
    assert outcome.object is not None
    return outcome.object


def refusal(outcomes: Sequence[WriteOutcome]) -> Refusal:
    (outcome,) = outcomes
    assert isinstance(outcome, Refused), outcome
    assert outcome.message
    return outcome.refusal


def vlan_outside(world: World, name: str = "vpc-1") -> Json:
    return get_path(world.outside(vpc(name)), ("spec", "subnets", "default", "vlan"))


def test_an_empty_side_is_known_to_be_empty(world: World) -> None:
    live = world.side.read(KINDS)
    assert (live.objects, live.unknown) == ({}, {})


def test_a_created_object_is_stored(world: World) -> None:
    created(world, vpc())
    assert vlan_outside(world) == 1001


def test_what_a_write_returns_is_what_the_next_read_gives(world: World) -> None:
    stored = created(world, vpc())
    assert world.side.read([VPC_KIND]).objects[stored.key] == stored


def test_a_create_over_an_existing_object_is_stale_and_changes_nothing(world: World) -> None:
    world.someone_writes(vpc(vlan=2002))
    assert refusal(write(world, change(Action.CREATE, vpc()))) is Refusal.STALE
    assert vlan_outside(world) == 2002


def test_a_create_over_an_equal_object_is_stale_too(world: World) -> None:
    created(world, vpc())
    assert refusal(write(world, change(Action.CREATE, vpc()))) is Refusal.STALE


def test_an_update_changes_the_object_and_its_version(world: World) -> None:
    before = created(world, vpc())
    (outcome,) = write(world, change(Action.UPDATE, vpc(vlan=1002), before))
    assert isinstance(outcome, Written)
    assert outcome.object is not None
    assert (outcome.object.uid, outcome.object.version == before.version) == (before.uid, False)
    assert vlan_outside(world) == 1002


def test_an_adopted_object_keeps_its_uid_and_gets_our_values(world: World) -> None:
    world.someone_writes(vpc(vlan=2002))
    seen = world.side.read([VPC_KIND]).objects[key_of(vpc())]
    (outcome,) = write(world, change(Action.ADOPT, vpc(), seen))
    assert isinstance(outcome, Written)
    assert outcome.object is not None
    assert (outcome.object.uid, vlan_outside(world)) == (seen.uid, 1001)


def test_an_apply_removes_what_an_earlier_one_set_and_it_leaves_out(world: World) -> None:
    before = created(world, vpc(ipv4Namespace="default", permit=[["default", "other"]]))
    write(world, change(Action.UPDATE, vpc(ipv4Namespace="default"), before))
    assert "permit" not in as_object((world.outside(vpc()) or {})["spec"])


def test_an_apply_lets_stand_what_somebody_else_added(world: World) -> None:
    created(world, vpc())
    world.someone_writes(vpc(defaultIsolated=True))
    seen = world.side.read([VPC_KIND]).objects[key_of(vpc())]
    write(world, change(Action.UPDATE, vpc(vlan=1003), seen))
    assert get_path(world.outside(vpc()), ("spec", "defaultIsolated")) is True
    assert vlan_outside(world) == 1003


def test_an_update_of_an_object_that_changed_is_stale_and_overwrites_nothing(world: World) -> None:
    seen = created(world, vpc())
    world.someone_writes(vpc(vlan=2002))
    assert refusal(write(world, change(Action.UPDATE, vpc(vlan=1002), seen))) is Refusal.STALE
    assert vlan_outside(world) == 2002


def test_an_update_of_a_deleted_object_is_stale_and_makes_nothing(world: World) -> None:
    seen = created(world, vpc())
    world.someone_deletes(vpc())
    assert refusal(write(world, change(Action.UPDATE, vpc(vlan=1002), seen))) is Refusal.STALE
    assert world.outside(vpc()) is None


def test_an_update_of_an_object_made_anew_is_stale(world: World) -> None:
    seen = created(world, vpc())
    world.someone_deletes(vpc())
    world.someone_writes(vpc())
    assert refusal(write(world, change(Action.UPDATE, vpc(vlan=1002), seen))) is Refusal.STALE
    assert vlan_outside(world) == 1001


def test_a_pruned_object_is_gone(world: World) -> None:
    seen = created(world, vpc())
    (outcome,) = write(world, change(Action.PRUNE, vpc(), seen))
    assert outcome == Written(key=key_of(vpc()), object=None)
    assert world.outside(vpc()) is None


def test_a_prune_of_an_object_that_changed_is_stale_and_deletes_nothing(world: World) -> None:
    seen = created(world, vpc())
    world.someone_writes(vpc(vlan=2002))
    assert refusal(write(world, change(Action.PRUNE, vpc(), seen))) is Refusal.STALE
    assert vlan_outside(world) == 2002


def test_a_prune_of_an_object_made_anew_is_stale_and_deletes_nothing(world: World) -> None:
    seen = created(world, vpc())
    world.someone_deletes(vpc())
    world.someone_writes(vpc())
    assert refusal(write(world, change(Action.PRUNE, vpc(), seen))) is Refusal.STALE
    assert world.outside(vpc()) is not None


def test_a_prune_of_an_object_that_is_gone_has_what_it_wanted(world: World) -> None:
    seen = created(world, vpc())
    world.someone_deletes(vpc())
    assert write(world, change(Action.PRUNE, vpc(), seen)) == (Written(key=key_of(vpc()), object=None),)


def test_b38_a_deletion_by_somebody_else_is_seen_by_the_next_read(world: World) -> None:
    seen = created(world, vpc())
    world.someone_deletes(vpc())
    live = world.side.read([VPC_KIND])
    assert (seen.key in live.objects, live.unknown) == (False, {})


def test_a_deleted_object_can_be_created_again(world: World) -> None:
    seen = created(world, vpc(ipv4Namespace="default"))
    write(world, change(Action.PRUNE, vpc(), seen))
    again = created(world, vpc())
    assert again.uid != seen.uid


def test_every_change_has_one_outcome_and_a_refused_one_holds_back_no_other(world: World) -> None:
    world.someone_writes(vpc("taken"))
    names = [f"vpc-{number}" for number in range(60)] + ["taken"]
    outcomes = write(world, *(change(Action.CREATE, vpc(name)) for name in names))
    assert sorted(outcome.key.name for outcome in outcomes) == sorted(names)
    assert [outcome.key.name for outcome in outcomes if isinstance(outcome, Refused)] == ["taken"]
    assert len(world.side.read([VPC_KIND]).objects) == 61


def test_b11_values_keep_their_types(world: World) -> None:
    """Texts that look like something else, and the something else."""
    spec: JsonObject = {
        "ipv4Namespace": "1001",
        "vlanNamespace": "yes",
        "permit": [["0x10", "null"]],
        "defaultIsolated": True,
        "subnets": {"0x10": {"subnet": "10.0.1.0/24", "gateway": "10.0.1.1", "vlan": 1001}, "null": {}},
    }
    manifest: JsonObject = {**vpc(), "spec": spec}
    stored = created(world, manifest)
    for seen in (stored.value, world.outside(manifest) or {}):
        kept = as_object(seen["spec"])
        assert {key: kept.get(key) for key in ("ipv4Namespace", "vlanNamespace", "permit")} == {
            key: spec[key] for key in ("ipv4Namespace", "vlanNamespace", "permit")
        }
        assert kept["defaultIsolated"] is True
        assert get_path(kept, ("subnets", "0x10", "vlan")) == 1001
        assert set(as_object(kept["subnets"])) == {"0x10", "null"}


def test_b10_an_empty_spec_stays_an_empty_spec(world: World) -> None:
    manifest: JsonObject = {
        "apiVersion": GROUP_KIND.api_version,
        "kind": "SwitchGroup",
        "metadata": {"name": "empty", "namespace": "default"},
        "spec": {},
    }
    stored = created(world, manifest)
    assert (world.outside(manifest) or {})["spec"] == {}
    assert world.side.read([GROUP_KIND]).objects[stored.key].value["spec"] == {}


def test_only_the_kinds_asked_for_are_read(world: World) -> None:
    created(world, vpc())
    live = world.side.read([GROUP_KIND])
    assert (live.objects, live.unknown) == ({}, {})


def test_a_write_that_nobody_waits_for_any_more_ends(world: World) -> None:
    """A run that loses its lease stops listening; what is not yet on its way is not sent."""
    outcomes = iter(world.side.write([change(Action.CREATE, vpc(f"vpc-{number}")) for number in range(200)]))
    next(outcomes)
    assert isinstance(outcomes, Generator)
    outcomes.close()
    assert len(world.side.read([VPC_KIND]).objects) < 200


def test_a_field_that_somebody_added_outlives_an_apply(world: World) -> None:
    """An apply removes only what it owned: what others added is theirs."""
    made = created(world, vpc())
    world.someone_writes(vpc(defaultIsolated=True))
    (seen,) = world.side.read([kind_of(made.key)]).objects.values()

    (outcome,) = write(world, change(Action.UPDATE, vpc(), seen))

    assert isinstance(outcome, Written)
    assert as_object(as_object(world.outside(vpc()))["spec"])["defaultIsolated"] is True
