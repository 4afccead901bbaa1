"""A plan as one page of Markdown: verdicts of each side in a table, what it touches drawn, and all of it row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hedgehog_gitops.core.parts import part_of
from hedgehog_gitops.core.picturing import GRAVITY
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plan import Plan
from hedgehog_gitops.render.markdown import escaped
from hedgehog_gitops.render.mermaid import plan_mermaid
from hedgehog_gitops.render.plan_markdown import plan_rows
from hedgehog_gitops.render.plan_text import plan_summary


def plan_page(plan: Plan) -> str:
    """The page: heading, counts, diagram, and each entry with its details, the most important first."""
    revision = escaped(plan.revision[:12] or "no revision")
    heading = f"## hedgehog-gitops: {escaped(plan.fabric)} at {revision}\n\n{escaped(plan_summary(plan))}\n"
    drawn = plan_mermaid(plan)
    rows = "".join(row.line + row.details for row in plan_rows(plan))
    return "\n".join(part for part in (heading, _verdicts(plan), drawn, rows) if part)


def _verdicts(plan: Plan) -> str:
    """How many objects have which verdict, the gravest first, side by side."""
    sides = tuple(plan.sides) or (SideName.CLUSTER,)
    counts = {side: _counted(part_of(plan, side) if len(sides) > 1 else plan) for side in sides}
    seen = [verdict for verdict in GRAVITY if any(counts[side][verdict] for side in sides)]
    head = f"| verdict | {' | '.join(side.value for side in sides)} |\n|---|{'---:|' * len(sides)}\n"
    rows = (f"| {verdict.value} | {' | '.join(str(counts[side][verdict]) for side in sides)} |\n" for verdict in seen)
    return head + "".join(rows) if seen else ""


def _counted(plan: Plan) -> Counter[str]:
    return Counter(_told(plan)) + Counter(dict(plan.kept))


def _told(plan: Plan) -> Iterator[str]:
    for each in (plan.changes, plan.conflicts, plan.blocked, plan.withheld, plan.paused):
        yield from (entry.verdict.value for entry in each)
