"""What people read of the Action: the summary of the step, the comment on a pull request, the issue about drift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from hedgehog_gitops.core.workflow.judging import is_clean
from hedgehog_gitops.model.finding import Finding, Severity
from hedgehog_gitops.model.plan import Plan
from hedgehog_gitops.model.state import Outcome, SyncResult
from hedgehog_gitops.model.workflow import Found, Occasion, Trouble
from hedgehog_gitops.render.fitting import Draft, Row, fitted, in_bytes, in_units
from hedgehog_gitops.render.markdown import escaped
from hedgehog_gitops.render.mermaid import plan_mermaid
from hedgehog_gitops.render.plan_markdown import finding_rows, plan_rows
from hedgehog_gitops.render.plan_text import plan_summary
from hedgehog_gitops.render.sync_text import sync_text
from hedgehog_gitops.render.text import count, joined

COMMENT_SIZES = (60_000, 15_000, 2_000)
"""Characters, less from try to try. GitHub takes 65,536; what it counts as one is not said."""
SUMMARY_SIZE = 1024 * 1024 - 1
"""Bytes. A summary of a mebibyte or more is dropped whole."""


WELL = (Outcome.APPLIED, Outcome.UNCHANGED, Outcome.SKIPPED)


class Part(NamedTuple):
    """What is told of one fabric (or of all: no name)."""

    fabric: str
    plans: tuple[Plan, ...]
    results: tuple[SyncResult, ...]
    findings: tuple[Finding, ...]
    troubles: tuple[Trouble, ...]
    age: str = ""

    @property
    def is_clean(self) -> bool:
        """True if there is nothing to tell."""
        is_done = all(result.outcome in WELL for result in self.results)
        return is_done and not (self.findings or self.troubles) and all(map(is_clean, self.plans))


def parts_of(found: Found, directories: Sequence[tuple[str, str]]) -> list[Part]:
    """One part a fabric, given as name and directory with what is about it; the last is about none of them."""
    parts = [_part(found, name, _below(found, directory)) for name, directory in directories]
    told = {finding for part in parts for finding in part.findings}
    told |= {finding for plan in found.plans for finding in plan.findings}
    rest = tuple(finding for finding in found.findings if finding not in told)
    return [*parts, _part(found, "", rest)]


def comment_text(part: Part, occasion: Occasion, mark: str, size: int = COMMENT_SIZES[0]) -> str:
    """The comment: the mark that we know it again by, and as much as fits."""
    draft = _draft(part, _where(occasion, "the whole of it is in the run's summary and artifact"))
    return mark + "\n" + fitted(draft, size - in_units(mark) - 1, in_units)


def resolved_text(part: Part, occasion: Occasion, mark: str) -> str:
    """What stands in the place of a comment or an issue once there is nothing to tell any more."""
    title = f"### ✅ hedgehog-gitops: {escaped(part.fabric) or 'all fabrics'}"
    return f"{mark}\n{title}\n\nNothing to do any more.\n{_where(occasion, '')}"


def summary_text(parts: Sequence[Part], occasion: Occasion, size: int = SUMMARY_SIZE) -> str:
    """All fabrics for the summary of the step, in as many bytes as are left."""
    told = [part for part in parts if part.fabric or not part.is_clean]
    pages: list[str] = []
    for place, part in enumerate(told):
        room = (size - sum(map(in_bytes, pages))) // (len(told) - place)
        pages.append(fitted(_draft(part, _where(occasion, "")), room, in_bytes))
    return "".join(pages)


def _part(found: Found, name: str, findings: tuple[Finding, ...]) -> Part:
    plans = tuple(plan for plan in found.plans if plan.fabric == name)
    return Part(
        fabric=name,
        plans=plans,
        results=tuple(result for result in found.results if result.fabric == name),
        findings=tuple(finding for finding in findings if not any(finding in plan.findings for plan in plans)),
        troubles=tuple(trouble for trouble in found.troubles if trouble.fabric == name),
        age=found.ages.get(name, ""),
    )


def _below(found: Found, directory: str) -> tuple[Finding, ...]:
    return tuple(finding for finding in found.findings if f"{finding.origin.path}/".startswith(f"{directory}/"))


def _draft(part: Part, tail: str) -> Draft:
    rows = [
        *(Row(f"- 💥 {escaped(trouble.message)}\n") for trouble in part.troubles),
        *finding_rows([finding for finding in part.findings if finding.severity is Severity.ERROR]),
        *(row for result in part.results for row in _result_rows(result)),
        *(row for plan in part.plans for row in plan_rows(plan)),
        *finding_rows([finding for finding in part.findings if finding.severity is not Severity.ERROR]),
    ]
    picture = "".join(_picture(plan) for plan in part.plans)
    return Draft(head=_head(part), rows=rows, picture=picture, tail=tail, left_out=_left_out)


def _picture(plan: Plan) -> str:
    """What the plan touches, to be opened by whoever wants to see it."""
    drawn = plan_mermaid(plan)
    return f"<details><summary>What it touches</summary>\n\n{drawn}\n</details>\n\n" if drawn else ""


def _head(part: Part) -> str:
    sign = "✅" if part.is_clean else "❌" if part.troubles or _has_errors(part) else "📋"
    lines = [f"### {sign} hedgehog-gitops: {escaped(part.fabric) or 'all fabrics'}\n"]
    lines += [f"\n{escaped(plan_summary(plan))}\n" for plan in part.plans]
    lines += [f"\n{escaped(_headline(result))}\n" for result in part.results]
    if part.age:
        lines.append(f"\n⏱️ {escaped(part.age)}\n")
    if not part.plans and not part.results and not part.troubles:
        lines.append(f"\n{_counted(part.findings)}\n")
    return "".join([*lines, "\n"])


def _counted(findings: Sequence[Finding]) -> str:
    numbers = [(severity.value, sum(each.severity is severity for each in findings)) for severity in Severity]
    return joined([count(number, noun) for noun, number in numbers if number], "No findings")


def _headline(result: SyncResult) -> str:
    return sync_text(replace(result, findings=(), failures=(), refused=())).strip()


def _result_rows(result: SyncResult) -> list[Row]:
    failures = [Row(f"- ❗ {escaped(failure)}\n") for failure in result.failures]
    return failures + [Row(f"- ❗ {escaped(f'{each.key}: {each.message}')}\n") for each in result.refused]


def _has_errors(part: Part) -> bool:
    is_faulty = any(finding.severity is Severity.ERROR for finding in part.findings)
    is_held = any(plan.blocked or plan.frozen for plan in part.plans)
    return is_faulty or is_held or any(result.outcome not in WELL for result in part.results)


def _left_out(number: int) -> str:
    return f"- … and {number} more, the less important ones\n" if number else ""


def _where(occasion: Occasion, what: str) -> str:
    if not occasion.run_url:
        return "\n"
    also = f"; {what}" if what else ""
    revision = f" for {escaped(occasion.revision[:12])}" if occasion.revision else ""
    return f"\n<sub>[This run]({occasion.run_url}){revision}{also}</sub>\n"
