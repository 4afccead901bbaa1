"""Where the API server is and who we are to it: a plain kubeconfig, or the official client's loaders and its pool.

Nothing here repeats a word of a kubeconfig beyond the names of its contexts: the loaders' own error texts can quote
a whole user entry, token included, so they are neither shown nor chained.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from ssl import CERT_REQUIRED
from typing import TYPE_CHECKING, Any

from hedgehog_gitops.adapters.kubernetes.plain_kubeconfig import PlainServer, plain_server
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.settings import ClusterSettings

if TYPE_CHECKING:
    from urllib3 import HTTPConnectionPool, PoolManager

logger = logging.getLogger(__name__)

_DEFAULT_KUBECONFIG = "~/.kube/config"
_POOL_SIZE = 16  # more than the threads that share it, so that each keeps its connection open


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """An API server's address, a pool that verifies it, and the `Authorization` header of this moment, if any.

    `base` goes before the path of each request: the whole address, or less of it where the pool is of one host.
    """

    url: str
    pool: PoolManager | HTTPConnectionPool = field(repr=False)
    base: str
    authorization: Callable[[], str | None] = field(repr=False)


def located(settings: ClusterSettings, root: Path) -> ClusterSettings:
    """The settings with a relative kubeconfig looked for in the directory of the configuration that names it."""
    if not settings.kubeconfig:
        return settings
    return settings._replace(kubeconfig=str(root / Path(settings.kubeconfig).expanduser()))


def connect(settings: ClusterSettings) -> Connection:
    """The connection that the settings describe; `UnreachableError` if they lead nowhere. Sends nothing yet."""
    if not settings.in_cluster and (plain := plain_server(_kubeconfig(settings), settings.context, os.environ)):
        return _plainly(plain)
    return _by_the_loaders(settings)


def _plainly(server: PlainServer) -> Connection:
    from urllib3 import PoolManager  # noqa: PLC0415 - paid only by those who talk to a cluster
    from urllib3.util import parse_url  # noqa: PLC0415 - the same

    pools = PoolManager(ssl_context=server.context, cert_reqs=CERT_REQUIRED, maxsize=_POOL_SIZE)
    base = (parse_url(server.url).path or "").rstrip("/")
    return Connection(
        url=server.url,
        pool=pools.connection_from_url(server.url),
        base=base,
        authorization=lambda: server.authorization,
    )


def _by_the_loaders(settings: ClusterSettings) -> Connection:
    from kubernetes import client  # noqa: PLC0415 - a sixth of a second, paid only by those who need it

    configuration = client.Configuration()
    configuration.connection_pool_maxsize = _POOL_SIZE
    if settings.in_cluster:
        _load_in_cluster(configuration)
    else:
        _load_kubeconfig(configuration, settings)
    _check(configuration, _description(settings))
    url = configuration.host.rstrip("/")
    return Connection(
        url=url,
        base=url,
        pool=client.ApiClient(configuration).rest_client.pool_manager,
        authorization=partial(_authorization, configuration, threading.Lock()),
    )


def _load_in_cluster(configuration: Any) -> None:
    config = _loaders()
    try:
        config.load_incluster_config(client_configuration=configuration)
    except config.ConfigException:
        raise _unusable(
            "no service account found", "in_cluster works only in a pod; elsewhere name a kubeconfig and context"
        ) from None


def _load_kubeconfig(configuration: Any, settings: ClusterSettings) -> None:
    config = _loaders()
    path = _kubeconfig(settings)
    if not any(os.path.exists(os.path.expanduser(part)) for part in path.split(os.pathsep) if part):  # noqa: PTH110, PTH111 - a list of paths as text
        raise _unusable(f"there is no kubeconfig at {path}", "set cluster.kubeconfig, or KUBECONFIG")
    _check_context(path, settings.context)
    try:
        config.load_kube_config(path, settings.context or None, configuration, persist_config=False)
    except Exception as error:  # noqa: BLE001 - the loader raises whatever its file makes it: KeyError, TypeError, YAMLError
        raise _unusable(f"{_description(settings)} cannot be used ({type(error).__name__})", _CHECK_ADVICE) from None


def _check_context(path: str, context: str) -> None:
    config = _loaders()
    if not context:
        return
    try:
        contexts = [str(entry["name"]) for entry in config.list_kube_config_contexts(path)[0]]
    except Exception:  # noqa: BLE001 - loading reports it, with better words
        return
    if context not in contexts:
        known = ", ".join(sorted(contexts))
        raise _unusable(f"kubeconfig {path} has no context '{context}'", f"it has: {known or 'none'}")


def _check(configuration: Any, description: str) -> None:
    """Refuse a connection without credentials, and say aloud when the user's file turns verification off."""
    encrypted = str(configuration.host).startswith("https:")
    if encrypted and not configuration.api_key and not configuration.cert_file:
        raise _unusable(f"{description} gives no credentials", "if it runs a login program, run that by hand")
    if encrypted and not configuration.verify_ssl:
        logger.warning(
            "%s turns TLS verification off (insecure-skip-tls-verify): anyone in between can read the credentials"
            " and change what is applied; name the server's certificate-authority instead",
            description,
        )


def _authorization(configuration: Any, lock: threading.Lock) -> str | None:
    """The header's value. The loaders renew an expired token when they are asked: one thread at a time."""
    try:
        with lock:
            setting = configuration.auth_settings().get("BearerToken")
    except Exception as error:  # noqa: BLE001 - a login program or a token file fails in its own ways
        raise _unusable(f"the credentials cannot be renewed ({type(error).__name__})", "log in again") from None
    return None if setting is None else setting["value"]


def _loaders() -> Any:
    from kubernetes import config  # noqa: PLC0415 - see connect

    return config


def _kubeconfig(settings: ClusterSettings) -> str:
    return settings.kubeconfig or os.environ.get("KUBECONFIG") or _DEFAULT_KUBECONFIG


def _description(settings: ClusterSettings) -> str:
    if settings.in_cluster:
        return "the pod's service account"
    context = f"context '{settings.context}'" if settings.context else "the current context"
    return f"{context} of kubeconfig {_kubeconfig(settings)}"


_CHECK_ADVICE = "check it with: kubectl --kubeconfig FILE --context NAME version"


def _unusable(reason: str, advice: str) -> UnreachableError:
    return UnreachableError(SideName.CLUSTER, reason, advice)
