"""How the schemas of a cluster compare with those that we have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hedgehog_gitops.core.refreshing import Difference
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.render.text import as_json, count, one_line


def comparison_text(differences: Sequence[Difference], compared: int, absent: Mapping[str, str]) -> str:
    """A line for each difference, and how much was compared."""
    lines = [one_line(str(each)) for each in differences]
    found = count(len(differences), "difference") if differences else "no differences"
    left_out = "".join(f"\nnot compared: {name}, {reason}" for name, reason in absent.items())
    return "\n".join([*lines, f"{compared} compared: {found}{left_out}\n"])


def comparison_json(differences: Sequence[Difference], compared: int, absent: Mapping[str, str]) -> str:
    """The same as JSON."""
    listed: list[JsonObject] = [
        {"kind": each.kind, "field": each.field, "keyword": each.keyword, "known": each.known, "found": each.found}
        for each in differences
    ]
    value: JsonObject = {
        "schema": "hedgehog-gitops/schema-check/v1",
        "ok": not differences,
        "compared": compared,
        "differences": [*listed],
        "absent": {**absent},
    }
    return as_json(value)
