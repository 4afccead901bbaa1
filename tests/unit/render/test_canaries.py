"""No text from a file is more than text, in any form."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest

from fakes.hostile import CANARIES, hostile
from hedgehog_gitops.render.findings_json import validation_json
from hedgehog_gitops.render.findings_text import validation_text
from hedgehog_gitops.render.github import validation_github
from hedgehog_gitops.render.junit import validation_junit
from hedgehog_gitops.render.markdown import validation_markdown
from hedgehog_gitops.render.sarif import validation_sarif
from hedgehog_gitops.render.terminal import validation_terminal

each_canary = pytest.mark.parametrize("text", CANARIES.values(), ids=CANARIES)
_ODD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def is_command(line: str) -> bool:
    """What the runner of GitHub takes for a command."""
    return line.lstrip().startswith("::") or "##[" in line


@each_canary
def test_text_has_the_lines_of_its_findings_and_no_others(text: str) -> None:
    shown = validation_text(hostile(text))
    assert shown.count("\n") == 5
    assert _ODD.search(shown) is None
    assert not any(map(is_command, shown.splitlines()))
    assert len(shown) < 1_000_000


@each_canary
def test_a_terminal_gets_no_control_characters_of_others(text: str) -> None:
    shown = validation_terminal(hostile(text), lambda _path, _line: text, width=80, has_colours=False)
    assert shown.count("\n") == 9
    assert _ODD.search(shown) is None
    assert max(len(line) for line in shown.splitlines() if " | " in line[:8]) <= 90


@each_canary
def test_a_workflow_gets_one_command_a_finding(text: str) -> None:
    shown = validation_github(hostile(text))
    lines = shown.splitlines()
    assert [line.split(" ")[0] for line in lines[:2]] == ["::error", "::warning"]
    assert len(lines) == 3
    assert not is_command(lines[2])
    assert all(line.count("::") == 2 or "::" in text for line in lines[:2])
    assert all(line.split("::")[1].count(",") in (3, 4) for line in lines[:2]), "no property is added"
    assert _ODD.search(shown) is None
    assert "##[" not in shown


@each_canary
def test_json_gives_the_text_back(text: str) -> None:
    for form in (validation_json, validation_sarif):
        json.loads(form(hostile(text)).encode())
    (first, _) = json.loads(validation_json(hostile(text)).encode())["findings"]
    assert first["message"] == text


@each_canary
def test_sarif_keeps_messages_plain(text: str) -> None:
    shown = validation_sarif(hostile(text))
    results = json.loads(shown)["runs"][0]["results"]
    for result in results:
        assert result["message"]["text"].count("\n") == 1
        assert "](" not in result["message"]["text"]
        assert _ODD.search(result["message"]["text"].replace("\n", "")) is None
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9._~%/-]+", uri)


@each_canary
def test_junit_is_well_formed_and_has_its_two_cases(text: str) -> None:
    shown = validation_junit(hostile(text))
    tree = ET.fromstring(shown.encode())  # noqa: S314 - made just now
    assert [case.tag for case in tree.iter("testcase")] == ["testcase"] * 2
    assert [each.tag for each in tree.iter() if each.tag not in _JUNIT] == []
    assert _ODD.search(shown) is None


_JUNIT = {"testsuites", "testsuite", "testcase", "failure", "system-out"}


@each_canary
def test_markdown_is_one_table_with_its_two_rows(text: str) -> None:
    shown = validation_markdown(hostile(text))
    rows = [line for line in shown.splitlines() if line.startswith("|")]
    assert len(rows) == 4
    assert all(row.count("|") == 6 for row in rows)
    body = re.sub(r"\[[^]]*\]\(https://github\.com/[^)]*\)|<br>|<!-- -->|&#\d+;", "", "".join(rows[2:]))
    assert not re.search(r"[`<>*_\[\]@\\&]|https?:|www\.", body)
    assert _ODD.search(shown) is None
    assert len(shown) < 10_000
