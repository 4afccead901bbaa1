"""A snapshot of a cluster and a NetBox plans as the two do, and vouches for nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from fakes.texts import switch_group
from hedgehog_gitops.cli.main import main

CLUSTER = "cluster: {directory: live}, "
CONFIG = f"""\
apiVersion: hedgehog-gitops/v1
fabrics:
  - {{name: lab, directory: fabrics/lab, {CLUSTER}netbox: {{file: nb/netbox.json, site: a}}, prune: {{enabled: true}}}}
"""
SERVER = "apiVersion: wiring.githedgehog.com/v1beta1\nkind: Server\nmetadata: {name: %s}\nspec: {description: %s}\n"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fabric on both sides, of which git has moved on, and somebody in NetBox as well."""
    monkeypatch.chdir(tmp_path)
    Path("hedgehog-gitops.yaml").write_text(CONFIG)
    raw = Path("fabrics/lab/raw")
    raw.mkdir(parents=True)
    for name in ("web", "db", "backup", "old"):
        (raw / f"{name}.yaml").write_text(SERVER % (name, name))
    (raw / "pair.yaml").write_text(switch_group("pair"))
    assert main(["sync", "--no-progress", "-o", "ignored"]) == 0
    Path("fabrics/lab/managed/servers/old.yaml").unlink()
    (raw / "new.yaml").write_text(SERVER % ("new", "new"))
    document = json.loads(Path("nb/netbox.json").read_text())
    for entry in document["objects"]:
        if entry.get("name") == "web":
            entry["description"] = "moved"
    Path("nb/netbox.json").write_text(json.dumps(document))
    return tmp_path


def planned(*arguments: str) -> tuple[int, Any]:
    code = main(["plan", "--format", "json", "--no-progress", "-o", "plan.json", *arguments])
    return code, json.loads(Path("plan.json").read_text())


def snapshot() -> int:
    return main(["snapshot", "seen", "--no-progress"])


def test_a_plan_without_the_sides_is_the_plan_with_them(capsys: pytest.CaptureFixture[str]) -> None:
    """Issue 7, the plan is one plan: offline as well, to the id, with what was remembered of both sides."""
    _, there = planned()
    assert snapshot() == 0
    assert "records of NetBox written to seen" in capsys.readouterr().err
    for each in ("live", "nb", ".hedgehog-gitops"):
        shutil.rmtree(each)
    code, offline = planned("--live", "seen")
    assert (code, offline) == (0, there)
    assert {(each["side"], each["action"]) for each in offline["changes"]} == {
        (side, action) for side in ("cluster", "netbox") for action in ("create", "prune")
    } | {("netbox", "update")}
    assert not Path(".hedgehog-gitops").exists(), "what was remembered came with it"


def test_a_plan_of_later_files_is_the_plan_that_the_sides_would_give() -> None:
    assert snapshot() == 0
    Path("fabrics/lab/managed/servers/db.yaml").write_text(SERVER % ("db", "replaced"))
    Path("fabrics/lab/managed/servers/backup.yaml").unlink()
    assert planned("--live", "seen") == planned()


def test_equal_looks_give_equal_bytes_and_the_file_can_stand_for_a_netbox() -> None:
    assert snapshot() == 0
    first = Path("seen/netbox.json").read_bytes()
    shutil.rmtree("seen")
    assert snapshot() == 0
    assert Path("seen/netbox.json").read_bytes() == first
    _, there = planned()
    Path("hedgehog-gitops.yaml").write_text(CONFIG.replace("nb/netbox.json", "seen/netbox.json"))
    _, stood = planned()
    assert [(each["kind"], each["name"], each["action"]) for each in stood["changes"]] == [
        (each["kind"], each["name"], each["action"]) for each in there["changes"]
    ]


def test_a_netbox_that_cannot_be_read_is_unknown_and_an_earlier_file_is_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Issue 7, 6: never an empty side; what was seen earlier stays on disk, and no plan takes it for this moment."""
    assert snapshot() == 0
    earlier = Path("seen/netbox.json").read_bytes()
    Path("nb/netbox.json").write_text("<html>Sign in</html>")
    assert snapshot() == 69
    assert "not known, and not written: dcim.device: " in capsys.readouterr().err
    assert Path("seen/netbox.json").read_bytes() == earlier
    code, plan = planned("--live", "seen")
    assert code == 69
    assert {each["side"] for each in plan["changes"]} == {"cluster"}
    assert "dcim.device" in [each["kind"] for each in plan["frozen"]]


@pytest.mark.parametrize("harm", ["edited", "lost", "never"])
def test_what_the_list_does_not_vouch_for_is_unknown(harm: str) -> None:
    assert snapshot() == 0
    file, listed = Path("seen/netbox.json"), Path("seen/snapshot.json")
    match harm:
        case "edited":
            file.write_text(file.read_text().replace("moved", "MOVED"))
        case "lost":
            file.unlink()
        case _:
            listed.write_text(json.dumps({**json.loads(listed.read_text()), "netbox": None}))
    code, plan = planned("--live", "seen")
    assert code == 69
    assert {each["side"] for each in plan["changes"]} == {"cluster"}


def test_a_fabric_in_netbox_alone_has_snapshots_too(capsys: pytest.CaptureFixture[str]) -> None:
    more = "  - {name: other, directory: fabrics/other, netbox: {file: o.json, site: dc1}}\n"
    Path("hedgehog-gitops.yaml").write_text(CONFIG.replace(CLUSTER, "") + more)
    assert main(["snapshot", "seen", "--fabric", "lab", "--no-progress"]) == 0
    assert planned("--live", "seen", "--fabric", "lab") == planned("--fabric", "lab")
    assert main(["plan", "--live", "seen", "--fabric", "other", "--no-progress"]) == 64
    assert "a snapshot of lab, and not of other" in capsys.readouterr().err
