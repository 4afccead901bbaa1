"""No rule compares all pairs: what judging a set costs is counted, not timed, and grows with the set."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from generated_fabric import generate_fabric, texts
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.core.defaulting import default_specs
from hedgehog_gitops.core.gathering import gather
from hedgehog_gitops.core.validation import judge_each, judge_set
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.tree import FileMode, SourceFile, Tree

RELEASE = package_release()
CONSTANTS = FabricConstants(gateway=True)


def judging(vpcs: int, leaves: int) -> tuple[Callable[[], object], Callable[[], object]]:
    """Judging each object of a fabric, and all of them together."""
    data = "---\n".join(texts(generate_fabric(vpcs=vpcs, leaves=leaves, gateways=2))).encode()
    file = SourceFile(path="all.yaml", blob="", mode=FileMode.FILE, size=len(data), data=data)
    found = gather(Tree(revision="worktree", directory="", files={file.path: file}), Limits())
    specs = default_specs(found.manifests)
    return (
        lambda: judge_each(found.manifests.values(), specs, RELEASE, CONSTANTS),
        lambda: judge_set(specs, found.manifests, RELEASE, CONSTANTS),
    )


def steps(run: Callable[[], object]) -> int:
    """How many lines and calls of Python it takes: the same in every run, however busy the machine is."""
    count = 0

    def trace(_frame: object, _event: str, _argument: object) -> object:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]  # it takes any function that returns itself
    try:
        run()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("which", [0, 1], ids=["each by itself", "all together"])
def test_twice_the_fabric_takes_little_more_than_twice_the_steps(which: int) -> None:
    run_one, run_two = judging(120, 16)[which], judging(240, 32)[which]
    run_one()  # what is made once is made
    assert steps(run_two) < 2.2 * steps(run_one)


def test_a_kind_is_known_by_the_kinds_that_were_looked_at_for_it() -> None:
    data = "---\n".join(texts(generate_fabric(vpcs=12, leaves=4, gateways=1))).encode()
    file = SourceFile(path="all.yaml", blob="", mode=FileMode.FILE, size=len(data), data=data)
    found = gather(Tree(revision="worktree", directory="", files={file.path: file}), Limits())
    reads = judge_set(default_specs(found.manifests), found.manifests, RELEASE, CONSTANTS).reads
    assert reads["VPC"] == {"VPC", "IPv4Namespace", "VLANNamespace"}
    assert "VPC" not in reads["Switch"] | reads["Connection"]
    assert all("*" not in read for read in reads.values())
