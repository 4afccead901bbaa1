"""The judges of switches, connections and VLANs."""

from __future__ import annotations

from hedgehog_gitops.core.semantics.judges import Alone, Together
from hedgehog_gitops.core.semantics.wiring import switch_together
from hedgehog_gitops.core.semantics.wiring_connections import connection
from hedgehog_gitops.core.semantics.wiring_links import connection_together
from hedgehog_gitops.core.semantics.wiring_switches import switch
from hedgehog_gitops.core.semantics.wiring_vlans import vlan_namespace

ALONE: dict[str, Alone] = {
    "Connection": connection,
    "Switch": switch,
    "VLANNamespace": vlan_namespace,
}

TOGETHER: dict[str, Together] = {
    "Connection": connection_together,
    "Switch": switch_together,
}
