"""`validate` against kubeconform, and against itself: twice the fabric, one changed file, a commit hook.

    python benchmarks/validate.py [--rounds 5] [--json FILE]

Printed are the median processor time, wall time and peak memory of whole processes, their start included, and ratios
within this run: a machine is not fast or slow by itself. Of runs that take a fraction of a second it is the least.
kubeconform is built once from its Go module, into the user's cache directory; without Go its lines are missing. It
judges by the same schemas, without what Go or kubeconform cannot do: look-ahead in patterns, and defaulting.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

from generated_fabric import generate_fabric, texts  # noqa: E402 - found through the line above
from hedgehog_gitops.core.layout import managed_path  # noqa: E402 - the same
from hedgehog_gitops.model.kind import KINDS, ObjectKey  # noqa: E402 - the same
from hedgehog_gitops.model.plain import JsonObject, as_object  # noqa: E402 - the same

PEER = "github.com/yannh/kubeconform/cmd/kubeconform"
PEER_VERSION = "v0.8.0"
DOCUMENTS = 10_000
SHORT = 5
"""How many short runs are made for each round."""
CONFIGURATION = "apiVersion: hedgehog-gitops/v1\nfabrics:\n  - {name: bench, directory: fabric}\n"
OURS = [sys.executable, "-m", "hedgehog_gitops", "validate"]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took: seconds of processor and of wall time, mebibytes at its peak."""

    processor: float
    wall: float
    memory: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a measured quantity, its unit, and the most that it should be."""

    name: str
    value: float
    unit: str
    target: float

    def __str__(self) -> str:
        verdict = "met" if self.value <= self.target else "MISSED"
        return f"| {self.name} | {self.value:.2f} {self.unit} | {self.target:g} {self.unit} | {verdict} |"


def main() -> None:
    """Measure everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", metavar="FILE", help="write the figures here too")
    parser.add_argument("--schema-only", metavar="DIR", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.schema_only:
        schema_only(Path(arguments.schema_only))
        return
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        top = Path(name)
        os.environ |= {"HEDGEHOG_GITOPS_CACHE_DIR": str(top / "cache"), "PYTHONPATH": str(ROOT / "src")}
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed command is compiled once, not in every run
        os.environ["PYTHONPYCACHEPREFIX"] = str(top / "compiled")
        lines = [*against_peer(top, arguments.rounds), *against_itself(top, arguments.rounds), *at_scale(top)]
    print("| measured | value | target | |\n|---|---|---|---|")
    for line in lines:
        print(line)
    if arguments.json:
        Path(arguments.json).write_text(json.dumps([asdict(line) for line in lines], indent=1) + "\n")


def against_peer(top: Path, rounds: int) -> Iterator[Line]:
    """Ten thousand documents in ten files: schema only, and all rules, in kubeconform's processor time."""
    directory = top / "documents"
    directory.mkdir()
    write_few(generate_fabric(vpcs=1900, leaves=200)[:DOCUMENTS], directory, DOCUMENTS // 10)
    peer = kubeconform()
    if peer is None:
        print("kubeconform: skipped, Go is not installed", file=sys.stderr)
        return
    schemas = peer_schemas(top / "schemas")
    theirs = [
        str(peer),
        "-n",
        "2",
        "-strict",
        "-schema-location",
        f"{schemas}/{{{{.ResourceKind}}}}.json",
        str(directory),
    ]
    schema, everything = (
        [sys.executable, __file__, "--schema-only", str(directory)],
        [*OURS, "--no-cache", str(directory)],
    )
    costs = in_turn([theirs, schema, everything], rounds, top)
    base = costs[0].processor
    print(f"kubeconform: {base:.2f} s, {costs[0].memory:.0f} MiB; ours: {costs[2].memory:.0f} MiB", file=sys.stderr)
    yield Line("schema and places of 10,000 documents / kubeconform -n 2, processor", costs[1].processor / base, "x", 1)
    yield Line("all rules on 10,000 documents / kubeconform -n 2, processor", costs[2].processor / base, "x", 1.5)


def against_itself(top: Path, rounds: int) -> Iterator[Line]:
    """A fabric of 1,000 VPCs, one object a file: cold, twice as large, with one change, and in a commit hook."""
    one, two = (fabric(top / str(size), 1000 * size, 120 * size) for size in (1, 2))
    cold = median([cost_of([*OURS, "--no-cache"], one) for _ in range(rounds)])
    double = median([cost_of([*OURS, "--no-cache"], two) for _ in range(rounds)])
    yield Line("5,474 objects, cold, processor", cold.processor, "s", 3)
    yield Line("twice as many / as many, processor", double.processor / cold.processor, "x", 2.2)
    cost_of(OURS, one)
    time.sleep(2.5)  # what is younger than two seconds is looked at again
    cost_of(OURS, one)
    file = "fabric/managed/vpcs/vpc-00500.yaml"
    hook = [*OURS, "--changed", file]
    for what, edit in (("one file changed", another_comment), ("the spec of one VPC changed", another_range)):
        runs = [(changed(one, file, edit, OURS), changed(one, file, edit, hook)) for _ in range(SHORT * rounds)]
        warm, hooked = (least(costs) for costs in zip(*runs, strict=True))
        print(f"{what}: {warm.processor:.2f} s of processor time, the hook {hooked.wall:.2f} s wall", file=sys.stderr)
        yield Line(f"5,474 objects, {what} since the last run, wall", warm.wall, "s", 0.3)
        yield Line(f"the commit hook, {what} of them, processor", hooked.processor, "s", 0.2)


def at_scale(top: Path) -> Iterator[Line]:
    """The peak memory of fifty thousand objects, one a file."""
    cost = cost_of([*OURS, "--no-cache"], fabric(top / "large", 14_400, 400))
    print(f"50,000 objects: {cost.processor:.1f} s of processor time", file=sys.stderr)
    yield Line("50,000 objects, cold, peak memory", cost.memory, "MiB", 600)


def schema_only(directory: Path) -> None:
    """What kubeconform does, with our reader and our schemas: read, identify, judge by the schema, give places."""
    from hedgehog_gitops.adapters.package_release import package_release  # noqa: PLC0415 - part of what is measured
    from hedgehog_gitops.adapters.worktree import read_paths  # noqa: PLC0415 - the same
    from hedgehog_gitops.cli.main import RARELY  # noqa: PLC0415 - the same
    from hedgehog_gitops.core.gathering import gather  # noqa: PLC0415 - the same
    from hedgehog_gitops.core.validation import schema_judge  # noqa: PLC0415 - the same
    from hedgehog_gitops.model.document import Limits  # noqa: PLC0415 - the same

    gc.set_threshold(*RARELY)
    gathered = gather(read_paths([directory], Limits()), Limits())
    findings = schema_judge(package_release().schemas)(list(gathered.manifests.values()))
    for finding in findings:
        print(finding.origin, finding.message)
    print(f"{len(gathered.manifests)} objects, {len(findings)} findings")


def changed(top: Path, file: str, edit: Callable[[str], str], command: Sequence[str]) -> Cost:
    """Another text in one file, and what the next run costs."""
    path = top / file
    path.write_text(edit(path.read_text()))
    return cost_of(command, top)


def another_comment(text: str) -> str:
    """The same objects: nothing has to be judged among others."""
    return f"{text}# one more\n"


def another_range(text: str) -> str:
    """Another end of the range of addresses for DHCP: all VPCs and what names a VPC is judged among the others."""
    end = next(end for end in ("200", "199") if f'.{end}"' in text)
    return text.replace(f'.{end}"', '.199"' if end == "200" else '.200"')


def fabric(top: Path, vpcs: int, leaves: int) -> Path:
    """A repository with one fabric, one object a file."""
    for value, text in zip(objects := generate_fabric(vpcs=vpcs, leaves=leaves), texts(objects), strict=True):
        file = top / "fabric" / home(value)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (top / "hedgehog-gitops.yaml").write_text(CONFIGURATION)
    return top


def home(value: JsonObject) -> str:
    """Where an object belongs."""
    kind = next(each for each in KINDS if each.kind == value["kind"])
    name = str(as_object(value["metadata"])["name"])
    return managed_path(ObjectKey(group=kind.group, kind=kind.kind, namespace="default", name=name))


def write_few(objects: Sequence[JsonObject], directory: Path, each: int) -> None:
    """So many documents in each file."""
    documents = list(texts(objects))
    for at in range(0, len(documents), each):
        (directory / f"{at // each:03}.yaml").write_text("---\n".join(documents[at : at + each]))


def kubeconform() -> Path | None:
    """The peer's program, built if it is not there yet; None without Go."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    program = cache / "hedgehog-gitops-benchmarks" / f"kubeconform-{PEER_VERSION}" / "kubeconform"
    if not program.exists() and shutil.which("go"):
        environment = {**os.environ, "GOBIN": str(program.parent)}
        subprocess.run(["go", "install", f"{PEER}@{PEER_VERSION}"], env=environment, check=True)
    return program if program.exists() else None


def peer_schemas(directory: Path) -> Path:
    """Our schemas under the names by which kubeconform looks for them."""
    directory.mkdir()
    for kind in KINDS:
        text = (ROOT / "schemas" / f"{kind.plural}.json").read_text().replace("(?!\\\\n)", "")
        schema = json.loads(text)
        schema["properties"].get("spec", {}).pop("required", None)
        (directory / f"{kind.kind.lower()}.json").write_text(json.dumps(schema))
    return directory


def in_turn(commands: Sequence[Sequence[str]], rounds: int, directory: Path) -> list[Cost]:
    """The median cost of each command, run in turn so that a busy moment hits all alike."""
    costs = [[cost_of(command, directory) for command in commands] for _ in range(rounds)]
    return [median(list(each)) for each in zip(*costs, strict=True)]


def median(costs: Sequence[Cost]) -> Cost:
    """Each quantity's median by itself."""
    middle: Callable[[list[float]], float] = statistics.median
    return Cost(
        middle([each.processor for each in costs]),
        middle([each.wall for each in costs]),
        middle([each.memory for each in costs]),
    )


def least(costs: Sequence[Cost]) -> Cost:
    """The least of each quantity: of runs as short as these other programs can only make more."""
    return Cost(*(min(values) for values in zip(*map(astuple, costs), strict=True)))


def cost_of(command: Sequence[str], directory: Path) -> Cost:
    """Run a command that has to succeed."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    out = process.stdout.read() if process.stdout else b""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{out.decode()[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
