"""`import`: drift back into git, where another side decides."""

from __future__ import annotations

from argparse import Namespace

from hedgehog_gitops.assembly.configuration import choose_fabrics
from hedgehog_gitops.assembly.importing import import_now
from hedgehog_gitops.cli.configured import configured
from hedgehog_gitops.cli.exits import Exit, worst
from hedgehog_gitops.cli.output import note, write_result
from hedgehog_gitops.core.importing import Offer
from hedgehog_gitops.model.plain import Json, JsonObject, path_text
from hedgehog_gitops.model.plan import Missing
from hedgehog_gitops.render.text import as_json, one_line, value_text


def take_in(args: Namespace) -> int:
    """Show what other sides decide and git says otherwise; with --publish take it in as one commit."""
    settings = configured(args)
    found: list[tuple[str, Offer]] = []
    codes = [Exit.DONE]
    for fabric in choose_fabrics(settings, args.fabric):
        imported, published = import_now(fabric, settings, publish=args.publish)
        found += [(fabric.name, offer) for offer in imported.offers]
        for text in (*imported.left, *imported.unknown):
            note(f"{fabric.name}: {one_line(text)}")
        if published is not None and published.changed:
            note(f"{fabric.name}: taken in at {published.revision[:12]}")
        codes.append(Exit.UNREACHABLE if imported.unknown else Exit.FAILED if imported.left else Exit.DONE)
    write_result(args, lambda form: _json(found) if form == "json" else _text(found))
    return worst(codes)


def _text(found: list[tuple[str, Offer]]) -> str:
    lines = [
        f"  {each.key} {path_text(each.path)}: {value_text(each.git)} → {value_text(each.theirs)} ({each.side.value})\n"
        for _, each in found
    ]
    return "".join(lines) or "nothing to take in\n"


def _json(found: list[tuple[str, Offer]]) -> str:
    listed: list[Json] = [_value(fabric, offer) for fabric, offer in found]
    return as_json({"schema": "hedgehog-gitops/import/v1", "offers": listed})


def _value(fabric: str, offer: Offer) -> JsonObject:
    sides = {"git": offer.git, "theirs": offer.theirs}
    values: JsonObject = {name: value for name, value in sides.items() if not isinstance(value, Missing)}
    key = offer.key
    return {
        "fabric": fabric,
        "side": offer.side.value,
        "kind": key.kind,
        "namespace": key.namespace,
        "name": key.name,
        "field": path_text(offer.path),
        **values,
    }
