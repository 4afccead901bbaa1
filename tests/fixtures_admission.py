"""The fixture `admission`: stand-in webhooks, registered with the API server of `kube_cluster`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures_cluster import KubeCluster
from servers import admission as webhooks
from servers.admission import Admission


@pytest.fixture
def admission(kube_cluster: KubeCluster, tmp_path: Path) -> Iterator[Admission]:
    """The webhooks of one test; they are gone when it ends, so that the server can be wiped."""
    with webhooks.admission(kube_cluster.server, tmp_path / "admission") as registered:
        yield registered
