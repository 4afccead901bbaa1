"""A plan as one page of Markdown: counted by verdict and side, drawn, and told row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hedgehog_gitops.cli.output import check_outputs
from hedgehog_gitops.cli.parser import build_parser
from hedgehog_gitops.model.kind import VPC, ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plan import Action, Change, HeldBack, Plan, Precondition, Verdict
from hedgehog_gitops.render.plan_page import plan_page

EMPTY = Plan(
    id="1", fabric="lab", revision="0123456789abcdef", config_digest="c", changes=(), conflicts=(), blocked=(),
    withheld=(), kept={"in-sync": 7}, waves=(), frozen={}, sides={SideName.CLUSTER: {"in-sync": 7}},
)  # fmt: skip


def key(name: str) -> ObjectKey:
    return ObjectKey(VPC, "VPC", "default", name)


def change(name: str, side: SideName = SideName.CLUSTER, reason: str = "changed in git") -> Change:
    return Change(
        side=side,
        action=Action.UPDATE,
        verdict=Verdict.PENDING,
        key=key(name),
        fields=(),
        reason=reason,
        precondition=Precondition(),
        manifest={},
        blast_radius=(key("reached"),),
        reached={"VPC": 1},
    )


def test_a_plan_with_nothing_to_do_is_counted_and_not_drawn() -> None:
    page = plan_page(EMPTY)
    assert page.startswith("## hedgehog-gitops: lab at 0123456789ab\n")
    assert "| in-sync | 7 |\n" in page
    assert "mermaid" not in page


def test_verdicts_stand_side_by_side_the_gravest_first() -> None:
    """Issue 8: verdicts, diagram, and each change with what it reaches, the most important first."""
    conflict = HeldBack(side=SideName.CLUSTER, verdict=Verdict.CONFLICT, key=key("both"), fields=(), reason="both")
    sides = {SideName.CLUSTER: {"in-sync": 7}, SideName.NETBOX: {"in-sync": 9}}
    page = plan_page(
        replace(EMPTY, changes=(change("a"), change("b", SideName.NETBOX)), conflicts=(conflict,), sides=sides)
    )
    table = page[page.index("| verdict") : page.index("```mermaid")]
    assert table == (
        "| verdict | cluster | netbox |\n|---|---:|---:|\n"
        "| conflict | 1 | 0 |\n| pending | 1 | 1 |\n| in-sync | 7 | 9 |\n\n"
    )
    assert page.index("**conflict**") < page.index("**update**")
    assert "reaches " in page


def test_what_others_wrote_is_text() -> None:
    """Issue 8, 3: injection canaries."""
    nasty = "</details><script>x</script> | ::error::x\n# heading `${{ github.token }}` \u202e @someone"
    page = plan_page(replace(EMPTY, fabric=nasty, changes=(change(nasty, reason=nasty),)))
    for harmful in ("<script", "</details", "::error::", "\n# heading", "${{", "\u202e", "@someone"):
        assert harmful not in page


@pytest.mark.parametrize("command", ["plan", "show"])
def test_plans_have_the_form(command: str) -> None:
    words = [command, "--format", "markdown", *(["saved.json"] if command == "show" else [])]
    check_outputs(build_parser().parse_args(words))
