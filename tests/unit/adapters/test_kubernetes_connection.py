"""How the server and the credentials are found, and that nothing of them shows."""

from __future__ import annotations

import json
import logging
import stat
import subprocess
import sys
import traceback
from pathlib import Path
from typing import cast

import pytest
from urllib3 import PoolManager

from fakes.misbehaving_server import Asked, Reply, document, serving, status
from hedgehog_gitops.adapters.kubernetes import KubernetesCluster, Patience
from hedgehog_gitops.adapters.kubernetes.connection import connect
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.kind import VPC, Kind, find_kind
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.settings import ClusterSettings

CANARY = "canary-7f3b1c9e-secret"
USER_WITHOUT_USER = f"""
users: [{{name: u, token: {CANARY}}}]
clusters: [{{name: c, cluster: {{server: "https://x"}}}}]
contexts: [{{name: one, context: {{cluster: c, user: u}}}}]
current-context: one
"""
VPC_KIND = cast("Kind", find_kind(VPC, "VPC"))
EMPTY = document({"kind": "VPCList", "metadata": {}, "items": []})


def kubeconfig(
    directory: Path, *, user: Json, server: str = "https://127.0.0.1:1", skip_verification: bool | None = None
) -> ClusterSettings:
    cluster: JsonObject = {"server": server}
    if skip_verification is not None:
        cluster["insecure-skip-tls-verify"] = skip_verification
    config: JsonObject = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "one",
        "clusters": [{"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": name, "context": {"cluster": "c", "user": "u"}} for name in ("one", "two")],
    }
    path = directory / "kubeconfig"
    path.write_text(json.dumps(config))
    return ClusterSettings(kubeconfig=str(path))


def problem(settings: ClusterSettings) -> str:
    with pytest.raises(UnreachableError) as caught:
        connect(settings)
    return str(caught.value)


def test_a_missing_kubeconfig_says_what_to_set(tmp_path: Path) -> None:
    path = tmp_path / "nothing"
    assert problem(ClusterSettings(kubeconfig=str(path))) == (
        f"cluster: there is no kubeconfig at {path}; set cluster.kubeconfig, or KUBECONFIG"
    )


def test_kubeconfig_of_the_environment_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = kubeconfig(tmp_path, user={"token": "t"}, server="https://elsewhere.example:6443/")
    monkeypatch.setenv("KUBECONFIG", settings.kubeconfig)
    assert connect(ClusterSettings()).url == "https://elsewhere.example:6443"


def test_a_relative_kubeconfig_is_looked_for_beside_the_configuration(tmp_path: Path) -> None:
    kubeconfig(tmp_path, user={"token": "t"}, server="https://elsewhere.example:6443")
    side = KubernetesCluster(ClusterSettings(kubeconfig="kubeconfig"), root=tmp_path)
    assert side.transport.connection().url == "https://elsewhere.example:6443"


def test_an_unknown_context_names_those_that_there_are(tmp_path: Path) -> None:
    settings = kubeconfig(tmp_path, user={"token": "t"})
    words = problem(ClusterSettings(kubeconfig=settings.kubeconfig, context="three"))
    assert "has no context 'three'; it has: one, two" in words


def test_in_cluster_outside_of_a_pod_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    assert "works only in a pod" in problem(ClusterSettings(in_cluster=True))


def test_a_user_without_credentials_is_refused_before_any_request(tmp_path: Path) -> None:
    assert "gives no credentials" in problem(kubeconfig(tmp_path, user={}))


def test_a_token_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file")
    settings = kubeconfig(tmp_path, user={"tokenFile": str(tmp_path / "token")})
    assert connect(settings).authorization() == "Bearer from-a-file"


def test_an_expired_token_is_renewed_by_the_login_program(tmp_path: Path) -> None:
    settings = kubeconfig(tmp_path, user={"exec": login_that_counts(tmp_path, "2020-01-01T00:00:00Z")})
    connection = connect(settings)
    assert [connection.authorization() for _ in range(2)] == ["Bearer token-2", "Bearer token-3"]


