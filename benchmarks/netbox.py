"""The NetBox side against a plain program that goes object by object, on one real NetBox.

    python benchmarks/netbox.py [--size 1.0]

A fabric of 40 switches, 100 servers, 300 connections and 100 VPCs (times `--size`) is shown in an empty NetBox, and
then looked at again when nothing is to be done. The plain program is what people write with pynetbox: for each object
`get`, then `create` or a comparison, with the same fields as ours and without our marks. Both do the same work on the
same server in the same run, each from an empty database.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pynetbox

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests")]

from fixtures_netbox import SITE, Netbox, prepare  # noqa: E402 - found through the line above
from generated_fabric import SPINES, generate_fabric, leaf_name, thing  # noqa: E402 - the same
from hedgehog_gitops.adapters.netbox import NetboxRecords  # noqa: E402 - the same
from hedgehog_gitops.adapters.package_profiles import PackageProfiles  # noqa: E402 - the same
from hedgehog_gitops.core.netbox.late import late_fields  # noqa: E402 - the same
from hedgehog_gitops.core.netbox.planning import plan_records  # noqa: E402 - the same
from hedgehog_gitops.core.netbox.showing import Showing  # noqa: E402 - the same
from hedgehog_gitops.core.netbox.translating import translate  # noqa: E402 - the same
from hedgehog_gitops.model.kind import ObjectKey, kind_named  # noqa: E402 - the same
from hedgehog_gitops.model.live import Written  # noqa: E402 - the same
from hedgehog_gitops.model.plain import Json, JsonObject, as_object  # noqa: E402 - the same
from hedgehog_gitops.model.plan import Plan  # noqa: E402 - the same
from hedgehog_gitops.model.record import (  # noqa: E402 - the same
    LATE_FIELDS,
    RECORD_KIND_BY_NAME,
    Record,
    is_reference,
    whole_key,
)
from hedgehog_gitops.model.settings import Fabric, NetboxSettings  # noqa: E402 - the same
from servers import netbox as server  # noqa: E402 - the same

SWITCHES, SERVERS, CONNECTIONS, VPCS = 40, 100, 300, 100
FIRST_FACTOR, NOTHING_FACTOR, NOTHING_REQUESTS = 3, 20, 25
FREE_PORT = 33  # of a leaf, the first that the generated fabric leaves alone
FABRIC = "bench"


def first_requests(objects: int) -> float:
    """The most requests that a first sync may take."""
    return objects / 100 + 60


@dataclass(slots=True)
class Work:
    """What one contender took, first and when nothing was to be done."""

    first: float = 0.0
    nothing: float = 0.0
    requests: Counter[str] = field(default_factory=Counter)


def make_fabric(size: float) -> dict[ObjectKey, JsonObject]:
    """The specs of a fabric of this size: a generated one with fewer servers, and these with more connections."""
    leaves = max(2, round((SWITCHES * size - SPINES) / 2) * 2)
    objects = generate_fabric(vpcs=round(VPCS * size), leaves=leaves)
    servers = [each["metadata"]["name"] for each in _of("Server", objects)][: round(SERVERS * size)]
    gone = {each["metadata"]["name"] for each in _of("Server", objects)} - set(servers)
    kept = [each for each in objects if not _is_about(each, gone)]
    more = round(CONNECTIONS * size) - len(list(_of("Connection", kept)))
    kept += [_extra(number, servers, leaves) for number in range(more)]
    return {_key(each): as_object(each["spec"]) for each in kept}


def ours(netbox: Netbox, records: Mapping[ObjectKey, Record], settings: NetboxSettings) -> Work:
    """Look, plan, write and look again; then look and plan once more."""
    work = Work()
    side = NetboxRecords(settings, FABRIC, lambda: netbox.token, on_request=lambda method, _: _count(work, method))
    started = time.monotonic()
    plan = _plan(side, records, settings)
    changes = {change.key: change for change in plan.changes}
    for wave in plan.waves:
        for outcome in side.write([changes[key] for key in wave]):
            if not isinstance(outcome, Written):
                raise SystemExit(f"{outcome.key}: {outcome.message}")
    if _plan(side, records, settings).changes:
        raise SystemExit("the second look still finds something to do")
    work.first = time.monotonic() - started
    first = sum(work.requests.values())
    started = time.monotonic()
    _plan(side, records, settings)
    work.nothing = time.monotonic() - started
    work.requests = Counter(first=first, nothing=sum(work.requests.values()) - first)
    return work


class PlainProgram:
    """Object by object: get, then create what is not there, or compare; later what only then can be said."""

    def __init__(self, netbox: Netbox, records: Mapping[ObjectKey, Record], order: Sequence[ObjectKey]) -> None:
        self.records = records
        self.order = order
        self.api = pynetbox.api(netbox.url, token=netbox.token)
        self.ids: dict[tuple[str, str], int] = {}

    def run(self) -> float:
        """How long it took."""
        started = time.monotonic()
        for key in self.order:
            if key in self.records:
                self._ensure(self.records[key])
            else:
                self._complete(self.records[whole_key(key)])
        return time.monotonic() - started

    def _complete(self, record: Record) -> None:
        found = self._endpoint(record).get(self.ids[record.key.kind, _called(record)])
        found.update({name: self._sent(value) for name, value in late_fields(record).items()})

    def _endpoint(self, record: Record) -> Any:
        app, _, name = RECORD_KIND_BY_NAME[record.key.kind].endpoint.partition("/")
        return getattr(getattr(self.api, app), name.replace("-", "_"))

    def _ensure(self, record: Record) -> None:
        endpoint = self._endpoint(record)
        fields = {name: value for name, value in record.fields.items() if name not in LATE_FIELDS}
        body = {name: self._sent(value) for name, value in {**record.once, **fields}.items()}
        for name, members in record.members.items():
            body[name] = [self._member(name, each) for each in sorted(members)]
        if "scope" in body:
            body |= {"scope_type": "dcim.site", "scope_id": body.pop("scope")}
        if "assigned_object" in body:
            body |= {"assigned_object_type": "dcim.interface", "assigned_object_id": body.pop("assigned_object")}
        found = self._get(endpoint, record, body)
        if found is None:
            found = endpoint.create(body)
        else:
            _differs(dict(found), body)
        self.ids[record.key.kind, _called(record)] = found["id"]

    def _get(self, endpoint: Any, record: Record, body: Mapping[str, Any]) -> Any:
        """The object in the record's place; a cable is known by its first port."""
        if record.key.kind == "dcim.cable":
            port = self.api.dcim.interfaces.get(body["a_terminations"][0]["object_id"])
            return port.cable
        natural = record.natural or ("name",)
        query = {name: body[name] for name in natural}
        references = {name for name in natural if isinstance(record.fields.get(name), dict)}
        return endpoint.get(**{f"{name}_id" if name in references else name: query[name] for name in natural})

    def _sent(self, value: Json) -> Any:
        if isinstance(value, list):
            return [
                {"object_type": each["ref"], "object_id": self._sent(each)}
                if isinstance(each, dict) and is_reference(each)
                else each
                for each in value
            ]
        if not isinstance(value, dict):
            return value
        if not is_reference(value):
            return {name: self._sent(each) for name, each in value.items()}
        kind = str(value["ref"])
        if "slug" in value:
            return self._by_slug(kind, str(value["slug"]))
        return self.ids[kind, str(value["asn"] if "asn" in value else value["key"])]

    def _member(self, name: str, member: str) -> int:
        if name == "tags":
            return self._by_slug("extras.tag", member)
        return self.ids["ipam.vlan" if name == "tagged_vlans" else "ipam.routetarget", member]

    def _by_slug(self, kind: str, slug: str) -> int:
        if (kind, slug) not in self.ids:
            self.ids[kind, slug] = self.api.dcim.sites.get(slug=slug).id
        return self.ids[kind, slug]


