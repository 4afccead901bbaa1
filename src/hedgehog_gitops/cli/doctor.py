"""`doctor`: whether everything that syncs need is there, and what to do where it is not."""

from __future__ import annotations

from argparse import Namespace

from hedgehog_gitops.assembly.configuration import choose_fabrics
from hedgehog_gitops.assembly.doctoring import Examination, examine
from hedgehog_gitops.cli.configured import configured
from hedgehog_gitops.cli.exits import Exit, worst
from hedgehog_gitops.cli.output import TERMINAL, has_colours, note, write_result
from hedgehog_gitops.core.doctor import UNREACHABLE
from hedgehog_gitops.core.netbox_access import permission_set
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.health import Grade
from hedgehog_gitops.model.plain import Json
from hedgehog_gitops.model.settings import Settings
from hedgehog_gitops.render.doctor import doctor_json, doctor_text
from hedgehog_gitops.render.text import as_json


def doctor(args: Namespace) -> int:
    """Look at git, clusters, permissions, clocks, state and configuration; nothing is changed."""
    settings = configured(args)
    if args.setup is not None:
        return _set_up(args, settings)
    found = examine(choose_fabrics(settings, args.fabric), settings)
    write_result(args, lambda form: _shown(form, found))
    errors = [each for each in found.findings if each.grade is Grade.ERROR]
    return worst([Exit.UNREACHABLE if each.check in UNREACHABLE else Exit.FAILED for each in errors])


def _set_up(args: Namespace, settings: Settings) -> int:
    """Prepare NetBox, and print the least that a token for syncs needs."""
    from hedgehog_gitops.assembly.netbox_access import set_up  # noqa: PLC0415 - a slow client, only for this

    needed: list[Json] = []
    for fabric in choose_fabrics(settings, args.fabric):
        if fabric.netbox is not None and not fabric.netbox.file:
            for done in set_up(fabric, settings, args.setup):
                note(f"{fabric.name}: {done}")
            needed += permission_set(fabric, fabric.netbox)
    if not needed:
        raise UsageError("no fabric names a NetBox at an address, so there is nothing to set up")
    write_result(args, lambda _: as_json({"schema": "hedgehog-gitops/netbox-permissions/v1", "permissions": needed}))
    return Exit.DONE


def _shown(form: str, found: Examination) -> str:
    if form == "json":
        return doctor_json(found.findings, found.versions)
    return doctor_text(found.findings, found.versions, has_colours=form == TERMINAL and has_colours())
