"""A read is complete, or it says that it is not: never an empty cluster where nothing could be seen."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from urllib3 import HTTPConnectionPool

from fakes.misbehaving_server import Asked, MisbehavingServer, Reply, document, serving, status
from hedgehog_gitops.adapters.kubernetes import KubernetesCluster, Patience
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.kind import USER_KINDS, VPC, Kind, ObjectKey, find_kind
from hedgehog_gitops.model.live import LiveSide
from hedgehog_gitops.model.plain import Json, JsonObject

VPC_KIND = cast("Kind", find_kind(VPC, "VPC"))
EXTERNAL = cast("Kind", find_kind(VPC, "External"))
IMPATIENT = Patience(connect=0.5, answer=0.3, look=1.0, attempts=3, pause=0.0, longest_pause=0.0)


def page(*names: str, more: str = "", listed: str = "VPC", **item: Json) -> Reply:
    metadata = [{"name": name, "namespace": "default", "uid": f"uid-{name}", "resourceVersion": "7"} for name in names]
    items: list[Json] = [{"metadata": cast("JsonObject", each), "spec": {}, **item} for each in metadata]
    return document({"kind": f"{listed}List", "metadata": {"continue": more}, "items": items})


def in_turn(*replies: Reply) -> Callable[[Asked], Reply]:
    """One reply after the other; the last one again and again."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def cluster(server: MisbehavingServer, directory: Path) -> KubernetesCluster:
    return KubernetesCluster(server.settings(directory), patience=IMPATIENT, page_size=2)


def look(directory: Path, answer: Callable[[Asked], Reply], *kinds: Kind) -> tuple[LiveSide, list[Asked]]:
    with serving(answer) as server:
        return cluster(server, directory).read(kinds or (VPC_KIND,)), server.asked


