"""What a plan touches, as a Mermaid diagram: changed objects by verdict, and what they reach.

GitHub draws no diagram of more than 50,000 characters or 500 edges, and a person reads none of more than a few dozen:
the gravest come first, the rest is counted. Labels hold no character that could mean anything to Mermaid or to HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hedgehog_gitops.core.picturing import GRAVITY, shown_as
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plan import Change, HeldBack, Plan, Verdict

MOST_OBJECTS = 30
"""So many changed objects are drawn, and"""
MOST_REACHED = 6
"""so many of what each reaches."""
LONGEST = 40

_COLOURS = {
    Verdict.CONFLICT: "fill:mistyrose,stroke:firebrick,color:black",
    Verdict.MISSING: "fill:thistle,stroke:purple,color:black",
    Verdict.DRIFTED: "fill:moccasin,stroke:saddlebrown,color:black",
    Verdict.PENDING: "fill:lightblue,stroke:navy,color:black",
}
_OTHER = "fill:gainsboro,stroke:dimgray,color:black"
_SAFE = re.compile(r"[^A-Za-z0-9 ._/-]")


class _Touched(NamedTuple):
    """An object that the plan is about, its gravest verdict, and what it reaches."""

    key: ObjectKey
    verdict: Verdict
    reach: tuple[ObjectKey, ...]


def plan_mermaid(plan: Plan) -> str:
    """The diagram, as a fenced block; empty text for a plan that touches nothing."""
    touched = _touched(plan)
    if not touched:
        return ""
    drawn = touched[:MOST_OBJECTS]
    names = {key: f"n{place}" for place, key in enumerate(_keys(drawn))}
    verdicts = {each.key: each.verdict for each in drawn}
    lines = ["flowchart LR"]
    lines += [f"  {name}[{_label(key)}]{_class(verdicts.get(key))}" for key, name in names.items()]
    lines += [f"  {names[each.key]} --> {names[key]}" for each in drawn for key in _reached(each)]
    lines += [f"  classDef {_word(verdict)} {colours}" for verdict, colours in _COLOURS.items()]
    lines.append(f"  classDef other {_OTHER}")
    if more := len(touched) - len(drawn):
        lines.append(f'  more["and {more} more objects"]:::other')
    return "```mermaid\n" + "\n".join(lines) + "\n```\n"


def _touched(plan: Plan) -> list[_Touched]:
    """Every object once, the gravest first and of these what reaches most."""
    found: dict[ObjectKey, _Touched] = {}
    told: tuple[Change | HeldBack, ...] = (*plan.conflicts, *plan.blocked, *plan.withheld, *plan.changes, *plan.paused)
    for each in told:
        key = shown_as(each.key)
        before = found.get(key)
        reach = _reach(each, key) or (before.reach if before else ())
        verdicts = (each.verdict, before.verdict) if before else (each.verdict,)
        found[key] = _Touched(key, min(verdicts, key=GRAVITY.index), reach)
    return sorted(found.values(), key=lambda each: (GRAVITY.index(each.verdict), -len(each.reach), each.key))


def _reach(each: Change | HeldBack, key: ObjectKey) -> tuple[ObjectKey, ...]:
    return tuple(other for other in each.blast_radius if shown_as(other) != key) if isinstance(each, Change) else ()


def _reached(each: _Touched) -> Sequence[ObjectKey]:
    return [key for key in each.reach if key.group][:MOST_REACHED]


def _keys(drawn: Iterable[_Touched]) -> Iterable[ObjectKey]:
    return dict.fromkeys(key for each in drawn for key in (each.key, *_reached(each)))


def _label(key: ObjectKey) -> str:
    name = key.name if len(key.name) <= LONGEST else f"{key.name[: LONGEST - 1]}_"
    return f'"{_SAFE.sub("_", f"{key.kind} {name}")}"'


def _class(verdict: Verdict | None) -> str:
    return "" if verdict is None else f":::{_word(verdict)}"


def _word(verdict: Verdict) -> str:
    return verdict.value if verdict in _COLOURS else "other"
