"""Makes what a fabric needs in NetBox before it can be shown there: our custom fields, the tag and the device roles.

For a stronger token than that of syncs. What is there already is kept, and only what is wrong about a field is changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.adapters.netbox.answers import NoAnswerError
from hedgehog_gitops.adapters.netbox.listing import read_list
from hedgehog_gitops.adapters.netbox.probing import custom_field
from hedgehog_gitops.adapters.netbox.transport import Transport
from hedgehog_gitops.core.netbox_access import TAG, field_body, is_ready, wanted_fields, wanted_roles
from hedgehog_gitops.model.errors import UnreachableError
from hedgehog_gitops.model.plain import Json, JsonObject
from hedgehog_gitops.model.settings import NetboxSettings

_FIELDS = "extras/custom-fields"
_FIXED = frozenset({"name", "type", "related_object_type"})


def prepare(transport: Transport, settings: NetboxSettings) -> Iterator[str]:
    """Make what is missing; says of each thing what was done. `UnreachableError` with NetBox's words if it refuses."""
    names = [("name", field.name) for field in wanted_fields(settings)]
    wanted = ("id", "name", "type", "object_types", "related_object_type", "filter_logic", "unique")
    rows = {row["name"]: row for row in read_list(transport, _FIELDS, names, wanted).rows}
    for field in wanted_fields(settings):
        row = rows.get(field.name)
        if row is None:
            _send(transport, "POST", _FIELDS, field_body(field))
            yield f"custom field {field.name} made"
        elif not is_ready(field, found := custom_field(row)):
            changed: JsonObject = {name: each for name, each in field_body(field).items() if name not in _FIXED}
            kinds: list[Json] = [*sorted(field.kinds | found.kinds)]
            _send(transport, "PATCH", _FIELDS, [{**changed, "id": row["id"], "object_types": kinds}])
            yield f"custom field {field.name} corrected"
    things = [
        ("extras/tags", "tag", TAG),
        *(("dcim/device-roles", "device role", slug) for slug in wanted_roles(settings)),
    ]
    for endpoint, noun, slug in things:
        if not read_list(transport, endpoint, [("slug", slug)], ("id", "slug")).rows:
            _send(transport, "POST", endpoint, {"name": slug, "slug": slug})
            yield f"{noun} {slug} made"


def _send(transport: Transport, method: str, endpoint: str, body: Json) -> None:
    try:
        answer = transport.send(method, endpoint, body)
    except NoAnswerError as error:
        raise UnreachableError("netbox", f"{error.category}: {error.reason}") from None
    if not answer.is_ok:
        advice = "use a token that may make custom fields, tags and device roles"
        raise UnreachableError("netbox", f"{endpoint}: {answer.message()}", advice)
