"""Defaults that follow a field that changes: the gateway and the DHCP range of a subnet come from its network.

Admission fills them in once and leaves them alone afterwards. When the network of a subnet changes, those of the old
network would stay, belonging to nobody, and the update would be refused because of them: so the new ones are sent.
"""

from __future__ import annotations

from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.model.kind import Kind
from hedgehog_gitops.model.plain import FieldPath, Json, JsonObject, as_object

_FOLLOWING: tuple[FieldPath, ...] = (("gateway",), ("dhcp", "range", "start"), ("dhcp", "range", "end"))


def with_following(kind: Kind, manifest: JsonObject, live: JsonObject) -> JsonObject:
    """What is sent, with the defaults of changed networks where the live object has those of the old ones."""
    if kind.kind != "VPC":
        return manifest
    spec, stored = as_object(manifest.get("spec")), as_object(as_object(live.get("spec")).get("subnets"))
    changed = {
        name: _followed(kind, as_object(subnet), as_object(stored[name]))
        for name, subnet in as_object(spec.get("subnets")).items()
        if name in stored and as_object(subnet).get("subnet") != as_object(stored[name]).get("subnet")
    }
    if not changed:
        return manifest
    return {**manifest, "spec": {**spec, "subnets": {**as_object(spec["subnets"]), **changed}}}


def _followed(kind: Kind, subnet: JsonObject, stored: JsonObject) -> JsonObject:
    before, after = _defaults(kind, stored, {"enable": True}), _defaults(kind, subnet, subnet.get("dhcp"))
    for path in _FOLLOWING:
        is_default = _at(stored, path) is not None and _at(stored, path) == _at(before, path)
        if is_default and not _at(subnet, path) and _at(after, path):
            subnet = _put(subnet, path, after)
    return subnet


def _defaults(kind: Kind, subnet: JsonObject, dhcp: Json) -> JsonObject:
    """What admission makes of a subnet of which only the network, and whether DHCP is served, is known."""
    bare: JsonObject = {"subnet": subnet.get("subnet"), "hostBGP": subnet.get("hostBGP")}
    if isinstance(dhcp, dict):
        bare["dhcp"] = {"enable": dhcp.get("enable")}
    spec = default_spec(kind, {"spec": {"subnets": {"it": bare}}})
    return as_object(as_object(spec.get("subnets")).get("it"))


def _at(value: Json, path: FieldPath) -> Json:
    for step in path:
        value = as_object(value).get(str(step))
    return value


def _put(value: JsonObject, path: FieldPath, source: JsonObject) -> JsonObject:
    first, *rest = path
    name = str(first)
    if not rest:
        return {**value, name: source[name]}
    return {**value, name: _put(as_object(value.get(name)), tuple(rest), as_object(source.get(name)))}
