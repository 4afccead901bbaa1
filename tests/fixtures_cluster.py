"""The fixture `kube_cluster`: a real API server with the definitions of all our kinds, and none of their objects.

One server per test session (one per worker under xdist). It listens to tests on its outside, past our own adapter.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import urllib3

from hedgehog_gitops.adapters.package_schemas import PackageSchemas
from hedgehog_gitops.core.crd import crd
from hedgehog_gitops.model.kind import KINDS, Kind
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.settings import ClusterSettings
from servers import kube

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
ROLES = "/apis/rbac.authorization.k8s.io/v1/clusterroles"
BINDINGS = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"

_ESTABLISH_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class KubeCluster:
    """The server as a test sees it. `request` speaks plain HTTP, so that assertions read the server itself."""

    server: kube.RunningServer

    def settings(self, user: str = "admin", namespace: str = "default") -> ClusterSettings:
        """How our adapter reaches this server as one of the users admin, reader and nobody."""
        return ClusterSettings(kubeconfig=str(self.server.kubeconfig), context=user, namespace=namespace)

    def request(
        self, method: str, path: str, body: JsonObject | None = None, content: str = "application/json"
    ) -> tuple[int, JsonObject]:
        """One request as admin: the status, and the body as JSON (empty if it is none)."""
        status, text = self._send(method, path, body, content)
        try:
            return status, as_object(json.loads(text))
        except ValueError:
            return status, {}

    def metrics(self) -> str:
        """The server's own counters, in Prometheus' text format."""
        return self._send("GET", "/metrics", None, "application/json")[1]

    def get(self, kind: Kind, name: str) -> JsonObject | None:
        """One object as the server stores it; None if it is not there."""
        status, body = self.request("GET", object_path(kind, name))
        assert status in {200, 404}, body
        return body if status == 200 else None

    def wipe(self) -> None:
        """Delete every object of our kinds, and what a state store keeps beside them."""
        paths = [collection_path(kind) for kind in KINDS]
        paths += ["/api/v1/namespaces/default/configmaps", "/apis/coordination.k8s.io/v1/namespaces/default/leases"]
        with ThreadPoolExecutor(8) as pool:
            for status, body in pool.map(lambda path: self.request("DELETE", path), paths):
                assert status in {200, 404}, body

    def _send(self, method: str, path: str, body: JsonObject | None, content: str) -> tuple[int, str]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.server.tokens['admin']}", "Content-Type": content}
        url = self.server.url + path
        answer = _connections(self.server.certificate).request(method, url, body=data, headers=headers)
        return answer.status, answer.data.decode()


@cache
def _connections(certificate: Path) -> urllib3.PoolManager:
    """They are kept: to open one costs both ends more than most requests do."""
    return urllib3.PoolManager(ca_certs=str(certificate), maxsize=8, retries=False, timeout=30)


def collection_path(kind: Kind, namespace: str = "default") -> str:
    """The path of all objects of a kind in a namespace."""
    return f"/apis/{kind.group}/{kind.version}/namespaces/{namespace}/{kind.plural}"


def object_path(kind: Kind, name: str, namespace: str = "default") -> str:
    """The path of one object."""
    return f"{collection_path(kind, namespace)}/{name}"


def start_cluster(data: Path) -> KubeCluster:
    """A started server with definitions and roles in place; `kube.stop(data)` ends it."""
    cluster = KubeCluster(server=kube.start(data))
    _install(cluster, KINDS)
    _let_readers_read(cluster)
    return cluster


@pytest.fixture(scope="session")
def kube_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KubeCluster]:
    """One server for the session, with definitions and roles in place."""
    required = os.environ.get("HEDGEHOG_REQUIRE_SERVERS") == "1"
    data = tmp_path_factory.mktemp("kube")
    try:
        if required:
            kube.build_programs()
        yield start_cluster(data)
    except kube.ServerUnavailableError as error:
        if required:
            raise
        pytest.skip(f"no Kubernetes API server: {error}")
    finally:
        kube.stop(data)


@pytest.fixture
def kube_cluster(kube_server: KubeCluster) -> KubeCluster:
    """The server without any object of our kinds."""
    kube_server.wipe()
    return kube_server


@pytest.hookimpl(tryfirst=True)  # the marker must be there before `-m` selects
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Whatever asks for the server is marked as needing one."""
    for item in items:
        if "kube_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.server)


def _install(cluster: KubeCluster, kinds: Sequence[Kind]) -> None:
    schemas = PackageSchemas()
    for kind in kinds:
        status, body = cluster.request("POST", DEFINITIONS, crd(kind, schemas.schema(kind)))
        assert status == 201, body
    deadline = time.monotonic() + _ESTABLISH_SECONDS
    while waiting := [kind.plural for kind in kinds if cluster.request("GET", collection_path(kind))[0] != 200]:
        assert time.monotonic() < deadline, f"not served in time: {waiting}"
        time.sleep(0.1)


def _let_readers_read(cluster: KubeCluster) -> None:
    groups = sorted({kind.group for kind in KINDS})
    rule: JsonObject = {"apiGroups": list(groups), "resources": ["*"], "verbs": ["get", "list", "watch"]}
    role: JsonObject = {"metadata": {"name": "hedgehog-reader"}, "rules": [rule]}
    binding: JsonObject = {
        "metadata": {"name": "hedgehog-reader"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "hedgehog-reader"},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "readers"}],
    }
    for path, body in ((ROLES, role), (BINDINGS, binding)):
        status, answer = cluster.request("POST", path, body)
        assert status == 201, answer


def managers(value: JsonObject) -> dict[str, str]:
    """Field manager and operation of every managedFields entry of an object."""
    entries = [as_object(entry) for entry in as_list(as_object(value.get("metadata")).get("managedFields"))]
    return {as_text(entry.get("manager")): as_text(entry.get("operation")) for entry in entries}
