"""What is remembered between runs changes nothing but time, whatever happens to the files or to the memory."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from generated_fabric import generate_fabric, texts
from hedgehog_gitops.adapters import file_memory
from hedgehog_gitops.assembly.checking import check_fabrics, check_paths
from hedgehog_gitops.core.layout import managed_path
from hedgehog_gitops.core.semantics.watched import Watched
from hedgehog_gitops.model.kind import KINDS, ObjectKey
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.report import Validation

CONFIGURATION = "apiVersion: hedgehog-gitops/v1\nfabrics:\n  - {name: lab, directory: lab}\n"
OBJECTS = generate_fabric(vpcs=3, leaves=2)
_PLACES = {kind.kind: kind for kind in KINDS}


def home(value: JsonObject) -> str:
    """Where an object belongs."""
    kind, name = _PLACES[str(value["kind"])], str(as_object(value["metadata"])["name"])
    return managed_path(ObjectKey(group=kind.group, kind=kind.kind, namespace="default", name=name))


FABRIC = dict(zip(map(home, OBJECTS), texts(OBJECTS), strict=True))
HOME = "managed/vpcs/vpc-00001.yaml"
VPC = FABRIC[HOME]
LEAF = "managed/switches/leaf-001.yaml"
CABLES = sorted(path for path in FABRIC if path.startswith("managed/connections/server"))
CABLE = FABRIC[CABLES[0]]
PATHS = [
    "managed/vpcs/vpc-00001.yaml", "managed/vpcs/vpc-00002.yaml", "managed/vpcs/VPC-00001.yaml", "managed/vpcs/o.yaml",
    "managed/vlannamespaces/default.yaml", LEAF, CABLES[0], CABLES[1], "managed/servers/server-00001.yaml",
    "raw/new.yaml", "managed/VPCs/vpc-00001.yaml", "stray.txt", ".hnp/manifest.yaml", "managed/vpcs/new.yaml",
]  # fmt: skip
CONTENTS = [
    VPC, FABRIC["managed/vpcs/vpc-00002.yaml"], VPC.replace("10.0.0", "10.0.4"),
    VPC.replace("vlan: 1000", "vlan: 1004"),
    VPC.replace("vpc-00001", "new"), VPC + "---\n" + FABRIC["managed/servers/server-00001.yaml"], VPC + "---\n",
    VPC.replace("vlan: 1000", "vlan: text"), VPC.replace("default", "nothing"), "# hedgehog-gitops: ignore\n" + VPC,
    VPC + "status: {}\n", "a: [\n", "", "# only a comment\n", "a: 1\na: 2\n", FABRIC["managed/switches/leaf-001.yaml"],
    FABRIC["managed/vlannamespaces/default.yaml"].replace("2000", "2500"), CABLE.replace("E1/1", "E1/2"),
    CABLE.replace("leaf-001", "leaf-009"), FABRIC[LEAF].replace("65101", "65102"), FABRIC[LEAF].replace("E1/5", "E1/6"),
    'version: "9.0"\n',
    VPC.replace("\n", "\r\n"),
]  # fmt: skip
FACES = [
    VPC.replace("spec:\n", "spec:\n  mode: l3flat\n"),
    VPC.replace("isolated: true", "hostBGP: true"),
    VPC.replace("ipv4Namespace: default", "ipv4Namespace: other"),
    VPC.replace("vlanNamespace: default", "vlanNamespace: other"),
]
"""Changes of a VPC that others see: its attachments are refused, or its peering."""
BESIDE = [VPC.replace("10.0.0.200", "10.0.0.199"), VPC.replace("vlan: 1002", "vlan: 1500")]
"""Changes of a VPC that no object of another kind looks at."""
CONTENTS += (*FACES, *BESIDE)

writes = st.tuples(st.just("write"), st.sampled_from(PATHS), st.sampled_from(CONTENTS))
deletions = st.tuples(st.just("delete"), st.sampled_from([*PATHS, *FABRIC]), st.just(""))
touches = st.tuples(st.just("touch"), st.sampled_from([*PATHS, *FABRIC]), st.just(""))
restorations = st.tuples(st.just("write"), st.sampled_from(list(FABRIC)), st.just("restore"))
damage = st.tuples(st.sampled_from(["forget", "cut", "garble", "older"]), st.just(""), st.just(""))
steps = st.lists(writes | deletions | touches | restorations | damage, max_size=6)
ticks = itertools.count(1_000_000_000)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of one fabric, and a cache directory; times on disk count although they are young."""
    monkeypatch.setenv("HEDGEHOG_GITOPS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(file_memory, "_SETTLED_AFTER", -(10**18))
    root = tmp_path / "repository"
    root.mkdir()
    (root / "hedgehog-gitops.yaml").write_text(CONFIGURATION)
    monkeypatch.chdir(root)
    return tmp_path


def put(file: Path, text: str) -> None:
    """Write a file, as at a time of its own: some file systems count time in large steps."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    os.utime(file, (next(ticks), next(ticks)))


def carry_out(here: Path, step: tuple[str, str, str], older: dict[str, bytes]) -> None:
    """One thing that happens to the files, or to what is remembered of them."""
    what, path, content = step
    file = here / "repository/lab" / path
    match what:
        case "write":
            put(file, FABRIC[path] if content == "restore" else content)
        case "delete":
            file.unlink(missing_ok=True)
        case "touch" if file.is_file():
            os.utime(file, (next(ticks), next(ticks)))
        case _:
            for memory in (here / "cache").glob("*.json"):
                damage_memory(memory, what, older)


def damage_memory(memory: Path, what: str, older: dict[str, bytes]) -> None:
    """Take a memory away, damage it, or put the one of an older run in its place."""
    data = memory.read_bytes()
    match what:
        case "forget":
            memory.unlink()
        case "cut":
            memory.write_bytes(data[: len(data) * 2 // 3])
        case "garble":
            memory.write_bytes(data.replace(b"vlan", b"vlam", 3))
        case "older":
            memory.write_bytes(older.get(memory.name, data))


def both(*paths: str) -> tuple[Validation | None, Validation | None]:
    """The verdict of a run that remembers, and of one that does not."""
    if paths:
        return check_paths(paths, None, strict=False, remembers=True), check_paths(paths, None, strict=False)
    return (
        check_fabrics(None, None, (), revision=None, strict=False, remembers=True),
        check_fabrics(None, None, (), revision=None, strict=False),
    )


def agree(warm: Validation | None, cold: Validation | None) -> None:
    """Fail unless the two say the same, also about every object."""
    assert warm is not None
    assert cold is not None
    assert (warm.findings, warm.summary) == (cold.findings, cold.summary)
    for one, other in zip(warm.snapshots, cold.snapshots, strict=True):
        assert {key: each.value for key, each in one.manifests.items()} == {
            key: each.value for key, each in other.manifests.items()
        }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
@example([("write", "managed/vpcs/vpc-00002.yaml", VPC.replace("vpc-00001", "vpc-00002"))])
@example([("write", "raw/new.yaml", VPC), ("delete", "raw/new.yaml", ""), ("older", "", "")])
@example([("write", HOME, text) for face in FACES for text in (face, VPC)])
@example([("write", HOME, text) for text in (*BESIDE, FACES[0], *BESIDE)])
@example([("delete", "managed/vlannamespaces/default.yaml", ""), ("touch", "managed/vpcs/vpc-00001.yaml", "")])
def test_a_run_that_remembers_says_what_one_that_does_not_says(here: Path, many: list[tuple[str, str, str]]) -> None:
    for left in [each for each in (here / "repository/lab").rglob("*") if each.is_file()]:
        left.unlink()
    for path, text in FABRIC.items():
        put(here / "repository/lab" / path, text)
    agree(*both())
    agree(*both("lab"))
    older = {each.name: each.read_bytes() for each in (here / "cache").glob("*.json")}
    for step in many:
        carry_out(here, step, older)
        agree(*both())
        agree(*both("lab"))


def test_an_unchanged_file_is_not_opened_again(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, text in FABRIC.items():
        put(here / "repository/lab" / path, text)
    agree(*both())
    put(here / "repository/lab/managed/vpcs/vpc-00001.yaml", VPC.replace("vlan: 1000", "vlan: 1500"))
    opened: list[str] = []
    real = os.open

    def watching(name: str, *rest: int, **more: int) -> int:
        opened.append(str(name))
        return real(name, *rest, **more)

    monkeypatch.setattr(os, "open", watching)
    assert check_fabrics(None, None, (), revision=None, strict=False, remembers=True)
    assert [Path(name).name for name in opened if name.endswith(".yaml")] == ["vpc-00001.yaml"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        *((text, {"VPC"}) for text in BESIDE),
        *((text, {"VPC", "VPCAttachment", "VPCPeering"}) for text in FACES),
    ],
)
def test_objects_are_judged_again_for_what_they_see_of_a_changed_vpc(
    here: Path, monkeypatch: pytest.MonkeyPatch, text: str, kinds: set[str]
) -> None:
    """Issue 4: the hook after a change of one VPC does not judge attachments and peerings that cannot notice it."""
    for path, first in FABRIC.items():
        put(here / "repository/lab" / path, first)
    agree(*both())
    put(here / "repository/lab" / HOME, text)
    judged: set[str] = set()
    real = Watched.judging

    def watching(stored: Watched, kind: str) -> None:
        judged.add(kind)
        real(stored, kind)

    monkeypatch.setattr(Watched, "judging", watching)
    assert check_fabrics(None, None, (), revision=None, strict=False, remembers=True)
    assert judged == kinds
