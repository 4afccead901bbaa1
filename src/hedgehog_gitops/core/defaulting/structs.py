"""How Go writes an object: an empty field of a struct vanishes, an entry of a map or list stays."""

from __future__ import annotations

from typing import TypeAlias

from hedgehog_gitops.model.plain import Json, JsonObject

Shape: TypeAlias = "dict[str, Shape]"
"""Where maps lie: "{}" below a field means that its keys are a user's; "[]" leads into a list's items."""

_FLAT_MAP: Shape = {"{}": {}}
_RECORD: Shape = {"*": {}}
_RECORDS: Shape = {"{}": _RECORD}
_NAT: Shape = {"!static": {}, "!masquerade": {}, "!portForward": {}}
_CONNECTIONS = (
    "unbundled", "bundled", "eslag", "fabric", "mesh", "gateway", "vpcLoopback", "external", "staticExternal",
    "mclag", "mclagDomain",
)  # fmt: skip
MAPS: dict[str, Shape] = {
    "Connection": {f"!{name}": {} for name in _CONNECTIONS},
    "Switch": {
        "!linkFlapErrDisable": {},
        **dict.fromkeys(
            ("portAutoNegs", "portBreakouts", "portFECs", "portGroupSpeeds", "portSpeeds", "portLocators"), _FLAT_MAP
        ),
    },
    "VPC": {"subnets": {"{}": {**_RECORD, "dhcp": {"static": _RECORDS}, "hostBGPExtraPrefixes": _RECORDS}}},
    "VPCPeering": {"permit": {"[]": _RECORDS}},
    "Gateway": {"interfaces": _RECORDS, "logs": {"tags": _FLAT_MAP, "!rateLimit": {}}},
    "GatewayPeering": {"!acl": {}, "peering": {"{}": {**_RECORD, "expose": {"[]": {"nat": _NAT, "!nat": {}}}}}},
    "External": {"!static": {}},
    "ExternalAttachment": {
        "!static": {},
        "inboundACL": {"statements": {"[]": {"!tcpFilters": {}, "!icmpType": {}, "!icmpCode": {}}}},
    },
}
"""The fields of the user-owned kinds that are maps; "!name" is a pointer whose presence alone says something.
"*" stands in maps of records, where Go reads null as an empty one."""

_NOTHING: Shape = {}


def without_empty(kind: str, spec: JsonObject) -> JsonObject:
    """The spec without fields that Go would not write; a new object all the way down."""
    return _struct(spec, MAPS.get(kind, _NOTHING))


def without_nulls(value: JsonObject) -> JsonObject:
    """The object without its null fields, which a Go struct reads as absent; only the first level."""
    return {name: entry for name, entry in value.items() if entry is not None}


def _struct(value: JsonObject, shape: Shape) -> JsonObject:
    kept: JsonObject = {}
    for name, entry in value.items():
        below = _value(entry, shape.get(name, _NOTHING))
        if below or (below is not None and f"!{name}" in shape):
            kept[name] = below
    return kept


def _value(value: Json, shape: Shape) -> Json:
    if isinstance(value, dict):
        if "{}" in shape:
            return {name: _entry(entry, shape["{}"]) for name, entry in value.items()}
        return _struct(value, shape)
    if isinstance(value, list):
        items = shape.get("[]", _NOTHING)
        return [_value(entry, items) for entry in value]
    return value


def _entry(value: Json, shape: Shape) -> Json:
    return {} if value is None and "*" in shape else _value(value, shape)
