"""Plans made by hand: one with text from outside in every place, and one of very many changes."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Finding, Origin, Severity
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plan import (
    Action,
    Author,
    Beside,
    Change,
    FieldChange,
    HeldBack,
    Plan,
    Precondition,
    Verdict,
)

GROUP = "vpc.githedgehog.com"


def key(name: str, kind: str = "VPC") -> ObjectKey:
    return ObjectKey(group=GROUP, kind=kind, namespace="default", name=name)


def field(text: str, verdict: Verdict = Verdict.DRIFTED) -> FieldChange:
    return FieldChange(path=("spec", text), base=text, desired=[text], live={text: text}, verdict=verdict, manager=text)


def change(
    name: str, action: Action = Action.UPDATE, verdict: Verdict = Verdict.PENDING, text: str = "moved"
) -> Change:
    return Change(
        side=SideName.CLUSTER,
        action=action,
        verdict=verdict,
        key=key(name),
        fields=tuple(field(text, verdict) for _ in range(3)),
        reason=text,
        precondition=Precondition(version="1", uid="u"),
        manifest=None,
        blast_radius=(key(name, "Server"),),
        reached={"Server": 1},
        author=Author(name=text, commit="0123456789abcdef", time="2026-11-25T12:00:00Z"),
    )


def held(name: str, verdict: Verdict = Verdict.CONFLICT, text: str = "held") -> HeldBack:
    return HeldBack(side=SideName.CLUSTER, verdict=verdict, key=key(name), fields=(field(text),), reason=text)


def warning(text: str) -> Finding:
    origin = Origin(path=text, line=3)
    return Finding(rule="LINT-001", severity=Severity.WARNING, origin=origin, message=text, hint=text, key=key(text))


def plan_of(changes: tuple[Change, ...] = (), **more: object) -> Plan:
    given: dict[str, object] = {
        "conflicts": (),
        "blocked": (),
        "withheld": (),
        "kept": {},
        "waves": (),
        "frozen": {},
        **more,
    }
    return Plan(id="0123456789ab", fabric="lab", revision="c" * 40, config_digest="", changes=changes, **given)  # type: ignore[arg-type]


def hostile_plan(text: str) -> Plan:
    """A plan with this text wherever a file, a side or a person may put one."""
    return plan_of(
        tuple(change(text, action, Verdict.DRIFTED, text) for action in Action),
        conflicts=(held(text, text=text),),
        blocked=(held(text, Verdict.PENDING, text),),
        withheld=(change(text, Action.PRUNE, text=text),),
        frozen={(text, text): text},
        paused=(held(text, Verdict.DRIFTED, text),),
        beside=(Beside(side=SideName.CLUSTER, key=key(text), fields=(field(text),)),),
        findings=(warning(text),),
    )


def many_changes(number: int) -> Plan:
    """So many changes, with one conflict, one prune and one drift at the very end of them."""
    return plan_of(
        (
            *(change(f"vpc-{count:05}", Action.CREATE, text="new in git " * 10) for count in range(number - 2)),
            change("gone", Action.PRUNE),
            change("moved", Action.UPDATE, Verdict.DRIFTED),
        ),
        conflicts=(held("contested"),),
    )
