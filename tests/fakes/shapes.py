"""Objects whose specs have the form of their schema, mostly: for laws that hold whatever somebody writes."""

from __future__ import annotations

from hypothesis import strategies as st

from hedgehog_gitops.adapters.package_schemas import PackageSchemas
from hedgehog_gitops.model.kind import USER_KINDS, Kind
from hedgehog_gitops.model.plain import Json, JsonObject, as_list, as_object

SCHEMAS = PackageSchemas()
COUNTS = st.sampled_from([10, 11, 20, 21])
KEYS = st.sampled_from(["a", "b", "E1/1", "AA:BB:CC:DD:EE:FF", "aa-bb-cc-dd-ee-ff", "all", ""])
TEXTS = st.sampled_from(
    ["", "a", "b", "b/c", "10.0.1.0/24", "10.0.1.77/24", "10.0.2.0/31", "10.0.0.0/32", "0.0.0.0/0", "::/0", "fd00::/20",
     "10.0.0.0/024", "10.0.0.1", "SPEED_25G", "eslag", "leaf-1/E1/1", "srv-1/e1", "\udc80", "é",
     "10.0.0.1/31", "10.0.0.1/31\n", "10.0.0.1/33", "256.0.0.1/24", "10.0.0.1", "rs", "deny", "spine", "01.2.3.4/5"]
)  # fmt: skip
NUMBERS = st.sampled_from(
    [0, 1, 5, 50, 51, 255, 256, 4094, 4095, 65534, 65535, 65536, 2**32 - 1, 2**32, 2**63, -1, 1.5, 2.0, 1e300]
)
ANYTHING: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda below: st.lists(below, max_size=2) | st.dictionaries(KEYS, below, max_size=2),
    max_leaves=4,
)
LABELS = ["team", "fabric.githedgehog.com/vpc", "switch.fabric.githedgehog.com/x", "vpc.gateway.githedgehog.com/y",
          "argocd.argoproj.io/z", "gateway.githedgehog.com/nat", "fabric.githedgehog.com/p2p-link"]  # fmt: skip


def shaped(schema: JsonObject) -> st.SearchStrategy[Json]:
    """Values that mostly have the form of a schema, and now and then any other."""
    return st.integers(0, 19).flatmap(lambda dice: ANYTHING if dice == 0 else fitting(schema))


def fitting(schema: JsonObject) -> st.SearchStrategy[Json]:
    """Values of the type of a schema."""
    match schema.get("type"):
        case "object" if "properties" in schema:
            fields = as_object(schema["properties"])
            return _fields(fields, [str(name) for name in as_list(schema.get("required"))])
        case "object":
            return st.dictionaries(KEYS, shaped(as_object(schema.get("additionalProperties"))), max_size=3)
        case "array":
            entries = shaped(as_object(schema["items"]))
            return st.lists(entries, max_size=3) | st.builds(lambda entry, count: [entry] * count, entries, COUNTS)
        case "string":
            return TEXTS | st.sampled_from([str(word) for word in as_list(schema.get("enum"))] or ["x"])
        case "integer":
            return NUMBERS
        case "boolean":
            return st.booleans()
        case _:
            return ANYTHING


def _fields(fields: JsonObject, required: list[str]) -> st.SearchStrategy[Json]:
    """Some of the fields of a struct, mostly with those that it needs."""
    some = st.lists(st.sampled_from(sorted(fields)), max_size=5, unique=True) if fields else st.just([])
    needed = st.integers(0, 4).map(lambda dice: required if dice else [])
    return st.tuples(some, needed).flatmap(
        lambda names: st.fixed_dictionaries(
            {name: shaped(as_object(fields[name])) for name in sorted({*names[0], *names[1]})}
        )
    )


def objects() -> st.SearchStrategy[tuple[Kind, JsonObject]]:
    """An object of any kind that people write."""
    return st.sampled_from(USER_KINDS).flatmap(lambda kind: st.tuples(st.just(kind), objects_of(kind)))


@st.composite
def objects_of(draw: st.DrawFn, kind: Kind) -> JsonObject:
    """An object of one kind."""
    labels = st.dictionaries(st.sampled_from(LABELS), st.sampled_from(["", "x"]), max_size=3)
    metadata: JsonObject = {"name": "n", "labels": {**draw(labels)}, "annotations": {**draw(labels)}}
    spec = draw(shaped(as_object(as_object(SCHEMAS.schema(kind)["properties"])["spec"])))
    return {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": metadata, "spec": spec}
