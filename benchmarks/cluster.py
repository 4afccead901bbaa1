"""The cluster side against kubectl and a bare loop, on one real API server.

    python benchmarks/cluster.py [--objects 2000] [--rounds 3] [--kubectl-only]

First apply, a diff and an apply of nothing, and an apply of one object in a hundred. All contenders do the same work in
the same run, in turn, each from a server without objects; the bare loop only makes the objects: eight threads, each
with a connection and server-side apply patches, and nothing else. Printed are the median wall time, processor time and
peak memory of the whole process, the ratio to the first contender, and whether the aims are met: a machine is not fast
or slow by itself, so only ratios say something.

A rate of writes is seen at the server: how many objects there are, asked twenty times a second while a first apply
runs. It is what a contender gets through while it writes; what it does before and after is in its wall time.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from urllib3 import PoolManager

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests")]

from fixtures_cluster import KubeCluster, collection_path, start_cluster  # noqa: E402 - found through the line above
from hedgehog_gitops.model.kind import KINDS  # noqa: E402 - the same
from servers import kube  # noqa: E402 - the same

OURS = "hedgehog-gitops"
LOOP = "bare loop"
CHANGED = "1 % changed"
THREADS = 8
LAST_ADDRESS = re.compile(r"(end: [0-9]+\.[0-9]+\.[0-9]+\.)[0-9]+")
STATE_DIRECTORIES = (".git/hedgehog-gitops", ".hedgehog-gitops")
FIRST = "first apply"
VPC_KIND = next(kind for kind in KINDS if kind.kind == "VPC")
LOOK = 0.05
"""Seconds between two looks at how many objects there are."""
FABRIC = "bench"
DIRECTORY = "fabrics/bench"
CONFIGURATION = f"""
apiVersion: hedgehog-gitops/v1
fabrics:
  - name: {FABRIC}
    directory: {DIRECTORY}
    cluster: {{kubeconfig: "%s", context: admin, namespace: default}}
