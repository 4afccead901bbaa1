"""A fabric in a directory of its own, on a real cluster or on a directory in place of one, where things can go wrong.

What it tells is read from the files, the API server and the state file, past our own results.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from e2e.workspace import Ended
from fixtures_cluster import KubeCluster, collection_path
from hedgehog_gitops.cli.main import main
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.writing import to_yaml
from hedgehog_gitops.model.kind import KINDS, Kind
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text

API = {kind.kind: kind for kind in KINDS}
SEEN = tuple(API[name] for name in ("IPv4Namespace", "VLANNamespace", "SwitchGroup", "Server", "VPC", "VPCPeering"))
"""The kinds that these tests make objects of."""

PRUNE = "{enabled: true, max_objects: 100, max_share: 1.0}"


def thing(kind: str, name: str, spec: JsonObject | None = None, **metadata: Json) -> JsonObject:
    """One manifest."""
    named: JsonObject = {"name": name, "namespace": "default", **metadata}
    return {"apiVersion": API[kind].api_version, "kind": kind, "metadata": named, "spec": spec or {}}


def namespaces() -> list[JsonObject]:
    """What VPCs stand on."""
    return [
        thing("IPv4Namespace", "default", {"subnets": ["10.0.0.0/16"]}),
        thing("VLANNamespace", "default", {"ranges": [{"from": 1000, "to": 2999}]}),
    ]


def vpc(name: str, number: int, *, dhcp: bool = False) -> JsonObject:
    """A VPC with one subnet, the `number`-th of the namespace."""
    subnet: JsonObject = {"subnet": f"10.0.{number}.0/24", "vlan": 1000 + number}
    return thing("VPC", name, {"subnets": {"default": {**subnet, **({"dhcp": {"enable": True}} if dhcp else {})}}})


def server(name: str, description: str = "") -> JsonObject:
    """A server."""
    return thing("Server", name, {"description": description} if description else {})


def peering(one: str, other: str) -> JsonObject:
    """A peering of two VPCs."""
    return thing("VPCPeering", f"{one}--{other}", {"permit": [{one: {}, other: {}}]})


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The directory with configuration, files and state, and the cluster; None for the directory `live` beside them."""

    root: Path
    cluster: KubeCluster | None

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.root / "hedgehog-gitops.yaml"

    @property
    def fabric(self) -> Path:
        """The fabric's directory."""
        return self.root / "fabrics" / "lab"

    def lay_out(self, objects: Iterable[JsonObject]) -> None:
        """Make these the managed files, and no others."""
        shutil.rmtree(self.fabric / "managed", ignore_errors=True)
        for each in objects:
            self.file(each).parent.mkdir(parents=True, exist_ok=True)
            self.file(each).write_text(to_yaml(each))

    def file(self, manifest: JsonObject) -> Path:
        """Where an object has its managed file."""
        kind, metadata = as_text(manifest["kind"]), as_object(manifest["metadata"])
        return self.fabric / "managed" / API[kind].plural / f"{as_text(metadata['name'])}.yaml"

    def command(self, *arguments: str) -> Ended:
        """Our command, run in this process."""
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(["--config", str(self.config), "--no-progress", *arguments])
        return Ended(code, out.getvalue(), err.getvalue())

    def live(self) -> dict[str, JsonObject]:
        """Every object as the side stores it, by `Kind/name`."""
        with ThreadPoolExecutor(4) as pool:
            found = [item for items in pool.map(self._stored, SEEN) for item in items]
        return {title(each): each for each in found}

    def inventory(self) -> dict[str, str]:
        """The uid of every object that the state file says is ours."""
        with closing(sqlite3.connect(self.root / "state.sqlite")) as db:
            return {f"{kind}/{name}": uid for kind, name, uid in db.execute("select kind, name, uid from base")}

    def _stored(self, kind: Kind) -> list[JsonObject]:
        if self.cluster is None:
            return list(_in_files(self.root / "live" / kind.plural))
        status, body = self.cluster.request("GET", collection_path(kind))
        assert status == 200, body
        return [{**as_object(item), "kind": kind.kind} for item in as_list(body["items"])]


def make_world(root: Path, cluster: KubeCluster | None, *, kubeconfig: Path | None = None, prune: str = PRUNE) -> World:
    """An empty fabric; `kubeconfig` leads to the cluster by another way than the straight one."""
    world = World(root=root, cluster=cluster)
    target = "directory: live" if cluster is None else f"kubeconfig: {kubeconfig or cluster.server.kubeconfig}"
    world.fabric.mkdir(parents=True)
    world.config.write_text(
        "apiVersion: hedgehog-gitops/v1\nfabrics:\n  - name: lab\n    directory: fabrics/lab\n"
        f"    cluster: {{{target}}}\n    state: {{path: state.sqlite}}\n    prune: {prune}\n"
    )
    return world


def specs(live: Mapping[str, JsonObject]) -> dict[str, Json]:
    """The spec of each object, which is what we decide about it."""
    return {name: each.get("spec") for name, each in live.items()}


def uids(live: Mapping[str, JsonObject]) -> dict[str, str]:
    """The uid of each object."""
    return {name: as_text(as_object(each["metadata"]).get("uid")) for name, each in live.items()}


def title(value: JsonObject) -> str:
    """`Kind/name` of an object."""
    return f"{as_text(value['kind'])}/{as_text(as_object(value['metadata'])['name'])}"


def _in_files(directory: Path) -> Iterator[JsonObject]:
    for path in sorted(directory.glob("*.yaml")):
        (document,) = read_documents(path.read_bytes(), str(path)).documents
        yield as_object(document.value)
