"""A Kubernetes cluster as a side: one paged list per kind to read, one request per change to write."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from pathlib import Path

from hedgehog_gitops.adapters.at_once import at_once
from hedgehog_gitops.adapters.kubernetes.connection import connect, located
from hedgehog_gitops.adapters.kubernetes.listing import KindRead, read_kind, why_not_absent
from hedgehog_gitops.adapters.kubernetes.transport import NoAnswerError, Patience, Transport
from hedgehog_gitops.adapters.kubernetes.writing import write_change
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.kind import Kind, ObjectKey
from hedgehog_gitops.model.live import LiveSide, Refusal, Refused, SideName, WriteOutcome
from hedgehog_gitops.model.plan import Change
from hedgehog_gitops.model.settings import ClusterSettings

_AT_ONCE = 8
_PAGE = 1000
_SAMPLE = 8  # whoever cuts a list off hides many of its objects, so few questions find out
_PATIENCE = Patience()
_HERE = Path()


class KubernetesCluster:
    """The objects of one namespace of a cluster. Nothing is opened before the first read or write.

    A relative kubeconfig is looked for in `root`, the directory of the configuration that names it.
    """

    def __init__(
        self,
        settings: ClusterSettings,
        *,
        root: Path = _HERE,
        patience: Patience = _PATIENCE,
        page_size: int = _PAGE,
        on_request: Callable[[str, str], None] | None = None,
    ) -> None:
        self.transport = Transport(
            open=partial(connect, located(settings, root)), patience=patience, on_request=on_request
        )
        self._namespace = settings.namespace
        self._page_size = page_size

    @property
    def name(self) -> SideName:
        """The cluster."""
        return SideName.CLUSTER

    def read(self, kinds: Sequence[Kind], ours: Collection[ObjectKey] = ()) -> LiveSide:
        """One look at all objects of these kinds, a list per kind, several at once.

        A list without objects that we made is checked by asking for some of these by name.
        """
        deadline = time.monotonic() + self.transport.patience.look
        url = self.transport.connection().url
        pool = ThreadPoolExecutor(_AT_ONCE)
        try:
            reads = list(pool.map(lambda kind: self._read_kind(kind, deadline), kinds))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # whoever interrupts a look does not wait for its answers
        _check_reachable(reads, url)
        asked = {
            kind: [why_not_absent(self.transport, key, deadline) for key in keys]
            for kind, keys in _absent(reads, ours).items()
        }
        doubts = {kind: next(filter(None, reasons), "") for kind, reasons in asked.items()}
        told = {_place(read): read.reason or doubts.get(_place(read), "") for read in reads}
        return LiveSide(
            side=SideName.CLUSTER,
            objects={live.key: live for read in reads for live in read.objects},
            unknown={kind: reason for kind, reason in told.items() if reason},
            proven=frozenset(kind for kind, reason in doubts.items() if not reason),
            requests=sum(read.requests for read in reads) + sum(len(reasons) for reasons in asked.values()),
        )

    def write(self, changes: Sequence[Change], go_on: Callable[[], None] = lambda: None) -> Iterator[WriteOutcome]:
        """Carry out independent changes, several at once; outcomes as they come.

        What is not yet on its way when the caller stops listening is not sent. When the server stops answering, the
        rest is refused at once: waiting for each of thousands would take hours.
        """
        self.transport.connection()
        waiting = iter(changes)
        silence: list[NoAnswerError] = []

        def send(change: Change) -> WriteOutcome:
            go_on()
            try:
                return write_change(self.transport, change)
            except NoAnswerError as error:
                silence.append(error)
                return _unanswered(change, str(error))

        yield from at_once(send, _until(silence, waiting), _AT_ONCE)
        yield from (_unanswered(change, f"not sent: {silence[0]}") for change in waiting)

    def _read_kind(self, kind: Kind, deadline: float) -> KindRead:
        return read_kind(self.transport, kind, self._namespace, self._page_size, deadline)


def _until(silence: Collection[NoAnswerError], waiting: Iterator[Change]) -> Iterator[Change]:
    """The changes that wait, as long as the server answers."""
    while not silence and (change := next(waiting, None)) is not None:
        yield change


def _absent(reads: Sequence[KindRead], ours: Collection[ObjectKey]) -> dict[tuple[str, str], list[ObjectKey]]:
    """Objects that we made and that the lists do not have: some of each kind, from its whole range of names."""
    seen = {live.key for read in reads for live in read.objects}
    listed = {_place(read) for read in reads if not read.reason}
    absent: dict[tuple[str, str], list[ObjectKey]] = {}
    for key in ours:
        if key not in seen and key[:2] in listed:
            absent.setdefault(key[:2], []).append(key)
    return {kind: keys[:: -(-len(keys) // _SAMPLE)] for kind, keys in absent.items()}


def _place(read: KindRead) -> tuple[str, str]:
    return (read.kind.group, read.kind.kind)


def _check_reachable(reads: Sequence[KindRead], url: str) -> None:
    """A server that knows us not, or that never answered, has shown nothing at all."""
    for read in reads:
        if read.status == HTTPStatus.UNAUTHORIZED:
            raise UnreachableError(
                SideName.CLUSTER,
                f"{url} does not accept the credentials (401, authentication)",
                "log in again, or renew the token of the kubeconfig; it is not tried again by itself",
            )
    if reads and all(read.category for read in reads):
        raise UnreachableError(SideName.CLUSTER, f"{url}: {reads[0].reason}", _ADVICE[reads[0].category])


def _unanswered(change: Change, message: str) -> Refused:
    return Refused(key=change.key, refusal=Refusal.UNREACHABLE, message=message)


_ADVICE = {
    "timeout": "check that the address is right and no firewall is in between",
    "connection": "check that the server runs and that the address is right",
    "tls": "name the server's certificate-authority in the kubeconfig; verification stays on",
}
