"""The survey that a plan is made from: every object looked at, who needs whom, and what was asked for.

And what a plan tells of it beside its changes: what is kept, frozen, paused, left out, and beside what git says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from hedgehog_gitops.core.fights import fight_text
from hedgehog_gitops.core.holding import QUIET, Graph, Holding, chosen
from hedgehog_gitops.core.looking import Look, adopted, is_compared, look
from hedgehog_gitops.core.pruning import Source, source_of
from hedgehog_gitops.core.references import Dependencies, references
from hedgehog_gitops.model.kind import USER_KINDS, ObjectKey
from hedgehog_gitops.model.live import Doubt, LiveSide, doubted
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.plan import FILES, Beside, HeldBack, PlanOptions, Verdict
from hedgehog_gitops.model.settings import Fabric, OnMissing
from hedgehog_gitops.model.snapshot import Manifest, Snapshot
from hedgehog_gitops.model.state import BaseRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The desired side of a plan.

    `specs` are the desired specs as stored. `refused` are objects with errors and why: they are held back with
    everything that needs them. `incomplete` says why the desired state is not known whole; then nothing counts as
    removed from git. `paths` are all files below the fabric's directory.
    """

    snapshot: Snapshot
    specs: Mapping[ObjectKey, JsonObject]
    refused: Mapping[ObjectKey, str]
    incomplete: str = ""
    paths: Collection[str] = ()

    @property
    def source(self) -> Source:
        """The same as prunes see it."""
        return source_of(self.snapshot.manifests.keys(), self.incomplete, self.refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What is known before anything is decided.

    `looks` are all desired objects, `inside` those that are asked for. `gone` are objects that we own and git no
    longer has, `leaving` those of them that are asked for. `concerned` is everything that the plan could be about.
    """

    holding: Holding
    concerned: AbstractSet[ObjectKey]
    scope: AbstractSet[ObjectKey]
    looks: tuple[Look, ...]
    inside: tuple[Look, ...]
    gone: tuple[ObjectKey, ...]
    leaving: tuple[ObjectKey, ...]


def survey(
    fabric: Fabric, wanted: Wanted, live: LiveSide, bases: Mapping[ObjectKey, BaseRecord], options: PlanOptions
) -> Survey:
    """Look at everything that git decides about."""
    manifests = _compared(fabric, wanted.snapshot.manifests)
    graph = Dependencies(wanted.specs, manifests.keys())
    concerned = manifests.keys() | bases.keys()
    gone = () if wanted.incomplete else tuple(sorted(bases.keys() - wanted.snapshot.manifests.keys()))
    scope = chosen(concerned, graph, _former_needs(gone, bases), options)
    looks = look(fabric, manifests, wanted.specs, live, bases)
    on_missing = options.on_missing or fabric.on_missing
    return Survey(
        holding=Holding(live=live, graph=graph, refused=wanted.refused, options=options, on_missing=on_missing),
        concerned=concerned,
        scope=scope,
        looks=tuple(looks),
        inside=tuple(each for each in looks if each.key in scope),
        gone=gone,
        leaving=tuple(key for key in gone if key in scope),
    )


def kept(seen: Survey) -> dict[str, int]:
    """How many objects need nothing, by the word for why."""
    live = seen.holding.live
    adopting = {each.key for each in adoptable(seen)}
    counts = Counter(each.verdict.value for each in seen.looks if each.verdict in QUIET and each.key not in adopting)
    if seen.holding.on_missing is OnMissing.FORGET:
        counts[Verdict.MISSING.value] = sum(each.verdict is Verdict.MISSING for each in seen.looks)
    counts["left out"] = len(seen.concerned) - len(seen.scope)
    counts[Verdict.UNMANAGED.value] = len(live.objects.keys() - seen.concerned)
    return {word: number for word, number in counts.items() if number}


def left_out(fabric: Fabric, seen: Survey) -> int:
    """How many objects differ and were not asked for; where prune is on, those that git removed are among them."""
    differing = sum(each.key not in seen.scope and each.verdict not in QUIET for each in seen.looks)
    staying = [key for key in seen.gone if key not in seen.scope and key in seen.holding.live.objects]
    return differing + (len(staying) if fabric.prune.enabled else 0)


def frozen(seen: Survey, incomplete: str) -> dict[tuple[str, str], str]:
    """Kinds that the plan is about and that are not known. A kind that nobody uses here may be missing."""
    return frozen_of({(key.group, key.kind) for key in seen.concerned}, seen.holding.live, incomplete)


def frozen_of(kinds: Collection[tuple[str, str]], live: LiveSide, incomplete: str) -> dict[tuple[str, str], str]:
    """Which of some kinds are not known on a side; so are all files, if the desired state is not known whole."""
    unknown = {kind: reason for kind, reason in sorted(live.unknown.items()) if kind in kinds}
    return {FILES: doubted(Doubt.MALFORMED, incomplete), **unknown} if incomplete else unknown


def adoptable(seen: Survey) -> tuple[Look, ...]:
    """What was asked for and would become ours, equal or not."""
    return tuple(each for each in seen.inside if seen.holding.options.adopt and each.is_foreign)


def beside(fabric: Fabric, seen: Survey) -> Iterator[Beside]:
    """Fields of our objects that others set and git never had; of adopted ones what still is others' after that."""
    adopting = {each.key for each in adoptable(seen)}
    for each in seen.looks:
        if fields := adopted(fabric, each).beside if each.key in adopting else each.beside:
            yield Beside(side=seen.holding.live.side, key=each.key, fields=fields)


def paused(seen: Survey) -> Iterator[HeldBack]:
    """Fields that are fought over and left as they are."""
    for each in seen.inside:
        if each.paused:
            reason, side = fight_text(each.paused), seen.holding.live.side
            yield HeldBack(side=side, verdict=Verdict.DRIFTED, key=each.key, fields=each.paused, reason=reason)


def _compared(fabric: Fabric, manifests: Mapping[ObjectKey, Manifest]) -> Mapping[ObjectKey, Manifest]:
    kinds = {(kind.group, kind.kind) for kind in USER_KINDS if is_compared(fabric, kind)}
    if all(key[:2] in kinds for key in manifests):
        return manifests  # nearly always: a large fabric is not held twice
    return {key: each for key, each in manifests.items() if key[:2] in kinds}


def _former_needs(gone: Iterable[ObjectKey], bases: Mapping[ObjectKey, BaseRecord]) -> Graph:
    specs = {key: as_object(bases[key].value.get("spec")) for key in gone}
    return {key: frozenset(each.target for each in references(key, spec)) for key, spec in specs.items()}
