from __future__ import annotations

import pytest

from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.record import NETBOX, RECORD_KINDS, key_of, mark_of

PORT = ObjectKey(group=NETBOX, kind="dcim.interface", namespace="default", name="Switch/leaf-1#port/E1/1")


def test_a_mark_names_fabric_object_and_part_and_is_read_back() -> None:
    assert mark_of("prod", PORT) == "prod/Switch/default/leaf-1#port/E1/1"
    assert key_of("dcim.interface", "prod/Switch/default/leaf-1#port/E1/1") == ("prod", PORT)


@pytest.mark.parametrize("mark", ["", "prod", "prod/Switch/leaf-1", "a/b/c/d/e", "prod//default/leaf-1", "#part"])
def test_what_is_no_mark_of_ours_names_nothing(mark: str) -> None:
    assert key_of("dcim.device", mark) is None


def test_kinds_stand_in_the_order_in_which_they_are_written() -> None:
    assert [kind.order for kind in RECORD_KINDS] == sorted(kind.order for kind in RECORD_KINDS)
