from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from fakes.clock import START
from fakes.fabrics import LAB
from hedgehog_gitops.core.metrics import COUNTED, GAUGES, PREFIX, count_run, gauges, metrics_text, read_counters
from hedgehog_gitops.core.status import status_of
from hedgehog_gitops.model.state import Outcome, SyncResult, SyncState, SyncStatus, Trigger

RESULT = SyncResult(
    fabric="lab",
    run_id="r1",
    trigger=Trigger.SCHEDULE,
    outcome=Outcome.APPLIED,
    status=SyncStatus.IN_SYNC,
    started_at=START,
    finished_at=START + timedelta(seconds=3.5),
    next_sync_at=None,
    revision="",
    plan_id="",
    counts={"created": 2, "in_sync": 9},
)
GOOD = SyncState(
    last_attempt_started_at=START,
    last_attempt_finished_at=START,
    last_success_at=START,
    last_outcome=Outcome.APPLIED,
    agreement="equal",
    counts={"in_sync": 9, "drifted": 1, "differing": 0},
)
LINE = re.compile(r'(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+\{([a-z]+="(\\.|[^"\\\n])*"(,|(?=\})))*\} [0-9.e+]+)\n')


def test_runs_are_counted_by_outcome_with_their_duration_writes_and_requests() -> None:
    """Issue 6, scope: Prometheus text metrics."""
    counted = count_run({}, RESULT, {"GET": 16, "PATCH": 2})
    counted = count_run(counted, replace(RESULT, outcome=Outcome.ALREADY_RUNNING, counts={}), {})
    text = metrics_text(counted)
    for line in (
        'hedgehog_gitops_runs_total{fabric="lab",outcome="applied"} 1',
        'hedgehog_gitops_runs_total{fabric="lab",outcome="failed"} 0',
        'hedgehog_gitops_run_duration_seconds_bucket{fabric="lab",le="2.5"} 0',
        'hedgehog_gitops_run_duration_seconds_bucket{fabric="lab",le="5"} 1',
        'hedgehog_gitops_run_duration_seconds_bucket{fabric="lab",le="+Inf"} 1',
        'hedgehog_gitops_run_duration_seconds_sum{fabric="lab"} 3.5',
        'hedgehog_gitops_changes_total{fabric="lab",action="created"} 2',
        'hedgehog_gitops_lock_waits_total{fabric="lab"} 1',
        'hedgehog_gitops_requests_total{fabric="lab",method="GET"} 16',
    ):
        assert f"\n{line}\n" in text


def test_counters_go_on_from_a_file_and_gauges_are_made_anew() -> None:
    first = count_run({}, RESULT, {"GET": 16})
    text = metrics_text({**first, **gauges([status_of(LAB, GOOD, None, START)])})
    read = read_counters(text)
    assert read == first
    assert count_run(read, RESULT, {})['hedgehog_gitops_runs_total{fabric="lab",outcome="applied"}'] == 2


def test_a_damaged_file_costs_what_is_damaged_and_nothing_else() -> None:
    lines = metrics_text(count_run({}, RESULT, {})).splitlines()
    broken = "\n".join([*lines[:4], "hedgehog_gitops_runs_total{", "other_total{} 4", "\x00\udcff", *lines[4:-1]])
    assert set(read_counters(broken)) == set(read_counters("\n".join(lines[:-1])))


def test_all_of_it_is_in_the_form_that_prometheus_reads() -> None:
    odd = LAB._replace(name='a"b\\c\nd')
    samples = {
        **count_run({}, replace(RESULT, fabric=odd.name), {"GET": 1}),
        **gauges([status_of(odd, replace(GOOD, endpoint_failures={"git": 1}), None, START)]),
    }
    text = metrics_text(samples)
    assert "".join(match[0] for match in LINE.finditer(text)) == text
    names = re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE)
    assert names == [(PREFIX + family.name, family.type) for family in (*COUNTED, *GAUGES)]


def test_b21_objects_are_told_only_while_that_is_known() -> None:
    fresh = gauges([status_of(LAB, GOOD, None, START)])
    stale = gauges([status_of(LAB, GOOD, None, START + timedelta(days=1))])
    assert fresh['hedgehog_gitops_objects{fabric="lab",side="cluster",verdict="drifted"}'] == 1
    assert not [series for series in stale if series.startswith(("hedgehog_gitops_objects", "hedgehog_gitops_diff"))]
    assert stale['hedgehog_gitops_health{fabric="lab",check="overdue"}'] == 1
