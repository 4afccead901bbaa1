"""What differs and who moved it. That it is what the server would change is held by tests/contract."""

from __future__ import annotations

from fakes.fabrics import live_side, manifest, owned, remembered, thing, vpc
from hedgehog_gitops.core.canonical import canonical
from hedgehog_gitops.core.comparing import Comparison, compare
from hedgehog_gitops.core.defaulting import with_defaults
from hedgehog_gitops.core.ownership import field_set, managers, with_writers
from hedgehog_gitops.model.plain import JsonObject, as_object, path_text
from hedgehog_gitops.model.plan import Verdict

SERVER: JsonObject = {"f:spec": {"f:description": {}}}


def compared(git: JsonObject, live: JsonObject, base: JsonObject | None = None) -> Comparison:
    """Git against live, with a record of what we applied last."""
    found = manifest(git)
    side = live_side(live)
    record = remembered(base)[found.key] if base is not None else None
    return compare(found, canonical(found.kind, found.value), side.objects[found.key], record)


def told(found: Comparison) -> dict[str, Verdict]:
    return {path_text(field.path): field.verdict for field in found.fields}


def applied(value: JsonObject) -> JsonObject:
    """As the cluster stores what we applied: defaulted, and ours as far as we sent it."""
    found = manifest(value)
    return owned(with_defaults(found.kind, value), {"f:spec": field_set(as_object(value["spec"]))})


def server(**spec: str) -> JsonObject:
    return thing("Server", "web-1", {**spec})


def test_a_field_that_another_set_where_git_is_silent_is_beside() -> None:
    live = owned(owned(server(description="a", profile="p"), SERVER), {"f:spec": {"f:profile": {}}}, "editor", "Update")
    found = compared(server(description="a"), live, server(description="a"))
    assert (found.verdict, told(found)) == (Verdict.IN_SYNC, {})
    assert [path_text(field.path) for field in found.beside] == ["spec.profile"]


def test_a_field_of_ours_that_git_drops_goes_although_our_record_does_not_know_it() -> None:
    live = owned(server(description="a"), SERVER)
    assert told(compared(server(), live, server())) == {"spec.description": Verdict.PENDING}


def test_a_dropped_field_that_another_owns_too_stays() -> None:
    live = owned(owned(server(description="a"), SERVER), SERVER, "applier", "Apply")
    assert told(compared(server(), live, server(description="a"))) == {}


def test_a_label_of_ours_goes_without_a_record() -> None:
    live = owned(thing("Server", "web-1", labels={"team": "a"}), {"f:metadata": {"f:labels": {"f:team": {}}}})
    assert told(compared(server(), live)) == {"metadata.labels": Verdict.PENDING}


def test_a_null_label_is_an_empty_one() -> None:
    git = thing("Server", "web-1", labels={"team": None})
    live = owned(thing("Server", "web-1", labels={"team": ""}), {"f:metadata": {"f:labels": {"f:team": {}}}})
    assert compared(git, live, git).verdict is Verdict.IN_SYNC


def test_a_default_follows_the_field_that_it_is_made_of() -> None:
    before, after = vpc(), vpc(subnets={"default": {"subnet": "10.0.2.0/24", "vlan": 1001}})
    found = compared(after, applied(before), before)
    assert set(told(found)) == {"spec.subnets.default.subnet", "spec.subnets.default.gateway"}
    subnets = as_object(as_object(as_object(found.sent)["spec"])["subnets"])
    assert as_object(subnets["default"])["gateway"] == "10.0.2.1"


def test_a_default_that_another_owns_does_not_follow() -> None:
    before, after = vpc(), vpc(subnets={"default": {"subnet": "10.0.2.0/24", "vlan": 1001}})
    theirs: JsonObject = {"f:spec": {"f:subnets": {"f:default": {"f:gateway": {}}}}}
    found = compared(after, owned(applied(before), theirs, "editor", "Update"), before)
    assert set(told(found)) == {"spec.subnets.default.subnet"}
    assert [path_text(field.path) for field in found.beside] == ["spec.subnets.default.gateway"]


def test_an_object_whose_writers_are_forgotten_is_everybodys() -> None:
    """The API server takes all of it as made before the first apply, so nothing of it is removed."""
    live = with_writers(server(description="a", profile="p"))
    assert [(each.name, each.operation) for each in managers(live)] == [("before-first-apply", "Update")]
    assert told(compared(server(description="b"), live, server(description="a", profile="p"))) == {
        "spec.description": Verdict.PENDING
    }


def test_a_known_record_of_writers_is_left_as_it_is() -> None:
    live = owned(server(), SERVER)
    assert with_writers(live) is live


def test_hardware_addresses_are_sent_as_they_are_stored() -> None:
    dhcp: JsonObject = {"enable": True, "static": {"AA-BB-CC-DD-EE-01": {"ip": "10.0.1.7"}}}
    git = vpc(subnets={"default": {"subnet": "10.0.1.0/24", "vlan": 1001, "dhcp": dhcp}})
    sent = as_object(compared(git, applied(vpc()), vpc()).sent)
    default = as_object(as_object(as_object(sent["spec"])["subnets"])["default"])
    assert as_object(default["dhcp"])["static"] == {"aa:bb:cc:dd:ee:01": {"ip": "10.0.1.7"}}
