"""Whole lists of NetBox: page after page, few fields, nothing skipped, and no row that is not what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode, urlsplit

from hedgehog_gitops.adapters.netbox.answers import Answer, NoAnswerError, objects, row_id
from hedgehog_gitops.adapters.netbox.transport import Query, Transport
from hedgehog_gitops.adapters.netbox.versions import pages_by_key
from hedgehog_gitops.model.live import Doubt, doubted
from hedgehog_gitops.model.plain import JsonObject

_PAGE = 1000
_NAMES = 100
_LINE = 3400
"""Bytes of a query: gunicorn refuses a request line of more than 4094."""

_MOST_PAGES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The rows of one list; `reason` says why they are not known to be all, `status` what was answered last."""

    rows: tuple[JsonObject, ...] = ()
    reason: str = ""
    status: int = 0
    requests: int = 0
    category: str = ""


def read_list(
    transport: Transport,
    endpoint: str,
    query: Query,
    fields: Sequence[str],
    deadline: float | None = None,
) -> Listing:
    """All rows that a list has for a query, by id; a row that comes twice counts once."""
    first: Query = [*query, ("fields", ",".join(fields)), ("limit", _PAGE), *_order(transport)]
    rows: dict[int, JsonObject] = {}
    page: Query | None = first
    requests = 0
    while page is not None:
        try:
            answer = transport.get(endpoint, page, deadline)
        except NoAnswerError as error:
            reason = doubted(Doubt(error.category), f"{endpoint}: {error.reason}")
            return Listing(reason=reason, requests=requests + 1, category=error.category)
        requests += 1
        found, following, reason = _page(answer, endpoint)
        if reason or requests > _MOST_PAGES:
            return Listing(reason=reason or _endless(endpoint), status=answer.status, requests=requests)
        rows |= {row_id(row): row for row in found}
        page = following
    return Listing(rows=tuple(rows[each] for each in sorted(rows)), status=HTTPStatus.OK, requests=requests)


def lookups(name: str, values: Iterable[str], beside: Query = ()) -> Iterator[Query]:
    """Queries for all values of a filter, as few as the length of an address allows, 100 values at most in each."""
    batch: list[tuple[str, str | int]] = []
    room = _LINE - len(urlencode(beside))
    length = 0
    for value in sorted(set(values)):
        size = len(urlencode([(name, value)])) + 1
        if batch and (len(batch) == _NAMES or length + size > room):
            yield [*beside, *batch]
            batch, length = [], 0
        batch.append((name, value))
        length += size
    if batch:
        yield [*beside, *batch]


def joined(listings: Iterable[Listing]) -> Listing:
    """Several lists as one; it is whole if all are."""
    rows: dict[int, JsonObject] = {}
    last = Listing()
    requests = 0
    for each in listings:
        rows |= {row_id(row): row for row in each.rows}
        requests += each.requests
        last = each if not last.reason else last
    found = tuple(rows[each] for each in sorted(rows))
    return Listing(rows=found, reason=last.reason, status=last.status, requests=requests, category=last.category)


def why_unread(answer: Answer, endpoint: str) -> str:
    """Why an answer is no list."""
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return doubted(Doubt.FORBIDDEN, f"{endpoint}: {answer.message()}")
    if answer.status == HTTPStatus.NOT_FOUND:
        return doubted(Doubt.NOT_SERVED, f"{endpoint}: there is no such list")
    if answer.is_ok:
        return doubted(Doubt.MALFORMED, f"{endpoint}: the answer is not a list of NetBox's")
    return doubted(Doubt.FAILED, f"{endpoint}: {answer.message()}")


def _order(transport: Transport) -> Query:
    """By id, one way or the other: several kinds sort by what is not unique, and rows go missing between pages."""
    return [("start", 0)] if pages_by_key(transport.version) else [("ordering", "id")]


def _page(answer: Answer, endpoint: str) -> tuple[list[JsonObject], Query | None, str]:
    value = answer.value()
    if not answer.is_ok or not isinstance(value, dict) or "next" not in value:
        return [], None, why_unread(answer, endpoint)
    rows = objects(value.get("results"))
    following = value["next"]
    if rows is None or not (following is None or isinstance(following, str)):
        return [], None, why_unread(answer, endpoint)
    # Only the query is taken: whatever host a page names, the token goes nowhere else.
    return rows, None if following is None else parse_qsl(urlsplit(following).query), ""


def _endless(endpoint: str) -> str:
    return doubted(Doubt.CUT, f"{endpoint}: the list does not end")
