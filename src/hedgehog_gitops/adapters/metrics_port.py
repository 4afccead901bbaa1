"""Metrics over HTTP for a process that lives long: `GET /metrics`, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from hedgehog_gitops.model.errors import HedgehogGitopsError, UsageError

_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_PATIENCE = 10.0


@contextmanager
def metrics_port(host: str, port: int, text: Callable[[], str]) -> Iterator[int]:
    """Answers with what `text` gives at that moment, as long as the block lasts; the port that it listens on."""
    try:
        server = ThreadingHTTPServer((host, port), _handler(text))
    except OSError as error:
        raise UsageError(f"metrics cannot be served on {host}:{port}: {error.strerror}") from error
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(text: Callable[[], str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request."""

        timeout = _PATIENCE
        server_version = "hedgehog-gitops"
        sys_version = ""

        def do_GET(self) -> None:
            """Metrics, or what is wrong."""
            if self.path.partition("?")[0] != "/metrics":
                self._answer(HTTPStatus.NOT_FOUND, "metrics are at /metrics\n")
                return
            try:
                self._answer(HTTPStatus.OK, text())
            except HedgehogGitopsError as error:
                self._answer(HTTPStatus.SERVICE_UNAVAILABLE, f"{error}\n")

        def _answer(self, status: HTTPStatus, words: str) -> None:
            body = words.encode()
            self.send_response(status)
            self.send_header("Content-Type", _TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's signature
            """A scrape is no event."""

    return Handler
