"""Several forms of one result in one run of the command."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from e2e.workspace import Workspace, make_workspace

BAD = """\
apiVersion: vpc.githedgehog.com/v1beta1
kind: VPC
metadata: {name: blue}
spec:
  colour: red
  subnets: {}
"""


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path)
    made.write("a.yaml", BAD)
    return made


def test_one_run_writes_every_form_that_is_asked_for(space: Workspace) -> None:
    done = space.run(
        "validate", "a.yaml", "--output", "sarif=a", "--output", "junit=b", "--format", "text", "-o", "markdown=c.md"
    )
    assert done.code == 1
    assert done.out.startswith("a.yaml:5:3: error ")
    assert "\x1b" not in done.out
    (run,) = json.loads((space.work / "a").read_text())["runs"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 5, "startColumn": 3, "endLine": 5, "endColumn": 9,
    }  # fmt: skip
    assert ET.parse(space.work / "b").getroot().attrib["failures"] == "1"  # noqa: S314 - made just now
    assert (space.work / "c.md").read_text().startswith("## hedgehog-gitops\n")


def test_a_comment_in_the_file_turns_the_verdict(space: Workspace) -> None:
    found = space.run("validate", "a.yaml", "--format", "json").json()["findings"]
    errors = sorted({each["rule"] for each in found if each["severity"] == "error"})
    space.write("a.yaml", f"# hedgehog-gitops: ignore {','.join(errors)} agreed with the owner\n{BAD}")
    done = space.run("validate", "a.yaml")
    assert done.code == 0
    assert "suppressed)" in done.out


def test_a_terminal_gets_the_source_line(space: Workspace) -> None:
    main, other = pty.openpty()
    env = {**os.environ, "NO_COLOR": "1", "COLUMNS": "80"}
    env.pop("GITHUB_ACTIONS", None)
    with subprocess.Popen([*space.command, "validate", "a.yaml"], cwd=space.work, stdout=other, env=env) as process:
        os.close(other)
        shown = b""
        try:
            while data := os.read(main, 4096):
                shown += data
        except OSError:
            pass  # the other end is closed
        assert process.wait() == 1
    assert "  5 |   colour: red\r\n    |   ^^^^^^\r\n" in shown.decode()


def test_a_file_that_cannot_be_written_is_an_error_of_usage(space: Workspace) -> None:
    done = space.run("validate", "a.yaml", "-o", "sarif=no/such/file")
    assert done.code == 64
    assert "no/such/file cannot be written" in done.err
