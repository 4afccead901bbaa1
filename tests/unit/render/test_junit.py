from __future__ import annotations

from xml.etree import ElementTree as ET

from fakes.fabrics import manifest, vpc
from hedgehog_gitops.model.finding import Finding, Origin, Severity
from hedgehog_gitops.model.report import Validation, summarize
from hedgehog_gitops.model.snapshot import Snapshot
from hedgehog_gitops.render.junit import validation_junit

BLUE, RED = manifest(vpc("blue")), manifest(vpc("red"))
SNAPSHOT = Snapshot(
    fabric="lab", revision="r1", manifests={each.key: each for each in (BLUE, RED)}, directory="fabrics/lab"
)


def found(severity: Severity, path: str = "fabrics/lab/blue.yaml", **more: object) -> Finding:
    key = None if more.get("whole") else BLUE.key
    return Finding(rule="VPC-021", severity=severity, origin=Origin(path=path, line=4), message="taken", key=key)


def report(*findings: Finding) -> ET.Element:
    summary = summarize(findings, files=1, documents=2, objects=2)
    text = validation_junit(Validation(findings=findings, summary=summary, snapshots=(SNAPSHOT,)))
    return ET.fromstring(text)  # noqa: S314 - made just now


def test_each_object_is_a_case_and_errors_make_it_fail() -> None:
    tree = report(found(Severity.ERROR), found(Severity.WARNING))
    cases = {case.attrib["name"]: case for case in tree.iter("testcase")}
    assert list(cases) == ["VPC/default/blue", "VPC/default/red"]
    assert tree.attrib == {"name": "hedgehog-gitops", "tests": "2", "failures": "1", "errors": "0"}
    failure = cases["VPC/default/blue"].find("failure")
    assert failure is not None
    assert failure.attrib == {"type": "VPC-021", "message": "taken"}
    assert failure.text == "fabrics/lab/blue.yaml:4:1: error VPC-021 VPC/default/blue: taken\n"
    assert cases["VPC/default/blue"].findtext("system-out", "").count("warning") == 1
    assert len(cases["VPC/default/red"]) == 0


def test_what_is_about_a_file_is_a_case_of_that_file() -> None:
    tree = report(found(Severity.ERROR, "fabrics/lab/raw/x.yaml", whole=True))
    names = [(case.attrib["classname"], case.attrib["name"]) for case in tree.iter("testcase")]
    assert names == [
        ("fabrics/lab/blue.yaml", "VPC/default/blue"),
        ("fabrics/lab/raw/x.yaml", "(file)"),
        ("fabrics/lab/red.yaml", "VPC/default/red"),
    ]


def test_several_errors_are_one_failure() -> None:
    (failure,) = report(found(Severity.ERROR), found(Severity.ERROR, "fabrics/lab/blue.yaml")).iter("failure")
    assert failure.attrib["message"] == "2 errors"
