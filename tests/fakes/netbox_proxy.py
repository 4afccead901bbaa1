"""A proxy in front of a real NetBox that passes requests on, except those that a test answers or disturbs.

It can also speak as an older NetBox: what that cannot do is ignored, and errors have the shape that they had.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests

from fakes.misbehaving_server import Asked, MisbehavingServer, Reply, serving
from fixtures_netbox import Netbox
from hedgehog_gitops.model.settings import NetboxSettings

_PASSED = ("Authorization", "Content-Type", "Accept", "If-Match")
_BACK = ("Content-Type", "API-Version", "X-Request-ID", "ETag")
_OWN_CONNECTION = {"Connection": "close"}  # one kept open may be closed by NetBox just when the next request goes out


@dataclass(slots=True)
class NetboxProxy:
    """`fault` sees every request first: what it returns is the answer, None lets NetBox answer.

    `version` is the one that it pretends to be; NetBox's own if empty.
    """

    netbox: Netbox
    version: str = ""
    fault: Callable[[Asked], Reply | None] = lambda _: None
    server: MisbehavingServer | None = None

    @property
    def settings(self) -> NetboxSettings:
        """How our adapter reaches this proxy."""
        assert self.server is not None
        return NetboxSettings(url=self.server.url)

    def ask(self, asked: Asked) -> Reply:
        """What NetBox itself says to a request, in the words of the version that this pretends to be."""
        path, body, headers = (
            asked.path,
            asked.body,
            {name: asked.headers[name] for name in _PASSED if name in asked.headers},
        )
        if self.version and self.version < "4.6":
            headers.pop("If-Match", None)
            path, body = _without_cursor(path), _without_single_tags(body)
        answer = requests.request(
            asked.method,
            self.netbox.url + path,
            data=body or None,
            headers=headers | _OWN_CONNECTION,
            timeout=120,
        )
        back = {name: answer.headers[name] for name in _BACK if name in answer.headers}
        text = answer.content
        if self.version:
            back["API-Version"] = self.version
        if self.version and self.version < "4.7" and answer.status_code in {400, 403}:
            text = _older_errors(asked, text)
        return Reply(status=answer.status_code, body=text, headers=back)

    def asked(self, method: str = "") -> list[Asked]:
        """The requests so far, of one method or all."""
        assert self.server is not None
        return [each for each in self.server.asked if method in {"", each.method}]

    def writes(self) -> list[Asked]:
        """The requests so far that were no reads."""
        return [each for each in self.asked() if each.method != "GET"]


@contextmanager
def proxying(netbox: Netbox, version: str = "") -> Iterator[NetboxProxy]:
    """The proxy while the block runs."""
    proxy = NetboxProxy(netbox=netbox, version=version)
    with serving(lambda asked: proxy.fault(asked) or proxy.ask(asked)) as server:
        proxy.server = server
        yield proxy


def once(applies: Callable[[Asked], bool], answer: Callable[[Asked], Reply]) -> Callable[[Asked], Reply | None]:
    """A fault that disturbs the first request of a kind, and no other."""
    done: list[Asked] = []

    def fault(asked: Asked) -> Reply | None:
        if done or not applies(asked):
            return None
        done.append(asked)
        return answer(asked)

    return fault


def is_of(method: str, endpoint: str) -> Callable[[Asked], bool]:
    """True for a request of this method to this list."""
    return lambda asked: asked.method == method and asked.path.partition("?")[0] == f"/api/{endpoint}/"


def _without_cursor(path: str) -> str:
    """`start` is an unknown filter before 4.6, and those are ignored."""
    base, _, query = path.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "start"]
    return f"{base}?{urlencode(kept)}" if kept else base


def _without_single_tags(body: bytes) -> bytes:
    """Unknown fields of a body are ignored."""
    if not body:
        return body
    value = json.loads(body)
    for entry in value if isinstance(value, list) else [value]:
        entry.pop("add_tags", None)
        entry.pop("remove_tags", None)
    return json.dumps(value).encode()


def _older_errors(asked: Asked, text: bytes) -> bytes:
    """Before 4.7 the errors of a list are a list as long, with nothing for good entries; of one, just its own."""
    value = json.loads(text)
    sent: list[Any] = json.loads(asked.body) if asked.body else []
    if not isinstance(value, dict) or "errors" not in value or not isinstance(sent, list):
        return text
    by_place: list[Any] = [{} for _ in sent]
    for entry in value["errors"]:
        place = entry["index"] if "index" in entry else [each["id"] for each in sent].index(entry["id"])
        by_place[place] = entry["errors"]
    if asked.method == "PATCH":  # the first one that fails ends the request
        return json.dumps(next(filter(None, by_place))).encode()
    return json.dumps(by_place).encode()


def path_of(asked: Asked) -> str:
    """The path of a request without its query."""
    return urlsplit(asked.path).path
