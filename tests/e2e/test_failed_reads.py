"""Each list of a look answered wrongly in turn: unknown is never taken for absent, and the run says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import pytest

from e2e.world import API, World, make_world, namespaces, peering, server, thing, vpc
from fakes.fault_proxy import FaultProxy, is_list_of, is_write_to, proxying
from fakes.misbehaving_server import Asked, Reply, document, status
from fixtures_cluster import KubeCluster, collection_path
from hedgehog_gitops.adapters import kubernetes
from hedgehog_gitops.adapters.kubernetes import KubernetesCluster, Patience
from hedgehog_gitops.model.plain import JsonObject, as_object

PATIENT = Patience(attempts=2, pause=0.0, longest_pause=0.0)
HURRIED = Patience(answer=0.7, attempts=1)
Answer = Callable[[FaultProxy, Asked], Reply | None]


class Fault(NamedTuple):
    """How a list is answered, and the word that the status has for it."""

    name: str
    code: str
    answer: Answer
    patience: Patience = PATIENT


def always(reply: Reply) -> Answer:
    return lambda _, __: reply


def second_page(reply: Callable[[JsonObject], Reply]) -> Answer:
    """A fault of every page but the first; `reply` gets the true page."""

    def answer(proxy: FaultProxy, asked: Asked) -> Reply | None:
        return reply(as_object(json.loads(proxy.ask(asked).body))) if "continue=" in asked.path else None

    return answer


def an_empty_list(proxy: FaultProxy, asked: Asked) -> Reply:
    page = as_object(json.loads(proxy.ask(asked).body))
    return document({**page, "items": [], "metadata": {"resourceVersion": "1"}})


def the_first_page_as_the_whole(proxy: FaultProxy, asked: Asked) -> Reply:
    return document({**as_object(json.loads(proxy.ask(asked).body)), "metadata": {"resourceVersion": "1"}})


def half_of_it(proxy: FaultProxy, asked: Asked) -> Reply:
    reply = proxy.ask(asked)
    return replace(reply, body=reply.body[: len(reply.body) // 2])


def cut_off(proxy: FaultProxy, asked: Asked) -> Reply:
    return replace(half_of_it(proxy, asked), cut=True)


FAULTS = (
    Fault("500", "failed", always(status(500, "etcd is on fire"))),
    Fault("403", "forbidden", always(status(403, "cannot list"))),
    Fault("404", "not-served", always(Reply(status=404, body=b"404 page not found\n"))),
    Fault("a timeout", "timeout", always(Reply(hang=True)), HURRIED),
    Fault("truncated JSON", "malformed", half_of_it),
    Fault("a connection cut", "connection", cut_off),
    Fault("HTML", "malformed", always(Reply(body=b"<html><form action=/login>"))),
    Fault("an empty list", "cut", an_empty_list),
    Fault("no second page", "cut", the_first_page_as_the_whole),
    Fault("an empty second page", "cut", second_page(lambda page: document({**page, "items": [], "metadata": {}}))),
    Fault("a failing second page", "failed", second_page(lambda _: status(500, "gone"))),
    Fault("410 during paging", "expired", second_page(lambda _: status(410, "too old resource version"))),
)


def fabric(made: str) -> list[JsonObject]:
    """Five objects of each kind, those named `gone` in the first set only; others are to be made or changed."""
    is_first = made == "first"
    last = "gone" if is_first else "new"
    last_vpc = [vpc(f"z-{made}", 9)]
    return [
        *namespaces(),
        *(thing("SwitchGroup", f"group-{n}", labels={"set": made}) for n in range(4)),
        thing("SwitchGroup", f"z-{last}-{made}"),
        *(server(f"server-{n}", made) for n in range(4)),
        server(f"z-{last}-{made}"),
        *(vpc(f"vpc-{n}", n, dhcp=is_first) for n in range(5)),
        *last_vpc,
        *(peering(f"vpc-{n}", f"vpc-{n + 1}") for n in range(4)),
        peering("vpc-0", f"z-{made}"),
    ]


@pytest.fixture
def proxy(kube_cluster: KubeCluster) -> Iterator[FaultProxy]:
    with proxying(kube_cluster) as made:
        yield made


@pytest.fixture
def world(tmp_path: Path, kube_cluster: KubeCluster, proxy: FaultProxy) -> World:
    """A cluster as the first set says."""
    made = make_world(tmp_path / "world", kube_cluster, kubeconfig=proxy.kubeconfig(tmp_path))
    made.lay_out(fabric("first"))
    assert made.command("sync").code == 0
    return made


@pytest.mark.parametrize("kind", ["SwitchGroup", "Server", "VPC", "VPCPeering"])
def test_b37_a_list_that_was_not_read_whole_writes_nothing_of_its_kind(
    kind: str, world: World, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 5, 4: no delete, no blind create, status unknown with a reason, an exit code other than zero; B37, B38.

    Of each kind there is something to make, to change and to prune, and prune is on. The other kinds go on.
    """
    listed = collection_path(API[kind])
    stored, owned = proxy.cluster.request("GET", listed)[1]["items"], of_kind(world.inventory(), kind)
    for fault, wanted in zip(FAULTS, cycle(["second", "third"]), strict=False):
        world.lay_out(fabric(wanted))
        asked_before = len(proxy.asked())
        with monkeypatch.context() as patch:
            impatient = partial(KubernetesCluster, patience=fault.patience, page_size=2)
            patch.setattr(kubernetes, "KubernetesCluster", impatient)
            proxy.fault = lambda asked, fault=fault: (
                fault.answer(proxy, asked) if is_list_of(API[kind], asked) else None
            )  # type: ignore[misc]
            done = world.command("sync", "--format", "json")
        proxy.fault = lambda _: None

        said = world.command("status", "--format", "json").json()["fabrics"][0]
        assert done.code == 69, (fault.name, done)
        assert (said["agreement"], said["error_category"]) == ("unknown", fault.code), (fault.name, said)
        assert said["status"] != "in_sync"
        assert f"{kind}: {fault.code}: " in said["error"], (fault.name, said)
        assert not [each for each in proxy.asked()[asked_before:] if is_write_to(API[kind], each)], fault.name
        assert proxy.cluster.request("GET", listed)[1]["items"] == stored, fault.name
        assert of_kind(world.inventory(), kind) == owned, fault.name
    assert world.command("sync").code == 0
    assert world.live().keys() == {f"{each['kind']}/{as_object(each['metadata'])['name']}" for each in fabric(wanted)}


