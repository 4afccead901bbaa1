"""An HTTP server on loopback that answers exactly as a test says, also in ways that no good server would."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.settings import ClusterSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it came in; `port` is the far end of the connection that it came over."""

    method: str
    path: str
    body: bytes
    headers: Mapping[str, str]
    port: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back. `cut` announces more bytes than it sends; `hang` says nothing; `drip` never ends its body."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    hang: bool = False
    drip: bool = False


@dataclass(slots=True)
class MisbehavingServer:
    """Where it listens, and what it was asked."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def settings(self, directory: Path, token: str = "token-of-nobody") -> ClusterSettings:  # noqa: S107 - worth nothing
        """How our adapter reaches this server; the kubeconfig is written into the directory."""
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "loopback",
            "clusters": [{"name": "loopback", "cluster": {"server": self.url}}],
            "users": [{"name": "somebody", "user": {"token": token}}],
            "contexts": [{"name": "loopback", "context": {"cluster": "loopback", "user": "somebody"}}],
        }
        path = directory / "kubeconfig"
        path.write_text(json.dumps(config))
        return ClusterSettings(kubeconfig=str(path))


def status(code: int, message: str, **more: object) -> Reply:
    """An error as an API server words it."""
    body = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "code": code, **more}
    return Reply(status=code, body=json.dumps(body).encode())


def document(value: JsonObject, code: int = 200) -> Reply:
    """A JSON answer."""
    return Reply(status=code, body=json.dumps(value).encode())


@contextmanager
def serving(answer: Callable[[Asked], Reply]) -> Iterator[MisbehavingServer]:
    """The server while the block runs. What hangs is let go at its end."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server = MisbehavingServer(url=f"http://127.0.0.1:{http.server_address[1]}")
    http.RequestHandlerClass = _handler(server, answer)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        http.shutdown()
        http.server_close()
        thread.join()


def _handler(server: MisbehavingServer, answer: Callable[[Asked], Reply]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = Asked(
                method=self.command,
                path=self.path,
                body=body,
                headers=dict(self.headers),
                port=self.client_address[1],
            )
            server.asked.append(asked)
            _send(self, server, answer(asked))

        do_GET = do_PATCH = do_DELETE = do_POST = do_PUT = _handle  # noqa: N815 - the names that http.server looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Tests read `asked`, not a log."""

    return Handler


def _send(handler: BaseHTTPRequestHandler, server: MisbehavingServer, reply: Reply) -> None:
    if reply.hang:
        server.over.wait()
        handler.close_connection = True
        return
    handler.send_response(reply.status)
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    missing = 1_000_000 if reply.cut or reply.drip else 0
    handler.send_header("Content-Length", str(len(reply.body) + missing))
    handler.end_headers()
    handler.wfile.write(reply.body)
    if reply.drip:
        _drip(handler, server)
    if missing:
        handler.close_connection = True


def _drip(handler: BaseHTTPRequestHandler, server: MisbehavingServer) -> None:
    """One byte at a time until the reader has had enough."""
    try:
        while not server.over.wait(0.01):
            handler.wfile.write(b" ")
    except OSError:
        return
