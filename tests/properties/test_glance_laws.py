"""Laws of the glance: it may say less than a full comparison, and never anything else (issue 5, 1 and 7)."""

from __future__ import annotations

import copy
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from generated_fabric import generate_fabric
from hedgehog_gitops.core.canonical import canonical, same
from hedgehog_gitops.core.defaulting import default_spec
from hedgehog_gitops.core.glancing import glance
from hedgehog_gitops.model.document import Document
from hedgehog_gitops.model.kind import KINDS, Kind, ObjectKey
from hedgehog_gitops.model.live import LiveObject, SideName
from hedgehog_gitops.model.plain import Json, JsonObject, as_object
from hedgehog_gitops.model.snapshot import Manifest
from hedgehog_gitops.model.state import BaseRecord

KIND_OF = {kind.kind: kind for kind in KINDS}
ODD: tuple[Json, ...] = (None, True, False, 0, 1, 1.0, "", "1", "true", [], {}, [None], [0], {"a": None}, {"a": {}})
WITH_EMPTY = {"VPCPeering", "GatewayPeering", "ExternalAttachment"}
"""Kinds that mean something by an empty field: these take the long way."""

LABELS: tuple[JsonObject, ...] = (
    {},
    {"labels": {"team": "a"}},
    {"labels": {"team": None}},
    {"labels": {"fabric.githedgehog.com/vpc": "x"}},
    {"annotations": {"hnp.githedgehog.com/x": "y"}},
    {"annotations": {"note": ""}, "labels": {"team": "a"}},
)


@cache
def objects() -> tuple[JsonObject, ...]:
    by_kind: dict[str, JsonObject] = {}
    for value in generate_fabric(vpcs=6, leaves=4, gateways=1):
        by_kind.setdefault(str(value["kind"]), value)
    return tuple(by_kind.values())


def leaves(value: Json, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [path, *(found for name, below in value.items() for found in leaves(below, (*path, name)))]
    if isinstance(value, list):
        return [path, *(found for at, below in enumerate(value) for found in leaves(below, (*path, at)))]
    return [path]


@st.composite
def variants(draw: st.DrawFn, value: JsonObject, kind: Kind) -> JsonObject:
    """An object as it is written or stored, with other labels, and perhaps one odd value anywhere in its spec."""
    spec = as_object(copy.deepcopy(value["spec"] if draw(st.booleans()) else default_spec(kind, value)))
    if draw(st.booleans()):
        *above, last = draw(st.sampled_from(leaves(spec)[1:] or [("extra",)]))
        place: Json = spec
        for step in above:
            place = place[step]  # type: ignore[index]
        place[last] = draw(st.sampled_from(ODD))  # type: ignore[index]
    metadata = {**as_object(value["metadata"]), **draw(st.sampled_from(LABELS))}
    return {**value, "metadata": metadata, "spec": spec}


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_what_a_glance_says_the_canonical_forms_say_too(data: st.DataObject) -> None:
    value = data.draw(st.sampled_from(objects()))
    kind = KIND_OF[str(value["kind"])]
    desired, live, known = (data.draw(variants(value, kind)) for _ in range(3))
    key = ObjectKey(kind.group, kind.kind, "default", str(as_object(value["metadata"])["name"]))
    document = Document(path="a.yaml", index=0, value=desired, marks=lambda: NotImplemented, start=0, end=0)
    manifest = Manifest(key=key, kind=kind, value=desired, document=document)
    spec, base = default_spec(kind, desired), canonical(kind, known)
    found = LiveObject(key=key, value=live, version="1", uid="u")
    record = BaseRecord(key=key, side=SideName.CLUSTER, uid="u", digest="", revision="", value=base)
    form = canonical(kind, desired, "default", spec)
    for seen in (glance(manifest, spec, found, record), glance(manifest, spec, found, None)):
        assert not seen.is_equal or same(form, canonical(kind, live))
        assert not seen.is_known or same(form, base)


def test_a_glance_sees_that_nothing_has_changed() -> None:
    """It is there for something: in a whole fabric no object needs more."""
    for value in objects():
        kind = KIND_OF[str(value["kind"])]
        key = ObjectKey(kind.group, kind.kind, "default", str(as_object(value["metadata"])["name"]))
        document = Document(path="a.yaml", index=0, value=value, marks=lambda: NotImplemented, start=0, end=0)
        manifest = Manifest(key=key, kind=kind, value=value, document=document)
        spec, base = default_spec(kind, value), canonical(kind, value)
        found = LiveObject(key=key, value={**value, "spec": copy.deepcopy(spec)}, version="1", uid="u")
        record = BaseRecord(key=key, side=SideName.CLUSTER, uid="u", digest="", revision="", value=base)
        seen = glance(manifest, spec, found, record)
        assert seen.is_equal, value
        assert seen.is_known or kind.kind in WITH_EMPTY, value
