"""What belongs to no fabric: manufacturers, roles, tags, and device types with the ports of their model.

They are made where they are missing and are people's from then on.
"""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.netbox.ports import interface_type, model_ports
from hedgehog_gitops.core.netbox.scene import Scene, called, custom, record_key, slugged
from hedgehog_gitops.core.netbox.scene import part as made
from hedgehog_gitops.model.kind import WIRING, ObjectKey
from hedgehog_gitops.model.plain import Json, JsonObject, as_text
from hedgehog_gitops.model.profile import Profile
from hedgehog_gitops.model.record import Record

TAG = "hedgehog-managed"
"""For people's eyes; whose an object is stands in its mark."""

KEEP_TAG = "hedgehog-keep"
"""A person's way of keeping an object from being pruned."""

PEER_LINK, SESSION_LINK = "hedgehog-mclag-peer", "hedgehog-mclag-session"
GENERIC = {"Server": "hedgehog-server", "Gateway": "hedgehog-gateway"}
"""The device types of what has no model in Hedgehog."""

RIR = "hedgehog-private"
"""Who gave the numbers of autonomous systems: NetBox wants somebody, and Hedgehog says nobody."""

COLOR = "2f6a31"


def shared_records(scene: Scene) -> Iterator[Record]:
    """Everything shared that the fabric's devices refer to."""
    kinds = {kind for kind in ("Switch", "Server", "Gateway") if scene.by_kind.get(kind)}
    if not kinds:
        return
    manufacturer = scene.settings.manufacturer
    slug = slugged(manufacturer)
    yield _shared("dcim.manufacturer", slug, {"name": manufacturer, "slug": slug})
    for tag in (TAG, KEEP_TAG, PEER_LINK, SESSION_LINK):
        yield tag_record(tag)
    for role in sorted({role_of(scene, key, spec) for kind in kinds for key, spec in scene.all(kind)}):
        yield _shared("dcim.devicerole", role, {"name": role, "slug": role, "color": COLOR})
    for kind in sorted(kinds & GENERIC.keys()):
        yield _type(scene, GENERIC[kind], f"Hedgehog {kind.lower()}")
    for name in sorted({as_text(spec.get("profile")) for _, spec in scene.all("Switch")}):
        if (profile := scene.profiles.get(name)) is not None:
            yield from _model(scene, profile)


def tag_record(slug: str) -> Record:
    """A tag, called as its slug."""
    return _shared("extras.tag", slug, {"name": slug, "slug": slug, "color": COLOR})


def asn_records(number: Json) -> Iterator[Record]:
    """The number of an autonomous system, and who gave it; nothing for what is no number."""
    if number:
        yield _shared("ipam.rir", RIR, {"name": RIR, "slug": RIR, "is_private": True})
        fields: JsonObject = {"asn": number, "rir": called("ipam.rir", RIR)}
        yield made(record_key("ipam.asn", _nobody("Shared", f"asn-{number}")), fields, natural=("asn",))


def asn_field(scene: Scene, number: Json) -> JsonObject:
    """The custom field that refers to an autonomous system, as what a record says; nothing for what is no number."""
    return custom(scene, "asn", {"ref": "ipam.asn", "asn": number}) if number else {}


def role_of(scene: Scene, key: ObjectKey, spec: JsonObject) -> str:
    """The slug of a device's role."""
    role = as_text(spec.get("role")) if key.kind == "Switch" else key.kind.lower()
    role = role or "server-leaf"
    return scene.settings.roles.get(role, role)


def type_slug(key: ObjectKey, spec: JsonObject) -> str:
    """The slug of a device's type."""
    return GENERIC.get(key.kind) or f"hedgehog-{slugged(as_text(spec.get('profile')))}"


def _model(scene: Scene, profile: Profile) -> Iterator[Record]:
    slug = f"hedgehog-{slugged(profile.name)}"
    yield _type(scene, slug, profile.name)
    for name in model_ports(profile):
        fields: JsonObject = {
            "device_type": called("dcim.devicetype", slug),
            "name": name,
            "type": interface_type(profile, name, {}),
        }
        if profile.ports[name].is_management:
            fields["mgmt_only"] = True
        key = record_key("dcim.interfacetemplate", _nobody("SwitchProfile", profile.name), f"port/{name}")
        yield made(key, fields, natural=("device_type", "name"))


def _type(scene: Scene, slug: str, model: str) -> Record:
    manufacturer = called("dcim.manufacturer", slugged(scene.settings.manufacturer))
    return _shared("dcim.devicetype", slug, {"manufacturer": manufacturer, "model": model, "slug": slug})


def _shared(kind: str, slug: str, fields: JsonObject) -> Record:
    return made(record_key(kind, _nobody("Shared", slug)), fields, natural=("slug",))


def _nobody(kind: str, name: str) -> ObjectKey:
    return ObjectKey(group=WIRING, kind=kind, namespace="default", name=name)
