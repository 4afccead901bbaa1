"""What a repository's address says: which repository it is, and which part of it is a secret."""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple
from urllib.parse import unquote

_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*)://", re.IGNORECASE)
_SCP = re.compile(r"(?P<host>(?:[^/:\[\]]+@)?(?:\[[^\]/]+\]|[^/:\[\]]{2,})):(?P<path>.*)", re.DOTALL)
_DEFAULT_PORTS = {"http": "80", "https": "443", "git": "9418"}
_ALIASES = {
    "ssh.github.com": "github.com",  # forges' second names, for ssh through the port of https
    "www.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
}
# A password may hold "/" or "@" by mistake: then too much is cut rather than too little.
_USERINFO = re.compile(r"(?<=://)(?:[^\s/'\"<>]*@|[^\s/@:'\"<>]*:[^\s'\"<>]*@)")


def same_repository(url: str, other: str) -> bool:
    """True if two addresses name one repository, whatever the protocol, the user or the way it is written."""
    return repository_key(url) == repository_key(other)


def repository_key(url: str) -> str:
    """The same text for every way to write a repository's address: `host/path` in lower case, or a local path.

    The port of ssh is left out, since it says nothing about the port of https; another port of http is kept.
    """
    address = _parse(url.strip())
    if not address.host:
        return _without_suffix(posixpath.normpath(address.path or ".")) or "/"
    path = _without_suffix(re.sub(r"/+", "/", unquote(address.path)).strip("/").lower())
    port = address.port if address.scheme in _DEFAULT_PORTS else ""
    place = f":{port}" if port and port != _DEFAULT_PORTS[address.scheme] else ""
    return f"{_ALIASES.get(address.host, address.host)}{place}/{path}"


def without_secrets(text: str) -> str:
    """The text with user names and passwords taken out of every URL in it."""
    return _USERINFO.sub("", text)


class _Address(NamedTuple):
    scheme: str
    host: str
    port: str
    path: str


def _parse(url: str) -> _Address:
    if (scheme := _SCHEME.match(url)) is not None:
        rest = url[scheme.end() :]
        if scheme[1].lower() == "file":
            return _Address("file", "", "", "/" + rest.partition("/")[2])
        authority, _, path = rest.partition("/")
        host, port = _host_and_port(authority.rpartition("@")[2])
        return _Address(scheme[1].lower(), host, port, re.split(r"[?#]", path)[0])
    if (scp := _SCP.fullmatch(url)) is not None:
        return _Address("ssh", _host(scp["host"].rpartition("@")[2]), "", scp["path"])
    return _Address("file", "", "", url)


def _host_and_port(text: str) -> tuple[str, str]:
    host, colon, port = text.rpartition(":")
    if not colon or "]" in port:
        return _host(text), ""
    return _host(host), port


def _host(text: str) -> str:
    return text.strip("[]").rstrip(".").lower()


def _without_suffix(path: str) -> str:
    """The path without a `.git` at its end: as a suffix of a name, or as the directory inside a checkout."""
    return path.removesuffix(".git").rstrip("/")
