"""A NetBox that is slow, and a cluster that cannot be read beside it: the command, with time limits made short."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from e2e.netbox_place import Place, newest_change, ours
from fakes.misbehaving_server import Asked, Reply
from fakes.netbox_proxy import NetboxProxy, proxying
from fixtures_netbox import Netbox
from hedgehog_gitops.adapters.netbox import Patience, transport

PAGE = Path(__file__).resolve().parents[2] / "docs" / "netbox.md"
SHORT = Patience(connect=1, read=1, look=3, attempts=2, pause=0.01, longest_pause=0.1)
HASTY = Patience(write=2)


def test_thirty_seconds_for_an_answer_are_over_the_limit_for_reads_and_within_that_for_writes() -> None:
    """Issue 7, 6: a slow NetBox (30 s). The limits are those of the page."""
    limits = Patience()
    assert limits.read < 30 < limits.write
    words = " ".join(PAGE.read_text().split())
    told = re.search(
        r"(\d+) seconds to connect, (\d+) for an answer to a read, (\d+) to a write, (\d+) for a look", words
    )
    assert told is not None
    assert [int(each) for each in told.groups()] == [limits.connect, limits.read, limits.write, limits.look]


def silent(_: Asked) -> Reply:
    return Reply(hang=True)


def dripping(_: Asked) -> Reply:
    return Reply(body=b'{"next": null, "results": [', headers={"Content-Type": "application/json"}, drip=True)


@pytest.mark.parametrize("fault", [silent, dripping])
def test_a_slow_netbox_stops_nothing_but_itself(
    netbox_module: Netbox, tmp_path: Path, fault: Callable[[Asked], Reply], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 7, 6: answers after the limit, or drips: no deletes, the cluster is synced, the status names the side."""
    with proxying(netbox_module) as proxy:
        place = Place(tmp_path, netbox_module, f"slow-{fault.__name__}", proxy.settings.url)
        place.lay_out("01")
        first = place.sync()
        assert first["status"] == "in_sync", first["failures"]
        before = newest_change(netbox_module)
        proxy.fault = fault
        monkeypatch.setattr(transport, "Patience", lambda: SHORT)
        place.change("vlannamespaces/default.yaml", "2999", "2998")
        done = place.command("sync", "--format", "json")
    assert (done.code, done.json()["outcome"], newest_change(netbox_module)) == (69, "partial", before)
    assert "2998" in (place.root / "live/vlannamespaces/default.yaml").read_text()
    (known,) = place.command("status", "--format", "json").json()["fabrics"]
    assert [(each["side"], each["agreement"]) for each in known["sides"]] == [
        ("cluster", "equal"),
        ("netbox", "unknown"),
    ]
    assert re.search(rf"unknown {place.name}: netbox: .*timeout: ", place.command("status").out)


def test_a_netbox_that_works_on_after_its_writes_were_given_up_gets_nothing_twice(
    netbox_module: Netbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 7, 6: the write is done, and its answer comes too late."""
    with proxying(netbox_module) as proxy:
        place = Place(tmp_path, netbox_module, "late", proxy.settings.url)
        place.lay_out("01")
        proxy.fault = lambda asked: _too_late(proxy, asked)
        with monkeypatch.context() as patch:
            patch.setattr(transport, "Patience", lambda: HASTY)
            place.command("sync")
        proxy.fault = lambda _: None
        done = place.sync()
    assert done["status"] == "in_sync", done["failures"]
    assert [len(ours(netbox_module, kind, "late")) for kind in ("ipam/vlan-groups", "ipam/vrfs")] == [1, 1]


def _too_late(proxy: NetboxProxy, asked: Asked) -> Reply | None:
    if asked.method == "GET":
        return None
    proxy.ask(asked)
    return Reply(hang=True)


def test_a_cluster_that_cannot_be_read_leaves_netbox_as_it_is_and_both_are_unknown(
    netbox_module: Netbox, tmp_path: Path
) -> None:
    """Issue 7, 6: the two are brought in line in one order; of neither anything is claimed meanwhile."""
    place = Place(tmp_path, netbox_module, "blind")
    place.lay_out("01")
    assert place.sync()["status"] == "in_sync"
    before = newest_change(netbox_module)
    place.change("vlannamespaces/default.yaml", "2999", "2998")
    live, away = tmp_path / "live", tmp_path / "away"
    shutil.move(live, away)
    live.write_text("no directory")
    done = place.command("sync", "--format", "json")
    assert (done.code, done.json()["outcome"], newest_change(netbox_module)) == (69, "failed", before)
    (known,) = place.command("status", "--format", "json").json()["fabrics"]
    assert [(each["side"], each["agreement"]) for each in known["sides"]] == [
        ("cluster", "unknown"),
        ("netbox", "unknown"),
    ]
    assert known["error"].startswith("cluster: ")

    live.unlink()
    shutil.move(away, live)
    assert place.sync()["status"] == "in_sync"
    assert ours(netbox_module, "ipam/vlan-groups", "blind")[0]["vid_ranges"][0][1] == 2998