"""
NAMESPACES = """
apiVersion: wiring.githedgehog.com/v1beta1
kind: VLANNamespace
metadata: {name: default, namespace: default}
spec: {ranges: [{from: 100, to: 2999}]}
---
apiVersion: vpc.githedgehog.com/v1beta1
kind: IPv4Namespace
metadata: {name: default, namespace: default}
spec: {subnets: ["10.0.0.0/8"]}
"""
VPC = """
apiVersion: vpc.githedgehog.com/v1beta1
kind: VPC
metadata: {{name: vpc-{number:05}, namespace: default}}
spec:
  ipv4Namespace: default
  vlanNamespace: default
  subnets:
    default:
      subnet: 10.{high}.{low}.0/24
      gateway: 10.{high}.{low}.1
      vlan: {vlan}
      dhcp: {{enable: true, range: {{start: 10.{high}.{low}.10, end: 10.{high}.{low}.{last}}}}}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a command took: seconds of wall time, seconds of processor time, mebibytes at its peak.

    `rate` is of a first apply: objects a second, from the first that was made to the last.
    """

    wall: float
    processor: float
    memory: float
    rate: float = 0


@dataclass(frozen=True, slots=True)
class Contender:
    """The commands of one side, by step, and the directory and environment that they run in.

    `change` changes one object in a hundred before the step of that name; its number is another one each time.
    """

    name: str
    steps: Mapping[str, Sequence[str]]
    directory: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    change: Callable[[int], None] = lambda _: None


def main() -> None:
    """Run all rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kubectl-only", action="store_true", help="only the peer, to see the machine")
    parser.add_argument("--loop", nargs=2, metavar=("MANIFESTS", "KUBECONFIG"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.loop:
        patch_all(*map(Path, arguments.loop))
        return
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        directory = Path(name)
        server = directory / "server"
        try:
            cluster = start_cluster(server)
            peer = kubectl(cluster, directory, arguments.objects)
            contenders = [peer]
            if not arguments.kubectl_only:
                contenders += [ours(cluster, directory, arguments.objects), loop(cluster, directory)]
            costs = measure(cluster, contenders, arguments.rounds)
            print_table(costs, contenders)
            if not arguments.kubectl_only:
                print_aims(costs)
        finally:
            kube.stop(server)


def kubectl(cluster: KubeCluster, directory: Path, count: int) -> Contender:
    """The peer, with all objects in one file: the fastest way that it has."""
    manifests = directory / "all.yaml"

    def change(number: int) -> None:
        manifests.write_text("---".join([NAMESPACES, *vpcs(count, number)]))

    change(0)
    command = [str(cluster.server.programs / "kubectl"), "--kubeconfig", str(cluster.server.kubeconfig)]
    apply = [*command, "apply", "--server-side", "-f", str(manifests)]
    steps = {
        FIRST: apply,
        "diff": [*command, "diff", "--server-side", "-f", str(manifests)],
        "again": apply,
        CHANGED: apply,
    }
    return Contender("kubectl", steps, directory, change=change)


def ours(cluster: KubeCluster, directory: Path, count: int) -> Contender:
    """Our command on a git repository with one managed file per object."""
    repository = directory / "repository"
    repository.mkdir()
    subprocess.run(["git", "init", "--quiet", "--initial-branch", "main", str(repository)], check=True)
    (repository / "hedgehog-gitops.yaml").write_text(CONFIGURATION % cluster.server.kubeconfig)
    command = [str(Path(sys.executable).parent / OURS)]
    environment = {f"GIT_{role}_{what}": "benchmark" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    contender = Contender(OURS, {}, repository, environment)
    cost_of([*command, "init"], contender)
    (repository / DIRECTORY / "raw" / "all.yaml").write_text("---".join([NAMESPACES, *vpcs(count)]))
    cost_of([*command, "normalize"], contender)
    commit(contender)

    def change(number: int) -> None:
        for at in range(0, count, 100):
            file = repository / DIRECTORY / "managed" / "vpcs" / f"vpc-{at:05}.yaml"
            file.write_text(LAST_ADDRESS.sub(rf"\g<1>{200 + number}", file.read_text()))
        commit(contender)

    sync = [*command, "sync", "--force", "--no-progress"]
    steps = {
        FIRST: [*command, "apply", "--yes", "--no-progress"],
        "diff": [*command, "plan", "--no-progress"],
        "again": sync,
        CHANGED: sync,
    }
    return Contender(OURS, steps, repository, environment, change)


def commit(contender: Contender) -> None:
    """Everything that lies in the repository."""
    for git in (["add", "--all"], ["commit", "--quiet", "--allow-empty", "--message", "Bench"]):
        cost_of(["git", *git], contender)


def loop(cluster: KubeCluster, directory: Path) -> Contender:
    """The bare loop, on the objects of the peer's file."""
    command = [sys.executable, __file__, "--loop", str(directory / "all.yaml"), str(cluster.server.kubeconfig)]
    return Contender(LOOP, {FIRST: command}, directory)


def patch_all(manifests: Path, kubeconfig: Path) -> None:
    """Make every object of a file, eight at a time; whatever an object needs comes before it."""
    config = json.loads(kubeconfig.read_text())
    server = config["clusters"][0]["cluster"]
    token = next(each["user"]["token"] for each in config["users"] if each["name"] == "admin")
    pool = PoolManager(maxsize=THREADS, ca_certs=server["certificate-authority"])
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/apply-patch+yaml"}
    plurals = {"VPC": "vpcs", "IPv4Namespace": "ipv4namespaces", "VLANNamespace": "vlannamespaces"}

    def patch(value: dict[str, Any]) -> None:
        place = f"{value['apiVersion']}/namespaces/default/{plurals[value['kind']]}/{value['metadata']['name']}"
        address = f"{server['server']}/apis/{place}?fieldManager=loop&force=true"
        answer = pool.request("PATCH", address, body=json.dumps(value), headers=headers)
        if answer.status not in {200, 201}:
            raise SystemExit(f"{address}: {answer.status} {answer.data[:300]!r}")

    objects = list(yaml.load_all(manifests.read_text(), yaml.CSafeLoader))
    with ThreadPoolExecutor(THREADS) as threads:
        for _ in threads.map(patch, objects):
            pass


def vpcs(count: int, changed: int = 0) -> Iterator[str]:
    """Valid VPCs, each with one subnet of its own; one in a hundred as it is after so many changes."""
    for number in range(count):
        high, low = divmod(number, 250)
        last = 200 + (changed if number % 100 == 0 else 0)
        yield VPC.format(number=number, high=high, low=low, vlan=100 + number % 2900, last=last)


def measure(cluster: KubeCluster, contenders: Sequence[Contender], rounds: int) -> dict[tuple[str, str], list[Cost]]:
    """The costs by contender and step, one per round."""
    costs: dict[tuple[str, str], list[Cost]] = {}
    for number in range(1, rounds + 1):
        for contender in contenders:
            cluster.wipe()
            for state in STATE_DIRECTORIES:
                shutil.rmtree(contender.directory / state, ignore_errors=True)
            for step, command in contender.steps.items():
                if step == CHANGED:
                    contender.change(number)
                cost = first_cost_of(cluster, command, contender) if step == FIRST else cost_of(command, contender)
                costs.setdefault((contender.name, step), []).append(cost)
    return costs


def first_cost_of(cluster: KubeCluster, command: Sequence[str], contender: Contender) -> Cost:
    """The cost of a command that makes all objects, with its rate of writes."""
    looks: list[tuple[float, int]] = []
    is_over = threading.Event()
    watcher = threading.Thread(target=lambda: looks.extend(growth(cluster, is_over)))
    watcher.start()
    try:
        cost = cost_of(command, contender)
    finally:
        is_over.set()
        watcher.join()
    return replace(cost, rate=rate_of(looks))


def growth(cluster: KubeCluster, is_over: threading.Event) -> Iterator[tuple[float, int]]:
    """Instants, and how many VPCs the server has at each, until it is over and once more."""
    server = cluster.server
    path = f"{server.url}{collection_path(VPC_KIND)}?limit=1"
    pool = PoolManager(maxsize=1, ca_certs=str(server.certificate))
    headers = {"Authorization": f"Bearer {server.tokens['admin']}"}
    last = False
    while not last:
        last = is_over.wait(LOOK)
        page = pool.request("GET", path, headers=headers).json()
        yield time.monotonic(), len(page["items"]) + page["metadata"].get("remainingItemCount", 0)


def rate_of(looks: Sequence[tuple[float, int]]) -> float:
    """Objects a second while they became more."""
    most = max(count for _, count in looks)
    begin = max(instant for instant, count in looks if count == 0)
    end = min(instant for instant, count in looks if count == most)
    return most / (end - begin)


def cost_of(command: Sequence[str], contender: Contender) -> Cost:
    """Run a command to its end; SystemExit with its output if it fails."""
    before = time.monotonic()
    with tempfile.TemporaryFile() as output:
        environment = {**os.environ, **contender.environment}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=contender.directory, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - before
        if process.returncode != 0:
            output.seek(0)
            sys.exit(f"{' '.join(command)} exited with {process.returncode}:\n{output.read()[-2000:].decode()}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def print_table(costs: Mapping[tuple[str, str], Sequence[Cost]], contenders: Sequence[Contender]) -> None:
    """One row per step and contender, medians; the ratio is wall time against the first contender."""
    print(f"{'step':<14} {'command':<16} {'wall s':>8} {'cpu s':>8} {'MiB':>7} {'ratio':>7} {'writes/s':>9}")
    for step in contenders[0].steps:
        base = median_wall(costs[contenders[0].name, step])
        for contender in contenders:
            if step not in contender.steps:
                continue
            runs = costs[contender.name, step]
            wall = median_wall(runs)
            processor = statistics.median(cost.processor for cost in runs)
            memory = statistics.median(cost.memory for cost in runs)
            rate = statistics.median(cost.rate for cost in runs)
            figures = f"{wall:>8.2f} {processor:>8.2f} {memory:>7.0f} {wall / base:>7.3f}"
            print(f"{step:<14} {contender.name:<16} {figures} {f'{rate:>9.0f}' if rate else ''}".rstrip())


def print_aims(costs: Mapping[tuple[str, str], Sequence[Cost]]) -> None:
    """What is measured, what it should be, and whether it is."""
    peer, we = (
        {step: median_wall(runs) for (name, step), runs in costs.items() if name == wanted}
        for wanted in ("kubectl", OURS)
    )
    writes = {name: statistics.median(cost.rate for cost in costs[name, FIRST]) for name in (OURS, LOOP)}
    bare = median_wall(costs[LOOP, FIRST])
    print("\n| measured | value | aim | |\n|---|---|---|---|")
    for name, value, aim, is_met in (
        ("`kubectl diff` / `plan`, nothing to do", peer["diff"] / we["diff"], ">= 10", peer["diff"] >= 10 * we["diff"]),
        (
            "`kubectl apply` / `sync`, nothing to do",
            peer["again"] / we["again"],
            ">= 5",
            peer["again"] >= 5 * we["again"],
        ),
        (
            "first apply / `kubectl apply`",
            we[FIRST] / peer[FIRST],
            "<= 1",
            we[FIRST] <= peer[FIRST],
        ),
        (
            "writes a second of the first apply / of a bare loop",
            writes[OURS] / writes[LOOP],
            ">= 0.9",
            writes[OURS] >= 0.9 * writes[LOOP],
        ),
        ("`sync` of 1 % changed / of nothing", we[CHANGED] / we["again"], "< 1.3", we[CHANGED] < 1.3 * we["again"]),
    ):
        print(f"| {name} | {value:.2f} x | {aim} x | {'met' if is_met else 'MISSED'} |")
    print(f"| the whole bare loop / the whole first apply, judging and proof included | {bare / we[FIRST]:.2f} x | | |")


def median_wall(runs: Sequence[Cost]) -> float:
    """The middle one of some wall times."""
    return statistics.median(cost.wall for cost in runs)


if __name__ == "__main__":
    main()
