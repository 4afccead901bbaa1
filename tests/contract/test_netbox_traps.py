"""Traps of a real NetBox, each by name, and answers that no good server gives.

Issue 7, 3 (traps) and 6 (a NetBox that is down, slow, busy, or behind a login page).
"""

from __future__ import annotations

import itertools
import logging
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from fakes.misbehaving_server import Asked, Reply
from fakes.netbox_proxy import NetboxProxy, is_of, once, proxying
from fakes.records import base_of, by_slug, creation, key_of_record, own, record, removal, shared, update
from fixtures_netbox import SITE, Netbox
from generated_fabric import generate_fabric
from hedgehog_gitops.adapters.netbox import NetboxRecords, Patience
from hedgehog_gitops.adapters.package_profiles import PackageProfiles
from hedgehog_gitops.core.netbox.planning import plan_records
from hedgehog_gitops.core.netbox.showing import Showing
from hedgehog_gitops.core.netbox.translating import translate
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.kind import ObjectKey, kind_named
from hedgehog_gitops.model.live import LiveObject, Refusal, Refused, Written, doubt_of
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.plan import Change, Precondition
from hedgehog_gitops.model.record import NETBOX, Record, later_key
from hedgehog_gitops.model.settings import Fabric, NetboxSettings

_NUMBERS = itertools.count(1)
VRF = "ipam.vrf"
PORT = "dcim.interface"
QUICK = Patience(connect=1, read=0.5, write=1, look=2, attempts=2, pause=0.01, longest_pause=0.1)
PATIENT = Patience(pause=0.05)
LOGIN = Reply(body=b"<html><form action='/login'></form></html>", headers={"Content-Type": "text/html"})


@pytest.fixture
def fabric() -> str:
    return f"trap-{next(_NUMBERS)}x"  # with a digit behind it, it is no other test's


def side_at(netbox: Netbox, url: str, fabric: str, patience: Patience = PATIENT, token: str = "") -> NetboxRecords:
    return NetboxRecords(NetboxSettings(url=url), fabric, lambda: token or netbox.token, patience=patience)


def vrf(name: str, **fields: Any) -> Record:
    return record(VRF, f"VPC/{name}", ("name",), {"name": name, **fields})


def written(side: NetboxRecords, *records: Record) -> list[LiveObject]:
    """These records, written; as a look shows them."""
    for outcome in side.write([creation(each) for each in records]):
        assert isinstance(outcome, Written), outcome
    objects = side.read(records).objects
    return [objects[each.key] for each in records]


def names(netbox: Netbox, fabric: str) -> list[str]:
    return sorted(each["name"] for each in netbox.all("ipam/vrfs", cf_hedgehog_fabric=fabric))


def unknown(side: NetboxRecords, kind: str, *wanted: Record, ours: Sequence[ObjectKey] = ()) -> str:
    """The word for why a kind is not known."""
    return doubt_of(side.read(wanted, ours).unknown.get((NETBOX, kind), "known"))


def test_a_filter_that_is_ignored_and_returns_everything_shows_nothing_that_is_not_ours(
    netbox_module: Netbox, fabric: str
) -> None:
    written(side_at(netbox_module, netbox_module.url, f"{fabric}-other"), vrf("theirs"))
    netbox_module.create("ipam/vrfs", name=f"a person's {fabric}")
    with proxying(netbox_module) as proxy:
        proxy.fault = lambda asked: (
            proxy.ask(Asked(method="GET", path=asked.path.replace("cf_", "no_"), body=b"", headers=asked.headers))
            if "cf_hedgehog_fabric" in asked.path
            else None
        )
        objects = side_at(netbox_module, proxy.settings.url, fabric).read([vrf("blue")]).objects
    assert [key for key in objects if key.kind == VRF] == []


def test_a_filter_that_matches_a_part_of_the_name_shows_no_other_fabric(netbox_module: Netbox, fabric: str) -> None:
    """`fabric-1` finds `fabric-10` where the custom field is not exact."""
    written(side_at(netbox_module, netbox_module.url, f"{fabric}0"), vrf("theirs"))
    field = netbox_module.one("extras/custom-fields", name="hedgehog_fabric")
    netbox_module.change("extras/custom-fields", field["id"], filter_logic="loose")
    try:
        assert netbox_module.all("ipam/vrfs", cf_hedgehog_fabric=fabric), "this NetBox has no such trap"
        objects = side_at(netbox_module, netbox_module.url, fabric).read([vrf("blue")]).objects
    finally:
        netbox_module.change("extras/custom-fields", field["id"], filter_logic="exact")
    assert [key for key in objects if key.kind == VRF] == []


