"""A kubeconfig that needs no login: one file, a token or a client certificate, and the server's authority.

Most are like that, in a pipeline nearly all; reading them here spares each run the official client's import, a sixth
of a second. Whatever is not plain (login programs, several files, proxies, verification turned off, a fault) is left
to the official loaders, which also have the words for it.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple, cast

from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text

if TYPE_CHECKING:
    from ssl import SSLContext

_CLUSTER = frozenset(
    {"server", "certificate-authority", "certificate-authority-data", "insecure-skip-tls-verify", "extensions"}
)
_USER = frozenset({"token", "client-certificate", "client-certificate-data", "client-key", "client-key-data"})
_LONGEST = 1 << 20


class PlainServer(NamedTuple):
    """An API server's address, how it is verified (None without TLS), and the `Authorization` header, if any."""

    url: str
    context: SSLContext | None
    authorization: str | None


def plain_server(path: str, context: str, environment: Mapping[str, str]) -> PlainServer | None:
    """The server of a context of a plain kubeconfig (empty: the current one); None for one that is not plain."""
    if sys.platform != "linux" or any(_is_proxy(name) for name, value in environment.items() if value):
        return None
    try:
        config = _read(Path(path).expanduser())
        chosen = _entry(config, "contexts", "context", context or as_text(config.get("current-context")))
        cluster = _entry(config, "clusters", "cluster", as_text(chosen.get("cluster")))
        user = _entry(config, "users", "user", as_text(chosen.get("user")))
        return _server(cluster, user, Path(path).expanduser().absolute().parent)
    except (OSError, ValueError, LookupError):
        return None


def _is_proxy(name: str) -> bool:
    return name.lower().endswith("_proxy") and name.lower() != "no_proxy"


def _read(path: Path) -> JsonObject:
    import yaml  # noqa: PLC0415 - only where a cluster is talked to

    if path.stat().st_size > _LONGEST:
        raise ValueError
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return as_object(cast("Json", yaml.load(path.read_bytes(), loader)))  # noqa: S506 - both are safe loaders
    except yaml.YAMLError:
        raise ValueError from None  # its words can quote the file


def _entry(config: JsonObject, plural: str, part: str, name: str) -> JsonObject:
    """The one entry of a name. Of two the official loaders have their own idea."""
    (found,) = [entry for entry in map(as_object, as_list(config.get(plural))) if entry.get("name") == name]
    return as_object(found.get(part))


def _server(cluster: JsonObject, user: JsonObject, directory: Path) -> PlainServer | None:
    url, token = as_text(cluster.get("server")).rstrip("/"), user.get("token")
    is_known = cluster.keys() <= _CLUSTER and user.keys() <= _USER and not cluster.get("insecure-skip-tls-verify")
    if not is_known or not isinstance(token, str | None):
        return None
    authorization = f"Bearer {token}" if token else None
    if url.startswith("http://"):
        return PlainServer(url, None, authorization)
    has_key = any(name in user for name in ("client-key", "client-key-data"))
    has_authority = any(cluster.get(name) for name in ("certificate-authority", "certificate-authority-data"))
    if not (url.startswith("https://") and has_authority and (token or has_key)):
        return None
    return PlainServer(url, _verifying(cluster, user, directory), authorization)


def _verifying(cluster: JsonObject, user: JsonObject, directory: Path) -> SSLContext:
    """One context for all connections: reading certificates again for each costs more than the handshake."""
    from urllib3.util import create_urllib3_context  # noqa: PLC0415 - see _read

    context = create_urllib3_context()
    with _file(cluster, "certificate-authority", directory) as authority:
        context.load_verify_locations(authority)
    if user.keys() & {"client-certificate", "client-certificate-data"}:
        with _file(user, "client-certificate", directory) as certificate, _file(user, "client-key", directory) as key:
            context.load_cert_chain(certificate, key, password="")  # one that asks for a password fails
    return context


@contextmanager
def _file(entry: JsonObject, name: str, directory: Path) -> Iterator[Path]:
    """The file that an entry names, or one with its data for as long as it is read, for nobody else to see."""
    if not (data := as_text(entry.get(f"{name}-data"))):
        yield directory / str(entry[name])
        return
    with TemporaryDirectory() as private:  # 0700
        file = Path(private) / name
        file.write_bytes(base64.b64decode(data))
        yield file
