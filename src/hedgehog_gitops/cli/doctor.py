"""`doctor`: whether everything that syncs need is there, and what to do where it is not."""

from __future__ import annotations

from argparse import Namespace

from hedgehog_gitops.assembly.configuration import choose_fabrics
from hedgehog_gitops.assembly.doctoring import Examination, examine
from hedgehog_gitops.cli.configured import configured
from hedgehog_gitops.cli.exits import Exit, worst
from hedgehog_gitops.cli.output import TERMINAL, has_colours, write_result
from hedgehog_gitops.core.doctor import UNREACHABLE
from hedgehog_gitops.model.health import Grade
from hedgehog_gitops.render.doctor import doctor_json, doctor_text


def doctor(args: Namespace) -> int:
    """Look at git, clusters, permissions, clocks, state and configuration; nothing is changed."""
    settings = configured(args)
    found = examine(choose_fabrics(settings, args.fabric), settings)
    write_result(args, lambda form: _shown(form, found))
    errors = [each for each in found.findings if each.grade is Grade.ERROR]
    return worst([Exit.UNREACHABLE if each.check in UNREACHABLE else Exit.FAILED for each in errors])


def _shown(form: str, found: Examination) -> str:
    if form == "json":
        return doctor_json(found.findings, found.versions)
    return doctor_text(found.findings, found.versions, has_colours=form == TERMINAL and has_colours())
