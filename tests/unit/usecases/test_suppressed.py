"""What is suppressed, by `validate`, by what is taken in, and by what a plan holds back."""

from __future__ import annotations

from fakes.fabrics import LAB
from fakes.memory_source import MemorySource, tree_of
from fakes.texts import stream, vpc
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.core.ingest import FileResult
from hedgehog_gitops.core.validation import schema_judge
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.finding import Origin
from hedgehog_gitops.model.ignore import IgnoreEntry, Named
from hedgehog_gitops.model.report import Validation
from hedgehog_gitops.model.settings import Fabric, FabricConstants
from hedgehog_gitops.usecases.desire import read_desired
from hedgehog_gitops.usecases.ingest import foresee_ingest
from hedgehog_gitops.usecases.validate import validate_fabric, validate_tree

RELEASE = package_release()
PLACE = "fabrics/lab/managed/vpcs/a.yaml"
BAD = vpc("a", extra="  ipv4Namespace: lab\n")
"""A VPC whose IPv4Namespace is nowhere, and neither is its VLANNamespace."""


def marked(text: str, rule: str, reason: str = "it comes with the next change") -> str:
    return text.replace("Namespace: lab\n", f"Namespace: lab # hedgehog-gitops: ignore {rule} {reason}\n")


def rule_of(text: str) -> str:
    """The rule that a text breaks first on the line of its IPv4Namespace."""
    (found,) = {each.rule for each in checked({PLACE: text}).findings if each.field == "spec.ipv4Namespace"}
    return found


def checked(files: dict[str, str], fabric: Fabric = LAB) -> Validation:
    source = MemorySource({path: text.encode() for path, text in files.items()})
    return validate_fabric(fabric, source, RELEASE, Limits())


def test_a_comment_takes_its_finding_out_and_is_counted() -> None:
    before, after = checked({PLACE: BAD}), checked({PLACE: marked(BAD, rule_of(BAD))})
    assert len(after.findings) == len(before.findings) - 1
    assert after.summary.suppressed == 1
    assert [each.origin.path for each in after.suppressed] == [PLACE]


def test_files_without_a_layout_have_comments_too() -> None:
    tree = tree_of({"a.yaml": marked(BAD, rule_of(BAD)), "notes.txt": "# hedgehog-gitops: ignore\n"})
    assert validate_tree(tree, RELEASE, FabricConstants(), Limits()).summary.suppressed == 1


def test_what_an_entry_of_the_configuration_names_is_suppressed_in_its_paths() -> None:
    rule = rule_of(BAD)
    entry = IgnoreEntry(
        origin=Origin(path="hedgehog-gitops.yaml", line=7),
        rules=(Named(rule, (rule,)),),
        reason="x",
        paths=("managed/*",),
    )
    assert checked({PLACE: BAD}, LAB._replace(ignores=(entry,))).summary.suppressed == 0
    below = entry._replace(paths=("managed/vpcs/*",))
    assert checked({PLACE: BAD}, LAB._replace(ignores=(below,))).summary.suppressed == 2, "both namespaces"


def test_an_entry_that_is_not_needed_is_told_in_the_configuration() -> None:
    entry = IgnoreEntry(
        origin=Origin(path="hedgehog-gitops.yaml", line=7), rules=(Named("LINT-003", ("LINT-003",)),), reason="x"
    )
    told = checked({"fabrics/lab/README.md": "x"}, LAB._replace(ignores=(entry,))).findings
    assert ("IGNORE-003", "hedgehog-gitops.yaml", 7) in {(f.rule, f.origin.path, f.origin.line) for f in told}
    shared = checked({"fabrics/lab/README.md": "x"}, LAB._replace(ignores=(entry._replace(is_shared=True),)))
    assert "IGNORE-003" not in {each.rule for each in shared.findings}, "another fabric may need it"


def test_comments_where_nothing_is_read_are_not_looked_at() -> None:
    text = "a: 1 # hedgehog-gitops: ignore LINT-003 why\n"
    files = {f"fabrics/lab/{path}": text for path in ("unmanaged/a.yaml", ".hnp/archive/a.yaml", "raw/a.txt")}
    assert not {each.rule for each in checked(files).findings} & {"IGNORE-001", "IGNORE-003"}


def test_a_suppressed_error_no_longer_holds_the_object_back() -> None:
    """The cluster has the last word."""
    text = BAD.replace("metadata:\n", "MARK\nmetadata:\n")
    rules = {each.rule for each in checked({PLACE: BAD}).findings if each.key}
    silenced = text.replace("MARK", f"# hedgehog-gitops: ignore {','.join(sorted(rules))} they come next")
    refused = [
        read_desired(LAB, MemorySource({PLACE: each.encode()}), RELEASE, Limits()).refused for each in (BAD, silenced)
    ]
    assert [len(each) for each in refused] == [1, 0]


def test_a_raw_document_whose_schema_error_is_suppressed_is_taken_in_with_its_comment() -> None:
    bad = vpc("a", extra="  colour: blue\n")
    (rule,) = {each.rule for each in checked({PLACE: bad}).findings if each.field == "spec.colour"}
    good = bad.replace("colour: blue", f"colour: blue # hedgehog-gitops: ignore {rule} a field of the next release")
    results = []
    for text in (bad, good):
        source = MemorySource({"fabrics/lab/raw/a.yaml": stream(text).encode()})
        (part,) = foresee_ingest([LAB], source, judge=schema_judge(RELEASE.schemas))
        results.append({file.path: file.result for file in part.ingestion.files}["raw/a.yaml"])
    assert results == [FileResult.REJECTED, FileResult.INGESTED]
