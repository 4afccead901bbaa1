"""A plan as lines for people: what will be done, field by field, and what is held back and why."""

from __future__ import annotations

from collections.abc import Iterable

from hedgehog_gitops.core.parts import part_of
from hedgehog_gitops.core.unknowns import unknowns
from hedgehog_gitops.model.finding import Finding, Severity
from hedgehog_gitops.model.plain import path_text
from hedgehog_gitops.model.plan import Action, Change, FieldChange, HeldBack, Plan, Verdict
from hedgehog_gitops.render.text import count, cut, joined, one_line, value_text

SIGNS = {Action.CREATE: "+", Action.UPDATE: "~", Action.PRUNE: "-", Action.ADOPT: "="}
_NAME = 60
_MANY = 2
MOVED = (Verdict.DRIFTED, Verdict.CONFLICT)


def plan_text(plan: Plan) -> str:
    """The plan, its held-back objects and a closing line that counts everything."""
    return "".join(
        [f"{plan.fabric} at {plan.revision[:12] or 'no revision'}\n", *_body(plan), plan_summary(plan), "\n"]
    )


def plan_summary(plan: Plan) -> str:
    """`Plan p-1a2b: 2 to create, 1 to update; 37 in sync`."""
    return f"Plan {plan.id}: {_counts(plan)}"


def _counts(plan: Plan) -> str:
    actions = [
        f"{number} to {action.value}"
        for action in Action
        if (number := sum(change.action is action for change in plan.changes))
    ]
    warned = len(_warnings(plan))
    asides = [
        f"{number} {word}"
        for number, word in (
            (len(plan.conflicts), "in conflict"),
            (len(plan.blocked), "held back"),
            (len(plan.paused), "paused"),
            (len(plan.withheld), "would be pruned"),
            (len(plan.frozen), "kinds unknown"),
            (warned, "warning" if warned == 1 else "warnings"),
        )
        if number
    ]
    kept = [f"{number} {verdict}" for verdict, number in sorted(plan.kept.items()) if number]
    return joined(actions, "nothing to do") + "".join(f"; {part}" for part in (*asides, *kept))


def _body(plan: Plan) -> Iterable[str]:
    """What concerns each side below its name, where there is more than one."""
    if len(plan.sides) < _MANY:
        yield from _part(plan)
        return
    for side in plan.sides:
        part = part_of(plan, side)
        yield f"  {side.value}: {_counts(part)}\n"
        yield from _part(part)


def _part(plan: Plan) -> Iterable[str]:
    for change in plan.changes:
        yield from _change(change)
    for withheld in plan.withheld:
        yield f"  (-) {withheld.key}: {one_line(withheld.reason)}{_in_git(withheld, '; removed')}\n"
        yield from _reaches(withheld)
    for held in plan.conflicts:
        yield from _held_back("!", held)
    for held in plan.blocked:
        yield from _held_back("#", held)
    for paused in plan.paused:
        yield f"  ≠ {paused.key}: {one_line(paused.reason)}\n"
        yield from (_field(field) for field in paused.fields)
    for unknown in unknowns(plan.frozen):
        yield f"  ? {unknown.names(is_full=True)}: {one_line(unknown.reason)}\n"
    for beside in plan.beside:
        paths = [path_text(field.path) for field in beside.fields]
        yield f"  · {beside.key}: set by others, left alone: {joined([one_line(path) for path in paths])}\n"
    for finding in _warnings(plan):
        yield f"  ⚠ {finding.rule} {finding.key}: {one_line(finding.message)}\n"
        yield f"      → {one_line(finding.hint)}\n"


def _warnings(plan: Plan) -> list[Finding]:
    """The findings that stop nothing; the errors are the reasons of what is held back."""
    return [finding for finding in plan.findings if finding.severity is not Severity.ERROR]


def _change(change: Change) -> Iterable[str]:
    yield f"  {SIGNS[change.action]} {change.key}: {one_line(change.reason)}{_in_git(change)}\n"
    if change.action is not Action.CREATE:
        yield from (_field(field) for field in change.fields)
    yield from _reaches(change)


def _reaches(change: Change) -> Iterable[str]:
    if change.reached:
        yield f"      reaches {reach_text(change)}\n"


def _in_git(change: Change, done: str = "") -> str:
    """`, by Ann Lee in 3f2a1b9c on 2026-11-20`: who is behind the part of a change that comes from git."""
    author = change.author
    if author is None:
        return ""
    link = done or ("; changed in git" if change.verdict is Verdict.DRIFTED else ",")
    if not author.commit:
        return f"{link.rstrip(',')}, not committed yet"
    by = "its file last changed by" if author.is_shared and not done else "by"
    return f"{link} {by} {one_line(cut(author.name, _NAME)) or 'nobody'} in {author.commit[:8]} on {author.time[:10]}"


def _held_back(sign: str, held: HeldBack) -> Iterable[str]:
    yield f"  {sign} {held.key}: {held.verdict.value}: {one_line(held.reason)}\n"
    yield from (_field(field) for field in held.fields)


def _field(field: FieldChange) -> str:
    line = f"      {path_text(field.path)}: {value_text(field.live)} → {value_text(field.desired)}"
    if field.verdict in MOVED:
        by = f" by {one_line(field.manager)}" if field.manager else ""
        line += f"  ({field.verdict.value}{by}; was {value_text(field.base)})"
    elif field.verdict is Verdict.UNMANAGED and field.manager:
        line += f"  (set by {one_line(field.manager)})"
    return line + "\n"


def reach_text(change: Change) -> str:
    """`3 servers (web-1, web-2, web-3), 1 VPC (blue), 2 attachments and 1 other object`."""
    left = dict(change.reached)
    parts = []
    for kind, noun, plural in _NAMED:
        if number := left.pop(kind, 0):
            parts.append(f"{count(number, noun, plural)} ({_names(change, kind, number)})")
    if attached := sum(left.pop(kind, 0) for kind in _ATTACHED):
        parts.append(count(attached, "attachment"))
    if others := sum(left.values()):
        parts.append(count(others, "other object" if parts else "object"))
    return joined(parts)


_NAMED = (("Server", "server", ""), ("VPC", "VPC", ""), ("Switch", "switch", "switches"), ("External", "external", ""))
_ATTACHED = ("VPCAttachment", "ExternalAttachment")
_SHOWN = 5


def _names(change: Change, kind: str, number: int) -> str:
    names = [one_line(key.name) for key in change.blast_radius if key.kind == kind][:_SHOWN]
    return ", ".join([*names, "..."] if number > len(names) else names)
