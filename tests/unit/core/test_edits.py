"""Changes are placed below their fabric's directory, or refused."""

from __future__ import annotations

import pytest

from hedgehog_gitops.core.edits import changes_by_path, place
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.tree import DeleteFile, Tree, TreeEdit, WriteFile


def edit(directory: str, *changes: WriteFile | DeleteFile) -> TreeEdit:
    return TreeEdit(base=Tree(revision="r", directory=directory, files={}), changes=changes)


def test_paths_count_from_the_root_and_deletions_come_first() -> None:
    write = WriteFile(path="a.yaml", data=b"", expected=None)
    delete = DeleteFile(path="raw/z.yaml", expected="1")
    assert list(changes_by_path([edit("f/two", write), edit("f/one", delete)])) == ["f/one/raw/z.yaml", "f/two/a.yaml"]


def test_a_fabric_at_the_root_keeps_its_paths() -> None:
    assert place("", "managed/a.yaml") == "managed/a.yaml"


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "./a", "a/", ".git/config", "a/.GIT/x", "a\0b"]
)
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(UsageError, match="is no path below"):
        place("fabrics/prod", path)


def test_a_directory_that_leads_elsewhere_is_refused() -> None:
    with pytest.raises(UsageError):
        place("../other", "a.yaml")


def test_one_file_changed_twice_is_refused() -> None:
    write = WriteFile(path="a.yaml", data=b"", expected=None)
    with pytest.raises(UsageError, match="twice"):
        changes_by_path([edit("f", write), edit("f", write)])
