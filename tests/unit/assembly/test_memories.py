"""Where memories lie, and what makes them worthless."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hedgehog_gitops.assembly.memories import cache_directory, paths_memory
from hedgehog_gitops.model.remembered import Recollection, Remembered

FOUND = Recollection({"a.yaml": Remembered("b10b", (), 1, (), b"[]")})


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"HEDGEHOG_GITOPS_CACHE_DIR": "/c", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/c"),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/hedgehog-gitops"),
        ({"HOME": "/h"}, "/h/.cache/hedgehog-gitops"),
        ({}, None),
    ],
    ids=["our own variable", "the user's cache", "the usual place", "no home"],
)
def test_the_cache_lies_where_the_user_wants_it(environment: dict[str, str], expected: str | None) -> None:
    assert cache_directory(environment) == (Path(expected) if expected else None)


def test_a_changed_schema_or_other_constants_make_a_memory_worthless(tmp_path: Path) -> None:
    schema = tmp_path / "vpcs.json"
    schema.write_text("{}")
    (tmp_path / "dangling.json").symlink_to(tmp_path / "nowhere")
    paths = [tmp_path]
    paths_memory(paths, "constants", str(tmp_path)).keep(FOUND)
    assert paths_memory(paths, "constants", str(tmp_path)).recall() == FOUND
    assert paths_memory(paths, "others", str(tmp_path)).recall() == Recollection()
    os.utime(schema, (1, 1))
    assert paths_memory(paths, "constants", str(tmp_path)).recall() == Recollection()


def test_without_a_home_nothing_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HEDGEHOG_GITOPS_CACHE_DIR", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    paths_memory([tmp_path], "constants", None).keep(FOUND)
    assert paths_memory([tmp_path], "constants", None).recall() == Recollection()
