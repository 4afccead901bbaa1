"""CustomResourceDefinitions made from our JSON Schemas: structural schemas as an API server takes them."""

from __future__ import annotations

from hedgehog_gitops.core.decoding import BOUNDS
from hedgehog_gitops.model.kind import Kind
from hedgehog_gitops.model.plain import JsonObject, as_list, as_object

KEPT = (
    "type", "description", "enum", "pattern", "minItems", "maxItems", "default", "format", "required",
    "minLength", "maxLength", "minProperties", "maxProperties", "uniqueItems", "multipleOf",
    "x-kubernetes-map-type", "x-kubernetes-list-type", "x-kubernetes-list-map-keys",
)  # fmt: skip


def crd(kind: Kind, schema: JsonObject) -> JsonObject:
    """The definition of one kind (apiextensions.k8s.io/v1), with its preferred version served and stored."""
    spec = structural(as_object(as_object(schema["properties"])["spec"]))
    version: JsonObject = {
        "name": kind.version,
        "served": True,
        "storage": True,
        "subresources": {"status": {}},
        "schema": {"openAPIV3Schema": _whole(kind, spec)},
    }
    names: JsonObject = {
        "kind": kind.kind,
        "listKind": f"{kind.kind}List",
        "plural": kind.plural,
        "singular": kind.singular,
        "shortNames": list(kind.short_names),
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{kind.plural}.{kind.group}"},
        "spec": {"group": kind.group, "names": names, "scope": "Namespaced", "versions": [version]},
    }


def structural(schema: JsonObject) -> JsonObject:
    """A schema in the dialect of CustomResourceDefinitions: unknown fields are theirs to prune, widths not theirs."""
    kept: JsonObject = {name: schema[name] for name in KEPT if name in schema}
    if isinstance(pattern := kept.get("pattern"), str):
        kept["pattern"] = pattern.replace("$(?!\\n)", "$")  # Go's `$` is the end already, and it has no look-ahead
    own_bounds = [name for name in BOUNDS if name in schema and is_own(schema, name)]
    kept |= {name: schema[name] for name in own_bounds}
    if isinstance(types := kept.get("type"), list):
        kept |= {"type": types[0], "nullable": True}
    if kept.get("type") == "object" and "additionalProperties" not in schema:
        kept["x-kubernetes-preserve-unknown-fields"] = True
    if "properties" in schema:
        fields = as_object(schema["properties"])
        kept["properties"] = {name: structural(as_object(part)) for name, part in fields.items()}
    if isinstance(entries := schema.get("additionalProperties"), dict):
        kept["additionalProperties"] = structural(entries)
    if isinstance(items := schema.get("items"), dict):
        kept["items"] = structural(items)
    return kept


def is_own(schema: JsonObject, bound: str) -> bool:
    """A bound of the definition itself, not one that only the width of the number implies."""
    return bound in as_list(schema.get("x-limits")) or not ({"x-width", "format"} & schema.keys())


def _whole(kind: Kind, spec: JsonObject) -> JsonObject:
    return {
        "type": "object",
        "description": f"{kind.kind} of a Hedgehog fabric.",
        "properties": {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": {"type": "object"},
            "spec": spec,
            "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
        },
    }
