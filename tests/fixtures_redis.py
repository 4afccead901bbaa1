"""A real Redis for tests that ask for `redis_url`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import pytest
from redis import Redis

from servers import redis_server


@pytest.fixture(scope="session")
def redis_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of one server for the session."""
    is_required = os.environ.get("HEDGEHOG_REQUIRE_SERVERS") == "1"
    try:
        if is_required:
            redis_server.install()
        with redis_server.running(tmp_path_factory.mktemp("redis")) as url:
            yield url
    except redis_server.ServerUnavailableError as error:
        if is_required:
            raise
        pytest.skip(f"no Redis: {error}")


@pytest.fixture
def redis_url(redis_address: str) -> str:
    """The URL of an empty Redis."""
    Redis.from_url(redis_address).flushdb()
    return redis_address


@pytest.hookimpl(tryfirst=True)  # the marker must be there before `-m` selects
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Whatever asks for Redis is marked as needing a server."""
    for item in items:
        if "redis_address" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.server)
