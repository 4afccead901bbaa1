from __future__ import annotations

from fakes.memory_source import MemorySource
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.usecases.init import Initialised, ensure_structure

PROD = Fabric(name="prod", directory="fabrics/prod")


def _run(source: MemorySource, fabric: Fabric = PROD) -> Initialised:
    return ensure_structure(fabric, source, sleep=lambda _: None)


def test_a_new_fabric_is_one_commit_and_a_second_call_none() -> None:
    source = MemorySource()
    first = _run(source)
    second = _run(source)
    assert (first.published.changed, second.published.changed) == (True, False)
    assert len(source.log) == 1
    assert source.log[0].startswith("Create the directory structure of prod\n")
    assert first.published.revision == second.published.revision == source.revision


def test_a_repair_says_what_it_completed() -> None:
    source = MemorySource()
    _run(source)
    source.commit({"fabrics/prod/README.md": None})
    result = _run(source)
    assert result.structure.repaired == ("README.md",)
    assert source.log[-1] == "Complete the directory structure of prod\n\n- README.md\n"


def test_a_readme_that_appears_meanwhile_is_not_overwritten() -> None:
    source = MemorySource()
    source.interruptions.append(lambda it: it.commit({"fabrics/prod/README.md": b"theirs"}))
    result = _run(source)
    assert source.files["fabrics/prod/README.md"] == b"theirs"
    assert result.published.attempts == 2


def test_a_directory_that_leaves_the_repository_is_refused() -> None:
    source = MemorySource()
    result = _run(source, Fabric(name="x", directory="../x"))
    assert not result.ok
    assert source.log == []


def test_a_damaged_manifest_is_left_alone() -> None:
    source = MemorySource(files={"fabrics/prod/.hnp/manifest.yaml": b"a: ["})
    assert not _run(source).ok
    assert source.log == []
