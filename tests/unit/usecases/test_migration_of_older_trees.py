"""Whole directories as older tools left them, taken in by one run."""

from __future__ import annotations

from collections import Counter

from fakes.memory_source import MemorySource
from fakes.texts import config_map, stream, switch_group, vpc
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.usecases.ingest import IngestReport, ingest
from hedgehog_gitops.usecases.init import ensure_structure

FABRIC = Fabric(name="fabric-1", directory="gitops/hedgehog/fabric-1")
BASE = FABRIC.directory


def _wiring(kind: str, name: str, spec: str) -> str:
    return (
        f"# {kind} {name}\napiVersion: wiring.githedgehog.com/v1beta1\nkind: {kind}\n"
        f"metadata:\n  name: {name}\nspec: {spec}\n"
    )


def _prepop() -> str:
    groups = [switch_group(f"group-{number}") for number in range(3)]
    switches = [_wiring("Switch", f"leaf-{number:02}", "{role: server-leaf}") for number in range(7)]
    servers = [_wiring("Server", f"server-{number:02}", "{}") for number in range(10)]
    links = [
        _wiring("Connection", f"server-{number:02}--mclag--leaf-01--leaf-02", "{mclag: {links: [{}, {}]}}")
        for number in range(26)
    ]
    return "# all of the wiring\n---\n" + stream(*groups, *switches, *servers, *links)


def _legacy() -> MemorySource:
    stamped = (
        "# Generated at 2025-08-01T12:00:00Z\n"
        + vpc("vpc-9", meta="  annotations:\n    hnp.githedgehog.com/ingested-at: now\n    mine: yes please\n")
    ).replace("v1beta1", "v1alpha2")
    files = {
        "README.md": "# Our own words\n",
        "prepop.yaml": _prepop(),
        "test-vpc.yaml": vpc("vpc-1"),
        "test-vpc-2.yaml": vpc("vpc-2", 1002),
        "raw/processed/vpcs_20250801.yaml": vpc("gone"),
        "raw/test.yaml.archived": vpc("gone"),
        "managed/vpcs/vpc-9.yaml": stamped,
        "managed/vpcs/vpc-9-1.yaml": vpc("vpc-9", meta="  annotations:\n    mine: yes please\n"),
        "managed/switch-groups/old.yaml": switch_group("old"),
        "managed/tests/notes.yaml": config_map(),
        ".hnp/archive-log.yaml": "version: '1.0'\noperations: []\n",
    }
    return MemorySource(files={f"{BASE}/{path}": text.encode() for path, text in files.items()})


def _taken_in(source: MemorySource) -> IngestReport:
    return ingest((FABRIC,), source, sleep=lambda _: None)


def test_the_reference_tree_becomes_one_file_per_object_in_one_commit() -> None:
    source = _legacy()
    report = _taken_in(source)
    kinds = Counter(key.kind for key in report.fabrics[0].ingestion.snapshot.manifests)
    assert kinds == {"SwitchGroup": 4, "Switch": 7, "Server": 10, "Connection": 26, "VPC": 3}
    managed = [path for path in source.files if path.startswith(f"{BASE}/managed/")]
    assert len(managed) == 50
    assert report.ok
    assert len(source.log) == 1


def test_what_is_no_object_is_kept_and_nothing_is_left_where_it_was() -> None:
    source = _legacy()
    _taken_in(source)
    assert source.files[f"{BASE}/README.md"] == b"# Our own words\n"
    assert source.files[f"{BASE}/unmanaged/tests/notes.yaml"] == config_map().encode()
    assert f"{BASE}/.hnp/archive/legacy/raw/test.yaml.archived" in source.files
    top = {path.removeprefix(f"{BASE}/").split("/")[0] for path in source.files}
    assert top == {"README.md", "managed", "raw", "unmanaged", ".hnp"}


def test_stamps_of_the_older_tool_go_and_the_users_annotations_stay() -> None:
    source = _legacy()
    _taken_in(source)
    text = source.files[f"{BASE}/managed/vpcs/vpc-9.yaml"].decode()
    assert "ingested-at" not in text
    assert "mine: yes please" in text
    assert "vpc.githedgehog.com/v1beta1" in text


def test_b03_b07_a_second_run_and_a_repair_leave_the_log_and_the_objects_as_they_are() -> None:
    source = _legacy()
    _taken_in(source)
    before = dict(source.files)
    assert not _taken_in(source).published.changed
    ensure_structure(FABRIC, source, sleep=lambda _: None)
    assert before.items() <= source.files.items()
    assert not _taken_in(source).published.changed
