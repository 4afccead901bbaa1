"""What every test can ask for. Fixtures live in one plugin per server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest_plugins = ["fixtures_cluster", "fixtures_admission", "fixtures_redis", "fixtures_netbox"]


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing that the tests remember goes where the user's own runs remember; commands that they start see it too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEDGEHOG_GITOPS_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield
