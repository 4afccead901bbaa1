"""Valid files with random damage, taken through everything that validation does with a file.

    python tests/hostile.py --seconds 60        # `make fuzz`
    python tests/hostile.py --count 1000 --seed 4

Ends with 1 and the input's seed if anything but the project's own errors is raised. The process may not use more than
one GiB of memory. The same seed always makes the same input: `--seed N --count 1` runs it again.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice
from pathlib import Path

from fakes.memory_source import MemorySource, tree_of
from generated_fabric import generate_fabric, texts
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.adapters.package_schemas import PackageSchemas
from hedgehog_gitops.core.ingest import plan_ingestion
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.reading.building import build
from hedgehog_gitops.core.reading.stream import Chunk, decode
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.errors import HedgehogGitopsError
from hedgehog_gitops.model.report import Validation
from hedgehog_gitops.model.settings import Fabric, FabricConstants
from hedgehog_gitops.render.findings_json import validation_json
from hedgehog_gitops.render.findings_text import validation_text
from hedgehog_gitops.render.github import validation_github
from hedgehog_gitops.settings import parse_settings
from hedgehog_gitops.usecases.validate import validate_fabric, validate_tree

ROOT = Path(__file__).resolve().parents[1]
GIB = 1024**3
RELEASE = package_release()
CONSTANTS = FabricConstants(gateway=True, profile_families=("default", "cls-plus", "cumulus"))
LAB = Fabric(name="lab", directory="lab", constants=CONSTANTS)
BASE = (ROOT / "tests/data/rules/base.yaml").read_bytes()
SCHEMAS = PackageSchemas()
TOKENS = (
    b"---\n", b"...\n", b"- ", b": ", b"? ", b"{", b"}", b"[", b"]", b"&a ", b"*a ", b"<<: *a\n", b"!!int ",
    b"!!binary ",
    b"!x ", b"|\n", b">-\n", b"'", b'"', b"# ", b"%YAML 1.1\n", b"\t", b"\r\n", b"\x00", b"\xff", b"\xef\xbb\xbf",
    b"\xc2\x85", b"\xe2\x80\xa8", b"~", b"null", b".inf", b".nan", b"-1", b"1e400", b"0x7fffffffffffffff", b"1_000",
    b"99999999999999999999", b"0.5", b"true", b"on", b"=", b"[[[[[[[[[[[[[[[[", b"\\ud800", b'"\\x"', b"{}", b"[]",
    b"ext.", b"/", b"10.0.0.0/33", b"::/0", b"255.255.255.255/32", b"E1/1/1/1", b"\xf0\x9f\xa6\x94", b"65536:0",
)  # fmt: skip


def seeds() -> list[bytes]:
    """Valid files of every sort."""
    files = sorted([*(ROOT / "tests/data/rules").rglob("*.yaml"), *(ROOT / "examples").rglob("*.yaml")])
    fabric = list(texts(generate_fabric(vpcs=6, leaves=4, gateways=1)))
    parts = ["---\n".join(fabric[at : at + 4]).encode() for at in range(0, len(fabric), 4)]
    return [*(file.read_bytes() for file in files), *parts, *parts, *parts]


def damaged(seed: int, files: Sequence[bytes]) -> bytes:
    """A file with a few random changes of its bytes."""
    chance = random.Random(seed)  # noqa: S311 - the same input for the same seed is what is wanted
    data = chance.choice(files)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        data = chance.choice(_CHANGES)(chance, data, files)
    return data[: 1 << 20]


def judge(data: bytes) -> None:
    """Everything that may be done with a file that somebody wrote."""
    _read(data)
    loose = validate_tree(tree_of({"a.yaml": data, "b.yaml": BASE}, directory=""), RELEASE, CONSTANTS, Limits())
    files = {"lab/raw/x.yaml": data, "lab/managed/vpcs/x.yaml": data, "lab/.hnp/manifest.yaml": data}
    fabric = validate_fabric(LAB, MemorySource(files=files), RELEASE, Limits())
    plan_ingestion(tree_of({"raw/x.yaml": data, ".hnp/archive-log.yaml": data}), LAB)
    for validation in (loose, fabric):
        _shown(validation)
    try:
        parse_settings(data, "hedgehog-gitops.yaml", "/", SCHEMAS.configuration(), SCHEMAS.schema)
    except HedgehogGitopsError as error:
        str(error).encode()


def _read(data: bytes) -> None:
    """Both readers give the same value: the quick one for plain lines, and the parser."""
    text, _ = decode(data, "x.yaml")
    for document in read_documents(data, "x.yaml").documents:
        body = text[document.start : document.end].removeprefix("\ufeff")
        placed, _ = build(f"{body}\n" if not body.endswith("\n") else body, _WHOLE, "x.yaml", Limits())
        assert placed is not None, body
        assert json.dumps(placed[0]) == json.dumps(document.value), body
        document.origin(("spec",))


def _shown(validation: Validation) -> None:
    for finding in validation.findings:
        assert finding.origin.line >= 1, finding
        assert finding.origin.column >= 1, finding
    for render in (validation_text, validation_json, validation_github):
        render(validation).encode()


_WHOLE = Chunk(0, 0, 0, 0)
Change = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def _place(chance: random.Random, data: bytes) -> int:
    return chance.randint(0, len(data))


def _span(chance: random.Random, data: bytes) -> tuple[int, int]:
    start = _place(chance, data)
    return start, min(len(data), start + chance.choice((1, 2, 8, 40, 200)))


def _flip(chance: random.Random, data: bytes, _files: Sequence[bytes]) -> bytes:
    at = _place(chance, data)
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


def _drop(chance: random.Random, data: bytes, _files: Sequence[bytes]) -> bytes:
    start, end = _span(chance, data)
    return data[:start] + data[end:]


def _repeat(chance: random.Random, data: bytes, _files: Sequence[bytes]) -> bytes:
    start, end = _span(chance, data)
    return data[:end] + data[start:end] * chance.choice((1, 2, 30)) + data[end:]


def _token(chance: random.Random, data: bytes, _files: Sequence[bytes]) -> bytes:
    start, end = _span(chance, data)
    return data[:start] + chance.choice(TOKENS) + data[chance.choice((start, end)) :]


def _value(chance: random.Random, data: bytes, _files: Sequence[bytes]) -> bytes:
    """Another value in place of what follows a colon, so that what is read stays YAML."""
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    name, colon, _ = lines[at].partition(b": ")
    lines[at] = name + colon + chance.choice(TOKENS).strip() if colon else lines[at]
    return b"\n".join(lines)


def _swap(chance: random.Random, data: bytes, files: Sequence[bytes]) -> bytes:
    """What follows a colon somewhere, in place of what follows another one."""
    lines, others = data.split(b"\n"), chance.choice((data, chance.choice(files))).split(b"\n")
    at = chance.randrange(len(lines))
    name, colon, _ = lines[at].partition(b": ")
    lines[at] = name + colon + chance.choice(others).partition(b": ")[2] if colon else lines[at]
    return b"\n".join(lines)


def _splice(chance: random.Random, data: bytes, files: Sequence[bytes]) -> bytes:
    other = chance.choice(files)
    return data[: _place(chance, data)] + other[_place(chance, other) :]


def _line(chance: random.Random, data: bytes, _files: Sequence[bytes]) -> bytes:
    """A line that goes, or is written at another place."""
    lines = data.split(b"\n")
    line = lines.pop(chance.randrange(len(lines)))
    if chance.random() < 0.7:
        lines.insert(chance.randint(0, len(lines)), line)
    return b"\n".join(lines)


_CHANGES: tuple[Change, ...] = (
    *(_flip, _drop, _repeat, _token, _splice),
    *(_line, _line, _value, _value, _value, _swap, _swap, _swap),
)


def _seconds(limit: float) -> Iterator[None]:
    end = time.monotonic() + limit
    while time.monotonic() < end:
        yield


def main() -> int:
    """Judge damaged files until the time or the number is used up."""
    parser = argparse.ArgumentParser(description="Damaged files through the whole of validation.")
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (GIB, GIB))
    files, done = seeds(), 0
    numbers = count(args.seed)
    chosen = (seed for _, seed in zip(_seconds(args.seconds), numbers, strict=False)) if args.seconds else numbers
    for seed in chosen if args.seconds else islice(chosen, args.count):
        try:
            judge(damaged(seed, files))
        except Exception:  # noqa: BLE001 - whatever it is, it is what was looked for
            traceback.print_exc()
            sys.stderr.write(f"the input of --seed {seed} did this\n")
            return 1
        done += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{done} damaged files judged, at most {peak} MiB in memory\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
