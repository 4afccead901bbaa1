"""Write test data for the reader from recorded answers of Kubernetes' YAML library.

    python scripts/make_yaml_cases.py RECORDED.json kubernetes_cases

writes tests/data/yaml/kubernetes_cases.json. Each recorded case has `name`, `yaml` and `strict`: the JSON that strict
decoding gives, or its error after `ERR`. The program in scripts/kubernetes_yaml records such answers.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / "tests/data/yaml"
SOURCE = "what sigs.k8s.io/yaml 1.6.0 reads in strict mode"


def main() -> None:
    """Write the cases in our own form, one on a line."""
    recorded = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    lines = (json.dumps(case(each["name"], each["yaml"], each["strict"])) for each in recorded)
    target = DATA / f"{sys.argv[2]}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    body = ",\n  ".join(lines)
    target.write_text(f'{{"source": {json.dumps(SOURCE)},\n "cases": [\n  {body}\n ]}}\n', encoding="utf-8")


def case(name: str, text: str, strict: str) -> dict[str, Any]:
    """One case: `reads` is the value, or `refused` says that there is none."""
    refused = strict.startswith("ERR")
    return {"name": name, "text": text, "refused": refused, "reads": None if refused else json.loads(strict)}


if __name__ == "__main__":
    main()
