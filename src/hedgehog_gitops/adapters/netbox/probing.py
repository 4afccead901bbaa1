"""What a NetBox says of itself and of a token's account, without changing anything."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import NamedTuple

from hedgehog_gitops.adapters.netbox.answers import Answer, NoAnswerError, elsewhere
from hedgehog_gitops.adapters.netbox.listing import read_list
from hedgehog_gitops.adapters.netbox.places import ENDPOINTS, HANGING_ENDPOINTS
from hedgehog_gitops.adapters.netbox.transport import Transport
from hedgehog_gitops.core.netbox_access import HANGING, LOOKED_AT, MARKED, SHARED, wanted_fields
from hedgehog_gitops.model.access import CustomField, NetboxAccess, Right
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object, as_text
from hedgehog_gitops.model.settings import NetboxSettings

_OFFERED = {"POST": "add", "PUT": "change"}
"""The methods that a list offers only to who may use them."""

_LISTS = {
    **ENDPOINTS,
    **HANGING_ENDPOINTS,
    "core.objecttype": "core/object-types",
    "core.objectchange": "core/object-changes",
}
_AT_ONCE = 4
_ACCOUNT = "authentication-check"


class _Looked(NamedTuple):
    """What one kind's list says: which rights are held, and how many objects of the fabric are seen."""

    rights: dict[Right, bool]
    visible: int | None


def look_at_access(transport: Transport, settings: NetboxSettings, fabric: str) -> NetboxAccess:
    """One look at everything that a sync needs of NetBox; `UnreachableError` if it does not answer as one."""
    started = time.monotonic()
    version = as_text(as_object(_asked(transport, "status").value()).get("netbox-version"))
    seconds = time.monotonic() - started
    fields = _fields(transport, settings)
    account = as_object(_answer(transport, _ACCOUNT).value())
    filtered = fields.keys() >= {settings.field("fabric")}
    kinds = (*MARKED, *SHARED, *LOOKED_AT, *HANGING)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        looked = list(pool.map(lambda kind: _look(transport, kind, settings, fabric if filtered else ""), kinds))
    rights = {right: held for each in looked for right, held in each.rights.items()}
    return NetboxAccess(
        version=version,
        seconds=seconds,
        account=as_text(account.get("username")),
        rights=rights | dict(_deletes(account)),
        constrained=frozenset(_constrained(transport, account)),
        fields=fields,
        missing=tuple(_missing(transport, settings)),
        visible={kind: each.visible for kind, each in zip(kinds, looked, strict=True) if each.visible is not None},
    )


def custom_field(row: JsonObject) -> CustomField:
    """A custom field as NetBox has it."""
    return CustomField(
        name=as_text(row.get("name")),
        type=_choice(row.get("type")),
        kinds=frozenset(map(as_text, as_list(row.get("object_types")))),
        related=as_text(row.get("related_object_type")),
        filter_logic=_choice(row.get("filter_logic")),
        is_unique=row.get("unique") is True,
    )


def _asked(transport: Transport, endpoint: str) -> Answer:
    """An answer that is NetBox's, and no page of somebody in front of it."""
    answer = _answer(transport, endpoint)
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise UnreachableError(
            "netbox", f"forbidden: {answer.message()}", "look at the token: is it valid, may it read?"
        )
    if not answer.is_ok or not isinstance(answer.value(), dict):
        reason = f"{transport.url} {answer.message()}, which is no answer of NetBox"
        raise UnreachableError("netbox", reason, elsewhere(answer.status))
    return answer


def _answer(transport: Transport, endpoint: str, query: tuple[tuple[str, str | int], ...] = ()) -> Answer:
    try:
        return transport.get(endpoint, query)
    except NoAnswerError as error:
        raise UnreachableError(
            "netbox", f"{error.category}: {error.reason}", "look at netbox.url and the network"
        ) from None


def _fields(transport: Transport, settings: NetboxSettings) -> dict[str, CustomField]:
    names = [("name", field.name) for field in wanted_fields(settings)]
    wanted = ("id", "name", "type", "object_types", "related_object_type", "filter_logic", "unique")
    found = [custom_field(row) for row in read_list(transport, ENDPOINTS["extras.customfield"], names, wanted).rows]
    return {field.name: field for field in found}


def _look(transport: Transport, kind: str, settings: NetboxSettings, fabric: str) -> _Looked:
    """One object at most is asked for; a filter by a field that is missing would be ignored, so none is used then."""
    is_counted = bool(fabric) and kind in MARKED
    query = (("limit", 1), *(((f"cf_{settings.field('fabric')}", fabric),) if is_counted else ()))
    answer = _answer(transport, _LISTS[kind], query)
    rights = {Right("view", kind): answer.is_ok}
    if kind in MARKED or kind in SHARED:
        offered = as_object(as_object(transport.options(_LISTS[kind])).get("actions"))
        rights |= {Right(verb, kind): method in offered for method, verb in _OFFERED.items()}
    count = as_object(answer.value()).get("count")
    return _Looked(rights, count if is_counted and isinstance(count, int) else None)


def _deletes(account: JsonObject) -> Iterator[tuple[Right, bool]]:
    """What the account's own permissions say of deletes; of groups and administrators they do not say all."""
    own = [as_object(each) for each in as_list(account.get("permissions"))]
    held = {as_text(kind) for each in own if "delete" in as_list(each.get("actions")) for kind in _kinds(each)}
    is_all = bool(own) and not as_list(account.get("groups"))
    for kind in MARKED:
        if kind in held or is_all:
            yield Right("delete", kind), kind in held


def _constrained(transport: Transport, account: JsonObject) -> Iterator[str]:
    """Kinds of which all views of the account have a constraint, where it may read its own permissions in full."""
    ids = {as_object(each).get("id") for each in as_list(account.get("permissions"))}
    whole: set[str] = set()
    partly: set[str] = set()
    for row in read_list(transport, "users/permissions", [], ("id", "object_types", "actions", "constraints")).rows:
        if row.get("id") in ids and "view" in as_list(row.get("actions")):
            (partly if row.get("constraints") else whole).update(_kinds(row))
    yield from sorted(partly - whole)


def _missing(transport: Transport, settings: NetboxSettings) -> Iterator[str]:
    for kind, slug in (("site", settings.site), ("location", settings.location)):
        if slug and not read_list(transport, f"dcim/{kind}s", [("slug", slug)], ("id", "slug")).rows:
            yield f"{kind} {slug}"


def _kinds(permission: JsonObject) -> Iterator[str]:
    return map(as_text, as_list(permission.get("object_types")))


def _choice(value: Json) -> str:
    return as_text(as_object(value).get("value")) if isinstance(value, dict) else as_text(value)