def names(live: LiveSide) -> list[str]:
    return sorted(key.name for key in live.objects)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (status(403, 'vpcs is forbidden: User "x" cannot list'), "not allowed to list vpcs"),
        (status(500, "etcd is on fire"), "etcd is on fire"),
        (status(503, "apiserver is shutting down"), "shutting down"),
        (Reply(status=502, body=b"<html>Bad Gateway</html>"), "502 Bad Gateway"),
        (Reply(body=b"<html><form action=/login>"), "not JSON"),
        (Reply(status=302, headers={"Location": "/login"}), "302"),
        (Reply(body=b'{"kind": "VPCList", "items": [', cut=True), "connection"),
        (Reply(body=b'{"kind": "VPCList", "items": ['), "not JSON"),
        (Reply(body=b""), "not JSON"),
        (Reply(body=b"[]"), "not JSON"),
        (document({}), "no VPCList"),
        (document({"kind": "Status", "status": "Success"}), "no VPCList"),
        (page("a", listed="External"), "no VPCList"),
        (document({"kind": "VPCList", "metadata": {}}), "no list of items"),
        (document({"kind": "VPCList", "metadata": {}, "items": None}), "no list of items"),
        (document({"kind": "VPCList", "metadata": {}, "items": [{"metadata": {"name": "a"}}]}), "no whole VPC"),
        (document({"kind": "VPCList", "metadata": {}, "items": ["a"]}), "no whole VPC"),
        (page("a", apiVersion="v1", kind="Secret"), "no whole VPC"),
        (status(410, "too old resource version"), "410"),
        (page("a", more="round and round"), "twice"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_b37_what_is_not_a_whole_list_is_unknown(tmp_path: Path, reply: Reply, words: str) -> None:
    def answer(asked: Asked) -> Reply:
        return reply if "/vpcs" in asked.path else page("x", listed="External")

    live, _ = look(tmp_path, answer, VPC_KIND, EXTERNAL)
    assert words in live.unknown[VPC, "VPC"]
    assert names(live) == ["x"]
    assert set(live.unknown) == {(VPC, "VPC")}


def test_b30_a_missing_crd_is_unknown_and_not_an_empty_list(tmp_path: Path) -> None:
    live, _ = look(tmp_path, lambda _: Reply(status=404, body=b"404 page not found\n"))
    assert (dict(live.objects), set(live.unknown)) == ({}, {(VPC, "VPC")})
    assert "CRD is missing" in live.unknown[VPC, "VPC"]


def test_a_kind_that_fails_on_its_second_page_gives_no_objects_at_all(tmp_path: Path) -> None:
    live, _ = look(tmp_path, in_turn(page("a", "b", more="next"), status(500, "gone")))
    assert (names(live), set(live.unknown)) == ([], {(VPC, "VPC")})


def test_all_pages_are_read_and_each_is_one_request(tmp_path: Path) -> None:
    live, asked = look(tmp_path, in_turn(page("a", "b", more="to ken/1"), page("c", "d", more="2"), page("e")))
    assert names(live) == ["a", "b", "c", "d", "e"]
    base = "/apis/vpc.githedgehog.com/v1beta1/namespaces/default/vpcs?limit=2"
    assert [request.path for request in asked] == [base, f"{base}&continue=to+ken%2F1", f"{base}&continue=2"]
    assert live.requests == 3


def test_a_look_costs_one_list_per_kind_and_no_discovery(tmp_path: Path) -> None:
    plurals = {kind.plural: kind.kind for kind in USER_KINDS}

    def answer(asked: Asked) -> Reply:
        return page(listed=plurals[asked.path.partition("?")[0].rpartition("/")[2]])

    live, asked = look(tmp_path, answer, *USER_KINDS)
    assert (len(asked), live.requests, live.unknown) == (len(USER_KINDS), len(USER_KINDS), {})


def test_a_list_that_expires_between_pages_is_read_again_from_the_start(tmp_path: Path) -> None:
    replies = (page("a", more="t"), status(410, "expired"), page("a", more="u"), page("b"))
    live, asked = look(tmp_path, in_turn(*replies))
    assert (names(live), live.unknown, live.requests) == (["a", "b"], {}, 4)
    assert "continue" not in asked[2].path


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_a_passing_failure_is_tried_again(tmp_path: Path, code: int) -> None:
    live, asked = look(tmp_path, in_turn(status(code, "wait"), status(code, "wait"), page("a")))
    assert (names(live), live.unknown, len(asked), live.requests) == (["a"], {}, 3, 3)


def test_attempts_run_out(tmp_path: Path) -> None:
    _, asked = look(tmp_path, lambda _: status(503, "no"))
    assert len(asked) == IMPATIENT.attempts


def test_a_connection_that_breaks_is_tried_again(tmp_path: Path) -> None:
    live, _ = look(tmp_path, in_turn(Reply(body=b'{"kind"', cut=True), page("a")))
    assert (names(live), live.unknown) == (["a"], {})


def test_retry_after_is_respected(tmp_path: Path) -> None:
    patience = Patience(pause=100.0, longest_pause=100.0)
    asks = in_turn(Reply(status=429, headers={"Retry-After": "0"}), page("a"))
    with serving(asks) as server:
        live = KubernetesCluster(server.settings(tmp_path), patience=patience).read([VPC_KIND])
    assert names(live) == ["a"]


@pytest.mark.parametrize("code", [400, 403, 404, 405])
def test_b35_what_will_not_pass_is_not_tried_again(tmp_path: Path, code: int) -> None:
    _, asked = look(tmp_path, lambda _: status(code, "no"))
    assert len(asked) == 1


def test_b35_refused_credentials_are_an_error_after_one_request(tmp_path: Path) -> None:
    with serving(lambda _: status(401, "Unauthorized")) as server:
        side = cluster(server, tmp_path)
        with pytest.raises(UnreachableError, match=r"401, authentication.*log in again"):
            side.read([VPC_KIND])
        assert len(server.asked) == 1


@pytest.mark.parametrize("reply", [Reply(hang=True), Reply(body=b" ", drip=True)], ids=["silent", "dripping"])
@pytest.mark.parametrize(
    "patience",
    [Patience(answer=0.2, look=0.5, attempts=40, pause=0.0), Patience(answer=30.0, look=0.5, attempts=2, pause=0.0)],
    ids=["many short attempts", "long ones"],
)
def test_b33_a_server_that_never_answers_costs_a_bounded_time(tmp_path: Path, reply: Reply, patience: Patience) -> None:
    with serving(lambda _: reply) as server:
        side = KubernetesCluster(server.settings(tmp_path), patience=patience)
        before = time.monotonic()
        with pytest.raises(UnreachableError, match=r"timeout: no answer in time"):
            side.read(USER_KINDS)
        assert time.monotonic() - before < 4  # the look's half second, the client's import, and a slow machine


def test_b33_one_silent_kind_leaves_the_others_known(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Reply:
        return Reply(hang=True) if "/vpcs" in asked.path else page("x", listed="External")

    live, _ = look(tmp_path, answer, VPC_KIND, EXTERNAL)
    assert names(live) == ["x"]
    assert "timeout" in live.unknown[VPC, "VPC"]


def test_a_server_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with socket.socket() as taken:  # bound and not listening: nobody else can take the port meanwhile
        taken.bind(("127.0.0.1", 0))
        server = MisbehavingServer(url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(UnreachableError, match="cannot connect") as caught:
            cluster(server, tmp_path).read([VPC_KIND])
    assert caught.value.advice


def test_an_object_keeps_what_the_server_says_about_it(tmp_path: Path) -> None:
    live, _ = look(tmp_path, lambda _: page("a", status={"ready": True}))
    found = live.objects[ObjectKey(group=VPC, kind="VPC", namespace="default", name="a")]
    assert (found.uid, found.version) == ("uid-a", "7")
    assert found.value["status"] == {"ready": True}
    assert (found.value["apiVersion"], found.value["kind"]) == ("vpc.githedgehog.com/v1beta1", "VPC")


def test_connections_are_kept_and_used_again(tmp_path: Path) -> None:
    replies = in_turn(*(page(f"n{number}", more="more") for number in range(20)), page("last"))
    with serving(replies) as server:
        side = cluster(server, tmp_path)
        side.read([VPC_KIND])
        pool = side.transport.connection().pool
        assert isinstance(pool, HTTPConnectionPool)
        assert (pool.num_requests, pool.num_connections) == (21, 1)


OURS = [ObjectKey(group=VPC, kind="VPC", namespace="default", name=f"ours-{number:02}") for number in range(20)]


def look_for_ours(directory: Path, found: Callable[[str], Reply]) -> tuple[LiveSide, list[str]]:
    """A look at a list that has none of our objects; `found` answers for one of them, by name."""

    def answer(asked: Asked) -> Reply:
        return page("other") if "?" in asked.path else found(asked.path.rpartition("/")[2])

    with serving(answer) as server:
        live = cluster(server, directory).read([VPC_KIND], OURS)
        return live, [asked.path.rpartition("/")[2] for asked in server.asked if "?" not in asked.path]


def test_b38_objects_that_a_list_lacks_are_gone_only_if_they_are_not_there_by_name_either(tmp_path: Path) -> None:
    live, asked = look_for_ours(tmp_path, lambda name: status(404, "not found", details={"name": name}))
    assert (dict(live.unknown), set(live.proven)) == ({}, {(VPC, "VPC")})
    assert len(asked) == live.requests - 1 <= 8
    assert asked[0] == "ours-00"
    assert asked[-1] > "ours-15", "some of the whole range"


@pytest.mark.parametrize(
    "reply",
    [
        document({"kind": "VPC", "metadata": dict.fromkeys(("name", "namespace", "uid", "resourceVersion"), "x")}),
        status(500, "etcd is on fire"),
        status(403, "cannot get"),
        Reply(status=404, body=b"404 page not found\n"),
        Reply(hang=True),
    ],
    ids=["it is there", "500", "403", "404 of the kind", "silence"],
)
def test_b37_a_list_without_our_objects_is_unknown_where_that_cannot_be_proven(tmp_path: Path, reply: Reply) -> None:
    live, _ = look_for_ours(tmp_path, lambda _: reply)
    assert live.unknown[VPC, "VPC"].startswith("cut: the list does not have")
    assert live.proven == frozenset()


def test_b37_a_list_that_is_shorter_than_its_pages_said_is_unknown(tmp_path: Path) -> None:
    first = document({**json.loads(page("a", "b").body), "metadata": {"continue": "next", "remainingItemCount": 2}})
    assert names(look(tmp_path, in_turn(first, page("c", "d")))[0]) == ["a", "b", "c", "d"]
    live, _ = look(tmp_path, in_turn(first, page("c")))
    assert "said that it has 4" in live.unknown[VPC, "VPC"]
