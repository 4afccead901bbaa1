"""Write tests/data/yaml/kubernetes_cases.json from recorded answers of Kubernetes' YAML library.

    python scripts/make_yaml_cases.py RECORDED.json

Each recorded case has `name`, `yaml` and `strict`: the JSON that strict decoding gives, or its error after `ERR`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[1] / "tests/data/yaml/kubernetes_cases.json"
SOURCE = "what sigs.k8s.io/yaml 1.6.0 reads in strict mode"


def main() -> None:
    """Write the cases in our own form."""
    recorded = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    cases = [case(each["name"], each["yaml"], each["strict"]) for each in recorded]
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps({"source": SOURCE, "cases": cases}, indent=1) + "\n", encoding="utf-8")


def case(name: str, text: str, strict: str) -> dict[str, Any]:
    """One case: `reads` is the value, or `refused` says that there is none."""
    refused = strict.startswith("ERR")
    return {"name": name, "text": text, "refused": refused, "reads": None if refused else json.loads(strict)}


if __name__ == "__main__":
    main()
