"""The cases of rules under tests/data/rules: read from disk, and judged the way that `validate` does.

A folder is named after its rule. Two forms:
- `bad.yaml` and `good.yaml`, laid over `base.yaml` (and over `before.yaml`, an older set for rules that compare two);
  the place of a finding carries `# expect RULE`, and a first line `# remove: Kind/name, ...` takes objects away.
  `settings.yaml` holds constants of the fabric that differ from those of the base.
- `bad/` and `good/`, small repositories, with `expect.yaml`: a list of {rule, path, line}. What not every
  checkout can hold stands in `extra.yaml` as {links: {path: target}, files: {path: text}}, for `bad/` only; the
  letters of these paths are bytes, as in Latin-1.
  `before/bad/` and `before/good/` are the older files of each, for rules about what they are compared with.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.adapters.package_schemas import PackageSchemas
from hedgehog_gitops.adapters.worktree import read_paths
from hedgehog_gitops.assembly.checking import check_fabrics, check_paths
from hedgehog_gitops.core.identify import identify
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.errors import SettingsError
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.report import Validation
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.tree import FileMode, SourceFile, Tree
from hedgehog_gitops.settings import parse_constants
from hedgehog_gitops.usecases.validate import validate_tree

ROOT = Path(__file__).resolve().parents[1] / "data/rules"
RELEASE = package_release()
BASE_CONSTANTS = FabricConstants(gateway=True, profile_families=("default", "cls-plus", "cumulus"))
CONFIGURATION = "hedgehog-gitops.yaml"


class Expected(NamedTuple):
    """One finding that a case must give."""

    path: str
    line: int
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One rule's folder."""

    rule: str
    folder: Path

    @property
    def is_repository(self) -> bool:
        """True for the form with directories."""
        return (self.folder / "bad").is_dir()

    @property
    def is_complete(self) -> bool:
        """True if there is something bad and something good."""
        ending = "" if self.is_repository else ".yaml"
        return all((self.folder / f"{name}{ending}").exists() for name in ("bad", "good"))

    def expected(self) -> set[Expected]:
        """What the bad half must give."""
        return _listed(self.folder / "expect.yaml") if self.is_repository else set(_marked(self.folder / "bad.yaml"))


def cases() -> dict[str, Case]:
    """Every folder, by rule."""
    return {path.name: Case(rule=path.name, folder=path) for path in sorted(ROOT.iterdir()) if path.is_dir()}


def judge(case: Case, half: str, scratch: Path) -> tuple[Finding, ...]:
    """All findings about the bad or the good half; `scratch` is an empty directory."""
    if case.is_repository:
        return _judge_repository(case, half, scratch)
    return _judge_overlay(case, half)


def _listed(file: Path) -> set[Expected]:
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {Expected(entry["path"], entry["line"], entry["rule"]) for entry in entries}


_MARK = re.compile(r"# expect ([A-Z0-9]+-[A-Z0-9-]+(?:[, ]+[A-Z0-9]+-[A-Z0-9-]+)*)")
_REMOVED = re.compile(r"# remove: (.+)")


def _marked(file: Path) -> Iterator[Expected]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if found := _MARK.search(line):
            yield from (Expected(file.name, number, rule) for rule in re.split(r"[, ]+", found[1]))


def _judge_overlay(case: Case, half: str) -> tuple[Finding, ...]:
    text = (case.folder / f"{half}.yaml").read_text(encoding="utf-8")
    removed = _removed(text)
    layers = {"base.yaml": (ROOT / "base.yaml").read_text(encoding="utf-8")}
    if (before := case.folder / "before.yaml").exists():
        layers["before.yaml"] = before.read_text(encoding="utf-8")
    older = _tree(layers, frozenset())
    newer = _tree({**layers, f"{half}.yaml": text}, removed)
    constants = _constants(case.folder / "settings.yaml")
    return _validated(newer, older if "before.yaml" in layers else None, constants)


def _validated(newer: Tree, older: Tree | None, constants: FabricConstants) -> tuple[Finding, ...]:
    """The findings about a set; with an older one also those about the step from it to the newer one."""
    return validate_tree(newer, RELEASE, constants, Limits(), older).findings


def _removed(text: str) -> frozenset[str]:
    found = _REMOVED.match(text)
    return frozenset(name.strip() for name in found[1].split(",")) if found else frozenset()


def _constants(file: Path) -> FabricConstants:
    if not file.exists():
        return BASE_CONSTANTS
    data = file.read_bytes()
    given = parse_constants(data, str(file), PackageSchemas().configuration())
    names = yaml.safe_load(data)
    return BASE_CONSTANTS._replace(**{name: getattr(given, name) for name in names})


def _tree(layers: dict[str, str], removed: frozenset[str]) -> Tree:
    """The layers' files; a document whose object a later layer has, or that is taken away, is blank lines."""
    gone, files = set(removed), {}
    for path, text in reversed(layers.items()):
        is_last = path == next(reversed(layers))
        data = (text if is_last else _without(text, frozenset(gone))).encode()
        files[path] = SourceFile(path=path, blob=path, mode=FileMode.FILE, size=len(data), data=data)
        gone |= {name for _, _, name in _objects(text)}
    return Tree(revision="worktree", directory="", files=files)


def _without(text: str, gone: frozenset[str]) -> str:
    kept = text
    for start, end, name in _objects(text):
        if name in gone:
            kept = kept[:start] + re.sub(r"[^\n]", " ", text[start:end]) + kept[end:]
    return kept


@cache
def _objects(text: str) -> tuple[tuple[int, int, str], ...]:
    """Where each object stands in a text, and its Kind/name."""
    return tuple(
        (document.start, document.end, f"{manifest.key.kind}/{manifest.key.name}")
        for document in read_documents(text.encode(), "x.yaml").documents
        for manifest in identify(document).manifests
    )


def _judge_repository(case: Case, half: str, scratch: Path) -> tuple[Finding, ...]:
    shutil.copytree(case.folder / half, scratch, dirs_exist_ok=True)
    extra = case.folder / "extra.yaml"
    if half == "bad" and extra.exists():
        _add(scratch, yaml.safe_load(extra.read_text(encoding="utf-8")))
    if (before := case.folder / "before" / half).is_dir():
        return _validated(_files(scratch), _files(before), FabricConstants())
    with chdir(scratch):
        try:
            return _checked().findings
        except SettingsError as error:
            return error.findings


def _files(directory: Path) -> Tree:
    with chdir(directory):
        return read_paths([Path()], Limits())


def _checked() -> Validation:
    if not Path(CONFIGURATION).exists():
        return check_paths((".",), None, strict=False)
    checked = check_fabrics(CONFIGURATION, None, (), revision=None, strict=False)
    assert checked is not None
    return checked


def _add(scratch: Path, extra: dict[str, dict[str, str]]) -> None:
    for path, text in extra.get("files", {}).items():
        name = os.fsdecode(path.encode("latin-1"))
        (scratch / name).parent.mkdir(parents=True, exist_ok=True)
        (scratch / name).write_text(text, encoding="utf-8")
    for path, target in extra.get("links", {}).items():
        (scratch / path).parent.mkdir(parents=True, exist_ok=True)
        (scratch / path).symlink_to(target)
