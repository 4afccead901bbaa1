"""Every answer to a write has one meaning."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from urllib3 import HTTPConnectionPool

from fakes.misbehaving_server import Asked, Reply, document, serving, status
from hedgehog_gitops.adapters.kubernetes import KubernetesCluster, Patience
from hedgehog_gitops.model.kind import VPC, ObjectKey
from hedgehog_gitops.model.live import Refusal, Refused, SideName, WriteOutcome, Written
from hedgehog_gitops.model.plain import JsonObject, as_object
from hedgehog_gitops.model.plan import Action, Change, Precondition, Verdict

IMPATIENT = Patience(connect=0.5, answer=0.2, attempts=3, pause=0.0, longest_pause=0.0)
UNKNOWN_FIELD = "failed to create typed patch object (/a; v1beta1, Kind=VPC): .spec.q: field not declared in schema"
FOREIGN = "admission webhook \"vvpc.kb.io\" denied the request: vpc 'a': subnet 10.0.0.0/8 is not in the namespace"


def key(name: str = "a") -> ObjectKey:
    return ObjectKey(group=VPC, kind="VPC", namespace="default", name=name)


def stored(name: str = "a") -> JsonObject:
    metadata: JsonObject = {"name": name, "namespace": "default", "uid": "u", "resourceVersion": "9"}
    return {"apiVersion": "vpc.githedgehog.com/v1beta1", "kind": "VPC", "metadata": metadata, "spec": {}}


def change(action: Action = Action.UPDATE, name: str = "a") -> Change:
    manifest: JsonObject = {
        "apiVersion": "vpc.githedgehog.com/v1beta1",
        "kind": "VPC",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {},
    }
    return Change(
        side=SideName.CLUSTER,
        action=action,
        verdict=Verdict.PENDING,
        key=key(name),
        fields=(),
        reason="",
        precondition=Precondition() if action is Action.CREATE else Precondition(version="8", uid="u"),
        manifest=None if action is Action.PRUNE else manifest,
    )


def sent(
    directory: Path, answer: Callable[[Asked], Reply], changes: Sequence[Change]
) -> tuple[list[WriteOutcome], list[Asked]]:
    with serving(answer) as server:
        side = KubernetesCluster(server.settings(directory), patience=IMPATIENT)
        return list(side.write(changes)), server.asked


@pytest.mark.parametrize(
    ("reply", "refusal", "requests"),
    [
        (status(400, "bad"), Refusal.INVALID, 1),
        (status(401, "Unauthorized"), Refusal.FORBIDDEN, 1),
        (status(403, 'vpcs "a" is forbidden: User "x" cannot patch'), Refusal.FORBIDDEN, 1),
        (status(403, FOREIGN), Refusal.INVALID, 1),
        (status(404, "the server could not find the requested resource"), Refusal.NOT_FOUND, 1),
        (status(409, "the object has been modified", reason="Conflict"), Refusal.STALE, 1),
        (status(413, "too large"), Refusal.INVALID, 1),
        (status(422, "spec.x: Required", details={"causes": [{"field": "spec.x"}]}), Refusal.INVALID, 1),
        (status(422, "exists", details={"causes": [{"field": "metadata.resourceVersion"}]}), Refusal.STALE, 1),
        (status(422, "immutable", details={"causes": [{"field": "metadata.uid"}]}), Refusal.STALE, 1),
        (
            status(422, "both", details={"causes": [{"field": "metadata.uid"}, {"field": "spec.x"}]}),
            Refusal.INVALID,
            1,
        ),
        (status(422, "without a cause"), Refusal.INVALID, 1),
        (status(500, UNKNOWN_FIELD), Refusal.INVALID, 1),
        (status(500, "failed calling webhook", reason="InternalError"), Refusal.UNREACHABLE, 3),
        (status(429, "slow down"), Refusal.UNREACHABLE, 3),
        (status(503, "starting"), Refusal.UNREACHABLE, 3),
        (Reply(status=302, headers={"Location": "/login"}), Refusal.UNREACHABLE, 1),
        (Reply(body=b"<html>log in</html>"), Refusal.UNREACHABLE, 1),
        (document(stored("b")), Refusal.UNREACHABLE, 1),
        (document({"kind": "Status", "status": "Success"}), Refusal.UNREACHABLE, 1),
        (Reply(body=b"{", cut=True), Refusal.UNREACHABLE, 3),
    ],
    ids=lambda value: None if isinstance(value, Reply) else str(value),
)
def test_every_refusal_has_its_meaning(tmp_path: Path, reply: Reply, refusal: Refusal, requests: int) -> None:
    outcomes, asked = sent(tmp_path, lambda _: reply, [change()])
    (outcome,) = outcomes
    assert isinstance(outcome, Refused)
    assert (outcome.refusal, len(asked)) == (refusal, requests), outcome.message
    assert outcome.message


def test_a_refusal_says_what_the_server_said(tmp_path: Path) -> None:
    outcomes, _ = sent(tmp_path, lambda _: status(403, FOREIGN), [change()])
    assert outcomes == [Refused(key=key(), refusal=Refusal.INVALID, message=FOREIGN)]


def test_a_message_is_one_line_of_bounded_length(tmp_path: Path) -> None:
    outcomes, _ = sent(tmp_path, lambda _: status(400, "first\n::error::second\x1b[31m" + "x" * 5000), [change()])
    (outcome,) = outcomes
    assert isinstance(outcome, Refused)
    assert outcome.message.startswith("first ::error::second [31mxxx")
    assert len(outcome.message) == 600


def test_an_update_is_an_apply_that_holds_uid_and_version(tmp_path: Path) -> None:
    outcomes, asked = sent(tmp_path, lambda _: document(stored()), [change()])
    assert [outcome.object.version for outcome in outcomes if isinstance(outcome, Written) and outcome.object] == ["9"]
    (request,) = asked
    path, _, query = request.path.partition("?")
    assert (request.method, path) == ("PATCH", "/apis/vpc.githedgehog.com/v1beta1/namespaces/default/vpcs/a")
    assert sorted(query.split("&")) == ["fieldManager=hedgehog-gitops", "fieldValidation=Strict", "force=true"]
    assert request.headers["Content-Type"] == "application/apply-patch+yaml"
    metadata = json.loads(request.body)["metadata"]
    assert metadata == {"name": "a", "namespace": "default", "uid": "u", "resourceVersion": "8"}


def test_a_create_is_an_apply_that_no_existing_object_accepts(tmp_path: Path) -> None:
    _, asked = sent(tmp_path, lambda _: document(stored(), 201), [change(Action.CREATE)])
    metadata = json.loads(asked[0].body)["metadata"]
    assert metadata == {"name": "a", "namespace": "default", "resourceVersion": "0"}


@pytest.mark.parametrize("name", ["../../../../../api/v1/nodes/n", "a?dryRun=All", "a#b", "a/status", "a%2Fb"])
def test_a_name_that_is_none_leads_to_no_other_path(tmp_path: Path, name: str) -> None:
    _, asked = sent(tmp_path, lambda _: status(404, "no"), [change(name=name)])
    path, _, query = asked[0].path.partition("?")
    assert path.rpartition("/")[0] == "/apis/vpc.githedgehog.com/v1beta1/namespaces/default/vpcs"
    assert query.startswith("fieldManager=")


def test_a_prune_is_a_delete_with_preconditions(tmp_path: Path) -> None:
    outcomes, asked = sent(
        tmp_path, lambda _: document({"kind": "Status", "status": "Success"}), [change(Action.PRUNE)]
    )
    assert outcomes == [Written(key=key(), object=None)]
    assert asked[0].method == "DELETE"
    assert json.loads(asked[0].body)["preconditions"] == {"uid": "u", "resourceVersion": "8"}


def test_a_prune_that_finalizers_hold_back_is_not_reported_as_gone(tmp_path: Path) -> None:
    held = stored()
    as_object(held["metadata"])["finalizers"] = ["example.com/hold"]
    outcomes, _ = sent(tmp_path, lambda _: document(held), [change(Action.PRUNE)])
    (outcome,) = outcomes
    assert isinstance(outcome, Refused)
    assert outcome.refusal is Refusal.TERMINATING
    assert "example.com/hold" in outcome.message


def test_a_prune_of_a_kind_that_is_not_served_is_not_found(tmp_path: Path) -> None:
    outcomes, _ = sent(tmp_path, lambda _: Reply(status=404, body=b"404 page not found"), [change(Action.PRUNE)])
    assert [outcome.refusal for outcome in outcomes if isinstance(outcome, Refused)] == [Refusal.NOT_FOUND]


def test_a_failing_webhook_holds_back_no_other_object(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Reply:
        name = asked.path.partition("?")[0].rpartition("/")[2]
        return status(500, "failed calling webhook") if name == "a" else document(stored(name))

    outcomes, _ = sent(tmp_path, answer, [change(), *(change(name=f"b{number}") for number in range(40))])
    assert [outcome.key.name for outcome in outcomes if isinstance(outcome, Refused)] == ["a"]
    assert len(outcomes) == 41


def test_b33_after_silence_the_rest_is_refused_without_being_sent(tmp_path: Path) -> None:
    changes = [change(name=f"n{number}") for number in range(500)]
    before = time.monotonic()
    outcomes, asked = sent(tmp_path, lambda _: Reply(hang=True), changes)
    assert {outcome.refusal for outcome in outcomes if isinstance(outcome, Refused)} == {Refusal.UNREACHABLE}
    assert sorted(outcome.key for outcome in outcomes) == sorted(each.key for each in changes)
    assert len({request.path for request in asked}) <= 24
    assert time.monotonic() - before < 20


def test_concurrent_writes_keep_their_connections(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Reply:
        return document(stored(asked.path.partition("?")[0].rpartition("/")[2]))

    with serving(answer) as server:
        side = KubernetesCluster(server.settings(tmp_path))
        assert len(list(side.write([change(name=f"n{number}") for number in range(200)]))) == 200
        pool = side.transport.connection().pool
        assert isinstance(pool, HTTPConnectionPool)
        assert pool.num_requests == 200
        assert pool.num_connections <= 8
