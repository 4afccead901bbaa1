from __future__ import annotations

import pytest

from fakes.memory_source import tree_of
from fakes.texts import plan_of, rules_of, settled, stream, texts_of, vpc, written
from hedgehog_gitops.core import metadata_files
from hedgehog_gitops.core.metadata_files import (
    LoggedDocument,
    Operation,
    append_operations,
    first_log_text,
    judge_log,
    log_operations,
    new_log_text,
)
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.plain import Json, as_list, as_object
from hedgehog_gitops.model.tree import SourceFile

LOG = ".hnp/archive-log.yaml"
OLD = (
    "# the older tool\nversion: '1.0'\ncreated_at: '2025-08-01T00:00:00'\noperations:\n"
    "- operation: ingestion\n  original_file: /var/lib/x.yaml  # absolute\n  document_count: 3\n"
)


def _operation(name: str) -> Operation:
    document = LoggedDocument(index=0, identity="VPC/default/a: b", path="managed/a", digest="00", outcome="created")
    return Operation(id=name, source=f"fabrics/prod/raw/{name} é.yaml", blob="1e10", documents=(document,))


def _operations(text: str) -> list[Json]:
    (document,) = read_documents(text.encode(), LOG).documents
    return as_list(as_object(document.value)["operations"])


def test_new_operations_stand_after_the_old_ones_which_keep_their_bytes() -> None:
    text = append_operations(OLD, [_operation("one"), _operation("two")], Limits())
    assert text.startswith(OLD)
    assert [as_object(value).get("id") for value in _operations(text)] == [None, "one", "two"]


def test_an_empty_log_of_any_form_takes_operations() -> None:
    for empty in (
        "operations: []\n",
        "version: '1.0'\noperations: []\n# end\n",
        "operations:\n",
        "{operations: []}",
        "",
    ):
        text = append_operations(empty, [_operation("one")], Limits())
        assert [as_object(value)["blob"] for value in _operations(text)] == ["1e10"]


def test_a_first_log_reads_as_what_was_logged() -> None:
    (value,) = _operations(first_log_text([_operation("one")]))
    assert as_object(value)["source"] == "fabrics/prod/raw/one é.yaml"


def test_an_entry_names_source_blob_and_every_document_by_its_place_in_the_repository() -> None:
    plan = plan_of({"raw/a.yaml": stream(vpc("a"), vpc("b"))})
    (value,) = _operations(written(plan)[LOG])
    entry = as_object(value)
    assert entry["source"] == "fabrics/prod/raw/a.yaml"
    assert entry["blob"] == tree_of({"raw/a.yaml": stream(vpc("a"), vpc("b"))}).files["raw/a.yaml"].blob
    assert [as_object(each)["path"] for each in as_list(entry["documents"])] == [
        "fabrics/prod/managed/vpcs/a.yaml",
        "fabrics/prod/managed/vpcs/b.yaml",
    ]


def test_b12_the_same_operation_is_logged_once() -> None:
    tree = tree_of({"managed/vpcs/a.yaml": vpc("a"), "raw/a.yaml": vpc("a")})
    once = settled(tree)
    twice = settled(tree_of({**texts_of(once), "raw/a.yaml": vpc("a")}))
    assert texts_of(twice)[LOG] == texts_of(once)[LOG]


def test_a_damaged_log_is_not_overwritten_and_nothing_is_taken_in() -> None:
    plan = plan_of({LOG: "operations: [", "raw/a.yaml": vpc()})
    assert plan.changes == ()
    assert "INGEST-013" in rules_of(plan.findings)


def test_a_full_log_is_put_aside_whole() -> None:
    full = first_log_text([_operation(str(number)) for number in range(1000)])
    plan = plan_of({LOG: full, "raw/a.yaml": vpc()})
    assert written(plan)[".hnp/archive/log-0001/archive-log.yaml"] == full
    assert len(_operations(written(plan)[LOG])) == 1


def _log_file(text: str) -> SourceFile:
    return tree_of({LOG: text}).files[LOG]


@pytest.mark.parametrize(
    "text",
    [
        new_log_text(),
        first_log_text([_operation("one"), _operation("two")]),
        OLD,
        OLD + "- [",
        new_log_text() + "operations: []\n",
        first_log_text([_operation("one")]) + '  id: "twice"\n',
        first_log_text([_operation("one")]) + "---\na: 1\n",
        first_log_text([_operation("\\x")]).replace('"one', "one"),
        "[]",
    ],
)
def test_a_log_is_judged_the_same_by_its_lines_and_by_the_parser(text: str) -> None:
    file = _log_file(text)
    assert judge_log(file, Limits()) == log_operations(file, Limits())[1]


def test_a_log_in_our_form_costs_no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Issue 5, 7: it is judged in every run, and grows for years."""
    plain = _operation("one")._replace(source="fabrics/prod/raw/one.yaml")
    monkeypatch.setattr(metadata_files, "read_documents", lambda *_: pytest.fail("the parser was asked"))
    for text in (new_log_text(), first_log_text([plain, plain._replace(documents=())])):
        assert judge_log(_log_file(text), Limits()) == ()
