"""Take into git what other sides decide: the files are edited as they are written, as one change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from hedgehog_gitops.core.importing import Offer, from_cluster, from_netbox, taken_in
from hedgehog_gitops.core.ingest import plan_ingestion
from hedgehog_gitops.core.netbox.manifests import SHOWN
from hedgehog_gitops.core.validation import schema_judge
from hedgehog_gitops.core.writing import NotRepresentableError, edit_document
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.kind import USER_KINDS, ObjectKey
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.record import Record
from hedgehog_gitops.model.release import Release
from hedgehog_gitops.model.settings import Authority, Fabric
from hedgehog_gitops.model.snapshot import Manifest
from hedgehog_gitops.model.tree import Tree, TreeEdit, WriteFile
from hedgehog_gitops.ports import Source
from hedgehog_gitops.usecases.desire import Desired, desire
from hedgehog_gitops.usecases.sides import Sides


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What is offered to git, the edit that takes it in, and why some of it cannot be taken in.

    `unknown` says why a side could not be read.
    """

    offers: tuple[Offer, ...]
    edit: TreeEdit
    left: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def offered(fabric: Fabric, source: Source, sides: Sides, release: Release, limits: Limits) -> Import:
    """What the sides decide and git says otherwise; nothing is written.

    What validation refuses of it is offered, and is no part of the edit.
    """
    tree = source.read(fabric.directory)
    desired = _desired(fabric, tree, release, limits)
    unknown: list[str] = []
    offers = (*_of_cluster(fabric, desired, sides, unknown), *_of_netbox(fabric, desired, sides, unknown))
    left: list[str] = []
    edits = dict(_edits(offers, desired.snapshot.manifests, tree, left))

    def judged(changes: Collection[WriteFile]) -> Desired:
        return _desired(fabric, _edited(tree, changes), release, limits)

    changes = tuple(_fit(edits, desired, judged, left).values())
    return Import(offers=offers, edit=TreeEdit(tree, changes), left=tuple(left), unknown=tuple(unknown))


def _desired(fabric: Fabric, tree: Tree, release: Release, limits: Limits) -> Desired:
    ingestion = plan_ingestion(tree, fabric, limits, schema_judge(release.schemas))
    return desire(ingestion, tree, fabric, release, tree.revision)


def _fit(
    edits: Mapping[ObjectKey, WriteFile],
    before: Desired,
    judged: Callable[[Collection[WriteFile]], Desired],
    left: list[str],
) -> Mapping[ObjectKey, WriteFile]:
    """The edits after which validation finds no more errors than before: first without those that errors are about.

    An error in an object that is not edited may come from any of them, and then none is made.
    """
    known = _errors(before)
    while edits and (new := _errors(judged(edits.values())) - known):
        blamed = {key for key, _ in new if key is not None and key in edits}
        for key, text in sorted(new, key=str):
            left.append(f"not taken in, since then {key or 'the whole'} would be refused: {text}")
        edits = {key: edit for key, edit in edits.items() if blamed and key not in blamed}
    return edits


def _errors(desired: Desired) -> set[tuple[ObjectKey | None, str]]:
    errors = (finding for finding in desired.findings if finding.severity is Severity.ERROR)
    return {(finding.key, f"{finding.rule} {finding.message}") for finding in errors}


def _edited(tree: Tree, changes: Collection[WriteFile]) -> Tree:
    """The tree as it would be, to be judged."""
    files = {
        each.path: tree.files[each.path]._replace(blob="", size=len(each.data), data=each.data, stamp=())
        for each in changes
    }
    return tree._replace(files={**tree.files, **files})


def _of_cluster(fabric: Fabric, desired: Desired, sides: Sides, unknown: list[str]) -> tuple[Offer, ...]:
    kinds = [kind for kind in USER_KINDS if kind.kind in _decided(fabric, Authority.CLUSTER)]
    if sides.cluster is None or not kinds:
        return ()
    live = sides.cluster.read(kinds)
    unknown += [f"{kind}: {reason}" for (_, kind), reason in sorted(live.unknown.items())]
    manifests = {key: each for key, each in desired.snapshot.manifests.items() if each.kind in kinds}
    return tuple(from_cluster(fabric, manifests, desired.specs, live))


def _of_netbox(fabric: Fabric, desired: Desired, sides: Sides, unknown: list[str]) -> tuple[Offer, ...]:
    if sides.netbox is None or not _decided(fabric, Authority.NETBOX):
        return ()
    from hedgehog_gitops.usecases.netbox import look_at_records, records_of  # noqa: PLC0415 - only where it decides

    decided = _decided(fabric, Authority.NETBOX) & SHOWN.keys()
    kinds = {each for kind in decided for each in SHOWN[kind].records}
    records = {key: _with_shown(each) for key, each in records_of(fabric, desired).items() if key.kind in kinds}
    live = look_at_records(partial(sides.netbox, desired.snapshot.revision), records, {})
    unknown += sorted({reason for (_, kind), reason in live.unknown.items() if kind in kinds})
    return tuple(from_netbox(fabric, desired.snapshot.manifests, records, live))


def _with_shown(record: Record) -> Record:
    """With all fields of a device that may be NetBox's, so that they are read."""
    if record.key.kind != "dcim.device":
        return record
    fields: JsonObject = {"description": "", "serial": "", **record.fields}
    return replace(record, fields=fields)


def _decided(fabric: Fabric, side: Authority) -> frozenset[str]:
    """The kinds about which, or about a field of which, a side decides."""
    named = {name.partition("/")[0] for name, who in fabric.authority.items() if who is side}
    return frozenset(kind.kind for kind in USER_KINDS) if "default" in named else frozenset(named)


def _edits(
    offers: Iterable[Offer], manifests: Mapping[ObjectKey, Manifest], tree: Tree, left: list[str]
) -> Iterator[tuple[ObjectKey, WriteFile]]:
    """The file of each object, edited; one that holds several objects, or is not in its place yet, is left."""
    crowd = Counter(manifest.document.path for manifest in manifests.values())
    by_key: dict[ObjectKey, list[Offer]] = {}
    for offer in offers:
        by_key.setdefault(offer.key, []).append(offer)
    for key, own in by_key.items():
        manifest, file = manifests[key], tree.files.get(manifests[key].document.path)
        if file is None or file.data is None or manifest.at or crowd[file.path] > 1:
            left.append(f"{key} is not in a file of its own; `normalize` brings it there")
            continue
        try:
            text = edit_document(file.data.decode(), taken_in(manifest.value, own))
        except (NotRepresentableError, UnicodeDecodeError):
            left.append(f"{key}: {file.path} cannot be edited in place; change it by hand")
            continue
        yield key, WriteFile(file.path, text.encode(), file.blob)
