"""A fabric of the quick start with a directory in place of its cluster and a real NetBox beside it."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from e2e.workspace import Ended
from fixtures_netbox import Netbox
from hedgehog_gitops.cli.main import main

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "quickstart" / "fabrics" / "quickstart"


class Place:
    """A configuration and the files of the quick start, a directory in place of the cluster, and a real NetBox."""

    def __init__(self, root: Path, netbox: Netbox, name: str, url: str = "") -> None:
        self.root, self.name = root, name
        (root / "token").write_text(netbox.token)
        (root / "hedgehog-gitops.yaml").write_text(
            "apiVersion: hedgehog-gitops/v1\nfabrics:\n"
            f"  - name: {name}\n    directory: fabrics/{name}\n    cluster: {{directory: live}}\n"
            f"    netbox: {{url: '{url or netbox.url}', token_file: token, site: {name}}}\n"
            "    prune: {enabled: true, max_objects: 100, max_share: 1.0}\n    state: {path: state.sqlite}\n"
        )
        if not netbox.all("dcim/sites", slug=name):
            netbox.create("dcim/sites", name=name, slug=name)

    @property
    def config(self) -> Path:
        return self.root / "hedgehog-gitops.yaml"

    def lay_out(self, *names: str) -> None:
        """The example's files of these names, or all of them, waiting to be taken in."""
        raw = self.root / "fabrics" / self.name / "raw"
        raw.mkdir(parents=True)
        for file in sorted((EXAMPLE / "raw").glob("*.yaml")):
            if not names or file.name[:2] in names:
                (raw / file.name).write_text(file.read_text().replace("frontent", "frontend"))

    def command(self, *arguments: str) -> Ended:
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(["--config", str(self.config), "--no-progress", *arguments])
        return Ended(code, out.getvalue(), err.getvalue())

    def sync(self) -> Any:
        return self.command("sync", "--format", "json").json()

    def change(self, name: str, before: str, after: str) -> None:
        """Another text in one of the fabric's files."""
        text = self.managed(name).read_text()
        assert before in text
        self.managed(name).write_text(text.replace(before, after))

    def managed(self, name: str) -> Path:
        return self.root / "fabrics" / self.name / "managed" / name


def ours(netbox: Netbox, path: str, fabric: str) -> list[dict[str, Any]]:
    return netbox.all(path, cf_hedgehog_fabric=fabric)


def newest_change(netbox: Netbox) -> int:
    number: int = netbox.request("GET", "core/object-changes", limit=1, ordering="-id").json()["results"][0]["id"]
    return number
