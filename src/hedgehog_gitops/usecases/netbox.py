"""NetBox's part of a plan: the records that it should hold, one look at it, and what differs.

Whatever goes wrong is something unknown: nothing is written there, and nobody else has to wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, partial

from hedgehog_gitops.core.joining import Planning
from hedgehog_gitops.core.netbox.idle import idle_ports
from hedgehog_gitops.core.netbox.looking import with_authors, with_carried
from hedgehog_gitops.core.netbox.planning import plan_records
from hedgehog_gitops.core.netbox.pruning import is_ours
from hedgehog_gitops.core.netbox.showing import Showing
from hedgehog_gitops.core.netbox.sighting import changed_by_others
from hedgehog_gitops.core.netbox.surveying import going
from hedgehog_gitops.core.netbox.translating import Translation, translate
from hedgehog_gitops.core.netbox.unfit import unfit_records
from hedgehog_gitops.core.netbox.yielding import bare_records, left_alone, with_theirs, yields
from hedgehog_gitops.core.planning import Planned
from hedgehog_gitops.model.errors import HedgehogGitopsError
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import Doubt, LiveObject, LiveSide, SideName, doubt_of, doubted
from hedgehog_gitops.model.plan import PlanOptions
from hedgehog_gitops.model.record import NETBOX, RECORD_KINDS, Record
from hedgehog_gitops.model.settings import Fabric, NetboxSettings
from hedgehog_gitops.model.state import BaseRecord
from hedgehog_gitops.ports import Records
from hedgehog_gitops.usecases.desire import Desired


def look_at_netbox(
    fabric: Fabric, desired: Desired, open_records: Callable[[str], Records], bases: Mapping[ObjectKey, BaseRecord]
) -> Planning:
    """Look at NetBox once, and say how it is planned."""
    translation = _translated(fabric, desired)
    opened = cache(partial(open_records, desired.snapshot.revision))
    records, live, left = _look(opened, fabric, desired, translation.records, bases)
    settings = fabric.netbox or NetboxSettings()
    showing = Showing(
        records=records,
        revision=desired.snapshot.revision,
        refused=desired.refused,
        unfit=unfit_records(
            translation.records, fabric.name, settings, desired.specs, desired.profiles, desired.refused
        ),
        left=left,
        incomplete=desired.incomplete,
        recorded=translation.recorded,
        unrepresented=translation.unrepresented,
    )

    @cache
    def carrying(keys: tuple[ObjectKey, ...]) -> LiveSide:
        return _carrying(opened, live, [live.objects[key] for key in keys])

    def planned(options: PlanOptions) -> Planned:
        leaving = going(showing, live, bases, options) if fabric.prune.enabled or options.allow_deletes else ()
        return plan_records(fabric, showing, carrying(tuple(each.key for each in leaving)), bases, options)

    return planned


def seen_netbox(
    fabric: Fabric, desired: Desired, open_records: Callable[[str], Records], bases: Mapping[ObjectKey, BaseRecord]
) -> LiveSide:
    """All that a plan would ask of NetBox, and what later ones may ask: what hangs on anything of ours."""
    opened = cache(partial(open_records, desired.snapshot.revision))
    _, live, _ = _look(opened, fabric, desired, records_of(fabric, desired), bases)
    return _carrying(opened, live, [each for key, each in sorted(live.objects.items()) if is_ours(key)])


def _look(
    opened: Callable[[], Records],
    fabric: Fabric,
    desired: Desired,
    whole: Mapping[ObjectKey, Record],
    bases: Mapping[ObjectKey, BaseRecord],
) -> tuple[Mapping[ObjectKey, Record], LiveSide, AbstractSet[ObjectKey]]:
    """The records that NetBox should hold, one look at it, with who changed what is ours, and what is left as it is."""
    live = look_at_records(opened, whole, bases)
    records = _wanted(fabric, desired, whole, live)
    left = left_alone(fabric, desired.specs, whole, live.objects) if yields(fabric) else frozenset()
    idle = {
        key: each for key, each in _idle(fabric, desired, live, bases).items() if key not in whole and key not in left
    }
    if desired.incomplete or desired.refused:  # it is doubtful what git says nothing of
        left |= idle.keys() - records.keys()
    else:
        records = {**records, **idle}
    return records, _with_authors(opened, records, live, bases), left


def records_of(fabric: Fabric, desired: Desired) -> Mapping[ObjectKey, Record]:
    """All records that git's objects are shown as, whoever decides about them."""
    return _translated(fabric, desired).records


def _translated(fabric: Fabric, desired: Desired) -> Translation:
    return translate(fabric.name, fabric.netbox or NetboxSettings(), desired.specs, desired.profiles)


def look_at_records(
    open_records: Callable[[], Records], records: Mapping[ObjectKey, Record], bases: Mapping[ObjectKey, BaseRecord]
) -> LiveSide:
    """One look; whatever goes wrong makes all of it unknown."""
    ours = [key for key, record in sorted(bases.items()) if record.uid]
    try:
        return open_records().read(tuple(records.values()), ours)
    except HedgehogGitopsError as error:
        return _unknown(str(error))


def _with_authors(
    opened: Callable[[], Records],
    records: Mapping[ObjectKey, Record],
    live: LiveSide,
    bases: Mapping[ObjectKey, BaseRecord],
) -> LiveSide:
    """The look, with who changed what is ours; asked only where somebody did."""
    changed = changed_by_others(records, live, bases)
    try:
        return with_authors(live, opened().authors(changed)) if changed else live
    except HedgehogGitopsError:
        return live  # drift is drift, whoever it was


def _carrying(opened: Callable[[], Records], live: LiveSide, leaving: Sequence[LiveObject]) -> LiveSide:
    """The look, with what hangs on objects that may be deleted; asked only where there are any."""
    if not leaving:
        return live
    try:
        return with_carried(live, opened().carried(leaving))
    except HedgehogGitopsError as error:
        return with_carried(live, {each.key: f"things that cannot be read ({error})" for each in leaving})


def _wanted(
    fabric: Fabric, desired: Desired, whole: Mapping[ObjectKey, Record], live: LiveSide
) -> Mapping[ObjectKey, Record]:
    """The records, with NetBox's own values where it decides."""
    if not yields(fabric):
        return whole
    settings = fabric.netbox or NetboxSettings()
    bare = bare_records(fabric, settings, desired.specs, desired.profiles)
    return with_theirs(fabric, whole, bare, live.objects)


def _idle(
    fabric: Fabric, desired: Desired, live: LiveSide, bases: Mapping[ObjectKey, BaseRecord]
) -> Mapping[ObjectKey, Record]:
    """The ports that switches have by their model, if switches are shown."""
    kinds = (fabric.netbox or NetboxSettings()).kinds
    if kinds and "Switch" not in kinds:
        return {}
    return idle_ports(desired.specs, desired.profiles, live.objects, bases)


def _unknown(reason: str) -> LiveSide:
    word = reason if doubt_of(reason) != "unknown" else doubted(Doubt.CONNECTION, reason)
    return LiveSide(side=SideName.NETBOX, objects={}, unknown={(NETBOX, kind.name): word for kind in RECORD_KINDS})
