"""What other sides decide and git says otherwise: offered to be taken into git, into the files as they are written.

Only what `authority` gives to the cluster or to NetBox is offered, and only of objects that git has. Of NetBox that is
what a device shows of a switch, server or gateway: its description and serial number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from hedgehog_gitops.core.authority import authority_of, field_path, is_yielded, with_path
from hedgehog_gitops.core.canonical import canonical
from hedgehog_gitops.core.judge import field_changes
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.live import LiveObject, LiveSide, SideName
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_object, as_text, without_path
from hedgehog_gitops.model.plan import MISSING, FieldValue, Missing
from hedgehog_gitops.model.record import NETBOX
from hedgehog_gitops.model.settings import Authority, Fabric
from hedgehog_gitops.model.snapshot import Manifest

Manifests = Mapping[ObjectKey, Manifest]
Specs = Mapping[ObjectKey, JsonObject]

_SHOWN: Final = (("spec.description", "description"), ("spec.boot.serial", "serial"))
_DEVICES: Final = {"Switch": _SHOWN, "Server": _SHOWN[:1], "Gateway": ()}


class Offer(NamedTuple):
    """One field that another side decides: what git says, and what that side has."""

    side: SideName
    key: ObjectKey
    path: FieldPath
    git: FieldValue
    theirs: FieldValue


def from_cluster(fabric: Fabric, manifests: Manifests, specs: Specs, live: LiveSide) -> Iterator[Offer]:
    """Fields that the cluster decides and has otherwise; nothing of what is not known or not there."""
    for key, manifest in sorted(manifests.items()):
        found = live.objects.get(key)
        if found is None or (key.group, key.kind) in live.unknown:
            continue
        wanted = canonical(manifest.kind, manifest.value, key.namespace, specs[key])
        stored = canonical(manifest.kind, found.value, key.namespace)
        for field in field_changes(MISSING, {"spec": wanted["spec"]}, {"spec": stored["spec"]}, lambda _: ""):
            if _decides(fabric, manifest, field.path, Authority.CLUSTER):
                yield Offer(SideName.CLUSTER, key, field.path, field.desired, field.live)


def from_netbox(fabric: Fabric, manifests: Manifests, live: LiveSide) -> Iterator[Offer]:
    """The same of NetBox."""
    for key, manifest in sorted(manifests.items()):
        device = live.objects.get(ObjectKey(NETBOX, "dcim.device", key.namespace, f"{key.kind}/{key.name}"))
        if device is None or (NETBOX, "dcim.device") in live.unknown:
            continue
        for text, name in _DEVICES.get(key.kind, ()):
            path = field_path(text)
            if _decides(fabric, manifest, path, Authority.NETBOX):
                yield from _offer(manifest, path, device, name)


def taken_in(value: JsonObject, offers: Iterable[Offer]) -> JsonObject:
    """An object as git has it, with what others decide."""
    for offer in offers:
        if isinstance(offer.theirs, Missing):
            value = without_path(value, offer.path)
        else:
            value = with_path(value, offer.path, offer.theirs)
    return value


def _offer(manifest: Manifest, path: FieldPath, device: LiveObject, name: str) -> Iterator[Offer]:
    ours, theirs = as_text(_at(manifest.value, path)), as_text(device.value.get(name))
    if ours != theirs:
        yield Offer(SideName.NETBOX, manifest.key, path, ours or MISSING, theirs or MISSING)


def _decides(fabric: Fabric, manifest: Manifest, path: FieldPath, side: Authority) -> bool:
    if authority_of(fabric, manifest.kind) is side:
        return True
    prefix = f"{manifest.kind.kind}/"
    own = [name for name, who in fabric.authority.items() if name.startswith(prefix) and who is side]
    return is_yielded(path, tuple(field_path(name.removeprefix(prefix)) for name in own))


def _at(value: JsonObject, path: FieldPath) -> Json:
    *above, last = path
    for step in above:
        value = as_object(value.get(str(step)))
    return value.get(str(last))
