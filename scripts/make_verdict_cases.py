"""Recorded verdicts of Hedgehog's admission as one compact file of test data.

    python scripts/make_verdict_cases.py FACTS_DIR tests/data/verdicts/recorded.json

FACTS_DIR holds `fuzz/` (bases.json, cases.jsonl) and `examples/` (valid/, invalid/, expected.json) as they were
recorded. A case of ours names its base, the edits that make it (index of the object, path, new value; no value means
that the field goes; an empty path replaces or adds the object), and by gate the indexes of the objects that are
refused. Under `follows` stand objects that are refused only because what they name could not be decoded.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

SOURCE = "recorded from the admission code of the fabric API v0.129.1"
FAMILIES = {"fuzz": ["default", "cls-plus", "cumulus"], "examples": ["default"]}
UNREADABLE = frozenset({"decode", "load"})


def main(facts: str, out: str) -> int:
    """Write the file."""
    fuzz = _loaded(Path(facts) / "fuzz/bases.json")
    example = _documents(sorted((Path(facts) / "examples/valid").glob("*.yaml")))
    bases = {name: {"families": FAMILIES["fuzz"], "objects": objects} for name, objects in fuzz.items()}
    bases["example"] = {"families": FAMILIES["examples"], "objects": example}
    cases = [*_fuzz_cases(Path(facts) / "fuzz/cases.jsonl", fuzz), *_example_cases(Path(facts) / "examples", example)]
    heads = (f'"source": "{SOURCE}"', f'"bases": {_line(bases)}')
    text = "{" + ",\n".join(heads) + ',\n"cases": [\n' + ",\n".join(map(_line, cases)) + "\n]}\n"
    Path(out).parent.mkdir(parents=True, exist_ok=True)
    Path(out).write_text(text, encoding="utf-8")
    print(f"{out}: {len(cases)} cases, {len(text.encode()) // 1024} KiB")
    return 0


def _fuzz_cases(file: Path, bases: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        recorded = json.loads(line)
        base = bases[recorded["base"]]
        changed = {int(index): value for index, value in recorded["changed"].items()}
        objects = [changed.get(index, value) for index, value in enumerate(base)]
        yield _case(recorded["id"], recorded["base"], base, objects, recorded["expect"])


def _example_cases(directory: Path, base: list[Any]) -> Iterator[dict[str, Any]]:
    yield _case("valid", "example", base, base, [])
    for name, recorded in _loaded(directory / "expected.json")["invalid"].items():
        laid_over = {_name(value): value for value in _documents([directory / "invalid" / name])}
        objects = [laid_over.pop(_name(value), value) for value in base] + list(laid_over.values())
        refused = [entry for entry in recorded["expect"] if not entry["ok"]]
        yield _case(name.removesuffix(".yaml"), "example", base, objects, refused)


def _case(name: str, base: str, before: list[Any], objects: list[Any], expect: list[dict[str, Any]]) -> dict[str, Any]:
    edits = [
        [index, *edit]
        for index, value in enumerate(objects)
        for edit in _edits(before[index] if index < len(before) else None, value, [])
    ]
    places = {_name(value): index for index, value in enumerate(objects)}
    case: dict[str, Any] = {"id": name, "base": base, "edits": edits}
    hides_some = any(entry["gate"] in UNREADABLE for entry in expect)
    refused: dict[str, list[int]] = {}
    for entry in expect:
        is_follower = hides_some and entry["gate"] not in UNREADABLE and "not found" in entry["error_gist"]
        gate = "follows" if is_follower else entry["gate"]
        refused.setdefault(gate, []).append(places[entry["kind"], entry["name"]])
    return {**case, "refused": {gate: sorted(set(found)) for gate, found in refused.items()}} if refused else case


def _edits(before: Any, after: Any, path: list[Any]) -> Iterator[list[Any]]:
    """The fewest changes of fields that make one value of the other."""
    if _line(before) == _line(after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from ([[*path, name]] for name in before if name not in after)
        for name, value in after.items():
            yield from _edits(before[name], value, [*path, name]) if name in before else [[[*path, name], value]]
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, value in enumerate(after):
            yield from _edits(before[index], value, [*path, index])
    else:
        yield [path, after]


def _name(value: Any) -> tuple[str, str]:
    name = value["metadata"].get("name")
    return value["kind"], name if isinstance(name, str) else ""


def _documents(files: list[Path]) -> list[Any]:
    return [value for file in files for value in yaml.safe_load_all(file.read_text(encoding="utf-8")) if value]


def _loaded(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
