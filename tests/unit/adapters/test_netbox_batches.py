import json

import pytest

from hedgehog_gitops.adapters.netbox.batches import MOST_BYTES, batches
from hedgehog_gitops.adapters.netbox.versions import entity_tag
from hedgehog_gitops.model.plain import JsonObject

NETBOX_LIMIT = 2.5 * 1024 * 1024  # over it the answer is 500
HEADER_LIMIT = 8190


@pytest.mark.parametrize(("kind", "most"), [("dcim.cable", 100), ("dcim.device", 100), ("ipam.vrf", 200)])
def test_a_request_has_no_more_entries_than_netbox_writes_in_time(kind: str, most: int) -> None:
    sizes = [len(batch) for batch in batches(kind, [{"id": number} for number in range(450)])]
    assert sizes[0] == most
    assert sum(sizes) == 450


def test_no_body_comes_near_what_netbox_refuses() -> None:
    """Issue 7, 3: the 500 for a body over 2.5 MiB is never reached."""
    bodies: list[JsonObject] = [{"id": number, "custom_fields": "\N{SNOWMAN}" * 20_000} for number in range(60)]
    parts = list(batches("ipam.vrf", bodies))
    assert [place for part in parts for place in part] == list(range(60))
    assert len(parts) > 1
    for part in parts:
        body = json.dumps([bodies[place] for place in part], separators=(",", ":")).encode()
        assert len(body) <= MOST_BYTES + 1 < NETBOX_LIMIT


def test_the_tags_of_a_full_request_fit_into_one_header() -> None:
    tags = [entity_tag("2026-11-25T23:54:10.029594Z")] * 200
    assert tags[0] == 'W/"2026-11-25T23:54:10.029594+00:00"'
    assert len("If-Match: " + ", ".join(tags)) < HEADER_LIMIT
