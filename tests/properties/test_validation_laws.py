"""Laws of validation: valid fabrics pass, one forbidden change is found where it was made, and files do not matter."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forbidden_mutations import MUTATIONS, Mutation, mutated, places
from generated_fabric import generate_fabric, texts
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.core.canonical import same
from hedgehog_gitops.core.defaulting import with_defaults
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.finding import Finding, Severity
from hedgehog_gitops.model.kind import KINDS
from hedgehog_gitops.model.plain import FieldPath, JsonObject
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.tree import FileMode, SourceFile, Tree
from hedgehog_gitops.usecases.validate import validate_tree

RELEASE = package_release()
CONSTANTS = FabricConstants(gateway=True)
KIND_OF = {(kind.api_version, kind.kind): kind for kind in KINDS}

sizes = st.tuples(st.integers(2, 12), st.sampled_from([4, 6]), st.integers(1, 2))


@cache
def fabric(size: tuple[int, int, int]) -> tuple[JsonObject, ...]:
    vpcs, leaves, gateways = size
    return tuple(generate_fabric(vpcs=vpcs, leaves=leaves, gateways=gateways))


def validated(files: dict[str, str]) -> tuple[Finding, ...]:
    sources = {
        path: SourceFile(path=path, blob="", mode=FileMode.FILE, size=len(text), data=text.encode())
        for path, text in files.items()
    }
    tree = Tree(revision="worktree", directory="", files=sources)
    return validate_tree(tree, RELEASE, CONSTANTS, Limits()).findings


def in_one_file(objects: Sequence[JsonObject]) -> str:
    return "---\n".join(texts(objects))


def meant(findings: Iterable[Finding]) -> Counter[tuple[str, ...]]:
    """What findings say, wherever their objects are written."""
    return Counter((each.rule, str(each.key), each.field, each.message, each.hint) for each in findings)


@settings(max_examples=20, deadline=None)
@given(sizes)
def test_a_valid_fabric_is_accepted_without_a_word(size: tuple[int, int, int]) -> None:
    assert validated({"all.yaml": in_one_file(fabric(size))}) == ()


def test_forbidden_changes_are_known_for_many_rules() -> None:
    assert len({mutation.rule for mutation in MUTATIONS}) >= 60


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[f"{each.rule} {each.path}" for each in MUTATIONS])
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_a_forbidden_change_is_found_where_it_was_made(mutation: Mutation, data: st.DataObject) -> None:
    objects = fabric(data.draw(sizes.filter(lambda size: places(mutation, fabric(size)) != [])))
    index = data.draw(st.sampled_from(places(mutation, objects)))
    changed, path = mutated(mutation, objects, index)
    text = in_one_file(changed)
    findings = validated({"all.yaml": text})
    lines = _lines(text, index, path)
    assert [each for each in findings if each.rule == mutation.rule and each.origin.line in lines], findings


@cache
def _marks(text: str) -> tuple[Any, ...]:
    return read_documents(text.encode(), "all.yaml").documents


def _lines(text: str, index: int, path: FieldPath) -> range:
    """The lines of a field and what it holds."""
    document = _marks(text)[index]
    first, last = document.origin(path, key=True), document.origin(path)
    return range(first.line, last.end_line + 1)


@st.composite
def faulty(draw: st.DrawFn) -> list[JsonObject]:
    """A fabric with up to four faults, each in another object."""
    sound = fabric(draw(sizes))
    objects = list(sound)
    taken: set[int] = set()
    for mutation in draw(st.lists(st.sampled_from(MUTATIONS), max_size=4, unique_by=id)):
        free = [index for index in places(mutation, sound) if index not in taken]
        if free:
            index = draw(st.sampled_from(free))
            objects[index] = mutated(mutation, sound, index)[0][index]
            taken.add(index)
    return objects


names = st.text("abcxyz-0/", min_size=1, max_size=8).map(lambda name: f"d/{name.strip('/') or 'x'}.yaml")


@settings(max_examples=40, deadline=None)
@given(faulty(), st.data())
def test_verdicts_do_not_depend_on_files_or_order(objects: list[JsonObject], data: st.DataObject) -> None:
    expected = meant(validated({"all.yaml": in_one_file(objects)}))
    shuffled = data.draw(st.permutations(objects))
    paths = data.draw(st.lists(names, min_size=1, max_size=5, unique=True))
    files = {path: in_one_file(part) for at, path in enumerate(paths) if (part := shuffled[at :: len(paths)])}
    assert meant(validated(files)) == expected


@settings(max_examples=20, deadline=None)
@given(faulty(), st.randoms(use_true_random=False))
def test_shuffling_a_directory_changes_no_finding(objects: list[JsonObject], random: Any) -> None:
    files = {f"{number:03}.yaml": text for number, text in enumerate(texts(objects))}
    paths = list(files)
    random.shuffle(paths)
    assert validated({path: files[path] for path in paths}) == validated(files)


@settings(max_examples=40, deadline=None)
@given(faulty())
def test_defaulting_twice_is_once(objects: list[JsonObject]) -> None:
    for value in objects:
        kind = KIND_OF.get((str(value["apiVersion"]), str(value["kind"])))
        if kind is not None and isinstance(value["spec"], dict):
            stored = with_defaults(kind, value)
            assert same(with_defaults(kind, stored), stored)


ONE_FAULT: tuple[JsonObject, ...] = (
    {"spec": {"rack": 1}},
    {"spec": {"description": 5}},
    {"spec": []},
    {"kind": "server"},
    {"apiVersion": "wiring.githedgehog.com/v9"},
    {"metadata": {"name": "Server_1"}},
    {"metadata": {"name": 5}},
    {"metadata": {"name": "stray", "namespace": "lab"}},
)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.sampled_from(ONE_FAULT), min_size=10, max_size=10), st.randoms(use_true_random=False))
def test_a_file_with_ten_faults_gives_ten_findings(faults: list[JsonObject], random: Any) -> None:
    """Each in a server of its own, which nothing else is judged by."""
    objects = [value for value in fabric((4, 4, 1)) if value["kind"] == "Server"]
    for index, fault in zip(random.sample(range(len(objects)), k=10), faults, strict=True):
        objects[index] = {**objects[index], **fault}
    findings = validated({"all.yaml": in_one_file(objects)})
    errors = [each for each in findings if each.severity is Severity.ERROR]
    assert len(errors) == 10


WORDS = ["", " ", "/", "a/b/c", "ext.", "ext.isp-01", "0.0.0.0/0", "10.0.0.1/31", "::/0", "here", "E1/1/1/1", "0", "é"]
INTEGERS = [0, 1, 255, 4095, 65535, 2**32 - 1]


@st.composite
def odd(draw: st.DrawFn) -> list[JsonObject]:
    """A fabric with up to three values that decode and that nobody would write."""
    objects: list[Any] = list(fabric(draw(sizes)))
    for _ in range(draw(st.integers(1, 3))):
        index = draw(st.integers(0, len(objects) - 1))
        objects[index] = {**objects[index], "spec": _changed(draw, objects[index]["spec"])}
    return objects


def _changed(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, dict | list) and value and draw(st.integers(0, 5)):
        step = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
        changed = _changed(draw, value[step])
        if isinstance(value, dict):
            return {**value, step: changed}
        return [changed if at == step else each for at, each in enumerate(value)]
    match value:
        case bool():
            return draw(st.sampled_from([None, not value]))
        case int():
            return draw(st.sampled_from([None, *INTEGERS]))
        case str():
            return draw(st.sampled_from([None, *WORDS]))
        case list():
            return draw(st.sampled_from([None, [], [None], value * 2, [*value, {}, ""]]))
        case _:
            return draw(st.sampled_from([None, {}, {**(value or {}), "": None}, {**(value or {}), "a": {}}]))


@settings(max_examples=60, deadline=None)
@given(odd())
def test_odd_values_are_judged_and_never_raise(objects: list[JsonObject]) -> None:
    files = {"all.yaml": "---\n".join(json.dumps(value) + "\n" for value in objects)}
    assert all(finding.origin.line >= 1 and finding.origin.column >= 1 for finding in validated(files))
