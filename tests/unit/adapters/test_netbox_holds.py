"""What hangs on objects that go: every list that is asked is one that the least permissions let be read."""

from __future__ import annotations

from hedgehog_gitops.adapters.netbox.holds import COMPONENTS, HOLDS
from hedgehog_gitops.adapters.netbox.places import ENDPOINTS, HANGING_ENDPOINTS
from hedgehog_gitops.core.netbox_access import HANGING


def test_the_permissions_that_are_printed_reach_every_list_that_is_asked_before_a_prune() -> None:
    """Issue 7, 2: what hangs on an object that cannot be read keeps the object, so it must be readable."""
    asked = {hold.endpoint for holds in (*HOLDS.values(), COMPONENTS.values()) for hold in holds}
    assert {each for each in asked if not each.startswith("dcim/cooling")} <= {
        *ENDPOINTS.values(),
        *HANGING_ENDPOINTS.values(),
    }
    templates = {f"{hold.endpoint.removesuffix('s')}-templates" for hold in COMPONENTS.values()}
    assert set(HANGING_ENDPOINTS.values()) <= asked | templates
    assert tuple(HANGING_ENDPOINTS) == HANGING
