"""From a plan to the picture of a fabric: each object once, with whatever the plan says of it on any side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from hedgehog_gitops.core.devices import Device, ends
from hedgehog_gitops.core.netbox.pruning import owner_of
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.kind import USER_KINDS, VPC, WIRING, ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.picture import Link, Picture, Pictured, Row, Seen, Told
from hedgehog_gitops.model.plain import JsonObject, as_text, path_text
from hedgehog_gitops.model.plan import Change, FieldChange, HeldBack, Plan, Verdict
from hedgehog_gitops.model.record import NETBOX
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.snapshot import Snapshot

GRAVITY = (
    Verdict.CONFLICT,
    Verdict.MISSING,
    Verdict.DRIFTED,
    Verdict.UNMANAGED,
    Verdict.PENDING,
    Verdict.UNKNOWN,
    Verdict.IN_SYNC,
)
"""The verdicts, the gravest first."""


class _Said(NamedTuple):
    """Everything that a plan says of one object."""

    told: tuple[Told, ...] = ()
    rows: tuple[Row, ...] = ()
    reach: tuple[ObjectKey, ...] = ()


class _Ground(NamedTuple):
    """What all objects are looked at with."""

    sides: tuple[SideName, ...]
    frozen: Collection[str]
    directory: str
    snapshot: Snapshot
    specs: Mapping[ObjectKey, JsonObject]


_GROUPS = {kind.kind: kind.group for kind in USER_KINDS}
_KINDS = {Device.SWITCH: "Switch", Device.SERVER: "Server", Device.GATEWAY: "Gateway"}


def picture(
    fabric: Fabric,
    plan: Plan,
    snapshot: Snapshot,
    specs: Mapping[ObjectKey, JsonObject],
    findings: Iterable[Finding],
    line_of: Callable[[str, int], str | None],
) -> Picture:
    """Everything that a report shows. `line_of` gives a line of a file, for showing it beside its finding."""
    sides = tuple(plan.sides) or (SideName.CLUSTER,)
    said = _said(plan)
    ground = _Ground(sides, {kind for _, kind in plan.frozen}, fabric.directory, snapshot, specs)
    objects = [_pictured(key, said.get(key, _Said()), ground) for key in sorted({*snapshot.manifests, *said})]
    return Picture(
        fabric=plan.fabric,
        revision=plan.revision,
        plan_id=plan.id,
        objects=tuple(objects),
        links=tuple(links(specs)),
        findings=tuple(Seen(each, line_of(each.origin.path, each.origin.line) or "") for each in findings),
        unknown={f"{kind}.{group}": reason for (group, kind), reason in sorted(plan.frozen.items())},
        sides=sides,
        authority={name: side.value for name, side in sorted(fabric.authority.items())},
    )


def shown_as(key: ObjectKey) -> ObjectKey:
    """The Hedgehog object that something is about: itself, or the one that a NetBox record shows."""
    if key.group != NETBOX:
        return key
    owner = owner_of(key)
    return owner._replace(group=_GROUPS.get(owner.kind, NETBOX))


def links(specs: Mapping[ObjectKey, JsonObject]) -> Iterator[Link]:
    """Who is connected to whom: each pair of a connection once, and externals by their attachments."""
    devices = {key for key in specs if key.kind in _KINDS.values()}
    for key, spec in sorted(specs.items()):
        if key.kind == "Connection":
            found = {_device(end.device, end.name, key) for end in ends(spec)} & devices
            ordered = sorted(found)
            yield from (Link(key, one, other) for place, one in enumerate(ordered) for other in ordered[place + 1 :])
        elif key.kind == "ExternalAttachment":
            yield from _way_out(key, spec, specs)


def _way_out(key: ObjectKey, spec: JsonObject, specs: Mapping[ObjectKey, JsonObject]) -> Iterator[Link]:
    connection = ObjectKey(WIRING, "Connection", key.namespace, as_text(spec.get("connection")))
    external = ObjectKey(VPC, "External", key.namespace, as_text(spec.get("external")))
    if external in specs and connection in specs:
        for end in ends(specs[connection]):
            yield Link(key, _device(end.device, end.name, key), external)


def _device(device: Device, name: str, beside: ObjectKey) -> ObjectKey:
    kind = _KINDS[device]
    return ObjectKey(_GROUPS[kind], kind, beside.namespace, name)


def _said(plan: Plan) -> dict[ObjectKey, _Said]:
    """What the plan says of each object, all of its records with it."""
    said: dict[ObjectKey, _Said] = {}
    for each in _told(plan):
        key = shown_as(each.key)
        before = said.get(key, _Said())
        reach = each.blast_radius if isinstance(each, Change) and each.key.group != NETBOX else before.reach
        rows = tuple(_row(each, field) for field in each.fields)
        said[key] = _Said((*before.told, _telling(each)), (*before.rows, *rows), reach)
    return said


def _told(plan: Plan) -> Iterator[Change | HeldBack]:
    for each in (plan.conflicts, plan.blocked, plan.changes, plan.withheld, plan.paused):
        yield from each


def _telling(each: Change | HeldBack) -> Told:
    about = "" if each.key.group != NETBOX else f"{each.key.kind} {each.key.name.partition('#')[2]}".strip()
    if isinstance(each, Change):
        return Told(each.side, each.verdict, each.action.value, each.reason, about, each.author)
    return Told(each.side, each.verdict, "hold back", each.reason, about)


def _row(each: Change | HeldBack, field: FieldChange) -> Row:
    path = path_text(field.path)
    if each.key.group == NETBOX:
        path = f"{each.key.kind} {each.key.name.partition('#')[2]} {path}".replace("  ", " ")
    return Row(each.side, path, field.desired, field.live, field.verdict, field.manager)


def _pictured(key: ObjectKey, said: _Said, ground: _Ground) -> Pictured:
    by_side = dict.fromkeys(ground.sides, Verdict.UNKNOWN if key.kind in ground.frozen else Verdict.IN_SYNC)
    for each in said.told:
        by_side[each.side] = gravest((by_side.get(each.side, Verdict.IN_SYNC), each.verdict))
    manifest = ground.snapshot.manifests.get(key)
    return Pictured(
        key=key,
        verdict=gravest(by_side.values()),
        sides=by_side,
        told=said.told,
        rows=said.rows,
        reach=said.reach,
        path=f"{ground.directory}/{manifest.origin().path}" if manifest is not None else "",
        spec=ground.specs.get(key, {}),
    )


def gravest(verdicts: Iterable[Verdict]) -> Verdict:
    """The one that a person should see first."""
    return min(verdicts, key=GRAVITY.index, default=Verdict.IN_SYNC)
