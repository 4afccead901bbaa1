"""The judges of gateways, their groups and their peerings."""

from __future__ import annotations

from hedgehog_gitops.core.semantics.gateway_exposure import peering_together
from hedgehog_gitops.core.semantics.gateway_gateway import gateway_alone, is_off
from hedgehog_gitops.core.semantics.gateway_peering import peering_alone
from hedgehog_gitops.core.semantics.gateway_sharing import gateway_together
from hedgehog_gitops.core.semantics.judges import Alone, Together

ALONE: dict[str, Alone] = {
    "Gateway": gateway_alone,
    "GatewayGroup": is_off,
    "GatewayPeering": peering_alone,
}

TOGETHER: dict[str, Together] = {
    "Gateway": gateway_together,
    "GatewayPeering": peering_together,
}
