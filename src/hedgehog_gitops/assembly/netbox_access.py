"""What a fabric's NetBox lets its token do, and the setting up of one with a stronger token."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from hedgehog_gitops.adapters.netbox import Transport, look_at_access, prepare
from hedgehog_gitops.assembly.endpoints import netbox_token, open_state
from hedgehog_gitops.model.access import NetboxAccess
from hedgehog_gitops.model.errors import HedgehogGitopsError, UsageError
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.settings import Fabric, NetboxSettings, Settings


def known_access(fabric: Fabric, netbox: NetboxSettings, settings: Settings) -> NetboxAccess:
    """What the token of syncs sees and may do."""
    return look_at_access(_transport(netbox, settings, ""), netbox, fabric.name)


def owned(fabric: Fabric, settings: Settings) -> dict[str, int]:
    """How many objects of each kind we remember to have made; none where that cannot be read."""
    try:
        bases = open_state(fabric, settings).bases(fabric.name, SideName.NETBOX)
    except HedgehogGitopsError:
        return {}
    return dict(Counter(key.kind for key, record in bases.items() if record.uid))


def set_up(fabric: Fabric, settings: Settings, variable: str) -> Iterator[str]:
    """Make what the fabric needs in NetBox, with the token in an environment variable (that of syncs if none)."""
    if fabric.netbox is None or fabric.netbox.file:
        raise UsageError(f"fabric {fabric.name} names no NetBox at an address, so there is nothing to set up")
    return prepare(_transport(fabric.netbox, settings, variable), fabric.netbox)


def _transport(netbox: NetboxSettings, settings: Settings, variable: str) -> Transport:
    root = Path(settings.root)
    authority = str(root / netbox.ca_file) if netbox.ca_file else ""
    if not variable:
        return Transport(netbox.url, partial(netbox_token, netbox, root), ca_file=authority)
    token = os.environ.get(variable, "").strip()
    if not token:
        raise UsageError(f"the environment has no {variable}, which should hold the token for --setup")
    return Transport(netbox.url, lambda: token, ca_file=authority)