def test_a_kind_without_our_custom_fields_is_not_known(netbox_module: Netbox, fabric: str) -> None:
    field = netbox_module.one("extras/custom-fields", name="hedgehog_fabric")
    rest = [kind for kind in field["object_types"] if kind != VRF]
    netbox_module.change("extras/custom-fields", field["id"], object_types=rest)
    try:
        reason = side_at(netbox_module, netbox_module.url, fabric).read([vrf("blue")]).unknown[NETBOX, VRF]
    finally:
        netbox_module.change("extras/custom-fields", field["id"], object_types=field["object_types"])
    assert reason.startswith("not-served: NetBox has no custom fields")


def test_an_unknown_body_field_that_netbox_takes_and_loses_is_told(netbox_module: Netbox, fabric: str) -> None:
    side = side_at(netbox_module, netbox_module.url, fabric)
    (outcome,) = side.write([creation(vrf("blue", descriptoin="lost"))])
    assert isinstance(outcome, Refused)
    assert "descriptoin" in outcome.message


def test_a_change_of_nothing_sends_no_patch(netbox_module: Netbox, fabric: str) -> None:
    """It would write no change record and move the object's version."""
    with proxying(netbox_module) as proxy:
        side = side_at(netbox_module, proxy.settings.url, fabric)
        (live,) = written(side, vrf("blue"))
        (outcome,) = side.write([update(live, {})])
        assert isinstance(outcome, Written)
        assert outcome.object is not None
        assert outcome.object.version == live.version
        assert [each.method for each in proxy.writes()] == ["POST"]


def test_without_the_tag_ours_are_still_ours_and_can_be_written(netbox_module: Netbox, fabric: str) -> None:
    """A person may delete the tag: it is for people's eyes, and what is ours our mark says."""
    written(side_at(netbox_module, netbox_module.url, fabric), vrf("one"))
    tag = netbox_module.one("extras/tags", slug="hedgehog-managed")
    netbox_module.delete("extras/tags", tag["id"])
    try:
        side = side_at(netbox_module, netbox_module.url, fabric)
        assert vrf("one").key in side.read([vrf("one")]).objects
        written(side, vrf("two"))
    finally:
        netbox_module.create("extras/tags", name="hedgehog-managed", slug="hedgehog-managed")


def test_a_constrained_view_that_hides_all_of_ours_is_no_deletion(netbox_module: Netbox, fabric: str) -> None:
    written(side_at(netbox_module, netbox_module.url, fabric), vrf("one"))
    views: list[dict[str, Any]] = [
        {"object_types": [VRF], "actions": ["view"], "constraints": {"name": "nothing is called so"}},
        {"object_types": ["extras.customfield", "core.objectchange"], "actions": ["view"], "constraints": None},
    ]
    token = netbox_module.user(fabric, views)
    side = side_at(netbox_module, netbox_module.url, fabric, token=token)
    assert unknown(side, VRF, vrf("one"), ours=[vrf("one").key]) == "cut"


def test_the_deletion_of_all_of_ours_is_believed_where_the_change_log_tells_it(
    netbox_module: Netbox, fabric: str
) -> None:
    side = side_at(netbox_module, netbox_module.url, fabric)
    (live,) = written(side, vrf("one"))
    netbox_module.delete("ipam/vrfs", int(live.uid))
    look = side.read([vrf("one")], [live.key])
    assert look.unknown == {}
    assert (NETBOX, VRF) in look.proven


def test_a_key_that_two_parallel_creates_doubled_makes_its_kind_unknown(netbox_module: Netbox, fabric: str) -> None:
    side = side_at(netbox_module, netbox_module.url, fabric)
    written(side, vrf("one"))
    field = netbox_module.one("extras/custom-fields", name="hedgehog_key")
    marks = {"hedgehog_key": f"{fabric}/VPC/default/one", "hedgehog_fabric": fabric}
    netbox_module.change("extras/custom-fields", field["id"], unique=False)
    try:
        double = netbox_module.create("ipam/vrfs", name="double", custom_fields=marks)
    finally:
        netbox_module.change("extras/custom-fields", field["id"], unique=True)
    assert unknown(side, VRF, vrf("one")) == "malformed"
    netbox_module.delete("ipam/vrfs", double["id"])
    assert unknown(side, VRF, vrf("one")) == "unknown"  # nothing is


