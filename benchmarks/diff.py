"""A pure diff of a large fabric, one object in a hundred changed, beside diffsync in the same run.

    python benchmarks/diff.py [--objects 50000] [--rounds 3]

Both get the same two sides, read from the same files before the clock starts: the files of git, and a snapshot. Ours
has them as manifests, what is live, and what was last applied; diffsync as models of two adapters. Ours looks at every
object and says what differs in which field and who moved it; the whole plan (order, what admission would say, blast
radius) is a line of its own. Printed are the median wall and processor time of the diff, and the peak memory of the
whole process with both sides in it. diffsync is put into an environment in the user's cache directory, once.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

PEER_VERSION = "2.2.3"
PAGE = 500
LEASE = 7200
"""What one VPC in so many gets in git: another lease time, which takes no service from anybody."""


def main() -> None:
    """Measure in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", nargs=2, metavar=("WHAT", "DIRECTORY"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        what, directory = arguments.measure
        print(json.dumps({"look": our_look, "plan": our_plan, "diffsync": their_diff}[what](Path(directory))))
        return
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        write_sides(Path(name), arguments.objects)
        pythons = {"look": sys.executable, "plan": sys.executable, "diffsync": str(peer())}
        runs: dict[str, list[dict[str, float]]] = {what: [] for what in pythons}
        for _ in range(arguments.rounds):
            for what, python in pythons.items():
                runs[what].append(measured([python, __file__, "--measure", what, name]))
    print_table(runs)