def test_a_token_that_is_still_good_is_not_renewed(tmp_path: Path) -> None:
    settings = kubeconfig(tmp_path, user={"exec": login_that_counts(tmp_path, "2999-01-01T00:00:00Z")})
    connection = connect(settings)
    assert [connection.authorization() for _ in range(2)] == ["Bearer token-1", "Bearer token-1"]


def login_that_counts(directory: Path, expires: str) -> JsonObject:
    """An exec plugin whose n-th token is `token-n`."""
    program = directory / "login"
    program.write_text(f"""#!/bin/sh
echo >> {directory}/runs
cat <<END
{{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
  "status": {{"token": "token-$(wc -l < {directory}/runs | tr -d ' ')", "expirationTimestamp": "{expires}"}}}}
END
""")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": str(program),
        "interactiveMode": "Never",
    }


def test_the_token_is_sent(tmp_path: Path) -> None:
    with serving(lambda _: EMPTY) as server:
        KubernetesCluster(server.settings(tmp_path, "a-token")).read([VPC_KIND])
        assert server.asked[0].headers["Authorization"] == "Bearer a-token"


def test_b35_verification_is_on_unless_the_users_own_file_says_otherwise(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pool = connect(kubeconfig(tmp_path, user={"token": "t"})).pool
    assert isinstance(pool, PoolManager)
    assert (pool.connection_pool_kw["cert_reqs"].name, caplog.messages) == ("CERT_REQUIRED", [])


def test_b35_verification_is_never_off_silently(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = kubeconfig(tmp_path, user={"token": CANARY}, skip_verification=True)
    with caplog.at_level(logging.WARNING):
        connect(settings)
    (message,) = caplog.messages
    assert "turns TLS verification off" in message
    assert CANARY not in message


@pytest.mark.parametrize(
    "text",
    [
        USER_WITHOUT_USER,
        f"token: {CANARY}\n",
        f"token: [{CANARY}\n",
        f"users: {CANARY}\ncontexts: {CANARY}\ncurrent-context: {CANARY}\n",
        f"- {CANARY}\n",
        "",
    ],
    ids=["user without user", "no contexts", "not YAML", "wrong types", "a list", "empty"],
)
def test_b41_a_broken_kubeconfig_is_not_quoted(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(text)
    with pytest.raises(UnreachableError) as caught:
        connect(ClusterSettings(kubeconfig=str(path)))
    assert CANARY not in "".join(traceback.format_exception(caught.value)) + repr(caught.value)


@pytest.mark.parametrize(
    "reply",
    [
        status(401, "Unauthorized"),
        Reply(hang=True),
        Reply(body=b"{", cut=True),
        Reply(status=500, body=f"<pre>Authorization: Bearer {CANARY}</pre>".encode()),
    ],
    ids=["401", "silent", "cut", "echo"],
)
def test_b41_the_token_shows_in_no_error_log_or_repr(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, reply: Reply
) -> None:
    shown: list[str] = []
    patience = Patience(answer=0.2, attempts=2, pause=0.0)
    with serving(lambda _: reply) as server, caplog.at_level(logging.DEBUG):
        side = KubernetesCluster(
            server.settings(tmp_path, CANARY), patience=patience, on_request=lambda *asked: shown.extend(asked)
        )
        try:
            shown.append(repr(side.read([VPC_KIND])))
        except UnreachableError as error:
            shown += traceback.format_exception(error)
        shown += [repr(side), repr(side.transport), repr(side.transport.connection()), caplog.text]
    assert shown
    assert CANARY not in "".join(shown)


def test_importing_the_adapter_imports_no_client() -> None:
    code = (
        "import sys; from hedgehog_gitops.adapters.kubernetes import KubernetesCluster;"
        "from hedgehog_gitops.model.settings import ClusterSettings; KubernetesCluster(ClusterSettings());"
        "print(sorted({'kubernetes', 'urllib3', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_request_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []

    def answer(_: Asked) -> Reply:
        return status(503, "again") if len(told) == 1 else EMPTY

    with serving(answer) as server:
        side = KubernetesCluster(
            server.settings(tmp_path),
            patience=Patience(pause=0.0),
            on_request=lambda method, path: told.append((method, path)),
        )
        side.read([VPC_KIND])
        assert told == [(asked.method, asked.path) for asked in server.asked]
        assert len(told) == 2
