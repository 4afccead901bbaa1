"""The fixture `netbox`: a real NetBox with our fields and one site, and nothing else in it.

One server for each process of a test run. It is brought back before each module that uses it. Tests look at it through
NetBox's own REST, past our adapter.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from servers import netbox
from servers.redis_server import ServerUnavailableError

SITE = "dc1"

_MARKED = (
    "dcim.cable",
    "dcim.device",
    "dcim.devicetype",
    "dcim.interface",
    "dcim.manufacturer",
    "ipam.ipaddress",
    "ipam.iprange",
    "ipam.prefix",
    "ipam.rir",
    "ipam.routetarget",
    "ipam.vlan",
    "ipam.vlangroup",
    "ipam.vrf",
)

_SHOWN: Mapping[str, Mapping[str, Any]] = {
    "asn": {
        "type": "object",
        "related_object_type": "ipam.asn",
        "object_types": ["dcim.device", "ipam.ipaddress"],
        "filter_logic": "exact",
    },
    "peerings": {"type": "json", "object_types": ["ipam.vrf"], "filter_logic": "disabled"},
    "connection": {"type": "text", "object_types": ["dcim.interface"], "filter_logic": "exact"},
    "redundancy": {"type": "text", "object_types": ["dcim.device"], "filter_logic": "exact"},
}
"""What is shown where NetBox has no field of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Netbox:
    """The server as a test sees it; `token` is an administrator's, of version 2."""

    server: netbox.RunningNetbox

    @property
    def url(self) -> str:
        """Where it is."""
        return self.server.url

    @property
    def token(self) -> str:
        """A token that may do everything."""
        return self.server.tokens["v2"]

    def request(self, method: str, path: str, body: Any = None, token: str = "", **query: Any) -> requests.Response:
        """One request below `/api/`; the answer whatever it is."""
        token = token or self.token
        scheme = "Bearer" if token.startswith("nbt_") else "Token"
        headers = {"Authorization": f"{scheme} {token}", "Accept": "application/json"}
        return requests.request(
            method, f"{self.url}/api/{path.strip('/')}/", json=body, params=query, headers=headers, timeout=120
        )

    def all(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Every object of a list."""
        answer = self.request("GET", path, limit=0, **query)
        assert answer.status_code == 200, answer.text
        assert answer.json()["next"] is None, "more than a test looks at"
        found: list[dict[str, Any]] = answer.json()["results"]
        return found

    def one(self, path: str, **query: Any) -> dict[str, Any]:
        """The only object that a list has."""
        found = self.all(path, **query)
        assert len(found) == 1, found
        return found[0]

    def create(self, path: str, **body: Any) -> dict[str, Any]:
        """A new object, as a person makes it."""
        answer = self.request("POST", path, body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def change(self, path: str, identity: int, **body: Any) -> dict[str, Any]:
        """A changed object, as a person changes it."""
        answer = self.request("PATCH", f"{path}/{identity}", body)
        assert answer.status_code == 200, answer.text
        changed: dict[str, Any] = answer.json()
        return changed

    def delete(self, path: str, identity: int) -> None:
        """One object less."""
        answer = self.request("DELETE", f"{path}/{identity}")
        assert answer.status_code == 204, answer.text

    def user(self, name: str, permissions: Sequence[Mapping[str, Any]]) -> str:
        """The token of a new account that may do only this."""
        user = self.create("users/users", username=name, password="Aa1-" + name * 4)
        for number, each in enumerate(permissions):
            self.create("users/permissions", name=f"{name} {number}", users=[user["id"]], **each)
        made = self.create("users/tokens", user=user["id"], version=2)
        return f"nbt_{made['key']}.{made['token']}"


def prepare(server: Netbox) -> None:
    """What `doctor --setup` leaves: our custom fields, the tag; and the site, which a person makes."""
    texts = {"hedgehog_key": True, "hedgehog_fabric": False}
    for name, unique in texts.items():
        server.create(
            "extras/custom-fields",
            name=name,
            type="text",
            object_types=_MARKED,
            filter_logic="exact",
            unique=unique,
        )
    server.create("extras/custom-fields", name="hedgehog_base", type="json", object_types=_MARKED)
    for name, each in _SHOWN.items():
        server.create("extras/custom-fields", name=f"hedgehog_{name}", **each)
    server.create("extras/custom-fields", name="theirs", type="text", object_types=["ipam.vrf"])  # a person's
    server.create("extras/tags", name="hedgehog-managed", slug="hedgehog-managed")
    server.create("dcim/sites", name=SITE, slug=SITE)


@pytest.fixture(scope="session")
def netbox_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Netbox]:
    """One server for the session, with an empty database."""
    is_required = os.environ.get("HEDGEHOG_REQUIRE_SERVERS") == "1"
    try:
        if is_required:
            netbox.prepare()
        with netbox.running(tmp_path_factory.mktemp("netbox")) as server:
            yield Netbox(server=server)
    except ServerUnavailableError as error:
        if is_required:
            raise
        pytest.skip(f"no NetBox: {error}")


@pytest.fixture(scope="module")
def netbox_module(netbox_server: Netbox) -> Netbox:
    """The server brought back, with our fields and one site."""
    netbox_server.server.reset()
    prepare(netbox_server)
    return netbox_server


@pytest.fixture
def empty_netbox(netbox_server: Netbox) -> Netbox:
    """The server brought back for one test, without our fields."""
    netbox_server.server.reset()
    return netbox_server


@pytest.hookimpl(tryfirst=True)  # the markers must be there before `-m` selects
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Whatever asks for the server is marked as needing one."""
    for item in items:
        if "netbox_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.server)
