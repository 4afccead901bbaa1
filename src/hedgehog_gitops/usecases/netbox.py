"""NetBox's part of a plan: the records that it should hold, one look at it, and what differs.

Whatever goes wrong is something unknown: nothing is written there, and nobody else has to wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hedgehog_gitops.core.authority import authority_of, field_path, without_yielded
from hedgehog_gitops.core.joining import Planning
from hedgehog_gitops.core.netbox.planning import Showing, plan_records
from hedgehog_gitops.core.netbox.translating import translate
from hedgehog_gitops.model.errors import HedgehogGitopsError
from hedgehog_gitops.model.kind import ObjectKey, kind_of
from hedgehog_gitops.model.live import Doubt, LiveSide, SideName, doubt_of, doubted
from hedgehog_gitops.model.plain import FieldPath, JsonObject, as_object
from hedgehog_gitops.model.record import NETBOX, RECORD_KINDS
from hedgehog_gitops.model.settings import Authority, Fabric, NetboxSettings
from hedgehog_gitops.model.state import BaseRecord
from hedgehog_gitops.ports import Records
from hedgehog_gitops.usecases.desire import Desired

_SHOWN = frozenset({Authority.GIT, Authority.CLUSTER})
"""Who decides about what NetBox is told. What it decides itself is never written there."""


def look_at_netbox(
    fabric: Fabric, desired: Desired, open_records: Callable[[], Records], bases: Mapping[ObjectKey, BaseRecord]
) -> Planning:
    """Look at NetBox once, and say how it is planned."""
    settings = fabric.netbox or NetboxSettings()
    records = translate(fabric.name, settings, shown_specs(fabric, desired), desired.profiles).records
    ours = [key for key, record in sorted(bases.items()) if record.uid]
    try:
        live = open_records().read(tuple(records.values()), ours)
    except HedgehogGitopsError as error:
        live = _unknown(str(error))
    showing = Showing(
        records=records,
        revision=desired.snapshot.revision,
        refused=desired.refused,
        incomplete=desired.incomplete,
    )
    return lambda options: plan_records(fabric, showing, live, bases, options)


def shown_specs(fabric: Fabric, desired: Desired) -> dict[ObjectKey, JsonObject]:
    """The specs that NetBox is to show, without kinds and fields about which NetBox, or nobody, decides."""
    return {
        key: as_object(without_yielded({"spec": spec}, _hidden(fabric, key.kind)).get("spec"))
        for key, spec in desired.specs.items()
        if authority_of(fabric, kind_of(key)) in _SHOWN
    }


def _hidden(fabric: Fabric, kind: str) -> tuple[FieldPath, ...]:
    prefix = f"{kind}/"
    return tuple(
        field_path(name.removeprefix(prefix))
        for name, authority in sorted(fabric.authority.items())
        if name.startswith(prefix) and authority not in _SHOWN
    )


def _unknown(reason: str) -> LiveSide:
    told = reason if doubt_of(reason) != "unknown" else doubted(Doubt.CONNECTION, reason)
    return LiveSide(side=SideName.NETBOX, objects={}, unknown={(NETBOX, kind.name): told for kind in RECORD_KINDS})