def main() -> int:
    """Run both and print the table; 1 if an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=float, default=1.0, help="of the fabric, 1.0 being the whole")
    options = parser.parse_args()
    server.prepare()
    with tempfile.TemporaryDirectory() as data, server.running(Path(data)) as running:
        netbox = Netbox(server=running)
        settings = NetboxSettings(url=running.url, site=SITE)
        specs = make_fabric(options.size)
        records = translate(FABRIC, settings, specs, PackageProfiles()).records
        kinds = Counter(key.kind for key in specs)
        shown = ", ".join(f"{kinds[kind]} {kind}" for kind in ("Switch", "Server", "Connection", "VPC"))
        print(f"{shown}: {len(records)} objects in NetBox", flush=True)
        prepare(netbox)
        mine = ours(netbox, records, settings)
        print(f"hedgehog-gitops: first {mine.first:.1f} s in {mine.requests['first']} requests,", end=" ")
        print(f"nothing to do {mine.nothing:.2f} s in {mine.requests['nothing']} requests", flush=True)
        running.reset()
        prepare(netbox)
        plain = _plain(netbox, records, settings)
    return _judge(mine, plain, len(records))


def _plain(netbox: Netbox, records: Mapping[ObjectKey, Record], settings: NetboxSettings) -> Work:
    """The plain program twice, in the order of our own plan for an empty NetBox."""
    side = NetboxRecords(settings, FABRIC, lambda: netbox.token)
    order = [key for wave in _plan(side, records, settings).waves for key in wave]
    first, again = (PlainProgram(netbox, records, order).run() for _ in range(2))
    return Work(first=first, nothing=again)


def _judge(mine: Work, plain: Work, objects: int) -> int:
    print(f"plain program: first {plain.first:.1f} s, nothing to do {plain.nothing:.1f} s")
    aims = {
        f"first sync: {plain.first / mine.first:.1f} times faster, {FIRST_FACTOR} wanted": plain.first
        >= FIRST_FACTOR * mine.first,
        f"nothing to do: {plain.nothing / mine.nothing:.1f} times faster, {NOTHING_FACTOR} wanted": plain.nothing
        >= NOTHING_FACTOR * mine.nothing,
        f"first sync: {mine.requests['first']} requests, {first_requests(objects):.0f} at most": mine.requests["first"]
        <= first_requests(objects),
        f"nothing to do: {mine.requests['nothing']} requests, {NOTHING_REQUESTS} at most": mine.requests["nothing"]
        <= NOTHING_REQUESTS,
    }
    for text, is_met in aims.items():
        print(f"{'met' if is_met else 'MISSED'}: {text}")
    return 0 if all(aims.values()) else 1


def _plan(side: NetboxRecords, records: Mapping[ObjectKey, Record], settings: NetboxSettings) -> Plan:
    live = side.read(list(records.values()))
    showing = Showing(records=records, revision="bench", refused={})
    plan = plan_records(Fabric(name=FABRIC, directory=FABRIC, netbox=settings), showing, live, {}).plan
    if plan.conflicts or plan.blocked or plan.frozen:
        raise SystemExit(f"not a plain plan: {plan.conflicts[:1]} {plan.blocked[:1]} {plan.frozen}")
    return plan


def _count(work: Work, method: str) -> None:
    work.requests[method] += 1


def _differs(found: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    return any(found.get(name) != value for name, value in body.items())


def _called(record: Record) -> str:
    kind = RECORD_KIND_BY_NAME[record.key.kind]
    if kind.is_shared:
        return str(record.fields.get(kind.called_by, record.key.name))
    owner, _, name = record.key.name.partition("/")
    return f"{owner}/{record.key.namespace}/{name}"


def _of(kind: str, objects: Iterable[Any]) -> Iterator[Any]:
    return (each for each in objects if each["kind"] == kind)


def _is_about(value: Any, names: set[str]) -> bool:
    """Whether an object is one of these servers, or a connection or an attachment of one."""
    name = value["metadata"]["name"]
    if value["kind"] == "VPCAttachment":
        name = value["spec"]["connection"]
    return value["kind"] in {"Server", "Connection", "VPCAttachment"} and name.partition("--")[0] in names


def _extra(number: int, servers: Sequence[str], leaves: int) -> Any:
    """One more connection of a server, to a port that nobody uses."""
    name, place = servers[number % len(servers)], number // leaves
    link: JsonObject = {
        "server": {"port": f"{name}/enp9s{number // len(servers)}"},
        "switch": {"port": f"{leaf_name(number % leaves)}/E1/{FREE_PORT + place}"},
    }
    return thing("Connection", f"{name}--extra-{number}", {"unbundled": {"link": link}})


def _key(value: Any) -> ObjectKey:
    kind = kind_named(value["apiVersion"].partition("/")[0], value["kind"])
    return ObjectKey(group=kind.group, kind=kind.kind, namespace="default", name=value["metadata"]["name"])


if __name__ == "__main__":
    sys.exit(main())
