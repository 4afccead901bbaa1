"""A kubeconfig that needs no login is read without the official client; every other one is left to it."""

from __future__ import annotations

import base64
import json
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from hedgehog_gitops.adapters.kubernetes.connection import connect
from hedgehog_gitops.adapters.kubernetes.plain_kubeconfig import plain_server
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.settings import ClusterSettings

TLS = Path(__file__).parents[2] / "data" / "tls"
CERTIFICATE, KEY = TLS / "certificate.pem", TLS / "key.pem"


def encoded(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


CLUSTER: JsonObject = {"server": "https://127.0.0.1:1", "certificate-authority-data": encoded(CERTIFICATE)}


def written(directory: Path, cluster: JsonObject, user: Json, **more: Json) -> str:
    config: JsonObject = {
        "current-context": "one",
        "clusters": [{"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "one", "context": {"cluster": "c", "user": "u"}}],
        **more,
    }
    path = directory / "kubeconfig"
    path.write_text(json.dumps(config))
    return str(path)


@contextmanager
def serving_tls() -> Iterator[tuple[str, list[str]]]:
    """A server that asks for our certificate: its address, and the `Authorization` headers that it got."""
    headers: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers.append(self.headers.get("Authorization", ""))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it has
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(CERTIFICATE))
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(CERTIFICATE, KEY)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}", headers
    finally:
        server.shutdown()
        server.server_close()


AS_DATA: JsonObject = {"client-certificate-data": encoded(CERTIFICATE), "client-key-data": encoded(KEY)}
AS_FILES: JsonObject = {"client-certificate": "certificate.pem", "client-key": str(KEY)}


@pytest.mark.parametrize("user", [AS_DATA, {**AS_FILES, "token": "t"}], ids=["data", "files, and a token"])
def test_a_client_certificate_and_a_token_are_shown_to_a_server_that_is_verified(
    tmp_path: Path, user: JsonObject
) -> None:
    (tmp_path / "certificate.pem").write_bytes(CERTIFICATE.read_bytes())
    with serving_tls() as (url, headers):
        settings = ClusterSettings(kubeconfig=written(tmp_path, {**CLUSTER, "server": url}, user))
        connection = connect(settings)
        authorization = connection.authorization()
        sent = {"Authorization": authorization} if authorization else {}
        assert connection.pool.request("GET", f"{connection.url}/", headers=sent).status == 204
    assert headers == ["Bearer t" if "token" in user else ""]


def test_b35_a_server_with_another_certificate_is_not_spoken_to(tmp_path: Path) -> None:
    import urllib3.exceptions  # noqa: PLC0415 - as the adapter does

    other = {**CLUSTER, "certificate-authority-data": encoded(CERTIFICATE)}
    with serving_tls() as (url, headers):
        path = written(tmp_path, {**other, "server": url.replace("127.0.0.1", "127.0.0.2")}, {"token": "t"})
        server = plain_server(path, "", {})
        assert server is not None
        assert server.context is not None
        assert (server.context.verify_mode, server.context.check_hostname) == (ssl.CERT_REQUIRED, True)
        pool = connect(ClusterSettings(kubeconfig=path)).pool
        with pytest.raises(urllib3.exceptions.HTTPError):
            pool.request("GET", f"{server.url}/", retries=False)
    assert headers == []


@pytest.mark.parametrize(
    ("cluster", "user"),
    [
        (CLUSTER, {"exec": {"command": "login"}}),
        (CLUSTER, {"token": "t", "tokenFile": "/token"}),
        (CLUSTER, {"username": "u", "password": "p"}),
        (CLUSTER, {"client-certificate-data": encoded(CERTIFICATE)}),
        (CLUSTER, {"client-certificate": str(CERTIFICATE), "client-key": str(TLS / "locked-key.pem")}),
        (CLUSTER, {"client-certificate-data": "no base64", "client-key-data": "!"}),
        (CLUSTER, {}),
        (CLUSTER, None),
        (CLUSTER, {"token": 1}),
        ({**CLUSTER, "insecure-skip-tls-verify": True}, {"token": "t"}),
        ({**CLUSTER, "proxy-url": "http://proxy"}, {"token": "t"}),
        ({**CLUSTER, "tls-server-name": "other"}, {"token": "t"}),
        ({**CLUSTER, "certificate-authority-data": "bm9uZQ=="}, {"token": "t"}),
        ({"server": "https://127.0.0.1:1", "certificate-authority": "missing.pem"}, {"token": "t"}),
        ({"server": "https://127.0.0.1:1"}, {"token": "t"}),
        ({"server": "unix:///socket"}, {"token": "t"}),
        ({}, {"token": "t"}),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else str(value),
)
def test_what_is_not_plain_is_left_to_the_official_loaders(tmp_path: Path, cluster: JsonObject, user: Json) -> None:
    assert plain_server(written(tmp_path, cluster, user), "", {}) is None


def test_two_entries_of_one_name_are_left_to_the_official_loaders(tmp_path: Path) -> None:
    users: list[Json] = [{"name": "u", "user": {"token": token}} for token in ("one", "two")]
    assert plain_server(written(tmp_path, CLUSTER, {}, users=users), "", {}) is None


@pytest.mark.parametrize(("name", "is_plain"), [("HTTPS_PROXY", False), ("all_proxy", False), ("NO_PROXY", True)])
def test_a_proxy_is_left_to_the_official_client(tmp_path: Path, name: str, *, is_plain: bool) -> None:
    path = written(tmp_path, CLUSTER, {"token": "t"})
    assert (plain_server(path, "", {name: "http://proxy:3128"}) is not None) == is_plain


def test_several_files_are_left_to_the_official_loaders(tmp_path: Path) -> None:
    path = written(tmp_path, CLUSTER, {"token": "t"})
    assert plain_server(f"{path}:{path}", "", {}) is None


def test_another_context_than_the_current_one_can_be_named(tmp_path: Path) -> None:
    contexts: list[Json] = [
        {"name": name, "context": {"cluster": "c", "user": user}} for name, user in (("one", "u"), ("two", "v"))
    ]
    users: list[Json] = [{"name": name, "user": {"token": f"of-{name}"}} for name in ("u", "v")]
    path = written(tmp_path, CLUSTER, {}, users=users, contexts=contexts)
    found = [plain_server(path, context, {}) for context in ("", "two")]
    assert [each and each.authorization for each in found] == ["Bearer of-u", "Bearer of-v"]
    assert plain_server(path, "three", {}) is None


def test_a_plain_kubeconfig_does_not_load_the_official_client(tmp_path: Path) -> None:
    """Issue 5, 7: a sixth of a second of each run."""
    code = (
        "import sys; from hedgehog_gitops.adapters.kubernetes import KubernetesCluster;"
        "from hedgehog_gitops.model.settings import ClusterSettings;"
        "KubernetesCluster(ClusterSettings(kubeconfig=sys.argv[1])).transport.connection();"
        "print('kubernetes' in sys.modules)"
    )
    path = written(tmp_path, CLUSTER, {"token": "t"})
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
