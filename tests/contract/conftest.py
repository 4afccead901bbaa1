"""The server with Hedgehog's defaulting and without its rules, so that anything may be stored."""

from __future__ import annotations

import time

import pytest

from fakes.fabrics import thing
from fixtures_cluster import KubeCluster, collection_path
from hedgehog_gitops.model.kind import WIRING, kind_named
from servers.admission import VALIDATING, Admission

_NOTICED_SECONDS = 30


@pytest.fixture
def defaulting_cluster(kube_cluster: KubeCluster, admission: Admission) -> KubeCluster:
    """The server of `kube_cluster` with the webhook that fills in defaults, and without the one that judges."""
    refused = thing("Connection", "of-no-type")
    path = f"{collection_path(kind_named(WIRING, 'Connection'))}?dryRun=All"
    assert kube_cluster.request("DELETE", f"{VALIDATING}/hedgehog")[0] == 200
    deadline = time.monotonic() + _NOTICED_SECONDS
    while kube_cluster.request("POST", path, refused)[0] != 201:
        assert time.monotonic() < deadline, f"still judged: {admission.refused}"
        time.sleep(0.05)
    return kube_cluster
