"""A configuration that is remembered says what it says when it is read, whatever happens to it or to the memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgehog_gitops.assembly.configuration import load_settings, recall_settings
from hedgehog_gitops.model.errors import SettingsError

TEXT = """
apiVersion: hedgehog-gitops/v1
limits: {depth: 50}
ignore:
  - {rules: [VPC-055], reason: known, paths: ["managed/**"]}
fabrics:
  - name: lab
    directory: lab
    settings: {fabric_mtu: 9000, gateway_communities: {"0": "50001:0"}, irb_vlans: [{from: 3000, to: 3100}]}
    authority: {Server: cluster}
    notify: {url: "https://example.com/", secret_env: SECRET}
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEDGEHOG_GITOPS_CACHE_DIR", str(tmp_path / "cache"))
    found = tmp_path / "hedgehog-gitops.yaml"
    found.write_text(TEXT)
    return found


def test_what_is_remembered_is_what_the_file_says(file: Path) -> None:
    """Issue 4, 3: with the places of its suppressions."""
    read = load_settings(file)
    assert [recall_settings(file), recall_settings(file)] == [read, read]
    assert list((file.parent / "cache").iterdir())


def test_a_changed_file_is_read(file: Path) -> None:
    recall_settings(file)
    file.write_text(TEXT.replace("lab", "dc1"))
    assert recall_settings(file) == load_settings(file)
    file.write_text(TEXT.replace("depth", "death"))
    with pytest.raises(SettingsError):
        recall_settings(file)


def test_a_damaged_memory_changes_nothing(file: Path) -> None:
    """Issue 4: deleting, truncating or corrupting the cache changes nothing but time."""
    read = recall_settings(file)
    (memory,) = (file.parent / "cache").iterdir()
    data = memory.read_bytes()
    for damaged in (b"", data[: len(data) // 2], data.replace(b"9000", b"9001"), data.replace(b"lab", b"l\xff")):
        memory.write_bytes(damaged)
        assert recall_settings(file) == read
    memory.unlink()
    assert recall_settings(file) == read
