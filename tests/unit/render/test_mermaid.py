"""The diagram of a plan: bounded, the gravest first, and of harmless labels."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hedgehog_gitops.model.kind import VPC, ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plan import Action, Change, HeldBack, Plan, Precondition, Verdict
from hedgehog_gitops.render.mermaid import MOST_OBJECTS, plan_mermaid

EMPTY = Plan(
    id="1", fabric="lab", revision="r", config_digest="c", changes=(), conflicts=(), blocked=(), withheld=(),
    kept={}, waves=(), frozen={},
)  # fmt: skip


def key(name: str) -> ObjectKey:
    return ObjectKey(VPC, "VPC", "default", name)


def change(name: str, *reach: str) -> Change:
    return Change(
        side=SideName.CLUSTER,
        action=Action.UPDATE,
        verdict=Verdict.PENDING,
        key=key(name),
        fields=(),
        reason="",
        precondition=Precondition(),
        manifest={},
        blast_radius=tuple(map(key, reach)),
    )


def test_a_plan_that_touches_nothing_has_no_diagram() -> None:
    assert plan_mermaid(EMPTY) == ""


def test_the_gravest_comes_first_and_what_is_reached_is_linked() -> None:
    conflict = HeldBack(side=SideName.CLUSTER, verdict=Verdict.CONFLICT, key=key("b"), fields=(), reason="")
    text = plan_mermaid(replace(EMPTY, changes=(change("a", "x"),), conflicts=(conflict,)))
    assert re.findall(r'n(\d)\["VPC (\w)"\](?::::(\w+))?', text) == [
        ("0", "b", "conflict"),
        ("1", "a", "pending"),
        ("2", "x", ""),
    ]
    assert "  n1 --> n2\n" in text


def test_a_plan_of_two_thousand_changes_stays_within_what_github_draws() -> None:
    """Issue 8, 5."""
    changes = tuple(change(f"vpc-{number}", *(f"r{number}-{each}" for each in range(20))) for number in range(2000))
    text = plan_mermaid(replace(EMPTY, changes=changes))
    assert len(text) < 50_000
    assert text.count("-->") < 500
    assert f"and {2000 - MOST_OBJECTS} more objects" in text


@given(st.text(max_size=80))
def test_no_name_can_end_a_label_or_the_block(name: str) -> None:
    """Issue 8, 3: injection canaries."""
    lines = plan_mermaid(replace(EMPTY, changes=(change(name, name + "x"),))).splitlines()
    assert lines[0] == "```mermaid"
    assert lines[-1] == "```"
    for line in lines[1:-1]:
        assert re.fullmatch(r'  n\d\["[A-Za-z0-9 ._/-]+"\](:::\w+)?|  n\d --> n\d|  classDef .*|flowchart LR', line)
