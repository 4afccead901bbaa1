from __future__ import annotations

from datetime import timedelta

import pytest

from fakes.clock import START
from hedgehog_gitops.core.doctor import clock_finding
from hedgehog_gitops.model.health import Grade


@pytest.mark.parametrize(
    ("seconds", "grade", "words"),
    [
        (0, Grade.OK, "the clocks agree"),
        (2, Grade.OK, "the clocks agree"),
        (7, Grade.OK, "5 s ahead of"),
        (8, Grade.WARNING, "6 s ahead of"),
        (-8, Grade.WARNING, "6 s behind"),
        (62, Grade.WARNING, "60 s ahead of"),
        (63, Grade.ERROR, "61 s ahead of"),
        (-86400, Grade.ERROR, "86398 s behind"),
    ],
)
def test_a_clock_that_is_off_by_more_than_the_answer_took_is_told(seconds: int, grade: Grade, words: str) -> None:
    """A header tells whole seconds, and here the answer took one."""
    found = clock_finding("lab", START, START + timedelta(seconds=seconds), timedelta(seconds=1))
    assert (found.grade, bool(found.advice)) == (grade, grade is not Grade.OK)
    assert words in found.message


def test_a_server_that_does_not_tell_its_time_is_a_warning() -> None:
    assert clock_finding("lab", None, START, timedelta()).grade is Grade.WARNING
