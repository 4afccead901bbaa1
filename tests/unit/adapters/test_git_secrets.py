"""A token in a remote's address comes out nowhere (B41)."""

from __future__ import annotations

import logging
import os
import pickle
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from fakes.git_remote import IDENTITY, git, make_remote
from hedgehog_gitops.adapters.git import RemoteBranch
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.tree import TreeEdit, WriteFile

CANARY = "canary0f7a"


class _Refuses(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="git"')
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: the test's output is for the test."""


@pytest.fixture
def refusing() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Refuses)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def _no_configuration_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return make_remote(tmp_path, {"fabrics/prod/a.yaml": b"a"}).clone(tmp_path / "clone")


@pytest.mark.parametrize("userinfo", [CANARY, f"user:{CANARY}", f"{CANARY}:x-oauth-basic"])
def test_b41_a_refused_fetch_does_not_show_the_token(
    clone: Path, refusing: str, userinfo: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    git(clone, "remote", "set-url", "origin", f"http://{userinfo}@{refusing}/a/b.git")
    with pytest.raises(UnreachableError) as caught:
        RemoteBranch(clone).read("fabrics/prod")
    assert "credentials" in caught.value.advice
    assert CANARY not in _all_text(caught.value) + caplog.text
    assert _files_with_canary(clone) == [".git/config"]


def test_b41_a_failed_push_does_not_show_the_token(clone: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    source = RemoteBranch(clone)
    tree = source.read("fabrics/prod")
    git(clone, "remote", "set-url", "--push", "origin", f"http://user:{CANARY}@127.0.0.1:1/a/b.git")
    change = WriteFile(path="b.yaml", data=b"b", expected=None)
    with pytest.raises(UnreachableError) as caught:
        source.publish([TreeEdit(base=tree, changes=(change,))], "m")
    assert CANARY not in _all_text(caught.value) + caplog.text


def test_b41_a_push_that_works_writes_the_token_nowhere(clone: Path) -> None:
    """The rewritten address holds the token, as with a credential in `url.<base>.insteadOf`."""
    bare = clone.parent / "remote.git"
    git(clone, "config", f"url.{bare.as_uri()}.insteadOf", f"https://user:{CANARY}@example.net/a/b.git")
    git(clone, "remote", "set-url", "origin", f"https://user:{CANARY}@example.net/a/b.git")
    before = (clone / ".git" / "config").read_bytes()
    source = RemoteBranch(clone)
    tree = source.read("fabrics/prod")
    change = WriteFile(path="b.yaml", data=b"b", expected=None)
    assert source.publish([TreeEdit(base=tree, changes=(change,))], "m").changed
    assert (clone / ".git" / "config").read_bytes() == before
    assert _files_with_canary(clone) == [".git/config"]


def _all_text(error: BaseException) -> str:
    chain = [error, error.__cause__, error.__context__]
    return "".join(f"{each} {each!r}" for each in chain if each) + repr(pickle.dumps(error))


def _files_with_canary(clone: Path) -> list[str]:
    files = (Path(directory, name) for directory, _, names in os.walk(clone) for name in names)
    return [str(file.relative_to(clone)) for file in files if CANARY.encode() in file.read_bytes()]
