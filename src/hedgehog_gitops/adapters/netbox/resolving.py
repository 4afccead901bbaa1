"""Ids of what changes point to and that no look has shown: sites, roles, objects that other runs made."""

from __future__ import annotations

from collections.abc import Iterable

from hedgehog_gitops.adapters.netbox.answers import row_id
from hedgehog_gitops.adapters.netbox.bodies import Author, referred
from hedgehog_gitops.adapters.netbox.listing import joined, lookups, read_list
from hedgehog_gitops.adapters.netbox.places import ENDPOINTS, Known, own_name
from hedgehog_gitops.adapters.netbox.transport import Transport
from hedgehog_gitops.model.plan import Change


def resolve(transport: Transport, changes: Iterable[Change], known: Known, author: Author) -> None:
    """Learn the ids of everything that changes point to; what is not found stays unknown."""
    missing = {(kind, name) for kind, name in referred(changes) if known.id_of(kind, name) is None}
    missing |= (
        {("extras.tag", f"slug:{author.tag}")} if known.id_of("extras.tag", f"slug:{author.tag}") is None else set()
    )
    for kind in sorted({kind for kind, _ in missing} & ENDPOINTS.keys()):
        names = {name for own, name in missing if own == kind}
        attributes = {name.partition(":")[0] for name in names if _is_attribute(name)} - {"id"}
        for attribute in sorted(attributes):
            values = {name.partition(":")[2] for name in names if name.startswith(f"{attribute}:")}
            _learn_by(transport, kind, attribute, values, known)
        _learn_own(transport, kind, {name for name in names if not _is_attribute(name)}, known, author)


def _learn_by(transport: Transport, kind: str, attribute: str, values: Iterable[str], known: Known) -> None:
    queries = lookups(attribute, values)
    found = joined(read_list(transport, ENDPOINTS[kind], query, ("id", attribute)) for query in queries)
    for row in found.rows:
        known.learn(kind, f"{attribute}:{row.get(attribute)}", row_id(row))


def _learn_own(transport: Transport, kind: str, names: Iterable[str], known: Known, author: Author) -> None:
    marks = author.marks
    queries = lookups(f"cf_{marks.key}", [f"{author.fabric}/{name}" for name in names])
    found = joined(read_list(transport, ENDPOINTS[kind], query, ("id", "custom_fields")) for query in queries)
    for row in found.rows:
        if (key := marks.own_key(kind, author.fabric, row)) is not None:
            known.learn(kind, own_name(key), row_id(row))


def _is_attribute(name: str) -> bool:
    """Whether a name is `<attribute>:<value>`; ours are `<Kind>/<namespace>/<name>`, and a part may have a colon."""
    return ":" in name.partition("/")[0]
