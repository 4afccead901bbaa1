"""The cluster side against kubectl, on one real API server: first apply, no-op diff, no-op apply.

    python benchmarks/cluster.py [--objects 2000] [--rounds 3] [--kubectl-only]

Both sides do the same work in the same run, in turn, each from a server without objects. Printed are the median wall
time, processor time and peak memory of the whole process, and the ratio. There are no limits to meet in here: a
machine is not fast or slow by itself, so only the ratio says something.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests")]

from fixtures_cluster import KubeCluster, start_cluster  # noqa: E402 - found through the line above
from servers import kube  # noqa: E402 - the same

OURS = "hedgehog-gitops"
STATE_DIRECTORIES = (".git/hedgehog-gitops", ".hedgehog-gitops")
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
      dhcp: {{enable: true, range: {{start: 10.{high}.{low}.10, end: 10.{high}.{low}.200}}}}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a command took: seconds of wall time, seconds of processor time, mebibytes at its peak."""

    wall: float
    processor: float
    memory: float


@dataclass(frozen=True, slots=True)
class Contender:
    """The commands of one side, by step, and the directory and environment that they run in."""

    name: str
    steps: Mapping[str, Sequence[str]]
    directory: Path
    environment: Mapping[str, str] = field(default_factory=dict)


def main() -> None:
    """Run all rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kubectl-only", action="store_true", help="only the peer, to see the machine")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        directory = Path(name)
        server = directory / "server"
        try:
            cluster = start_cluster(server)
            peer = kubectl(cluster, directory, arguments.objects)
            contenders = [peer] if arguments.kubectl_only else [peer, ours(cluster, directory, arguments.objects)]
            print_table(measure(cluster, contenders, arguments.rounds), contenders)
        finally:
            kube.stop(server)


def kubectl(cluster: KubeCluster, directory: Path, count: int) -> Contender:
    """The peer, with all objects in one file: the fastest way that it has."""
    manifests = directory / "all.yaml"
    manifests.write_text("---".join([NAMESPACES, *vpcs(count)]))
    command = [str(cluster.server.programs / "kubectl"), "--kubeconfig", str(cluster.server.kubeconfig)]
    apply = [*command, "apply", "--server-side", "-f", str(manifests)]
    steps = {"first apply": apply, "diff": [*command, "diff", "--server-side", "-f", str(manifests)], "again": apply}
    return Contender("kubectl", steps, directory)


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
    for git in (["add", "--all"], ["commit", "--quiet", "--message", "Bench"]):
        cost_of(["git", *git], contender)
    steps = {
        "first apply": [*command, "apply", "--yes", "--no-progress"],
        "diff": [*command, "plan", "--no-progress"],
        "again": [*command, "sync", "--force", "--no-progress"],
    }
    return Contender(OURS, steps, repository, environment)


def vpcs(count: int) -> Iterator[str]:
    """Valid VPCs, each with one subnet of its own."""
    for number in range(count):
        high, low = divmod(number, 250)
        yield VPC.format(number=number, high=high, low=low, vlan=100 + number % 2900)


def measure(cluster: KubeCluster, contenders: Sequence[Contender], rounds: int) -> dict[tuple[str, str], list[Cost]]:
    """The costs by contender and step, one per round."""
    costs: dict[tuple[str, str], list[Cost]] = {}
    for _ in range(rounds):
        for contender in contenders:
            cluster.wipe()
            for state in STATE_DIRECTORIES:
                shutil.rmtree(contender.directory / state, ignore_errors=True)
            for step, command in contender.steps.items():
                costs.setdefault((contender.name, step), []).append(cost_of(command, contender))
    return costs


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
    print(f"{'step':<12} {'command':<16} {'wall s':>8} {'cpu s':>8} {'MiB':>7} {'ratio':>7}")
    for step in contenders[0].steps:
        base = statistics.median(cost.wall for cost in costs[contenders[0].name, step])
        for contender in contenders:
            runs = costs[contender.name, step]
            wall = statistics.median(cost.wall for cost in runs)
            processor = statistics.median(cost.processor for cost in runs)
            memory = statistics.median(cost.memory for cost in runs)
            print(f"{step:<12} {contender.name:<16} {wall:>8.2f} {processor:>8.2f} {memory:>7.0f} {wall / base:>7.3f}")


if __name__ == "__main__":
    main()