def test_a_cable_to_a_port_that_is_not_there_is_not_made_by_half(netbox_module: Netbox, fabric: str) -> None:
    side = side_at(netbox_module, netbox_module.url, fabric)
    devices = _devices(fabric, "a", "b")
    written(side, *devices, _port("a", "E1/1"))
    (outcome,) = side.write([creation(_cable("c", "a", "b"))])
    assert isinstance(outcome, Refused)
    assert "Switch/default/b#port/E1/1" in outcome.message
    assert netbox_module.all("dcim/cables", cf_hedgehog_fabric=fabric) == []


def test_ports_can_be_changed_after_their_cables_went_in_the_same_run(netbox_module: Netbox, fabric: str) -> None:
    """NetBox moves the version of a port when its cable goes: that is our own doing, and not stale."""
    side = side_at(netbox_module, netbox_module.url, fabric)
    ports = [_port("a", "E1/1"), _port("b", "E1/1")]
    written(side, *_devices(fabric, "a", "b"), *ports)
    written(side, _cable("c", "a", "b"))
    look = side.read([*ports, _cable("c", "a", "b")]).objects
    (gone,) = side.write([removal(look[_cable("c", "a", "b").key])])
    assert isinstance(gone, Written)
    (changed,) = side.write([update(look[ports[0].key], {"name": "E1/2"})])
    assert isinstance(changed, Written), changed


def test_a_device_can_be_changed_after_its_primary_address_went_in_the_same_run(
    netbox_module: Netbox, fabric: str
) -> None:
    """NetBox moves the version of a device when its primary address goes: our own doing too, and nobody else's."""
    side = side_at(netbox_module, netbox_module.url, fabric)
    *kinds, device = _devices(fabric, "a")
    address = record("ipam.ipaddress", "Switch/a#ip", ("address",), {"address": "192.0.2.1/32"})
    address.fields["assigned_object"] = own(PORT, "Switch/a#port/M1")
    primary: JsonObject = {"primary_ip4": own("ipam.ipaddress", "Switch/a#ip")}
    written(side, *kinds, device, _port("a", "M1"))
    written(side, address)
    later = update(LiveObject(later_key(device.key), {}, "", ""), primary, base=base_of({**device.fields, **primary}))
    (told,) = side.write([replace(later, precondition=Precondition())])
    assert isinstance(told, Written), told
    look = side.read([replace(device, fields={**device.fields, **primary}), address]).objects
    assert look[device.key].value["primary_ip4"] == primary["primary_ip4"]
    (gone,) = side.write([removal(look[address.key])])
    assert isinstance(gone, Written), gone
    (changed,) = side.write([update(look[device.key], {"serial": "1"})])
    assert isinstance(changed, Written), changed


def test_ports_that_came_with_a_device_become_ours_and_are_not_doubled(netbox_module: Netbox, fabric: str) -> None:
    slug, maker = f"type-{fabric}", by_slug("dcim.manufacturer", f"m-{fabric}")
    kind = shared("dcim.devicetype", slug, model=slug, manufacturer=maker)
    template = Record(
        key=key_of_record("dcim.interfacetemplate", f"SwitchProfile/{fabric}#port/E1/1"),
        fields={"device_type": by_slug("dcim.devicetype", slug), "name": "E1/1", "type": "other"},
        natural=("device_type", "name"),
    )
    device, port = _devices(fabric, "a")[-1], _port("a", "E1/1")
    side = side_at(netbox_module, netbox_module.url, fabric)
    first = [*_devices(fabric)[:2], kind, template]
    for each in first:
        assert all(isinstance(outcome, Written) for outcome in side.write([creation(each)]))
    fields = {**device.fields, "device_type": by_slug("dcim.devicetype", slug)}
    made = record("dcim.device", "Switch/a", ("site", "name"), fields)
    assert all(isinstance(outcome, Written) for outcome in side.write([creation(made)]))
    # Another run, after this one was killed between the two: the port is there, and nobody has touched it.
    later = side_at(netbox_module, netbox_module.url, fabric)
    assert [key for key in later.read([made, port]).objects if key.kind == PORT] == []
    (live,) = written(later, port)
    assert netbox_module.one("dcim/interfaces", device=f"a-{fabric}")["id"] == int(live.uid)


