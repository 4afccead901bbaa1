"""A YAML language server as an editor starts it: settings in, diagnostics, hovers and completions out.

    language_server.py --install    put the server into the cache (needs node and npm, a few seconds, once)

The cache lies below $XDG_CACHE_HOME. It is the server of the YAML extensions of VS Code, Neovim and many others.
"""

# ruff: noqa: T201 - a command prints its result

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

VERSION = "1.25.0"
NAME = "yaml-language-server"


class ServerUnavailableError(Exception):
    """There is no language server, and why."""


def find_program() -> Path:
    """The server's program; `ServerUnavailableError` without node or before it was installed."""
    if shutil.which("node") is None:
        raise ServerUnavailableError("node is not on PATH")
    program = _cache() / "node_modules" / ".bin" / NAME
    if not program.exists():
        raise ServerUnavailableError(f"{NAME} is not in the cache; `python tests/servers/language_server.py --install`")
    return program


def install() -> Path:
    """The server's program, installed into the cache if it is not there."""
    if not (_cache() / "node_modules" / ".bin" / NAME).exists():
        npm = shutil.which("npm")
        if npm is None:
            raise ServerUnavailableError("npm is not on PATH")
        quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        command = [npm, "install", *quiet, "--prefix", str(_cache()), f"{NAME}@{VERSION}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 0:
            raise ServerUnavailableError(done.stderr.strip() or "npm failed")
    return find_program()


class Editor:
    """A client of the server that has a directory open, with schemas assigned to patterns of paths in its settings."""

    def __init__(self, program: Path, root: Path, schemas: Mapping[str, str | list[str]]) -> None:
        self._server = subprocess.Popen([program, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._last = 0
        yaml = {"schemas": dict(schemas), "hover": True, "completion": True, "validate": True}
        self._settings: dict[str, object] = {"yaml": yaml}
        folder = {"uri": root.as_uri(), "name": root.name}
        about = {"processId": os.getpid(), "rootUri": root.as_uri(), "workspaceFolders": [folder], "capabilities": {}}
        self._ask("initialize", about)
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": self._settings})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.kill()
        self._server.communicate()

    def diagnose(self, path: Path) -> list[tuple[int, str]]:
        """Open a file: the line (from 1) and the text of everything that the editor would underline."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": path.read_text(encoding="utf-8")}
        self._tell("textDocument/didOpen", {"textDocument": document})
        while True:
            message = self._receive()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == path.as_uri():
                found = message["params"]["diagnostics"]
                return [(each["range"]["start"]["line"] + 1, each["message"]) for each in found]

    def hover(self, path: Path, line: int, column: int) -> str:
        """What the editor shows at a place (from 1) of an open file."""
        answer = self._ask("textDocument/hover", _place(path, line, column))
        return str(answer["contents"]["value"]) if answer else ""

    def complete(self, path: Path, line: int, column: int) -> list[str]:
        """What the editor offers to write at a place (from 1) of an open file."""
        return sorted(
            item["label"] for item in self._ask("textDocument/completion", _place(path, line, column))["items"]
        )

    def _ask(self, method: str, params: object) -> Any:
        self._last += 1
        self._send({"jsonrpc": "2.0", "id": self._last, "method": method, "params": params})
        while (message := self._receive()).get("id") != self._last or "method" in message:
            pass
        return message["result"]

    def _tell(self, method: str, params: object) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def _send(self, message: Mapping[str, object]) -> None:
        assert self._server.stdin is not None
        data = json.dumps(message).encode()
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self._server.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        """The next message; what the server asks of the client is answered: settings, or nothing."""
        assert self._server.stdout is not None
        length = 0
        while line := self._server.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server has ended"
        message: dict[str, Any] = json.loads(self._server.stdout.read(length))
        if "id" in message and "method" in message:
            self._send({"jsonrpc": "2.0", "id": message["id"], "result": self._answer(message)})
        return message

    def _answer(self, message: Mapping[str, Any]) -> object:
        if message["method"] != "workspace/configuration":
            return None
        return [self._settings.get(item["section"], {}) for item in message["params"]["items"]]


def _place(path: Path, line: int, column: int) -> dict[str, object]:
    return {"textDocument": {"uri": path.as_uri()}, "position": {"line": line - 1, "character": column - 1}}


def _cache() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "yaml-language-server-test" / VERSION


def main() -> int:
    """Install the server if that is asked for; 1 if it cannot be had."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--install", action="store_true", help="put the server into the cache")
    args = parser.parse_args()
    try:
        print(install() if args.install else find_program())
    except ServerUnavailableError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
