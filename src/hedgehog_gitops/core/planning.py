"""The one plan: what to create and update on a side, what to hold back, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from hedgehog_gitops.core.canonical import digest
from hedgehog_gitops.core.comparing import removals
from hedgehog_gitops.core.looking import Look, is_compared, look
from hedgehog_gitops.core.ownership import is_applied_by_us, managers
from hedgehog_gitops.core.references import dependency_graph
from hedgehog_gitops.core.saved_plan import change_value
from hedgehog_gitops.core.settling import Settled, settle
from hedgehog_gitops.core.waves import closure, create_order, waves
from hedgehog_gitops.model.kind import ObjectKey, kind_of
from hedgehog_gitops.model.live import LiveObject, LiveSide, Present, look_up
from hedgehog_gitops.model.plain import JsonObject, as_object, path_text
from hedgehog_gitops.model.plan import Action, Change, HeldBack, Plan, Precondition, Verdict
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.snapshot import Manifest, Snapshot
from hedgehog_gitops.model.state import BaseRecord

REACH = 50
"""How many objects a blast radius names."""

Graph = Mapping[ObjectKey, frozenset[ObjectKey]]
_CONTESTED = frozenset({Verdict.CONFLICT, Verdict.UNMANAGED})
_QUIET = frozenset({Verdict.IN_SYNC, Verdict.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The plan for one side, and what the look at that side settles without any write."""

    plan: Plan
    settled: Settled


def make_plan(
    *,
    fabric: Fabric,
    desired: Snapshot,
    specs: Mapping[ObjectKey, JsonObject],
    live: LiveSide,
    bases: Mapping[ObjectKey, BaseRecord],
    refused: Mapping[ObjectKey, str],
    incomplete: str = "",
) -> Planned:
    """Decide what applying would do.

    `specs` are the desired specs as stored. `refused` are objects with errors and why: they are held back with
    everything that needs them. `incomplete` says why the desired state is not known whole; then nothing counts as
    removed from git.
    """
    wanted = {key: each for key, each in desired.manifests.items() if is_compared(fabric, kind_of(key))}
    looks = look(wanted, specs, live, bases)
    graph = dependency_graph({key: specs[key] for key in wanted})
    concerned = wanted.keys() | bases.keys()
    gone = () if incomplete else tuple(sorted(bases.keys() - desired.manifests.keys()))
    free, held = _divide(looks, refused, graph, live)
    order = waves((each.key for each in free), graph)
    by_key = {each.key: _change(each, graph, live) for each in free}
    plan = Plan(
        id="",
        fabric=fabric.name,
        revision=desired.revision,
        config_digest=fabric.config_digest,
        changes=tuple(by_key[key] for wave in order for key in wave),
        conflicts=tuple(each for each in held if each.verdict in _CONTESTED),
        blocked=tuple(each for each in held if each.verdict not in _CONTESTED),
        withheld=tuple(_prunes(gone, live, bases)),
        kept=_kept(looks, live, concerned),
        waves=order,
        frozen=_frozen(live, concerned, incomplete),
    )
    return Planned(
        plan=replace(plan, id=plan_id(plan)), settled=settle(looks, live, gone, desired.revision)
    )  # fmt: skip


def plan_id(plan: Plan) -> str:
    """A short name for what the plan does: equal for equal effects, whatever the revision is called."""
    effects: JsonObject = {
        "fabric": plan.fabric,
        "config": plan.config_digest,
        "changes": [change_value(change) for change in plan.changes],
        "held": [str(held.key) for held in (*plan.conflicts, *plan.blocked)],
    }
    return digest(effects)[:12]


def sent(manifest: Manifest) -> JsonObject:
    """The object as it is applied: what git says, in the preferred version, with a namespace, without server fields."""
    metadata = as_object(manifest.value.get("metadata"))
    kept = {name: entry for name, entry in metadata.items() if name in {"labels", "annotations"} and entry}
    key = manifest.key
    named: JsonObject = {"name": key.name, "namespace": key.namespace, **kept}
    spec = as_object(manifest.value.get("spec"))
    return {"apiVersion": manifest.kind.api_version, "kind": key.kind, "metadata": named, "spec": spec}


