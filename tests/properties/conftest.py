"""A smaller number of examples where the laws are held a second time, on another Python."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import settings

AGAIN = "again"
"""`--hypothesis-profile=again`: what was held with all examples elsewhere."""
SHARE = 5
SETTINGS = "_hypothesis_internal_use_settings"
"""Where hypothesis keeps what a test was decorated with; it has no public name."""

settings.register_profile(AGAIN, max_examples=100 // SHARE)  # of what hypothesis tries by itself


def pytest_collection_modifyitems(config: pytest.Config, items: Sequence[pytest.Item]) -> None:
    """Tests that say how many examples they want get a share of them."""
    if config.getoption("--hypothesis-profile") != AGAIN:
        return
    for test in {item.obj for item in items if isinstance(item, pytest.Function)}:
        if wanted := getattr(test, SETTINGS, None):
            setattr(test, SETTINGS, settings(wanted, max_examples=-(-wanted.max_examples // SHARE)))