def test_a_port_that_a_person_touched_is_a_persons(netbox_module: Netbox, fabric: str) -> None:
    side = side_at(netbox_module, netbox_module.url, fabric)
    devices = _devices(fabric, "a")
    written(side, *devices)
    device = netbox_module.one("dcim/devices", name=f"a-{fabric}")
    made = netbox_module.create("dcim/interfaces", device=device["id"], name="E1/1", type="other")
    netbox_module.change("dcim/interfaces", made["id"], description="mine")
    objects = side.read([*devices, _port("a", "E1/1")]).objects
    assert ObjectKey(NETBOX, PORT, "", f"#{made['id']}") in objects


def test_a_502_after_the_server_did_the_work_doubles_no_object(netbox_module: Netbox, fabric: str) -> None:
    with proxying(netbox_module) as proxy:
        proxy.fault = once(is_of("POST", "ipam/vrfs"), lambda asked: _lost(proxy, asked))
        outcomes = list(
            side_at(netbox_module, proxy.settings.url, fabric).write([creation(vrf("a")), creation(vrf("b"))])
        )
        assert all(isinstance(outcome, Written) for outcome in outcomes)
        assert len(proxy.writes()) == 1
    assert names(netbox_module, fabric) == ["a", "b"]


def test_a_502_before_the_server_did_the_work_is_left_to_the_next_run(netbox_module: Netbox, fabric: str) -> None:
    with proxying(netbox_module) as proxy:
        proxy.fault = once(is_of("POST", "ipam/vrfs"), lambda _: Reply(status=502))
        side = side_at(netbox_module, proxy.settings.url, fabric)
        (outcome,) = side.write([creation(vrf("a"))])
        assert isinstance(outcome, Refused)
        assert outcome.refusal is Refusal.UNREACHABLE
        written(side, vrf("a"))
    assert names(netbox_module, fabric) == ["a"]


def test_a_lost_answer_to_a_change_and_to_a_removal_is_looked_up(netbox_module: Netbox, fabric: str) -> None:
    with proxying(netbox_module) as proxy:
        side = side_at(netbox_module, proxy.settings.url, fabric)
        one, two = written(side, vrf("one"), vrf("two"))
        proxy.fault = once(is_of("PATCH", "ipam/vrfs"), lambda asked: _lost(proxy, asked))
        (changed,) = side.write([update(one, {"description": "x"}, base=base_of({"name": "one", "description": "x"}))])
        proxy.fault = once(is_of("DELETE", "ipam/vrfs"), lambda asked: _lost(proxy, asked))
        (gone,) = side.write([removal(two)])
        assert isinstance(changed, Written)
        assert gone == Written(key=two.key, object=None)


def test_a_worker_that_is_killed_in_mid_batch_leaves_nothing_by_half(netbox_module: Netbox, fabric: str) -> None:
    side = side_at(netbox_module, netbox_module.url, fabric)
    wanted = [vrf(f"v{number:03}") for number in range(60)]
    killer = threading.Timer(0.4, _kill, [netbox_module])
    outcomes = list(side.write([creation(each) for each in wanted], killer.start))
    killer.join()
    assert {isinstance(outcome, Written) for outcome in outcomes} in ({True}, {False})
    have = side.read(wanted).objects
    written(side, *(each for each in wanted if each.key not in have))
    assert names(netbox_module, fabric) == [f"v{number:03}" for number in range(60)]


def test_a_busy_server_is_asked_again_as_late_as_it_says(netbox_module: Netbox, fabric: str) -> None:
    with proxying(netbox_module) as proxy:
        busy = Reply(status=429, headers={"Retry-After": "0"})
        side = side_at(netbox_module, proxy.settings.url, fabric)
        proxy.fault = once(is_of("POST", "ipam/vrfs"), lambda _: busy)
        written(side, vrf("a"))
        proxy.fault = once(is_of("GET", "ipam/vrfs"), lambda _: busy)
        assert vrf("a").key in side.read([vrf("a")]).objects
        proxy.fault = lambda asked: busy if is_of("GET", "ipam/vrfs")(asked) else None
        assert unknown(side, VRF, vrf("a"), ours=[vrf("a").key]) == "failed"


