"""A plan as rows of Markdown, the most important first, for comments, summaries and issues.

Text from outside is escaped by `markdown.escaped`; values stand in <code>, where references are shown as what they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hedgehog_gitops.core.unknowns import Unknown, unknowns
from hedgehog_gitops.model.finding import Finding, Severity
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plain import path_text
from hedgehog_gitops.model.plan import Action, Beside, Change, FieldChange, FieldValue, HeldBack, Plan, Verdict
from hedgehog_gitops.render.fitting import Row
from hedgehog_gitops.render.markdown import escaped
from hedgehog_gitops.render.plan_text import MOVED, reach_text
from hedgehog_gitops.render.text import value_text

WIDTH = 120
_MOST_FIELDS = 20
_ORDER = (Action.PRUNE, Action.UPDATE, Action.ADOPT, Action.CREATE)


def plan_rows(plan: Plan) -> list[Row]:
    """Everything that a reviewer should know, in that order: doubts, conflicts, what is held back, what goes, drift."""
    return [
        *map(_unknown, unknowns(plan.frozen)),
        *(_held("⚔️ **conflict**", each) for each in plan.conflicts),
        *(_held("⛔ **held back**", each) for each in plan.blocked),
        *(_change(each) for each in _by_weight(plan.changes) if each.action is Action.PRUNE),
        *(_change(each) for each in _by_weight(plan.changes) if each.action is not Action.PRUNE and _is_drift(each)),
        *(_change(each, "🛑 **would be pruned**") for each in plan.withheld),
        *(_finding(each) for each in plan.findings if each.severity is not Severity.ERROR),
        *(_held("⏸️ **paused**", each) for each in plan.paused),
        *(
            _change(each)
            for each in _by_weight(plan.changes)
            if each.action is not Action.PRUNE and not _is_drift(each)
        ),
        *(_beside(each) for each in plan.beside),
    ]


def finding_rows(findings: Sequence[Finding]) -> list[Row]:
    """Findings that are about files, errors first."""
    ordered = sorted(findings, key=lambda finding: list(Severity).index(finding.severity))
    return [_finding(finding) for finding in ordered]


def _unknown(unknown: Unknown) -> Row:
    return Row(f"- ❔ **unknown** {escaped(unknown.names(is_full=True))}: {escaped(unknown.reason)}\n")


def _by_weight(changes: Sequence[Change]) -> list[Change]:
    """By what is done; the cluster comes before NetBox, and what reaches most first."""
    return sorted(
        changes, key=lambda each: (_ORDER.index(each.action), _is_shown(each.side), -sum(each.reached.values()))
    )


def _is_shown(side: SideName) -> bool:
    """True of a side that only shows what the fabric is."""
    return side is SideName.NETBOX


def _is_drift(change: Change) -> bool:
    return change.verdict in (Verdict.DRIFTED, Verdict.MISSING, Verdict.CONFLICT)


_SIGNS = {
    Action.PRUNE: "🔴 **prune**",
    Action.UPDATE: "🟡 **update**",
    Action.ADOPT: "🔵 **adopt**",
    Action.CREATE: "🟢 **create**",
}


def _change(change: Change, sign: str = "") -> Row:
    drift = ", drifted" if change.verdict is Verdict.DRIFTED else ""
    line = f"- {sign or _SIGNS[change.action]} {_about(change.side, change.key)}{drift}: {escaped(change.reason)}\n"
    return Row(line, "".join([*_reaches(change), *_fields(change), *_author(change)]))


def _held(sign: str, held: HeldBack) -> Row:
    line = f"- {sign} {_about(held.side, held.key)}: {escaped(held.verdict.value)}: {escaped(held.reason)}\n"
    return Row(line, "".join(map(_field, held.fields[:_MOST_FIELDS])))


def _finding(finding: Finding) -> Row:
    sign = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.NOTICE: "💬"}[finding.severity]
    about = f" {_named(str(finding.key))}" if finding.key else ""
    place = escaped(f"{finding.origin.path}:{finding.origin.line}")
    line = f"- {sign} {escaped(finding.rule)}{about}: {escaped(finding.message)} ({place})\n"
    return Row(line, f"  - → {escaped(finding.hint)}\n" if finding.hint else "")


def _beside(beside: Beside) -> Row:
    paths = ", ".join(path_text(field.path) for field in beside.fields)
    return Row(f"- ▫️ {_about(beside.side, beside.key)}: set by others, left alone: {escaped(paths)}\n")


def _reaches(change: Change) -> Iterator[str]:
    if change.reached:
        yield f"  - reaches {escaped(reach_text(change))}\n"


def _fields(change: Change) -> Iterator[str]:
    if change.action is Action.CREATE:
        return
    yield from map(_field, change.fields[:_MOST_FIELDS])
    if (more := len(change.fields) - _MOST_FIELDS) > 0:
        yield f"  - and {more} more fields\n"


def _field(field: FieldChange) -> str:
    line = f"  - {_named(path_text(field.path))}: {_value(field.live)} → {_value(field.desired)}"
    if field.verdict in MOVED:
        by = f" by {escaped(field.manager)}" if field.manager else ""
        line += f" ({field.verdict.value}{by}; was {_value(field.base)})"
    elif field.verdict is Verdict.UNMANAGED and field.manager:
        line += f" (set by {escaped(field.manager)})"
    return line + "\n"


def _value(value: FieldValue) -> str:
    return _named(value_text(value, WIDTH))


def _named(text: str) -> str:
    return f"<code>{escaped(text)}</code>"


def _about(side: SideName, key: ObjectKey) -> str:
    return _named(str(key)) + (" in NetBox" if _is_shown(side) else "")


def _author(change: Change) -> Iterator[str]:
    author = change.author
    if author is not None and author.commit:
        when = f"{author.commit[:8]} on {author.time[:10]}"
        yield f"  - by {escaped(author.name or 'nobody')} in {escaped(when)}\n"
