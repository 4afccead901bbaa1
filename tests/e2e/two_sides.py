"""A fabric of the quick start with a directory in place of the cluster and a file in place of NetBox."""

from __future__ import annotations

import json
import shutil
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from e2e.workspace import Ended
from hedgehog_gitops.cli.main import main

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "quickstart" / "fabrics" / "quickstart"
CONFIGURATION = """\
apiVersion: hedgehog-gitops/v1
fabrics:
  - name: prod
    directory: fabrics/prod
    cluster: {directory: live/prod}
    netbox: {file: netbox.json, site: dc1}
    prune: {enabled: true, max_objects: 100, max_share: 1.0}
    state: {path: state.sqlite}
"""


class Place:
    """A directory with a configuration, one fabric or two of the quick start, and what stands for their sides."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.netbox = root / "netbox.json"
        if not (root / "hedgehog-gitops.yaml").exists():
            (root / "hedgehog-gitops.yaml").write_text(CONFIGURATION)
            self.lay_out("prod")

    def lay_out(self, fabric: str) -> None:
        shutil.copytree(EXAMPLE / "raw", self.root / "fabrics" / fabric / "raw")
        for file in (self.root / "fabrics" / fabric / "raw").glob("*.yaml"):
            file.write_text(file.read_text().replace("frontent", "frontend"))

    def command(self, *arguments: str) -> Ended:
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(["--config", str(self.root / "hedgehog-gitops.yaml"), "--no-progress", *arguments])
        return Ended(code, out.getvalue(), err.getvalue())

    def managed(self, name: str) -> Path:
        return self.root / "fabrics/prod/managed" / name

    def objects(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.netbox.read_text())["objects"]
        return found

    def edit(self, mark: str, kind: str, /, **fields: Any) -> None:
        """A person's edit."""
        document = json.loads(self.netbox.read_text())
        (entry,) = [each for each in document["objects"] if (each["kind"], each.get("mark")) == (kind, mark)]
        entry.update(fields)
        self.netbox.write_text(json.dumps(document))

    def one(self, mark: str, kind: str) -> dict[str, Any]:
        (entry,) = [each for each in self.objects() if (each["kind"], each.get("mark")) == (kind, mark)]
        return entry
