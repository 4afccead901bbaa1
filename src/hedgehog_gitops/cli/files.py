"""`init` and `normalize`: commands that write files, or one commit."""

from __future__ import annotations

from argparse import Namespace

from hedgehog_gitops.assembly.configuration import choose_fabrics
from hedgehog_gitops.assembly.releases import release_of
from hedgehog_gitops.assembly.sources import files, shared_branch
from hedgehog_gitops.cli.configured import configured
from hedgehog_gitops.cli.exits import Exit
from hedgehog_gitops.cli.output import note, write_result
from hedgehog_gitops.core.ingest import Ingestion
from hedgehog_gitops.core.validation import below, schema_judge
from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.tree import Published
from hedgehog_gitops.render.files_json import ingestion_json, init_json
from hedgehog_gitops.render.files_text import ingestion_text, init_text
from hedgehog_gitops.render.findings_text import findings_text
from hedgehog_gitops.usecases.ingest import foresee_ingest, ingest
from hedgehog_gitops.usecases.init import ensure_structure


def init(args: Namespace) -> int:
    """Create or repair the directories of the fabrics on disk."""
    settings = configured(args)
    source = files(settings)
    done = [ensure_structure(each, source, settings.limits) for each in choose_fabrics(settings, args.fabric)]
    structures = {each.directory: each.structure for each in done}
    write_result(args, lambda form: init_json(structures) if form == "json" else init_text(structures))
    for each in done:
        errors = [finding for finding in each.structure.findings if finding.severity is Severity.ERROR]
        if errors:
            note(findings_text(below(each.directory, tuple(errors))).rstrip())
    return Exit.DONE if all(each.ok for each in done) else Exit.FAILED


def normalize(args: Namespace) -> int:
    """Take raw files in and bring managed ones into their form; with --check only say what would change."""
    settings = configured(args)
    fabrics = choose_fabrics(settings, args.fabric)
    source = shared_branch(settings) if args.publish else files(settings)
    judge = schema_judge(release_of(settings).schemas)
    published: Published | None = None
    if args.check:
        parts = foresee_ingest(fabrics, source, settings.limits, judge)
    else:
        report = ingest(fabrics, source, settings.limits, judge=judge)
        parts, published = report.fabrics, report.published
    ingestions = {each.tree.directory: each.ingestion for each in parts}
    write_result(args, lambda form: (ingestion_json if form == "json" else ingestion_text)(ingestions, published))
    return _exit(list(ingestions.values()), is_check=args.check)


def _exit(ingestions: list[Ingestion], *, is_check: bool) -> Exit:
    if not all(each.ok for each in ingestions):
        return Exit.FAILED
    return Exit.CHANGES if is_check and any(each.changes for each in ingestions) else Exit.DONE
