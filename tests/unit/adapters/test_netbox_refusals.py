import json

import pytest

from hedgehog_gitops.adapters.netbox.answers import Answer
from hedgehog_gitops.adapters.netbox.refusals import blame
from hedgehog_gitops.adapters.netbox.transport import authorization
from hedgehog_gitops.model.plain import Json, JsonObject

BODIES: list[JsonObject] = [{"id": 7}, {"id": 8}, {"id": 9}]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        pytest.param(
            {"detail": "1 of 3 objects", "errors": [{"index": 1, "errors": {"name": ["is taken"]}}]},
            {1: "name: is taken"},
            id="4.7, by index",
        ),
        pytest.param(
            {"detail": "1 of 3 objects", "errors": [{"id": 9, "errors": {"vid": ["is too large"]}}]},
            {2: "vid: is too large"},
            id="4.7, by id",
        ),
        pytest.param([{}, {}, {"name": ["is taken"]}], {2: "name: is taken"}, id="older, a list as long"),
        pytest.param({"name": ["is taken"]}, {}, id="older, nobody is named"),
        pytest.param({"errors": [{"index": 9, "errors": {}}]}, {}, id="an index that is none"),
        pytest.param("<html>", {}, id="not the API"),
    ],
)
def test_bad_entries_of_a_request_are_found_in_the_words_of_each_version(said: Json, found: dict[int, str]) -> None:
    assert blame(Answer(status=400, body=json.dumps(said).encode()), BODIES).entries == found


@pytest.mark.parametrize(
    ("token", "scheme"), [("0123456789abcdef", "Token"), ("nbt_key.secret", "Bearer"), ("nbt_without", "Token")]
)
def test_each_version_of_token_has_its_scheme(token: str, scheme: str) -> None:
    assert authorization(token) == f"{scheme} {token}"
