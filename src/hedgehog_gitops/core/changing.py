"""A look that is acted on, as a change of the plan: what is written, on which condition, why, and whom it reaches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hedgehog_gitops.core.applying import sent
from hedgehog_gitops.core.authority import leaving_alone, yielded
from hedgehog_gitops.core.fights import without_paused
from hedgehog_gitops.core.holding import Graph, Holding
from hedgehog_gitops.core.looking import Look, adopted
from hedgehog_gitops.core.movable import stored_spec
from hedgehog_gitops.core.ordering import Writes
from hedgehog_gitops.core.ownership import as_adopted, managers
from hedgehog_gitops.core.reach import Reach, counted, former_needs, named
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveSide
from hedgehog_gitops.model.plain import JsonObject, path_text
from hedgehog_gitops.model.plan import Action, Change, Precondition, Verdict
from hedgehog_gitops.model.settings import Fabric


@dataclass(frozen=True, slots=True, kw_only=True)
class Changing:
    """What looks are turned into changes with."""

    fabric: Fabric
    holding: Holding
    reach: Reach


def reach_of(graph: Graph, leaving: Iterable[ObjectKey], writes: Writes, live: LiveSide) -> Reach:
    """Who is reached by the edges of git, and by those that the side has of what is written or goes."""
    before = {key: stored_spec(key, live) for key in leaving if key in live.objects} | {**writes.before}
    return Reach(graph, former_needs(before, graph.keys() | live.objects.keys()))


def change_of(each: Look, by: Changing) -> Change:
    """The change that brings an object to what git says."""
    found, live = each.live, by.holding.live
    is_adopted = by.holding.options.adopt and each.is_foreign
    action = Action.CREATE if found is None else Action.ADOPT if is_adopted else Action.UPDATE
    fields = adopted(by.fabric, each).fields if is_adopted else each.fields
    change = Change(
        side=live.side,
        action=action,
        verdict=each.verdict,
        key=each.key,
        fields=fields,
        reason=_reason(each, action, live),
        precondition=Precondition() if found is None else Precondition(version=found.version, uid=found.uid),
        manifest=_manifest(by.fabric, each, is_adopted=is_adopted),
    )
    return change if found is None and each.base is None else reaching(change, by.reach)


def reaching(change: Change, reach: Reach) -> Change:
    """The change with whom it reaches."""
    radius = reach.of(change.key)
    return replace(change, blast_radius=named(radius), reached=counted(radius))


def _manifest(fabric: Fabric, each: Look, *, is_adopted: bool) -> JsonObject:
    """What is sent. In an adoption an older tool's fields are ours by then: left out, a yielded one would go."""
    manifest = each.sent or sent(each.manifest)
    if each.live is None:
        return manifest
    writers = managers(as_adopted(each.live.value) if is_adopted else each.live.value)
    left_alone = leaving_alone(manifest, each.live.value, writers, yielded(fabric, each.manifest.kind))
    return without_paused(left_alone, each.paused, writers)


def _reason(each: Look, action: Action, live: LiveSide) -> str:
    if action is Action.ADOPT:
        return "it was made by others; it becomes ours"
    if each.verdict is Verdict.MISSING:
        return f"it was deleted on the {live.side.value}"
    if each.verdict is Verdict.DRIFTED:
        writers = {field.manager or "somebody" for field in each.fields if field.verdict is Verdict.DRIFTED}
        return f"drift, by {', '.join(sorted(writers))}"
    if each.live is None:
        return "new in git"
    first, *others = [path_text(field.path) for field in each.fields]
    return f"changed in git: {first}" + (f" and {len(others)} more" if others else "")
