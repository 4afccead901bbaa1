"""Issue 6, 1: whatever is stored and whenever it is looked at, there is one status, and every output shows it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

from fakes.clock import START
from fakes.fabrics import LAB
from hedgehog_gitops.core.metrics import gauges, metrics_text
from hedgehog_gitops.core.status import FabricStatus, status_of, status_unread
from hedgehog_gitops.model.plan import Agreement
from hedgehog_gitops.model.settings import SyncSettings
from hedgehog_gitops.model.state import Lease, Outcome, SyncState, SyncStatus
from hedgehog_gitops.render.status_json import statuses_json
from hedgehog_gitops.render.status_text import statuses_text

INTERVAL = 300
CLOCKS = (-90000, -1, 0, 1, 299, 300, 600, 601, 900, 901, 100_000)
FABRICS = [
    LAB._replace(cluster=cluster, sync=SyncSettings(enabled=enabled, interval=interval))
    for cluster, enabled, interval in product((LAB.cluster, None), (True, False), (INTERVAL, 0))
]


def at(seconds: float | None) -> datetime | None:
    return None if seconds is None else START + timedelta(seconds=seconds)


def states() -> Iterator[SyncState]:
    """Every combination of stamps, outcome and agreement that can be stored, the odd ones too."""
    stamps = ((None, None), (0, None), (0, -300), (0, 0), (0, 20))
    for (started, finished), outcome, agreed in product(stamps, (None, *Outcome), Agreement):
        yield SyncState(
            last_attempt_started_at=at(started),
            last_attempt_finished_at=at(finished),
            last_outcome=outcome,
            agreement=agreed.value,
            counts={"differing": 3, "drifted": 1, "in_sync": 8},
        )


def leases() -> Iterator[Lease | None]:
    yield None
    lease = Lease(
        fabric="lab", holder="h:1", run_id="r", fence=1, acquired_at=START, renewed_at=START, expires_at=START
    )
    yield replace(lease, expires_at=START + timedelta(seconds=30))
    yield replace(lease, expires_at=START + timedelta(days=2))


def everything() -> Iterator[FabricStatus]:
    for fabric, state, lease, clock in product(FABRICS, states(), leases(), CLOCKS):
        yield status_of(fabric, state, lease, START + timedelta(seconds=clock))
    for fabric in FABRICS:
        yield status_unread(fabric, START, "no answer")


def test_b17_text_json_and_metrics_say_the_same_of_every_stored_state_at_every_time() -> None:
    known = list(everything())
    lines = statuses_text(known).splitlines()[1 : len(known) + 1]
    values = json.loads(statuses_json(known))["fabrics"]
    shown = {each.status for each in known}
    assert shown == set(SyncStatus)
    differ = [
        (each, line, value)
        for each, line, value in zip(known, lines, values, strict=True)
        if (line.split()[1], value["status"]) != (each.status.value, each.status.value)
    ]
    assert differ == []


def test_b17_metrics_have_one_status_one_agreement_and_the_health_of_json() -> None:
    thinned = list(everything())[::7]
    for each in thinned:
        value = json.loads(statuses_json([each]))["fabrics"][0]
        found = {series for series, number in gauges([each]).items() if number == 1}
        assert [s for s in found if s.startswith("hedgehog_gitops_status{")] == [
            f'hedgehog_gitops_status{{fabric="lab",status="{value["status"]}"}}'
        ]
        assert {s for s in found if s.startswith("hedgehog_gitops_agreement{")} == {
            f'hedgehog_gitops_agreement{{fabric="lab",side="{side["side"]}",agreement="{side["agreement"]}"}}'
            for side in value["sides"]
        }
        assert {s for s in found if s.startswith("hedgehog_gitops_health{")} == {
            f'hedgehog_gitops_health{{fabric="lab",check="{finding["check"]}"}}' for finding in value["health"]
        }
        text = metrics_text(gauges([each]))
        assert ("hedgehog_gitops_differing_objects{" in text) is any(
            side["differing"] is not None for side in value["sides"]
        )


def test_b17_in_sync_is_said_only_of_what_is_fresh_and_equal_on_every_side() -> None:
    for each in everything():
        if each.status is SyncStatus.IN_SYNC:
            assert each.freshness.value == "fresh"
            assert {side.agreement for side in each.sides} == {Agreement.EQUAL}
