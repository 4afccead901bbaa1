"""What others are told of runs: events in the log, metrics in a file or on a port."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from hedgehog_gitops.adapters.clock import SystemClock
from hedgehog_gitops.adapters.logs import tell_result, warn
from hedgehog_gitops.adapters.request_counts import RequestCounts
from hedgehog_gitops.assembly.endpoints import peek_state
from hedgehog_gitops.core.status import FabricStatus, status_unread
from hedgehog_gitops.model.errors import HedgehogGitopsError, UsageError
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.model.state import SyncResult, SyncStatus
from hedgehog_gitops.usecases.status import fabric_status

METRICS_VARIABLE = "HEDGEHOG_GITOPS_METRICS"
"""Names the file of metrics where none is named otherwise: jobs in processes of their own all count there."""

LOOK_SECONDS = 15.0
"""How long the memories of many fabrics are waited for, all together."""


def observed(
    fabrics: Sequence[Fabric],
    settings: Settings,
    runs: Callable[[RequestCounts], tuple[SyncResult, ...]],
    metrics: str = "",
) -> tuple[SyncResult, ...]:
    """The results of the runs, told to everybody who is to hear of them; nobody who cannot hear fails a run."""
    requests = RequestCounts()
    told = [fabric for fabric in fabrics if fabric.notify is not None]
    before = _before(told, settings)
    results = runs(requests)
    for result in results:
        tell_result(result)
    if file := metrics or os.environ.get(METRICS_VARIABLE, ""):
        try:
            _count(Path(file), settings, results, requests)
        except HedgehogGitopsError as error:
            warn(str(error))
    if before:
        from hedgehog_gitops.assembly.notifying import notify  # noqa: PLC0415 - only where somebody is told

        notify(told, settings, before, results)
    return results


def _before(told: Sequence[Fabric], settings: Settings) -> Mapping[str, SyncStatus]:
    if not told:
        return {}
    from hedgehog_gitops.assembly.notifying import statuses_before  # noqa: PLC0415 - only where somebody is told

    return statuses_before(told, settings)


def known_statuses(
    fabrics: Sequence[Fabric], settings: Settings
) -> tuple[list[FabricStatus], dict[str, HedgehogGitopsError]]:
    """The status of each fabric, and the errors of those whose memory cannot be read in good time."""
    from hedgehog_gitops.assembly.in_good_time import in_good_time  # noqa: PLC0415 - only where somebody looks

    now = SystemClock().now()
    asks = {each.name: partial(_known_status, each, settings, now) for each in fabrics}
    known, unread = in_good_time(asks, LOOK_SECONDS)
    told = [known.get(each.name) or status_unread(each, now, str(unread[each.name])) for each in fabrics]
    return told, unread


def _known_status(fabric: Fabric, settings: Settings, now: datetime) -> FabricStatus:
    return fabric_status(fabric, peek_state(fabric, settings), now)


def write_metrics(file: Path, settings: Settings) -> None:
    """Bring what a file says of the fabrics up to date; its counters stay."""
    from hedgehog_gitops.adapters.metrics_file import MetricsFile  # noqa: PLC0415 - only where metrics are wanted

    known = known_statuses(settings.fabrics, settings)[0]
    MetricsFile(file).update(lambda before: _text(before, known))


@contextmanager
def serve_metrics(address: str, settings: Settings, metrics: str = "") -> Iterator[int]:
    """Metrics at `[HOST:]PORT` while the block lasts: what is known at each scrape, and the counters of the file."""
    from hedgehog_gitops.adapters.metrics_file import MetricsFile  # noqa: PLC0415 - only where metrics are wanted
    from hedgehog_gitops.adapters.metrics_port import metrics_port  # noqa: PLC0415 - the same

    host, _, port = address.rpartition(":")
    if not port.isdecimal():
        raise UsageError(f"{address!r} is no address; write PORT or HOST:PORT")
    file = metrics or os.environ.get(METRICS_VARIABLE, "")

    def text() -> str:
        before = MetricsFile(Path(file)).text() if file else ""
        return _text(before, known_statuses(settings.fabrics, settings)[0])

    with metrics_port(host or "127.0.0.1", int(port), text) as chosen:
        yield chosen


def _count(file: Path, settings: Settings, results: Sequence[SyncResult], requests: RequestCounts) -> None:
    from hedgehog_gitops.adapters.metrics_file import MetricsFile  # noqa: PLC0415 - only where metrics are wanted

    known = known_statuses(settings.fabrics, settings)[0]
    MetricsFile(file).update(lambda before: _text(before, known, results, requests))


def _text(
    before: str,
    known: Sequence[FabricStatus],
    results: Sequence[SyncResult] = (),
    requests: RequestCounts | None = None,
) -> str:
    from hedgehog_gitops.core.metrics import count_run, gauges, metrics_text, read_counters  # noqa: PLC0415 - the same

    counted = read_counters(before)
    for result in results:
        counted = count_run(counted, result, requests.of(result.fabric) if requests else {})
    return metrics_text({**counted, **gauges(known)})
