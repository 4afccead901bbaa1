from __future__ import annotations

import pytest

from fakes.fabrics import vpc
from hedgehog_gitops.core.defaulting import with_defaults
from hedgehog_gitops.core.following import with_following
from hedgehog_gitops.model.kind import VPC, find_kind
from hedgehog_gitops.model.plain import JsonObject, as_object

KIND = find_kind(VPC, "VPC")
assert KIND is not None


def subnet(network: str, **more: object) -> JsonObject:
    value = vpc()
    value["spec"] = {"subnets": {"default": {"subnet": network, "vlan": 1001, **more}}}  # type: ignore[dict-item]
    return value


def followed(git: JsonObject, live: JsonObject) -> JsonObject:
    """The default subnet as it is sent, where the live object is as admission stores it."""
    assert KIND is not None
    sent = with_following(KIND, git, with_defaults(KIND, live))
    return as_object(as_object(as_object(sent["spec"])["subnets"])["default"])


SERVED = {"enable": True}


def test_gateway_and_range_follow_the_network_of_their_subnet() -> None:
    """Admission leaves those of the old network alone, and then refuses the update because of them."""
    sent = followed(subnet("10.0.2.0/24", dhcp=SERVED), subnet("10.0.1.0/24", dhcp=SERVED))
    assert sent["gateway"] == "10.0.2.1"
    assert sent["dhcp"] == {"enable": True, "range": {"start": "10.0.2.2", "end": "10.0.2.255"}}


def test_what_git_says_is_sent_as_it_is() -> None:
    values: JsonObject = {"enable": True, "range": {"start": "10.0.2.50"}}
    sent = followed(subnet("10.0.2.0/24", gateway="10.0.2.254", dhcp=values), subnet("10.0.1.0/24", dhcp=SERVED))
    assert sent["gateway"] == "10.0.2.254"
    assert sent["dhcp"] == {"enable": True, "range": {"start": "10.0.2.50", "end": "10.0.2.255"}}


def test_a_value_that_somebody_chose_is_left_alone() -> None:
    sent = followed(subnet("10.0.2.0/24"), subnet("10.0.1.0/24", gateway="10.0.1.77"))
    assert "gateway" not in sent


def test_without_dhcp_no_range_is_sent() -> None:
    sent = followed(subnet("10.0.2.0/24"), subnet("10.0.1.0/24", dhcp=SERVED))
    assert "dhcp" not in sent


@pytest.mark.parametrize("network", ["10.0.1.0/24"])
def test_nothing_is_added_where_the_network_stays(network: str) -> None:
    git = subnet(network, dhcp=SERVED)
    assert followed(git, git) == as_object(as_object(as_object(git["spec"])["subnets"])["default"])
