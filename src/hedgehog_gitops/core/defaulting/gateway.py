"""Defaults of the gateway kinds."""

from __future__ import annotations

from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text

_IDLE_TIMEOUT = "2m0s"
_PAIR = 2


def gateway(spec: JsonObject) -> JsonObject:
    """Logs, workers and groups filled in."""
    logs = as_object(spec.get("logs"))
    defaulted_logs: JsonObject = {
        **logs,
        "default": logs.get("default") or "info",
        "tags": as_object(logs.get("tags")) or {"all": "info"},
    }
    if isinstance(limit := logs.get("rateLimit"), dict):
        defaulted_logs["rateLimit"] = {"burst": 50, "replenishPerSecond": 5, **limit}
    groups = [as_object(entry) for entry in as_list(spec.get("groups"))] or [{"name": "default"}]
    named = sorted(groups, key=lambda group: as_text(group.get("name")))
    return {**spec, "logs": defaulted_logs, "workers": spec.get("workers") or 4, "groups": [*named]}


def gateway_peering(spec: JsonObject) -> JsonObject:
    """Group, timeouts and filter filled in, if there are exactly two sides."""
    peering = as_object(spec.get("peering"))
    if len(peering) != _PAIR:
        return spec
    defaulted: JsonObject = {
        **spec,
        "gatewayGroup": spec.get("gatewayGroup") or "default",
        "peering": {name: _side(entry) for name, entry in peering.items()},
    }
    if isinstance(acl := spec.get("acl"), dict):
        defaulted["acl"] = _acl(acl)
    return defaulted


def _side(value: Json) -> Json:
    if not isinstance(value, dict) or not isinstance(exposed := value.get("expose"), list):
        return value
    return {**value, "expose": [_expose(entry) for entry in exposed]}


def _expose(value: Json) -> Json:
    nat = as_object(value).get("nat")
    if not isinstance(value, dict) or not isinstance(nat, dict):
        return value
    timed: JsonObject = {
        name: {**part, "idleTimeout": part.get("idleTimeout") or _IDLE_TIMEOUT}
        if name in {"masquerade", "portForward"} and isinstance(part, dict)
        else part
        for name, part in nat.items()
    }
    return {**value, "nat": timed}


def _acl(value: JsonObject) -> JsonObject:
    rules: list[Json] = [
        {**rule, "scope": rule.get("scope") or "flow"} if isinstance(rule, dict) else rule
        for rule in as_list(value.get("rules"))
    ]
    defaulted = {**value, "default": value.get("default") or "deny-unless-exposed"}
    return {**defaulted, "rules": rules} if rules else defaulted


GATEWAY_DEFAULTS = {"Gateway": gateway, "GatewayPeering": gateway_peering}
