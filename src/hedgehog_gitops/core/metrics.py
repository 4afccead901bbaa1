"""Numbers about runs and fabrics in Prometheus' text format: counters that grow with each run, gauges of what is known.

Pure text in, text out: whoever keeps the counters (a file for node_exporter's textfile collector, a worker) hands in
what was written before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple, TypeAlias

from hedgehog_gitops.core.breaker import Breaker
from hedgehog_gitops.core.health import CHECKS
from hedgehog_gitops.core.status import FabricStatus
from hedgehog_gitops.model.plan import Agreement
from hedgehog_gitops.model.state import Outcome, SyncResult, SyncStatus

Samples: TypeAlias = dict[str, float]
"""Numbers by series: `name{label="value"}`."""

PREFIX = "hedgehog_gitops_"
SECONDS: Final = (0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0)
"""Upper bounds of the durations' buckets; the last one is the longest that a run may take."""

ACTIONS = ("created", "updated", "adopted", "pruned", "refused")


class Family(NamedTuple):
    """One metric: its name without the prefix, its type, and what it says."""

    name: str
    type: str
    help: str


RUNS = Family("runs_total", "counter", "Runs by outcome; skipped ones and those that found the lock held count too.")
DURATION = Family("run_duration_seconds", "histogram", "How long runs took.")
CHANGES = Family("changes_total", "counter", "Objects written to a side, or refused by it.")
LOCK_WAITS = Family("lock_waits_total", "counter", "Runs that found the lock held by another one, and went away.")
REQUESTS = Family("requests_total", "counter", "Requests sent to the cluster, by method.")
STATUS = Family("status", "gauge", "1 for the fabric's status, 0 for the others.")
AGREEMENT = Family("agreement", "gauge", "1 for the side's agreement with git, 0 for the others.")
DIFFERING = Family("differing_objects", "gauge", "Objects that differ from git; absent when that is not known.")
OBJECTS = Family("objects", "gauge", "Objects by the verdict of the last look; absent when that has expired.")
HEALTH = Family("health", "gauge", "1 for what is wrong: overdue, interrupted, failing, breaker, unread.")
BREAKER = Family("breaker", "gauge", "1 for the state of the breaker of an endpoint that has failed, 0 for the others.")
LOCKED = Family("lock_held", "gauge", "1 while a run holds the fabric's lock; absent when that is not known.")
INTERVAL = Family("interval_seconds", "gauge", "Seconds between scheduled runs; 0 means by hand only.")
ATTEMPTED = Family("last_attempt_timestamp_seconds", "gauge", "When the last run was begun.")
SUCCEEDED = Family("last_success_timestamp_seconds", "gauge", "When a run last ended well.")
DUE = Family("next_due_timestamp_seconds", "gauge", "When the next scheduled run is due.")
COUNTED = (RUNS, DURATION, CHANGES, LOCK_WAITS, REQUESTS)
GAUGES = (STATUS, AGREEMENT, DIFFERING, OBJECTS, HEALTH, BREAKER, LOCKED, INTERVAL, ATTEMPTED, SUCCEEDED, DUE)


def count_run(counted: Samples, result: SyncResult, requests: Mapping[str, int]) -> Samples:
    """The counters after one more run; `requests` are those of this run, by method."""
    counts = dict(counted)
    for series, number in _steps(result, requests):
        counts[series] = counts.get(series, 0) + number
    return counts


def gauges(known: Sequence[FabricStatus]) -> Samples:
    """What is known of each fabric at the instant of its look."""
    return {series: number for each in known for series, number in _known(each)}


def metrics_text(samples: Samples) -> str:
    """The samples as Prometheus reads them, each family with its type and meaning."""
    lines: list[str] = []
    for family in (*COUNTED, *GAUGES):
        found = [f"{series} {_number(value)}" for series, value in samples.items() if _is_of(series, family)]
        if found:
            name = PREFIX + family.name
            lines += [f"# HELP {name} {family.help}", f"# TYPE {name} {family.type}", *found]
    return "".join(f"{line}\n" for line in lines)


