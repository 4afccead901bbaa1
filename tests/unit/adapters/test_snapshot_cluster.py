"""A snapshot holds what was seen, and vouches for nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fakes.fabrics import attachment, live_side, owned, thing, vpc
from fakes.memory_side import key_of
from hedgehog_gitops.adapters.snapshot_cluster import LIST, SnapshotCluster, write_snapshot
from hedgehog_gitops.model.errors import UnreachableError, UsageError
from hedgehog_gitops.model.kind import USER_KINDS
from hedgehog_gitops.model.live import LiveSide

VPC_KIND = ("vpc.githedgehog.com", "VPC")
SWITCH_KIND = ("wiring.githedgehog.com", "Switch")
BLUE = owned(vpc(), {"f:spec": {"f:subnets": {}}})


def written(directory: Path, live: LiveSide) -> LiveSide:
    return write_snapshot(live, USER_KINDS, "lab", directory)


def read(directory: Path) -> LiveSide:
    return SnapshotCluster(directory, "lab").read(USER_KINDS)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    written(tmp_path, live_side(BLUE, vpc("red"), attachment(), unknown={SWITCH_KIND: "403 Forbidden"}))
    return tmp_path


def test_what_is_read_has_the_uid_version_and_writers_of_the_cluster(made: Path) -> None:
    """Issue 5, snapshot: for offline plans."""
    seen = read(made).objects[key_of(BLUE)]
    assert (seen.uid, seen.version) == ("u-blue", "v-blue")
    assert seen.value["metadata"] == {
        **BLUE["metadata"],  # type: ignore[dict-item]
        "uid": "u-blue",
        "resourceVersion": "v-blue",
    }
    assert set(read(made).objects) == {key_of(BLUE), key_of(vpc("red")), key_of(attachment())}


def test_the_files_are_canonical_manifests(made: Path) -> None:
    """Issue 5, snapshot: for review, and for the directory side."""
    text = (made / "vpcs/blue.yaml").read_text()
    assert "managedFields" not in text
    assert "ipv4Namespace: default" in text


def test_a_kind_that_could_not_be_read_is_unknown_and_not_absent(made: Path) -> None:
    """Issue 5, snapshot: a snapshot of an unreadable kind never looks complete."""
    seen = read(made)
    assert seen.unknown == {SWITCH_KIND: "403 Forbidden"}
    assert VPC_KIND in seen.proven
    assert SWITCH_KIND not in seen.proven


def test_a_kind_that_the_list_does_not_have_is_unknown(made: Path) -> None:
    listed = json.loads((made / LIST).read_text())
    listed["kinds"] = [each for each in listed["kinds"] if each["kind"] != "VPC"]
    (made / LIST).write_text(json.dumps(listed))
    assert read(made).unknown[VPC_KIND] == "the snapshot does not have it"
    assert key_of(BLUE) not in read(made).objects


@pytest.mark.parametrize("how", ["missing", "edited", "added", "broken"])
def test_a_kind_whose_files_changed_since_is_unknown(made: Path, how: str) -> None:
    file = made / "vpcs/red.yaml"
    match how:
        case "missing":
            file.unlink()
        case "edited":
            file.write_text(file.read_text().replace("1001", "1002"))
        case "added":
            (made / "vpcs/green.yaml").write_text(file.read_text().replace("red", "green"))
        case _:
            file.write_text("{")
    seen = read(made)
    assert VPC_KIND in seen.unknown
    assert VPC_KIND not in seen.proven
    assert [key.kind for key in seen.objects] == ["VPCAttachment"]


def test_a_second_snapshot_in_the_same_place_leaves_nothing_of_the_first(made: Path) -> None:
    written(made, live_side(BLUE, unknown={("vpc.githedgehog.com", "VPCAttachment"): "500"}))
    assert sorted(path.name for path in made.rglob("*.yaml")) == ["blue.yaml"]
    assert read(made).unknown == {("vpc.githedgehog.com", "VPCAttachment"): "500"}


def test_equal_clusters_give_equal_bytes(made: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    written(other, live_side(attachment(), vpc("red"), BLUE, unknown={SWITCH_KIND: "403 Forbidden"}))
    assert {p.relative_to(made): p.read_bytes() for p in made.rglob("*") if p.is_file()} == {
        p.relative_to(other): p.read_bytes() for p in other.rglob("*") if p.is_file()
    }


def test_a_snapshot_that_was_interrupted_knows_nothing(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written_text = Path.write_text

    def failing(self: Path, text: str, encoding: str | None = None) -> int:
        if self.name == "red.yaml":
            raise KeyboardInterrupt
        return written_text(self, text, encoding=encoding)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", failing)
        with pytest.raises(KeyboardInterrupt):
            written(made, live_side(BLUE, vpc("red")))
    assert set(read(made).unknown) == {(kind.group, kind.kind) for kind in USER_KINDS}
    written(made, live_side(BLUE, vpc("red")))
    assert read(made).unknown == {}


def test_a_directory_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "vpcs").mkdir()
    (tmp_path / "vpcs/mine.yaml").write_text("mine")
    with pytest.raises(UsageError, match="name a new directory"):
        written(tmp_path, live_side(BLUE))
    assert [path.name for path in tmp_path.rglob("*")] == ["vpcs", "mine.yaml"]


def test_a_name_that_leaves_the_directory_is_not_written(tmp_path: Path) -> None:
    evil = thing("VPC", "../../evil")
    seen = written(tmp_path / "a/b", live_side(BLUE, evil))
    assert "no file can have" in seen.unknown[VPC_KIND]
    assert not list(tmp_path.rglob("*.yaml"))


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"schema": "hedgehog-gitops/snapshot/v2", "objects": {}}'])
def test_what_is_no_snapshot_cannot_be_read(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / LIST).write_text(content)
    with pytest.raises(UnreachableError, match="snapshot DIR"):
        read(tmp_path)


def test_another_fabrics_snapshot_is_refused_and_nothing_is_written_to_one(made: Path) -> None:
    with pytest.raises(UsageError, match="of lab, and not of prod"):
        SnapshotCluster(made, "prod").read(USER_KINDS)
    with pytest.raises(UsageError, match="only looked at"):
        SnapshotCluster(made, "lab").write([])


def test_a_list_that_was_empty_without_proof_stays_without(tmp_path: Path) -> None:
    written(tmp_path, live_side(BLUE)._replace(proven=frozenset()))
    assert read(tmp_path).proven == frozenset()
