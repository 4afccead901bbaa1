"""`schema --profiles`: the switch profiles of a cluster in place of those that ship."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from fakes.switch_profiles import shipped_objects
from hedgehog_gitops.adapters.package_profiles import PackageProfiles
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.adapters.release_directory import release_in
from hedgehog_gitops.cli.main import main

OBJECTS = shipped_objects()
MODEL = "celestica-ds3000"


@pytest.fixture
def objects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a SwitchProfile object for each profile that ships."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "objects").mkdir()
    write(tmp_path / "objects", OBJECTS)
    return tmp_path / "objects"


def write(directory: Path, values: list[dict[str, Any]]) -> None:
    (directory / "profiles.yaml").write_text(yaml.safe_dump_all(values))


def test_what_ships_is_what_its_objects_say(objects: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--profiles", "--from", str(objects), "--check"]) == 0
    assert capsys.readouterr().out == f"{len(OBJECTS)} compared: no differences\n"


def test_written_profiles_are_read_as_the_shipped_ones(objects: Path, tmp_path: Path) -> None:
    assert main(["schema", "--profiles", "--from", str(objects), "-o", "made"]) == 0
    assert dict(release_in(tmp_path / "made", package_release()).profiles) == dict(PackageProfiles())


def test_a_difference_is_named_by_profile_and_part(objects: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = [json.loads(json.dumps(each)) for each in OBJECTS]
    by_name = {each["metadata"]["name"]: each for each in changed}
    by_name[MODEL]["spec"]["features"]["mclag"] = not by_name[MODEL]["spec"]["features"].get("mclag", False)
    by_name["vs"]["metadata"]["name"] = "vs-2"
    write(objects, changed)
    assert main(["schema", "--profiles", "--from", str(objects), "--check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"SwitchProfile {MODEL}: features is [")
    assert lines[1:3] == ["SwitchProfile vs is gone", "SwitchProfile vs-2 is new"]


def test_families_that_a_cluster_does_not_offer_are_not_missed(
    objects: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(objects, [each for each in OBJECTS if each["spec"]["nosType"].startswith("sonic-bcm")])
    assert main(["schema", "--profiles", "--from", str(objects), "--check"]) == 0
    assert "no differences" in capsys.readouterr().out


def test_validation_judges_by_refreshed_profiles(
    objects: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    switch = (
        "apiVersion: wiring.githedgehog.com/v1beta1\nkind: Switch\nmetadata: {name: leaf}\n"
        f"spec: {{role: server-leaf, profile: {MODEL}-plus}}\n"
    )
    (tmp_path / "switch.yaml").write_text(switch)
    renamed = [{**each, "metadata": {"name": each["metadata"]["name"] + "-plus"}} for each in OBJECTS]
    write(objects, renamed)
    assert main(["schema", "--profiles", "--from", str(objects), "-o", "made"]) == 0
    capsys.readouterr()
    main(["validate", "switch.yaml"])
    assert " SW-023 " in capsys.readouterr().out
    main(["validate", "switch.yaml", "--schemas", "made"])
    assert " SW-023 " not in capsys.readouterr().out


def test_the_shipped_profiles_can_be_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["schema", "--profiles"]) == 0
    assert MODEL in json.loads(capsys.readouterr().out)["profiles"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--check"], "add --from DIR or --from-cluster"),
        (["--from", "objects"], "name the directory to write to"),
        (["--from", "empty", "--check"], "there are no SwitchProfile objects in empty"),
        (["--schemas", "wrong"], "holds no switch profiles"),
    ],
)
def test_what_makes_no_sense_is_said(
    objects: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert objects.is_dir()
    for name in ("empty", "wrong"):
        (tmp_path / name).mkdir()
    (tmp_path / "wrong/switch-profiles.json").write_text('{"profiles": ["vs"]}')
    assert main(["schema", "--profiles", *arguments]) == 64
    assert said in capsys.readouterr().err
