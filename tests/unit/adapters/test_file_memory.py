"""The file that holds what a validation remembers: everything that can be wrong with it makes it none."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hedgehog_gitops.adapters import file_memory
from hedgehog_gitops.adapters.file_memory import FileMemory
from hedgehog_gitops.model.kind import VPC, ObjectKey
from hedgehog_gitops.model.remembered import Recollection, Remembered

KEY = ObjectKey(group=VPC, kind="VPC", namespace="default", name="blue")
OLD = (10, 1_000, 2_000, 3)
SPECS = b'[{"vlan":1001,"odd":[1.0,null,"\\ud800\\u00e9",9223372036854775808]}]'
FOUND = Recollection(
    {"vpcs/blue.yaml": Remembered("b10b", OLD, 1, (KEY,), SPECS)},
    {"VPC": frozenset({"VPC"})},
    is_closed=True,
)


def kept(file: Path, meaning: str = "v1") -> FileMemory:
    FileMemory(file, meaning).keep(FOUND)
    return FileMemory(file, meaning)


def test_what_was_kept_is_recalled_with_its_types(tmp_path: Path) -> None:
    recalled = kept(tmp_path / "deep/er/memory.json").recall()
    assert recalled == FOUND
    assert repr(recalled) == repr(FOUND)
    assert recalled.files["vpcs/blue.yaml"].objects() == {KEY: {"vlan": 1001, "odd": [1.0, None, "\ud800é", 2**63]}}


def test_another_meaning_recalls_nothing(tmp_path: Path) -> None:
    kept(tmp_path / "m.json")
    assert FileMemory(tmp_path / "m.json", "v2").recall() == Recollection()


@pytest.mark.parametrize("content", [b"", b"\n", file_memory.HEAD, b"{}", b"\xff\xfe", b"[]\n[]"])
def test_a_damaged_memory_is_none_and_is_written_again(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "m.json"
    kept(file)
    file.write_bytes(content)
    assert FileMemory(file, "v1").recall() == Recollection()
    assert kept(file).recall() == FOUND


def test_every_single_changed_byte_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "m.json"
    kept(file)
    data = file.read_bytes()
    for at in range(len(data)):
        file.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert FileMemory(file, "v1").recall() == Recollection()


def test_a_file_that_is_young_is_looked_at_again(tmp_path: Path) -> None:
    now = time.time_ns()
    young = {"a": FOUND.files["vpcs/blue.yaml"]._replace(stamp=(10, 1_000, now, 3))}
    FileMemory(tmp_path / "m.json", "v1").keep(Recollection(young))
    assert FileMemory(tmp_path / "m.json", "v1").recall().files["a"].stamp == ()


def test_a_memory_that_cannot_be_written_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert kept(tmp_path / "file/m.json").recall() == Recollection()


def test_old_memories_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_memory, "_MOST_FILES", 3)
    for number in range(5):
        kept(tmp_path / f"{number}.json")
    assert len(list(tmp_path.iterdir())) == 3
    assert (tmp_path / "4.json").exists()


def test_the_same_files_are_not_written_again(tmp_path: Path) -> None:
    file = tmp_path / "m.json"
    memory = kept(file)
    before = file.stat().st_ino
    memory.keep(Recollection(dict(memory.recall().files), {"VPC": frozenset({"VPC"})}, is_closed=True))
    assert file.stat().st_ino == before
