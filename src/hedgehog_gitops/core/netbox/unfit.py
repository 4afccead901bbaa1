"""Records that objects with errors have a part in: like the objects themselves they are not written.

A record can show several objects, a port its switch, its connection and the VPCs attached there. So it is not the
owner of a record that counts: whatever would read otherwise without the objects with errors is held back.
"""

from __future__ import annotations

from collections.abc import Mapping

from hedgehog_gitops.core.holding import WAITS
from hedgehog_gitops.core.netbox.pruning import owner_of, owner_of_key
from hedgehog_gitops.core.netbox.translating import translate
from hedgehog_gitops.core.references import Dependencies
from hedgehog_gitops.core.waves import closure
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.profile import Profile
from hedgehog_gitops.model.record import Record
from hedgehog_gitops.model.settings import NetboxSettings

_PARTLY = "an object that is held back is shown on it"


def unfit_records(
    whole: Mapping[ObjectKey, Record],
    fabric: str,
    settings: NetboxSettings,
    specs: Mapping[ObjectKey, JsonObject],
    profiles: Mapping[str, Profile],
    refused: Mapping[ObjectKey, str],
) -> dict[ObjectKey, str]:
    """The records of `whole` that objects of `refused`, or what needs these, have a part in, with the reasons."""
    if not refused:
        return {}
    needing = closure(refused, Dependencies(specs, specs.keys()))
    fit = {key: spec for key, spec in specs.items() if key not in refused and key not in needing}
    without = translate(fabric, settings, fit, profiles).records
    reasons = {**dict.fromkeys(needing, WAITS), **refused}
    why = {owner_of_key(key): reason for key, reason in reasons.items()}
    return {key: why.get(owner_of(key), _PARTLY) for key in whole if whole[key] != without.get(key)}
