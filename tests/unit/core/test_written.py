from __future__ import annotations

import pytest

from fakes.fabrics import manifest, thing
from hedgehog_gitops.core.written import written_path
from hedgehog_gitops.model.plain import FieldPath, JsonObject

CASES: list[tuple[str, JsonObject, FieldPath, FieldPath]] = [
    ("no index", thing("Switch", "s", {"asn": 1}), ("spec", "asn"), ("spec", "asn")),
    ("sorted names", thing("Switch", "s", {"groups": ["b", "a"]}), ("spec", "groups", 0), ("spec", "groups", 1)),
    ("equal names keep their order", thing("Switch", "s", {"vlanNamespaces": ["b", "a", "b"]}),
     ("spec", "vlanNamespaces", 2), ("spec", "vlanNamespaces", 2)),
    ("a name that nobody wrote", thing("Switch", "s", {"groups": ["b"], "redundancy": {"group": "a"}}),
     ("spec", "groups", 0), ("spec", "groups")),
    ("a list that nobody wrote", thing("Switch", "s", {}), ("spec", "vlanNamespaces", 0),
     ("spec", "vlanNamespaces", 0)),
    ("an empty name", thing("Switch", "s", {"groups": ["a", None]}), ("spec", "groups", 0), ("spec", "groups", 1)),
    ("completed ranges", thing("VLANNamespace", "v", {"ranges": [{"from": 30}, {"from": 10, "to": 20}]}),
     ("spec", "ranges", 1, "from"), ("spec", "ranges", 0, "from")),
    ("links keep their order", thing("Connection", "c", {"bundled": {"links": [{}, {}]}}),
     ("spec", "bundled", "links", 1, "server"), ("spec", "bundled", "links", 1, "server")),
]  # fmt: skip


@pytest.mark.parametrize(("value", "stored", "written"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_field_of_the_stored_form_is_found_in_the_written_one(
    value: JsonObject, stored: FieldPath, written: FieldPath
) -> None:
    assert written_path(manifest(value), stored) == written