def test_a_login_page_with_200_is_no_list(netbox_module: Netbox, fabric: str) -> None:
    with proxying(netbox_module) as proxy:
        side = side_at(netbox_module, proxy.settings.url, fabric)
        written(side, vrf("a"))
        proxy.fault = lambda asked: LOGIN if is_of("GET", "ipam/vrfs")(asked) else None
        assert unknown(side, VRF, vrf("a"), ours=[vrf("a").key]) == "malformed"
        proxy.fault = lambda asked: LOGIN if asked.method == "GET" else None
        assert unknown(side, VRF, vrf("a"), ours=[vrf("a").key]) == "malformed"


def test_a_slow_server_is_not_waited_for_and_its_kinds_are_unknown(netbox_module: Netbox, fabric: str) -> None:
    with proxying(netbox_module) as proxy:
        side = side_at(netbox_module, proxy.settings.url, fabric, QUICK)
        proxy.fault = lambda asked: Reply(hang=True) if is_of("GET", "ipam/vrfs")(asked) else None
        assert unknown(side, VRF, vrf("a"), shared("dcim.manufacturer", "none"), ours=[vrf("a").key]) == "timeout"
        proxy.fault = lambda _: Reply(hang=True)
        with pytest.raises(UnreachableError, match="no answer in time"):
            side.read([vrf("a")])


def test_a_server_that_is_down_or_knows_us_not_is_unreachable(netbox_module: Netbox, fabric: str) -> None:
    with pytest.raises(UnreachableError, match="cannot connect"):
        side_at(netbox_module, "http://127.0.0.1:9", fabric, QUICK).read([vrf("a")])
    with pytest.raises(UnreachableError, match="does not accept the token"):
        side_at(netbox_module, netbox_module.url, fabric, token="0" * 40).read([vrf("a")])


def test_when_writes_get_no_answer_the_rest_is_not_sent(netbox_module: Netbox, fabric: str) -> None:
    with proxying(netbox_module) as proxy:
        side = side_at(netbox_module, proxy.settings.url, fabric, QUICK)
        proxy.fault = lambda asked: Reply(hang=True) if asked.method == "POST" else None
        outcomes = list(side.write([creation(vrf(f"v{number}")) for number in range(450)]))
        assert len(outcomes) == 450
        assert {outcome.refusal for outcome in outcomes if isinstance(outcome, Refused)} == {Refusal.UNREACHABLE}
        assert len(proxy.writes()) == 1


def test_the_change_log_tells_run_and_reason_and_who_changed_an_object_last(netbox_module: Netbox, fabric: str) -> None:
    """Issue 7: drift says who and when from object-changes."""
    settings = NetboxSettings(url=netbox_module.url)
    side = NetboxRecords(settings, fabric, lambda: netbox_module.token, message="hedgehog-gitops run-7 abc123")
    ours, theirs = written(side, vrf("ours"), vrf("theirs"))
    token = netbox_module.user(fabric, [{"object_types": [VRF], "actions": ["view", "change"], "constraints": None}])
    netbox_module.request("PATCH", f"ipam/vrfs/{theirs.uid}", {"description": "mine"}, token)
    last = side.last_changes([ours, theirs])
    assert (last[theirs.key].user, last[theirs.key].is_ours) == (fabric, False)
    assert last[ours.key].is_ours
    entry = netbox_module.all("core/object-changes", changed_object_id=ours.uid, changed_object_type=VRF)[0]
    assert entry["message"] == "hedgehog-gitops run-7 abc123: changed in git"


def test_tokens_of_both_versions_are_taken(netbox_module: Netbox, fabric: str) -> None:
    for version, token in netbox_module.server.tokens.items():
        written(side_at(netbox_module, netbox_module.url, f"{fabric}-{version}", token=token), vrf("blue"))


