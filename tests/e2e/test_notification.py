"""Changes of status are told by a signed POST to a real HTTP receiver, and no secret is in any output."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.workspace import Ended, Workspace, make_workspace
from fakes.receiver import Receiver, receiving
from hedgehog_gitops import check_github_webhook

SECRET = "canary-4b1d-secret"  # noqa: S105 - searched for in every output
PATH_TOKEN = "canary-77aa-path"  # noqa: S105 - the same
CONFIGURATION = """\
apiVersion: hedgehog-gitops/v1
notify: {url_env: HOOK_URL, secret_env: HOOK_SECRET}
fabrics:
  - {name: lab, directory: fabrics/lab, cluster: {directory: live}, state: {path: state.sqlite}}
"""
NAMESPACE = """\
apiVersion: vpc.githedgehog.com/v1beta1
kind: IPv4Namespace
metadata: {name: default}
spec: {subnets: [10.0.0.0/16]}
"""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving(PATH_TOKEN) as made:
        yield made


@pytest.fixture
def space(tmp_path: Path, receiver: Receiver) -> Workspace:
    made = make_workspace(tmp_path, env={"HOOK_URL": receiver.url, "HOOK_SECRET": SECRET})
    made.write("hedgehog-gitops.yaml", CONFIGURATION)
    made.write("fabrics/lab/raw/one.yaml", NAMESPACE)
    made.push()
    return made


def bodies(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(body) for _, body in receiver.requests]


def break_cluster(space: Workspace) -> None:
    """The cluster's directory becomes a file: it cannot be read any more."""
    (space.work / "live").rename(space.work / "away")
    space.write("live", "")


def test_only_a_change_of_status_is_told_signed_and_in_the_form_of_cloud_events(
    space: Workspace, receiver: Receiver
) -> None:
    """Issue 6, scope: CloudEvents-style notification hook (HTTP POST, HMAC-signed) on status changes."""
    first = space.run("sync", "--format", "json").json()
    space.run("sync")
    break_cluster(space)
    failed = [space.run("sync") for _ in range(2)]

    told = bodies(receiver)
    assert [each.code for each in failed] == [69, 69]
    changes = [(each["data"]["previous_status"], each["data"]["status"]) for each in told]
    assert changes == [("never_synced", "in_sync"), ("in_sync", "error")]
    assert {key: told[0][key] for key in ("specversion", "id", "source", "type", "subject", "datacontenttype")} == {
        "specversion": "1.0",
        "id": f"lab/{first['run_id']}",
        "source": "urn:hedgehog-gitops:fabric:lab",
        "type": "io.hedgehog-gitops.fabric.status-changed.v1",
        "subject": "lab",
        "datacontenttype": "application/json",
    }
    assert told[0]["time"] == first["finished_at"]
    headers, body = receiver.requests[0]
    assert headers["Content-Type"].startswith("application/cloudevents+json")
    signed = {"X-Hub-Signature-256": headers["X-Hedgehog-Gitops-Signature-256"]}
    assert check_github_webhook(body, signed, SECRET)
    assert not check_github_webhook(body, signed, "another")


def test_the_secret_and_the_address_are_in_no_output(space: Workspace, receiver: Receiver) -> None:
    """Issue 6, scope: no secret in any of them."""
    receiver.answers = [500]
    log = ("-v", "--log-format", "json")
    outputs: list[Ended] = [space.run(*log, "sync", "--format", "json", "--metrics", "all.prom")]
    outputs.append(space.run("status"))
    texts = [each.out + each.err for each in outputs]
    texts += [file.read_bytes().decode("latin-1") for file in space.work.rglob("*") if file.is_file()]
    texts += [body.decode() for _, body in receiver.requests]
    assert len(receiver.requests) == 2
    assert '"event": "notification.failed"' in outputs[0].err
    assert not [text for text in texts if SECRET in text or PATH_TOKEN in text]
