"""Over which connection a request to NetBox goes."""

from __future__ import annotations

from fakes.misbehaving_server import Asked, Reply, serving
from hedgehog_gitops.adapters.netbox.transport import Transport


def _answer(asked: Asked) -> Reply:
    return Reply(status=200 if asked.method == "GET" else 201, body=b"[]")


def test_a_write_has_a_connection_of_its_own_and_leaves_none_to_the_next_request() -> None:
    """NetBox closes it without a word; whatever took it again could be lost, and nobody would know what was done."""
    with serving(_answer) as server:
        transport = Transport(server.url, lambda: "token-of-nobody")
        transport.get("ipam/vrfs")
        transport.send("POST", "ipam/vrfs", [])
        transport.send("PATCH", "ipam/vrfs", [])
        transport.get("ipam/vrfs")
        transport.get("ipam/vrfs")
    read, posted, patched, *later = (each.port for each in server.asked)
    assert len({read, posted, patched, *later}) == 4
    assert len(set(later)) == 1
