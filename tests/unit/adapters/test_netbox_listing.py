from urllib.parse import urlencode

import pytest

from fakes.misbehaving_server import Asked, Reply, document, serving
from hedgehog_gitops.adapters.netbox.answers import NoAnswerError
from hedgehog_gitops.adapters.netbox.listing import lookups, read_list
from hedgehog_gitops.adapters.netbox.transport import Patience, Transport
from hedgehog_gitops.model.plain import Json

REQUEST_LINE = 4094
QUICK = Patience(connect=1, read=0.3, write=0.3, look=1, attempts=2, pause=0.01)


def test_questions_for_many_names_fit_into_a_request_line() -> None:
    names = [f"Connection/default/server-{number:04}--unbundled--leaf#link/0" for number in range(250)]
    queries = list(lookups("cf_hedgehog_key", names, [("site", "dc1")]))
    assert sorted(value for query in queries for name, value in query if name != "site") == sorted(names)
    assert all(len(urlencode(query)) < REQUEST_LINE - 500 for query in queries)
    assert len(list(lookups("id", map(str, range(250))))) == 3


def test_pages_are_followed_on_our_own_address_whatever_host_they_name() -> None:
    """The token goes nowhere else."""
    first: Json = [{"id": 1}]
    second: Json = [{"id": 1}, {"id": 2}]

    def answer(asked: Asked) -> Reply:
        if "start=2" in asked.path:
            return document({"next": None, "results": second})
        return document({"next": "https://elsewhere.example/api/dcim/sites/?start=2&limit=1", "results": first})

    with serving(answer) as server:
        found = read_list(Transport(server.url, lambda: "0" * 40), "dcim/sites", [], ("id",))
    assert (found.rows, found.reason, found.requests) == (({"id": 1}, {"id": 2}), "", 2)


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (Reply(status=403, body=b'{"detail": "no"}'), "forbidden"),
        (Reply(status=404), "not-served"),
        (Reply(status=500), "failed"),
        (Reply(status=302, headers={"Location": "/login/"}), "failed"),
        (Reply(body=b"<html>"), "malformed"),
        (Reply(body=b'{"next": null, "results": [{"name": "no id"}]}'), "malformed"),
        (Reply(body=b'{"next": null, "results": [', cut=True), "connection"),
        (Reply(hang=True), "timeout"),
        (Reply(body=b" ", drip=True), "timeout"),
    ],
)
def test_what_is_no_whole_list_is_unknown_with_the_reason(reply: Reply, word: str) -> None:
    with serving(lambda _: reply) as server:
        found = read_list(Transport(server.url, lambda: "0" * 40, patience=QUICK), "dcim/sites", [], ("id",))
    assert found.reason.partition(":")[0] == word


def test_a_write_without_an_answer_is_not_sent_again() -> None:
    with serving(lambda _: Reply(hang=True)) as server:
        with pytest.raises(NoAnswerError) as caught:
            Transport(server.url, lambda: "0" * 40, patience=QUICK).send("POST", "dcim/sites", [{}])
        assert len(server.asked) == 1
    assert caught.value.is_sent
