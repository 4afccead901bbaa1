"""Runs against a real API server, without a clone and a process for each: what git says is given as objects."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from fakes.clock import StoppedClock
from fakes.fabrics import LAB
from fakes.memory_side import key_of
from fakes.memory_source import MemorySource
from fakes.memory_state import MemoryState
from fixtures_cluster import KubeCluster, collection_path
from generated_fabric import generate_fabric
from hedgehog_gitops.adapters.kubernetes import KubernetesCluster
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.adapters.progress import Silent
from hedgehog_gitops.core.layout import managed_path
from hedgehog_gitops.core.planning import DEFAULT_OPTIONS
from hedgehog_gitops.core.validation import schema_judge
from hedgehog_gitops.core.writing import to_yaml
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.kind import USER_KINDS, ObjectKey
from hedgehog_gitops.model.live import SideName
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object
from hedgehog_gitops.model.plan import Plan, PlanOptions
from hedgehog_gitops.model.settings import Fabric, FabricConstants, PruneSettings
from hedgehog_gitops.model.state import SyncResult, Trigger
from hedgehog_gitops.ports import StateStore
from hedgehog_gitops.usecases.ingest import FabricIngestion, ingest
from hedgehog_gitops.usecases.plan import preview
from hedgehog_gitops.usecases.run import FabricPorts, SyncPorts
from hedgehog_gitops.usecases.sides import Sides
from hedgehog_gitops.usecases.sync import sync_fabrics

BASE = [
    each
    for each in generate_fabric(vpcs=6, leaves=2, gateways=1)
    if not any(f"server-000{number:02}" in str(each) for number in range(8, 17))
]
"""A fabric of every kind, small enough to be applied again and again."""

RELEASE = package_release()
PRUNING = PruneSettings(enabled=True, max_objects=10, max_share=0.5)
LIMITS = Limits()


@dataclass
class RealCluster:
    """One fabric on an API server. `slept` are the pauses of all runs, `writes` the writes that were sent."""

    cluster: KubeCluster
    fabric: Fabric = LAB._replace(cluster=None, constants=FabricConstants(gateway=True), prune=PRUNING)
    state: StateStore = field(default_factory=MemoryState)
    clock: StoppedClock = field(default_factory=StoppedClock)
    slept: list[float] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    runs: count[int] = field(default_factory=lambda: count(1))

    def sync(self, objects: Iterable[JsonObject], options: PlanOptions = DEFAULT_OPTIONS) -> SyncResult:
        """One run with exactly these objects in git."""
        side, source = self._side(), _source(self.fabric, objects)

        def take_in(fabrics: Sequence[Fabric], _go_on: Callable[[], None]) -> Sequence[FabricIngestion]:
            return ingest(fabrics, source, LIMITS, judge=schema_judge(RELEASE.schemas), sleep=lambda _: None).fabrics

        shared = SyncPorts(
            take_in=take_in,
            clock=self.clock,
            progress=Silent(),
            release=RELEASE,
            holder="here",
            new_run_id=lambda: f"run-{next(self.runs)}",
            random=lambda: 0.5,
            sleep=self._sleep,
            is_gone=lambda _: False,
        )
        ports = FabricPorts(fabric=self.fabric, side=lambda: side, state=self.state, options=options)
        (result,) = sync_fabrics([ports], shared, trigger=Trigger.MANUAL)
        return result

    def plan(self, objects: Iterable[JsonObject], options: PlanOptions = DEFAULT_OPTIONS) -> Plan:
        """What a run would do."""
        source = _source(self.fabric, objects)
        return preview(self.fabric, source, Sides(cluster=self._side()), self.state, RELEASE, LIMITS, options)[0]

    @property
    def inventory(self) -> set[str]:
        """What we own, by our own records."""
        return set(map(short, self.state.bases(self.fabric.name, SideName.CLUSTER)))

    @property
    def stored(self) -> set[str]:
        """What the API server stores."""
        return set(self.values)

    @property
    def values(self) -> dict[str, JsonObject]:
        """The objects that the API server stores, by `Kind/name`."""
        found: dict[str, JsonObject] = {}
        for kind in USER_KINDS:
            status, body = self.cluster.request("GET", collection_path(kind))
            assert status == 200, body
            items = [as_object(item) for item in as_list(body["items"])]
            found |= {f"{kind.kind}/{as_object(item['metadata'])['name']}": item for item in items}
        return found

    def spec(self, name: str) -> JsonObject:
        """The spec that the API server stores of one object."""
        return as_object(self.values[name]["spec"])

    def _side(self) -> KubernetesCluster:
        return KubernetesCluster(self.cluster.settings(), on_request=self._count)

    def _count(self, method: str, path: str) -> None:
        if method != "GET":
            self.writes.append(f"{method} {path.partition('?')[0]}")

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        time.sleep(seconds)


def short(key: ObjectKey) -> str:
    """`Kind/name`."""
    return f"{key.kind}/{key.name}"


def name_of(value: JsonObject) -> str:
    """`Kind/name` of an object."""
    return short(key_of(value))


def names(objects: Iterable[JsonObject]) -> set[str]:
    """`Kind/name` of each."""
    return set(map(name_of, objects))


def kinds(objects: Iterable[JsonObject]) -> Mapping[str, int]:
    """How many there are of each kind."""
    return Counter(str(each["kind"]) for each in objects)


def with_spec(objects: Iterable[JsonObject], specs: Mapping[str, JsonObject]) -> list[JsonObject]:
    """The objects, those named `Kind/name` with other entries in their specs."""
    found = {name_of(each): each for each in objects}
    assert specs.keys() <= found.keys()
    changed = {name: {**found[name], "spec": {**as_object(found[name]["spec"]), **specs[name]}} for name in specs}
    return list({**found, **changed}.values())


def without(objects: Iterable[JsonObject], *gone: str) -> list[JsonObject]:
    """The objects without those named `Kind/name`."""
    return [each for each in objects if name_of(each) not in gone]


def _source(fabric: Fabric, objects: Iterable[JsonObject]) -> MemorySource:
    files = {f"{fabric.directory}/{managed_path(key_of(each))}": to_yaml(each).encode() for each in objects}
    return MemorySource({**files, f"{fabric.directory}/README.md": b""})
