"""What is particular to a cluster on disk: files that people edit, name as they like, and break."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
import yaml

from hedgehog_gitops.adapters.directory_cluster import DirectoryCluster
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.kind import KINDS, VPC, WIRING, Kind, ObjectKey, find_kind
from hedgehog_gitops.model.live import LiveObject, Refusal, Refused, SideName, WriteOutcome, Written
from hedgehog_gitops.model.plain import JsonObject, get_path
from hedgehog_gitops.model.plan import Action, Change, Precondition, Verdict

VPC_KIND = cast("Kind", find_kind(VPC, "VPC"))
GROUP_KIND = cast("Kind", find_kind(WIRING, "SwitchGroup"))
HAND_WRITTEN = """# made by hand
apiVersion: vpc.githedgehog.com/v1beta1
kind: VPC
metadata: {name: blue}  # in default
spec: {subnets: {default: {subnet: 10.0.1.0/24, vlan: 1001}}}
"""


def key(name: str = "blue", namespace: str = "default") -> ObjectKey:
    return ObjectKey(group=VPC, kind="VPC", namespace=namespace, name=name)


def manifest(name: str = "blue", vlan: int = 1001, namespace: str = "default") -> JsonObject:
    return {
        "apiVersion": "vpc.githedgehog.com/v1beta1",
        "kind": "VPC",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"subnets": {"default": {"subnet": "10.0.1.0/24", "vlan": vlan}}},
    }


def write(root: Path, value: JsonObject, seen: LiveObject | None = None) -> WriteOutcome:
    name, namespace = (str(get_path(value, ("metadata", field))) for field in ("name", "namespace"))
    change = Change(
        side=SideName.CLUSTER,
        action=Action.UPDATE if seen else Action.CREATE,
        verdict=Verdict.PENDING,
        key=key(name, namespace),
        fields=(),
        reason="",
        precondition=Precondition(version=seen.version, uid=seen.uid) if seen else Precondition(),
        manifest=value,
    )
    (outcome,) = DirectoryCluster(root).write([change])
    return outcome


def put(root: Path, text: str, path: str = "vpcs/blue.yaml") -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def reason(root: Path) -> str:
    """Why VPCs are unknown; other kinds are known all the same."""
    live = DirectoryCluster(root).read([VPC_KIND, GROUP_KIND])
    assert set(live.unknown) == {(VPC, "VPC")}
    assert not live.objects
    return live.unknown[VPC, "VPC"]


def test_a_directory_that_is_not_there_yet_is_an_empty_cluster_and_is_not_made_by_looking(tmp_path: Path) -> None:
    live = DirectoryCluster(tmp_path / "live").read(KINDS)
    assert (live.objects, live.unknown) == ({}, {})
    assert not (tmp_path / "live").exists()


def test_a_file_where_the_directory_should_be_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "live").write_text("")
    with pytest.raises(UnreachableError, match="not a directory"):
        DirectoryCluster(tmp_path / "live").read(KINDS)


def test_a_file_made_by_hand_is_an_object(tmp_path: Path) -> None:
    put(tmp_path, HAND_WRITTEN)
    live = DirectoryCluster(tmp_path).read([VPC_KIND]).objects[key()]
    assert live.version
    assert live.uid
    assert get_path(live.value, ("spec", "subnets", "default", "vlan")) == 1001


def test_a_look_changes_nothing_on_disk(tmp_path: Path) -> None:
    path = put(tmp_path, HAND_WRITTEN)
    first = DirectoryCluster(tmp_path).read([VPC_KIND])
    assert DirectoryCluster(tmp_path).read([VPC_KIND]) == first
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path]
    assert path.read_text() == HAND_WRITTEN


def test_an_edit_by_hand_is_a_new_version_of_the_same_object(tmp_path: Path) -> None:
    put(tmp_path, HAND_WRITTEN)
    before = DirectoryCluster(tmp_path).read([VPC_KIND]).objects[key()]
    put(tmp_path, HAND_WRITTEN.replace("1001", "1002"))
    after = DirectoryCluster(tmp_path).read([VPC_KIND]).objects[key()]
    assert (after.uid, after.version == before.version) == (before.uid, False)


def test_an_edit_by_hand_between_look_and_write_is_not_overwritten(tmp_path: Path) -> None:
    path = put(tmp_path, HAND_WRITTEN)
    seen = DirectoryCluster(tmp_path).read([VPC_KIND]).objects[key()]
    edited = path.read_text().replace("1001", "1002")
    path.write_text(edited)
    outcome = write(tmp_path, manifest(vlan=1003), seen)
    assert isinstance(outcome, Refused)
    assert (outcome.refusal, path.read_text()) == (Refusal.STALE, edited)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("spec: [\n", "blue.yaml"),
        ("", "does not hold exactly one"),
        (HAND_WRITTEN + "---\n" + HAND_WRITTEN.replace("blue", "red"), "does not hold exactly one"),
        (HAND_WRITTEN.replace("kind: VPC", "kind: External"), "does not hold exactly one"),
        (HAND_WRITTEN.replace("githedgehog.com", "example.com"), "does not hold exactly one"),
        (HAND_WRITTEN.replace("name: blue", "label: blue"), "names no object"),
    ],
    ids=["broken", "empty", "two objects", "another kind", "a foreign group", "without a name"],
)
def test_b37_a_file_that_cannot_be_taken_makes_its_kind_unknown(tmp_path: Path, text: str, words: str) -> None:
    put(tmp_path, HAND_WRITTEN.replace("blue", "red"), "vpcs/red.yaml")
    put(tmp_path, text)
    assert words in reason(tmp_path)


def test_b37_an_object_in_two_files_makes_its_kind_unknown(tmp_path: Path) -> None:
    put(tmp_path, HAND_WRITTEN)
    put(tmp_path, HAND_WRITTEN, "vpcs/copy.yml")
    assert "in another file" in reason(tmp_path)


def test_b37_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    outside = put(tmp_path, HAND_WRITTEN, "outside.yaml")
    (tmp_path / "live" / "vpcs").mkdir(parents=True)
    (tmp_path / "live" / "vpcs" / "blue.yaml").symlink_to(outside)
    assert "symbolic link" in reason(tmp_path / "live")


def test_other_files_beside_the_objects_are_left_alone(tmp_path: Path) -> None:
    put(tmp_path, "not YAML: [", "vpcs/README.md")
    put(tmp_path, "not YAML: [", "vpcs/.hidden.yaml")
    assert not DirectoryCluster(tmp_path).read([VPC_KIND]).unknown


def test_an_object_in_a_file_of_another_name_is_updated_where_it_is(tmp_path: Path) -> None:
    path = put(tmp_path, HAND_WRITTEN, "vpcs/my-favourite.yml")
    seen = DirectoryCluster(tmp_path).read([VPC_KIND]).objects[key()]
    assert isinstance(write(tmp_path, manifest(vlan=1003), seen), Written)
    assert list((tmp_path / "vpcs").iterdir()) == [path]
    assert yaml.safe_load(path.read_text())["spec"]["subnets"]["default"]["vlan"] == 1003


def test_a_create_over_an_object_in_a_file_of_another_name_is_stale(tmp_path: Path) -> None:
    put(tmp_path, HAND_WRITTEN, "vpcs/my-favourite.yml")
    outcome = write(tmp_path, manifest())
    assert isinstance(outcome, Refused)
    assert outcome.refusal is Refusal.STALE


def test_a_create_over_a_broken_file_of_that_name_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "spec: [\n")
    assert isinstance(write(tmp_path, manifest()), Refused)
    assert path.read_text() == "spec: [\n"


def test_a_write_leaves_no_half_files_behind(tmp_path: Path) -> None:
    write(tmp_path, manifest())
    names = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert names == [".applied/vpcs/blue.json", "vpcs/blue.yaml"]


def test_other_namespaces_have_files_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, manifest())
    write(tmp_path, manifest(namespace="lab"))
    assert sorted(path.name for path in (tmp_path / "vpcs").iterdir()) == ["blue.yaml", "lab_blue.yaml"]
    assert set(DirectoryCluster(tmp_path).read([VPC_KIND]).objects) == {key(), key(namespace="lab")}


@pytest.mark.parametrize("name", ["../../escape", "a/b", ".hidden", "", "a\\b"])
def test_a_name_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    outcome = write(tmp_path / "live", manifest(name))
    assert isinstance(outcome, Refused)
    assert outcome.refusal is Refusal.INVALID
    assert list(tmp_path.iterdir()) == []


def test_lost_memory_of_what_was_applied_loses_no_object(tmp_path: Path) -> None:
    write(tmp_path, manifest())
    (tmp_path / ".applied" / "vpcs" / "blue.json").write_text("{")
    seen = DirectoryCluster(tmp_path).read([VPC_KIND]).objects[key()]
    assert isinstance(write(tmp_path, manifest(vlan=1003), seen), Written)


def test_a_directory_that_cannot_be_written_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "vpcs").write_text("a file in the way")
    outcome = write(tmp_path, manifest())
    assert isinstance(outcome, Refused)
    assert outcome.refusal is Refusal.UNREACHABLE
