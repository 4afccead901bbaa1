"""A repository at GitHub with a runner: a clone of a bare remote, the action, and the stand-in of GitHub's API."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from e2e.action_runner import ROOT, Event, QuickAction, Ran, use_sources
from e2e.workspace import Workspace, make_workspace
from servers.github import REPOSITORY, TOKEN, GitHub, running

VPC = "fabrics/quickstart/raw/06-tenants.yaml"
CONFIG = """apiVersion: hedgehog-gitops/v1
fabrics:
  - name: quickstart
    directory: fabrics/quickstart
    cluster: {CLUSTER}
    prune: {enabled: true, max_objects: 10, max_share: 0.1}
"""
ON_DISK = "{directory: ../live}\n    state: {path: ../state.sqlite}"


@dataclass
class Desk:
    """One repository at GitHub, with a runner: a clone of a bare remote, and the API. Runs are numbered."""

    space: Workspace
    action: QuickAction
    hub: GitHub
    runs: list[Ran] = field(default_factory=list)

    def run(self, event: str, payload: dict[str, Any] | None = None, **given: str) -> Ran:
        env = {
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_API_URL": self.hub.url,
            "GITHUB_SERVER_URL": "https://github.test",
            "GITHUB_RUN_ID": str(100 + len(self.runs)),
            "GITHUB_SHA": self.head,
        }
        ran = self.action.run(Event(event, payload or {}, env), **{"comment": "true", **given})
        self.runs.append(ran)
        return ran

    def pull_request(self, number: int, **about: Any) -> dict[str, Any]:
        """The event of a pull request whose head is what is committed here."""
        return {"action": "synchronize", "pull_request": self.hub.open_pull(number, head=self.head, **about)}

    def merge(self, number: int, *labels: str) -> None:
        """What is committed here becomes the branch; the pull request is merged as it."""
        head = self.hub.pulls[number]["head"]["sha"]
        self.space.push("merge")
        self.hub.open_pull(number, head=head, labels=labels, merged_as=self.head)

    def store(self, ran: Ran, **about: Any) -> None:
        """What the next step of a workflow does with the plan."""
        file = Path(ran.outputs["plan-file"])
        self.hub.store(ran.outputs["plan-artifact"], self.head, {file.name: file.read_bytes()}, **about)

    def edit(self, path: str, before: str, after: str) -> None:
        file = self.space.work / path
        assert before in file.read_text()
        self.space.write(path, file.read_text().replace(before, after, 1))
        self.space.git("commit", "--quiet", "--all", "--message", "edit")

    @property
    def head(self) -> str:
        return self.space.git("rev-parse", "HEAD").strip()

    def comments(self, number: int) -> list[str]:
        return [each["body"] for each in self.hub.comments.get(number, [])]


@contextmanager
def opened(tmp_path: Path, cluster: str = ON_DISK) -> Iterator[Desk]:
    """The quick-start fabric without its mistake; `cluster` is where it is applied."""
    space = make_workspace(tmp_path)
    shutil.copytree(ROOT / "examples/quickstart", space.work, dirs_exist_ok=True)
    space.write("hedgehog-gitops.yaml", CONFIG.replace("{CLUSTER}", cluster))
    raw = space.work / "fabrics/quickstart/raw/07-attachments.yaml"
    raw.write_text(raw.read_text().replace("web/frontent", "web/frontend"))
    space.push()
    with running() as hub:
        action = QuickAction(directory=ROOT, workspace=space.work, temp=use_sources(tmp_path / "temp"), token=TOKEN)
        yield Desk(space, action, hub)
