from __future__ import annotations

import pytest

from fakes.memory_source import MemorySource
from fakes.texts import BROKEN, outcome_of, vpc
from hedgehog_gitops.core.ingest import FileResult
from hedgehog_gitops.model.errors import PushRejectedError
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.usecases.ingest import IngestReport, foresee_ingest, ingest

ONE = Fabric(name="one", directory="fabrics/fabric-1")
TEN = Fabric(name="ten", directory="fabrics/fabric-10")


def _source(**more: str) -> MemorySource:
    files = {"fabrics/fabric-1/raw/a.yaml": vpc("a"), "fabrics/fabric-10/raw/b.yaml": vpc("b"), "README.md": "root"}
    return MemorySource(files={path: text.encode() for path, text in {**files, **more}.items()})


def _run(source: MemorySource, *fabrics: Fabric) -> IngestReport:
    return ingest(fabrics, source, sleep=lambda _: None)


def test_b01_one_run_leaves_managed_files_and_an_empty_raw_at_the_head() -> None:
    source = _source()
    report = _run(source, ONE)
    assert report.published.changed
    assert report.published.revision == source.revision
    assert source.files["fabrics/fabric-1/managed/vpcs/a.yaml"] == vpc("a").encode()
    assert [path for path in source.files if path.startswith("fabrics/fabric-1/raw/")] == [
        "fabrics/fabric-1/raw/.gitkeep"
    ]


def test_b01_a_wrong_directory_is_an_error_with_the_revision_and_does_not_stop_other_fabrics() -> None:
    source = _source()
    looked_at = source.revision
    report = _run(source, Fabric(name="typo", directory="fabrics/fabric-2"), ONE)
    (finding,) = report.fabrics[0].ingestion.findings
    assert looked_at in finding.message
    assert not report.ok
    assert "fabrics/fabric-1/managed/vpcs/a.yaml" in source.files


def test_b06_all_fabrics_are_one_commit() -> None:
    source = _source()
    _run(source, ONE, TEN)
    assert source.log == ["Take in raw files of one, ten\n\none: 1 ingested\nten: 1 ingested\n"]


def test_b28_a_fabric_touches_nothing_outside_its_directory() -> None:
    source = _source()
    before = {path: data for path, data in source.files.items() if not path.startswith("fabrics/fabric-1/")}
    _run(source, ONE)
    after = {path: data for path, data in source.files.items() if not path.startswith("fabrics/fabric-1/")}
    assert after == before


def test_b36_a_second_run_makes_no_commit() -> None:
    source = _source()
    _run(source, ONE, TEN)
    assert not _run(source, ONE, TEN).published.changed
    assert len(source.log) == 1


def test_one_fabrics_findings_do_not_hold_back_another_one() -> None:
    source = _source(**{"fabrics/fabric-1/raw/bad.yaml": BROKEN})
    report = _run(source, ONE, TEN)
    assert not report.ok
    assert report.fabrics[0].counts == {FileResult.INGESTED: 1, FileResult.REJECTED: 1}
    assert "fabrics/fabric-10/managed/vpcs/b.yaml" in source.files
    assert "fabrics/fabric-1/raw/bad.yaml" in source.files


def test_b14_a_file_that_changes_during_the_run_is_taken_in_with_its_new_content() -> None:
    source = _source()
    source.interruptions.append(lambda it: it.commit({"fabrics/fabric-1/raw/a.yaml": vpc("a", 1999).encode()}))
    report = _run(source, ONE)
    assert source.files["fabrics/fabric-1/managed/vpcs/a.yaml"] == vpc("a", 1999).encode()
    assert report.published.attempts == 2


def test_c8_a_push_race_is_recomputed_from_the_new_head() -> None:
    source = _source()
    source.interruptions.append(lambda it: it.commit({"fabrics/fabric-1/raw/c.yaml": vpc("c").encode()}))
    report = _run(source, ONE)
    assert outcome_of(report.fabrics[0].ingestion, "raw/c.yaml").result is FileResult.INGESTED
    assert source.log[0] == "by somebody else"
    assert len(source.log) == 2


def test_a_branch_that_never_rests_is_given_up_after_five_attempts_with_growing_pauses() -> None:
    source = _source()
    source.interruptions = [lambda it: it.commit({"README.md": str(len(it.log)).encode()})] * 9
    pauses: list[float] = []
    with pytest.raises(PushRejectedError):
        ingest((ONE,), source, sleep=pauses.append)
    assert pauses == [0.5, 1.0, 2.0, 4.0]
    assert "fabrics/fabric-1/managed/vpcs/a.yaml" not in source.files


def test_looking_ahead_writes_nothing() -> None:
    source = _source()
    (part,) = foresee_ingest((ONE,), source)
    assert part.ingestion.changes
    assert source.log == []