def write_sides(directory: Path, count: int) -> None:
    """`git.json` and `live.json`: the objects of both sides, one in a hundred of them different in git."""
    from generated_fabric import generate_fabric  # noqa: PLC0415 - the peer's environment does not have us
    from hedgehog_gitops.core.canonical import canonical  # noqa: PLC0415 - the same
    from hedgehog_gitops.model.kind import KINDS  # noqa: PLC0415 - the same

    kinds = {kind.kind: kind for kind in KINDS}
    made = generate_fabric(vpcs=int(count * 0.34), leaves=min(432, max(4, count // 120 // 2 * 2)))[:count]
    objects = sorted(made, key=lambda each: (kinds[str(each["kind"])].group, each["kind"], each["metadata"]["name"]))  # type: ignore[index, call-overload]
    live = [canonical(kinds[str(each["kind"])], each) for each in objects]
    write(directory / "live.json", live)  # both in the order of keys, as snapshots and trees are
    left = count // 100
    for each in objects:
        if each["kind"] == "VPC" and left:
            left -= 1
            subnet = next(iter(each["spec"]["subnets"].values()))  # type: ignore[index, call-overload, union-attr]
            subnet["dhcp"] = {**subnet.get("dhcp", {}), "enable": True, "options": {"leaseTimeSeconds": LEASE}}  # type: ignore[index, union-attr, dict-item, call-overload]
    write(directory / "git.json", objects)


def write(file: Path, objects: Sequence[Any]) -> None:
    """A page of objects on each line, as lists of an API server come."""
    with file.open("w") as out:
        for at in range(0, len(objects), PAGE):
            out.write(json.dumps(objects[at : at + PAGE]) + "\n")


def our_look(directory: Path) -> dict[str, float]:
    """Every object looked at: verdicts, fields, who moved them."""
    from hedgehog_gitops.core.surveying import survey  # noqa: PLC0415 - see write_sides

    fabric, wanted, live, bases, options = ours(directory)
    return clocked(lambda: sum(bool(each.fields) for each in survey(fabric, wanted, live, bases, options).looks))


def our_plan(directory: Path) -> dict[str, float]:
    """The whole plan."""
    from hedgehog_gitops.core.planning import make_plan  # noqa: PLC0415 - see write_sides

    fabric, wanted, live, bases, options = ours(directory)
    return clocked(lambda: len(make_plan(fabric, wanted, live, bases, options).plan.changes))


def ours(directory: Path) -> tuple[Any, Any, Any, Any, Any]:
    """Fabric, desired side, live side, bases and options, as a run has them once everything is read."""
    from hedgehog_gitops.cli.main import RARELY  # noqa: PLC0415 - see write_sides
    from hedgehog_gitops.core.canonical import canonical  # noqa: PLC0415 - the same
    from hedgehog_gitops.core.defaulting import default_specs  # noqa: PLC0415 - the same
    from hedgehog_gitops.core.layout import managed_path  # noqa: PLC0415 - the same
    from hedgehog_gitops.core.surveying import Wanted  # noqa: PLC0415 - the same
    from hedgehog_gitops.model.document import Document  # noqa: PLC0415 - the same
    from hedgehog_gitops.model.kind import KINDS, ObjectKey  # noqa: PLC0415 - the same
    from hedgehog_gitops.model.live import LiveObject, LiveSide, SideName  # noqa: PLC0415 - the same
    from hedgehog_gitops.model.plan import PlanOptions  # noqa: PLC0415 - the same
    from hedgehog_gitops.model.settings import Fabric  # noqa: PLC0415 - the same
    from hedgehog_gitops.model.snapshot import Manifest, Snapshot  # noqa: PLC0415 - the same
    from hedgehog_gitops.model.state import BaseRecord  # noqa: PLC0415 - the same

    gc.set_threshold(*RARELY)
    kinds = {kind.kind: kind for kind in KINDS}

    def key_of(value: dict[str, Any]) -> ObjectKey:
        return ObjectKey(kinds[value["kind"]].group, value["kind"], "default", value["metadata"]["name"])

    live: dict[ObjectKey, LiveObject] = {}
    bases: dict[ObjectKey, BaseRecord] = {}
    for value in read(directory / "live.json"):
        key = key_of(value)
        live[key] = LiveObject(key=key, value=value, version="1", uid=key.name)
        base = canonical(kinds[key.kind], value)
        bases[key] = BaseRecord(key=key, side=SideName.CLUSTER, uid=key.name, digest="", revision="", value=base)
    manifests: dict[ObjectKey, Manifest] = {}
    for value in read(directory / "git.json"):
        key = key_of(value)
        document = Document(path=managed_path(key), index=0, value=value, marks=_no_marks, start=0, end=0)
        manifests[key] = Manifest(key=key, kind=kinds[key.kind], value=value, document=document)
    specs = default_specs(manifests)
    snapshot = Snapshot(fabric="bench", revision="", manifests=manifests)
    wanted = Wanted(snapshot=snapshot, specs=specs, refused={})
    side = LiveSide(side=SideName.CLUSTER, objects=live, unknown={})
    return Fabric(name="bench", directory="bench"), wanted, side, bases, PlanOptions()


def _no_marks() -> Any:
    raise AssertionError("nothing is found in this fabric, so no place is asked for")


def their_diff(directory: Path) -> dict[str, float]:
    """The same two sides as models of diffsync, compared by it."""
    from diffsync import Adapter, DiffSyncModel  # type: ignore[import-not-found]  # noqa: PLC0415 - only there

    class Thing(DiffSyncModel):  # type: ignore[misc]
        _modelname = "thing"
        _identifiers = ("kind", "name")
        _attributes = ("spec",)
        kind: str
        name: str
        spec: dict[str, Any]

    class Side(Adapter):  # type: ignore[misc]
        thing = Thing
        top_level = ("thing",)

    def loaded(name: str) -> Side:
        side = Side()
        for value in read(directory / name):
            side.add(Thing(kind=value["kind"], name=value["metadata"]["name"], spec=value.get("spec") or {}))
        return side

    live, git = loaded("live.json"), loaded("git.json")
    return clocked(lambda: sum(1 for each in live.diff_from(git).get_children() if each.action))


def read(file: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file."""
    with file.open() as pages:
        for page in pages:
            yield from json.loads(page)


def clocked(work: Callable[[], int]) -> dict[str, float]:
    """What a piece of work found, what it took, and the most memory that the process ever had."""
    wall, processor = time.perf_counter(), time.process_time()
    found = work()
    return {
        "found": found,
        "wall": time.perf_counter() - wall,
        "processor": time.process_time() - processor,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def peer() -> Path:
    """The Python of the environment that has diffsync; made if it is not there yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    directory = cache / "hedgehog-gitops-benchmarks" / f"diffsync-{PEER_VERSION}"
    python = directory / "bin" / "python"
    if not (directory / "ready").exists():
        venv.create(directory, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"diffsync=={PEER_VERSION}"], check=True)
        (directory / "ready").touch()
    return python


def measured(command: Sequence[str]) -> dict[str, float]:
    """What a process of its own says of itself."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def print_table(runs: Mapping[str, Sequence[Mapping[str, float]]]) -> None:
    """One row each, medians."""
    print(f"{'what':<10} {'found':>7} {'wall s':>8} {'cpu s':>8} {'MiB':>7}")
    for what, costs in runs.items():
        found, wall, processor, memory = (
            statistics.median(cost[name] for cost in costs) for name in ("found", "wall", "processor", "memory")
        )
        print(f"{what:<10} {found:>7.0f} {wall:>8.2f} {processor:>8.2f} {memory:>7.0f}")


if __name__ == "__main__":
    main()