def of_kind(inventory: dict[str, str], kind: str) -> dict[str, str]:
    return {name: uid for name, uid in inventory.items() if name.startswith(f"{kind}/")}


@pytest.mark.parametrize("fault", FAULTS[:3], ids=lambda fault: fault.name)
def test_b37_a_plan_says_what_it_could_not_see(fault: Fault, world: World, proxy: FaultProxy) -> None:
    """Issue 5, 4: `plan` ends with 69 and names the kind; so does `snapshot`, which writes no file of it."""
    proxy.fault = lambda asked: fault.answer(proxy, asked) if is_list_of(API["VPC"], asked) else None
    plan = world.command("plan", "--format", "json")
    assert plan.code == 69
    assert [(each["kind"], each["code"]) for each in plan.json()["frozen"]] == [("VPC", fault.code)]
    assert plan.json()["changes"] == []
    assert world.command("snapshot", str(world.root / "seen")).code == 69
    assert not list((world.root / "seen").rglob("vpcs/*"))


def test_b38_a_kind_that_nothing_here_is_about_may_be_missing(world: World, proxy: FaultProxy) -> None:
    """Issue 5, 4: a failed read of a kind that neither git nor the inventory has leaves nothing unknown."""
    proxy.fault = lambda asked: status(403, "cannot list") if is_list_of(API["External"], asked) else None
    assert world.command("plan").code == 0