def _divide(
    looks: Iterable[Look], refused: Mapping[ObjectKey, str], graph: Graph, live: LiveSide
) -> tuple[list[Look], list[HeldBack]]:
    """What differs: the looks that can be acted on, and what is held back."""
    differing = [each for each in looks if each.verdict not in _QUIET]
    stuck = {each.key for each in differing if each.verdict in _CONTESTED} | refused.keys()
    waiting = closure(stuck, graph) | stuck
    held = [_hold_back(each, refused, live) for each in differing if each.key in waiting]
    return [each for each in differing if each.key not in waiting], held


def _hold_back(each: Look, refused: Mapping[ObjectKey, str], live: LiveSide) -> HeldBack:
    verdict, side = each.verdict, live.side.value
    if each.key in refused:
        verdict, reason = Verdict.PENDING, refused[each.key]
    elif verdict is Verdict.UNMANAGED:
        reason = f"it is on the {side} with other values and was not made by us; make git equal to it first"
    elif verdict is Verdict.CONFLICT:
        reason = f"git and the {side} both changed it since the last apply; make one equal to the other"
    else:
        reason = "something that it needs is held back"
    return HeldBack(side=live.side, verdict=verdict, key=each.key, fields=each.fields, reason=reason)


def _change(each: Look, graph: Graph, live: LiveSide) -> Change:
    found = each.live
    reach = () if found is None and each.base is None else tuple(sorted(closure((each.key,), graph)))
    return Change(
        side=live.side,
        action=Action.CREATE if found is None else Action.UPDATE,
        verdict=each.verdict,
        key=each.key,
        fields=each.fields,
        reason=_reason(each, live),
        precondition=Precondition() if found is None else Precondition(version=found.version, uid=found.uid),
        manifest=sent(each.manifest),
        removals=() if found is None else removals(each.fields, found),
        blast_radius=reach[:REACH],
    )


def _reason(each: Look, live: LiveSide) -> str:
    if each.verdict is Verdict.MISSING:
        return f"it was deleted on the {live.side.value}"
    if each.verdict is Verdict.DRIFTED:
        writers = {field.manager or "somebody" for field in each.fields if field.verdict is Verdict.DRIFTED}
        return f"drift, by {', '.join(sorted(writers))}"
    if each.live is None:
        return "new in git"
    first, *others = [path_text(field.path) for field in each.fields]
    return f"changed in git: {first}" + (f" and {len(others)} more" if others else "")


def _prunes(gone: Iterable[ObjectKey], live: LiveSide, bases: Mapping[ObjectKey, BaseRecord]) -> Iterator[Change]:
    """What we own and git no longer has, users first: shown, and not done while prune is off."""
    for key in sorted(gone, key=create_order, reverse=True):
        found = look_up(live, key)
        if isinstance(found, Present) and found.object.uid == bases[key].uid and is_ours_to_prune(found.object):
            yield Change(
                side=live.side,
                action=Action.PRUNE,
                verdict=Verdict.PENDING,
                key=key,
                fields=(),
                reason="no longer in git; prune is off",
                precondition=Precondition(version=found.object.version, uid=found.object.uid),
                manifest=None,
            )


def is_ours_to_prune(found: LiveObject) -> bool:
    """True unless the object's own record of its writers shows that we never applied it."""
    return not managers(found.value) or is_applied_by_us(found.value)


def _kept(looks: Iterable[Look], live: LiveSide, concerned: Iterable[ObjectKey]) -> dict[str, int]:
    counts = Counter(each.verdict.value for each in looks if each.verdict in _QUIET)
    strangers = len(live.objects.keys() - set(concerned))
    return dict(counts) | ({Verdict.UNMANAGED.value: strangers} if strangers else {})


def _frozen(live: LiveSide, concerned: Iterable[ObjectKey], incomplete: str) -> dict[tuple[str, str], str]:
    """Kinds that the plan is about and that are not known. A kind that nobody uses here may be missing."""
    kinds = {(key.group, key.kind) for key in concerned}
    frozen = {kind: reason for kind, reason in sorted(live.unknown.items()) if kind in kinds}
    return {("git", "files"): incomplete, **frozen} if incomplete else frozen
