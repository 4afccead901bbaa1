"""An address that is not NetBox's own: its kinds are unknown, in one line that says what to correct."""

from __future__ import annotations

import pytest

from fakes.misbehaving_server import Reply, serving
from hedgehog_gitops.adapters.netbox import NetboxRecords, Patience
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.record import NETBOX, Record
from hedgehog_gitops.model.settings import NetboxSettings

QUICK = Patience(connect=1, read=1, write=1, look=5, attempts=1)
MAKER = Record(
    key=ObjectKey(NETBOX, "dcim.manufacturer", "default", "Shared/acme"), fields={"slug": "acme"}, natural=("slug",)
)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(status=404), "without /api"),
        (Reply(status=301, headers={"Location": "https://netbox.example/"}), "the address that it leads to"),
    ],
)
def test_a_wrong_address_is_told_as_such(reply: Reply, words: str) -> None:
    """Issue 7, 6: what is unknown is said once, with what to correct; nobody is followed with the token."""
    with serving(lambda _: reply) as server:
        side = NetboxRecords(NetboxSettings(url=server.url), "prod", lambda: "0" * 40, patience=QUICK)
        with pytest.raises(UnreachableError, match=words):
            side.read([MAKER])