def test_the_token_is_in_nothing_that_comes_out(
    netbox_module: Netbox, fabric: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A canary: outcomes, reasons, errors with all that hangs on them, their pickles, logs at every level."""
    caplog.set_level(logging.DEBUG)
    said: list[object] = []
    faults = (Reply(hang=True), Reply(status=500, body=b"oops"), Reply(status=403), LOGIN, Reply(body=b"{", cut=True))
    for fault in faults:
        with proxying(netbox_module) as proxy:
            proxy.fault = lambda asked, fault=fault: None if asked.path.startswith("/api/status") else fault  # type: ignore[misc]
            side = side_at(netbox_module, proxy.settings.url, fabric, QUICK)
            said += [side, vars(side), side.transport]
            try:
                said.append(side.read([vrf("a")]))
            except UnreachableError as error:
                said += [*traceback.format_exception(error), pickle.dumps(error), *_chain(error)]
            said += side.write([creation(vrf("a"))])
    texts = [*map(repr, said), *(record.getMessage() for record in caplog.records)]
    secret = netbox_module.token.partition(".")[2]
    assert len(said) >= 4 * len(faults)
    assert [text for text in texts if secret in text] == []


def test_the_requests_of_a_whole_fabric_are_few(netbox_module: Netbox, fabric: str) -> None:
    """Issue 7, 5: nothing to do at most 25 requests, a first sync at most objects/100 + 60 (pinned)."""
    settings = NetboxSettings(url=netbox_module.url, site=SITE)
    sent: list[str] = []
    side = NetboxRecords(
        settings, fabric, lambda: netbox_module.token, on_request=lambda method, _: sent.append(method)
    )
    records = translate(fabric, settings, _small_fabric(), PackageProfiles()).records

    def look() -> dict[ObjectKey, Change]:
        live = side.read(list(records.values()))
        showing = Showing(records=records, revision="r", refused={})
        plan = plan_records(Fabric(name=fabric, directory=fabric, netbox=settings), showing, live, {}).plan
        assert (plan.conflicts, plan.blocked, plan.frozen) == ((), (), {})
        waves.extend(plan.waves)
        return {change.key: change for change in plan.changes}

    waves: list[tuple[ObjectKey, ...]] = []
    changes = look()
    for wave in waves:
        for outcome in side.write([changes[key] for key in wave]):
            assert isinstance(outcome, Written), outcome
    assert look() == {}
    assert len(sent) <= len(records) / 100 + 60
    sent.clear()
    assert look() == {}
    assert len(sent) <= 25
    assert set(sent) == {"GET"}


def _small_fabric() -> dict[ObjectKey, Any]:
    """Two leaves with three servers, so that it does not take long."""
    objects: list[Any] = generate_fabric(vpcs=2, leaves=2)
    servers = [each["metadata"]["name"] for each in objects if each["kind"] == "Server"]
    specs: dict[ObjectKey, Any] = {}
    for each in objects:
        name = each["metadata"]["name"]
        about = (each["spec"].get("connection", "") if each["kind"] == "VPCAttachment" else name).partition("--")[0]
        if about not in servers[3:]:
            kind = kind_named(each["apiVersion"].partition("/")[0], each["kind"])
            specs[ObjectKey(kind.group, kind.kind, "default", name)] = each["spec"]
    return specs


def _kill(netbox: Netbox) -> None:
    for worker in netbox.server.workers():
        os.kill(worker, signal.SIGKILL)


def _lost(proxy: NetboxProxy, asked: Asked) -> Reply:
    """The server does the work, and its answer gets lost."""
    assert proxy.ask(asked).status < 300
    return Reply(status=502, body=b"<html>bad gateway</html>")


def _chain(error: BaseException | None) -> list[object]:
    """An error with everything that it came from."""
    found: list[object] = []
    while error is not None:
        found += [error, vars(error), *(vars(each) for each in error.args if hasattr(each, "__dict__"))]
        error = error.__cause__ or error.__context__
    return found


def _devices(fabric: str, *names: str) -> list[Record]:
    """A maker, a role, a type and devices of it."""
    maker, role, kind = f"m-{fabric}", f"r-{fabric}", f"t-{fabric}"
    return [
        shared("dcim.manufacturer", maker, name=maker),
        shared("dcim.devicerole", role, name=role),
        shared("dcim.devicetype", kind, model=kind, manufacturer=by_slug("dcim.manufacturer", maker)),
        *(
            record(
                "dcim.device",
                f"Switch/{name}",
                ("site", "name"),
                {
                    "name": f"{name}-{fabric}",
                    "site": by_slug("dcim.site", SITE),
                    "role": by_slug("dcim.devicerole", role),
                    "device_type": by_slug("dcim.devicetype", kind),
                },
            )
            for name in names
        ),
    ]


def _port(device: str, name: str) -> Record:
    fields: Any = {"device": own("dcim.device", f"Switch/{device}"), "name": name, "type": "other"}
    return record(PORT, f"Switch/{device}#port/{name}", ("device", "name"), fields)


def _cable(name: str, one: str, other: str) -> Record:
    ends: Any = {
        f"{side}_terminations": [own(PORT, f"Switch/{device}#port/E1/1")] for side, device in (("a", one), ("b", other))
    }
    return record("dcim.cable", f"Connection/{name}#link/0", ("a_terminations", "b_terminations"), ends)
