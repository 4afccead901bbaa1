from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.clock import START
from fakes.fabrics import LAB
from hedgehog_gitops.core.status import FabricStatus, status_of
from hedgehog_gitops.model.settings import SyncSettings
from hedgehog_gitops.model.state import Outcome, SyncState
from hedgehog_gitops.render.status_json import statuses_json
from hedgehog_gitops.render.status_text import relative, statuses_text

NOW = START
AT = NOW - timedelta(seconds=130)
GOOD = SyncState(
    last_attempt_started_at=AT,
    last_attempt_finished_at=AT,
    last_success_at=AT,
    last_outcome=Outcome.APPLIED,
    agreement="equal",
    counts={"drifted": 2, "differing": 0, "in_sync": 9},
)


def known(state: SyncState, name: str = "lab", interval: int = 300) -> FabricStatus:
    return status_of(LAB._replace(name=name, sync=SyncSettings(interval=interval)), state, None, NOW)


def test_a_person_sees_aligned_columns_and_relative_times() -> None:
    """Issue 6, scope: status for people."""
    table = statuses_text([known(GOOD), known(SyncState(), "a-longer-name", 0)])
    assert table == (
        "FABRIC         STATUS        AGREEMENT        DIFFERING          LAST ATTEMPT            LAST SUCCESS   "
        "NEXT DUE      LOCK\n"
        "lab            in_sync       cluster equal    0 (2 had drifted)  2 minutes ago, applied  2 minutes ago  "
        "in 2 minutes  -\n"
        "a-longer-name  never_synced  cluster unknown  unknown            never                   never          "
        "by hand       -\n"
    )


def test_what_is_wrong_stands_below_with_advice_and_cannot_forge_a_line() -> None:
    failed = replace(GOOD, last_outcome=Outcome.FAILED, error="bad\n##[error]x\x1b[2J", error_category="network")
    lines = statuses_text([known(failed)]).splitlines()
    assert lines[2] == "  error lab: failing: the last run failed (network): bad\\n##\\x5berror]x\\x1b[2J"
    assert lines[3].startswith("    → ")
    assert len(lines) == 4


def test_colours_are_around_words_only_and_change_no_width() -> None:
    plain = statuses_text([known(GOOD)])
    painted = statuses_text([known(GOOD)], has_colours=True)
    assert re.sub(r"\x1b\[\d+m", "", painted) == plain
    assert "\x1b[32min_sync\x1b[0m" in painted


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "now"),
        (-1, "1 second ago"),
        (59, "in 59 seconds"),
        (60, "in 1 minute"),
        (-3599, "59 minutes ago"),
        (3600, "in 1 hour"),
        (-86400 * 3, "3 days ago"),
    ],
)
def test_times_are_told_in_one_unit(seconds: int, words: str) -> None:
    assert relative(NOW + timedelta(seconds=seconds), NOW) == words


def test_a_machine_reads_the_lock_and_nulls_for_what_is_not_known() -> None:
    value = json.loads(statuses_json([known(SyncState())]))["fabrics"][0]
    unknown = {name for name, entry in value.items() if entry is None}
    assert unknown == {"as_of", "last_success_at", "last_attempt_at", "last_outcome", "next_retry_at", "lock"}
