"""The README's way to a first fabric, line by line, with a directory in place of the cluster."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from e2e.workspace import ended, make_workspace

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUICKSTART = ROOT / "examples/quickstart/fabrics/quickstart/raw"


def first_fabric() -> tuple[str, list[str]]:
    """The configuration and the commands of the section, comments left out."""
    section = README.partition("## Your first fabric")[2].partition("\n## ")[0]
    blocks = dict(re.findall(r"^```(\w+)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL))
    commands = [line.removeprefix("$ ").partition("  #")[0] for line in blocks["console"].splitlines()]
    return blocks["yaml"], commands


def test_the_first_fabric_of_the_readme_gets_there(tmp_path: Path) -> None:
    configuration, commands = first_fabric()
    space = make_workspace(tmp_path)
    space.push()
    space.git("branch", "--quiet", "--set-upstream-to", "origin/main")
    space.write("hedgehog-gitops.yaml", configuration.replace("{context: prod}", "{directory: live/prod}"))
    files = [file.read_text().replace("web/frontent", "web/frontend") for file in sorted(QUICKSTART.glob("*.yaml"))]
    space.write("my-fabric.yaml", "---\n".join(files))
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

    for command in commands:
        done = ended(["bash", "-c", command], space.work, {"PATH": path}, 120)
        assert done.code == 0, f"{command}\n{done.out}{done.err}"

    assert "38 in-sync" in done.out
    assert "fabrics/prod/managed/vpcs/web.yaml" in space.remote_files()