def read_counters(text: str) -> Samples:
    """The counters in a text that `metrics_text` wrote; whatever else stands there is not taken."""
    found = (_LINE.fullmatch(line) for line in text.splitlines())
    return {
        match[1]: float(match[2]) for match in found if match and any(_is_of(match[1], family) for family in COUNTED)
    }


def _steps(result: SyncResult, requests: Mapping[str, int]) -> Iterator[tuple[str, float]]:
    fabric = result.fabric
    for outcome in Outcome:
        yield _series(RUNS, fabric=fabric, outcome=outcome.value), float(outcome is result.outcome)
    if result.outcome not in {Outcome.SKIPPED, Outcome.ALREADY_RUNNING}:
        yield from _duration(fabric, (result.finished_at - result.started_at).total_seconds())
    for action in ACTIONS:
        yield _series(CHANGES, fabric=fabric, action=action), result.counts.get(action, 0)
    yield _series(LOCK_WAITS, fabric=fabric), float(result.outcome is Outcome.ALREADY_RUNNING)
    for method, number in sorted(requests.items()):
        yield _series(REQUESTS, fabric=fabric, method=method), number


def _duration(fabric: str, seconds: float) -> Iterator[tuple[str, float]]:
    for bound in (*SECONDS, float("inf")):
        le = "+Inf" if bound == float("inf") else f"{bound:g}"
        yield _series(DURATION, "_bucket", fabric=fabric, le=le), float(seconds <= bound)
    yield _series(DURATION, "_sum", fabric=fabric), seconds
    yield _series(DURATION, "_count", fabric=fabric), 1


def _known(known: FabricStatus) -> Iterator[tuple[str, float]]:
    fabric, state = known.fabric, known.state
    for status in SyncStatus:
        yield _series(STATUS, fabric=fabric, status=status.value), float(status is known.status)
    for side in known.sides:
        at = {"fabric": fabric, "side": side.side.value}
        for agreement in Agreement:
            yield _series(AGREEMENT, **at, agreement=agreement.value), float(agreement is side.agreement)
        if side.differing is not None:
            yield _series(DIFFERING, **at), side.differing
        for verdict, number in side.found.items():
            yield _series(OBJECTS, **at, verdict=verdict), number
    wrong = {found.check for found in known.health}
    for check in CHECKS:
        yield _series(HEALTH, fabric=fabric, check=check), float(check in wrong)
    for endpoint, found in known.breakers.items():
        for breaker in Breaker:
            yield _series(BREAKER, fabric=fabric, endpoint=endpoint, breaker=breaker.value), float(breaker is found)
    if not known.unread:
        yield _series(LOCKED, fabric=fabric), float(known.running is not None)
    yield _series(INTERVAL, fabric=fabric), known.interval
    yield from _instant(ATTEMPTED, fabric, state.last_attempt_started_at)
    yield from _instant(SUCCEEDED, fabric, state.last_success_at)
    yield from _instant(DUE, fabric, known.next_sync_at)


def _instant(family: Family, fabric: str, instant: datetime | None) -> Iterator[tuple[str, float]]:
    if instant is not None:
        yield _series(family, fabric=fabric), instant.timestamp()


def _series(family: Family, suffix: str = "", /, **labels: str) -> str:
    shown = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{PREFIX}{family.name}{suffix}{{{shown}}}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _is_of(series: str, family: Family) -> bool:
    name = series.partition("{")[0].removeprefix(PREFIX)
    parts = ("_bucket", "_sum", "_count") if family.type == "histogram" else ("",)
    return name in {family.name + part for part in parts}


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


_LINE = re.compile(rf"({PREFIX}[a-z_]+\{{.*\}}) (\d+(?:\.\d+)?(?:e[+-]?\d+)?)")
