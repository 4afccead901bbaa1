"""A proxy in front of a real API server that passes requests on, except those that a test answers or disturbs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import urllib3

from fakes.misbehaving_server import Asked, MisbehavingServer, Reply, serving
from fixtures_cluster import KubeCluster, collection_path
from hedgehog_gitops.model.kind import Kind

PASSED = ("Content-Type", "Accept")


@dataclass(slots=True)
class FaultProxy:
    """`fault` sees every request first: what it returns is the answer, None lets the server answer."""

    cluster: KubeCluster
    server: MisbehavingServer | None = None
    fault: Callable[[Asked], Reply | None] = lambda _: None
    pool: urllib3.PoolManager = field(init=False)

    def __post_init__(self) -> None:
        self.pool = urllib3.PoolManager(ca_certs=str(self.cluster.server.certificate), maxsize=16)

    def ask(self, asked: Asked) -> Reply:
        """What the server itself says to a request."""
        headers = {name: asked.headers[name] for name in PASSED if name in asked.headers}
        headers["Authorization"] = f"Bearer {self.cluster.server.tokens['admin']}"
        url = self.cluster.server.url + asked.path
        answer = self.pool.request(asked.method, url, body=asked.body or None, headers=headers, retries=False)
        return Reply(status=answer.status, body=answer.data, headers={"Content-Type": "application/json"})

    def asked(self) -> list[Asked]:
        """All requests so far."""
        assert self.server is not None
        return self.server.asked

    def kubeconfig(self, directory: Path) -> Path:
        """A kubeconfig in the directory that leads here."""
        assert self.server is not None
        return Path(self.server.settings(directory).kubeconfig)


@contextmanager
def proxying(cluster: KubeCluster) -> Iterator[FaultProxy]:
    """The proxy while the block runs."""
    proxy = FaultProxy(cluster)
    with serving(lambda asked: proxy.fault(asked) or proxy.ask(asked)) as server:
        proxy.server = server
        yield proxy


def is_list_of(kind: Kind, asked: Asked) -> bool:
    """True for a request that lists objects of a kind."""
    return asked.method == "GET" and asked.path.partition("?")[0] == collection_path(kind)


def is_write_to(kind: Kind, asked: Asked) -> bool:
    """True for a request that writes an object of a kind."""
    return asked.method != "GET" and asked.path.startswith(collection_path(kind) + "/")
