"""`validate` and `render`: read, judge, print; nothing is written."""

from __future__ import annotations

import json
import os
from argparse import Namespace
from importlib import import_module
from pathlib import Path

from hedgehog_gitops.assembly.checking import check_fabrics, check_paths
from hedgehog_gitops.cli.exits import Exit
from hedgehog_gitops.cli.output import TERMINAL, chosen_format, has_colours, note, write_result
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.plain import JsonObject
from hedgehog_gitops.model.report import Validation
from hedgehog_gitops.render.findings_text import findings_text, without_notices
from hedgehog_gitops.render.text import count

RENDERERS = {
    "text": "findings_text",
    "json": "findings_json",
    "github": "github",
    "sarif": "sarif",
    "junit": "junit",
    "markdown": "markdown",
}
"""The module of each form, with a function `validation_FORM`; only those that are asked for are loaded."""
SUMMARY_SIZE = 1024 * 1024 - 1
"""GitHub drops a step's summary of a mebibyte or more."""


def validate(args: Namespace) -> int:
    """Print every finding; 1 if one of them is an error."""
    remembers = not args.no_cache
    if args.changed:
        validation = _changed(args, remembers=remembers)
    else:
        validation = _check(args, strict=args.strict, remembers=remembers)
    asking = validation if args.verbose else validation._replace(findings=without_notices(validation.findings))
    write_result(args, lambda form: _rendered(form, validation if form == "json" else asking))
    if chosen_format(args) == "github":
        _summarize(asking)
    return Exit.DONE if validation.ok else Exit.FAILED


def render(args: Namespace) -> int:
    """Print the objects as a YAML stream, or as JSON lines with `--format json`."""
    from hedgehog_gitops.core.defaulting import with_defaults  # noqa: PLC0415 - `validate` needs no whole objects

    validation = _check(args, strict=False)
    objects = [
        with_defaults(manifest.kind, manifest.value) if args.defaults else manifest.value
        for snapshot in validation.snapshots
        for manifest in snapshot.manifests.values()
    ]
    write_result(args, lambda form: _stream(objects, as_json=form == "json"))
    return _report_errors(validation)


def _rendered(form: str, validation: Validation) -> str:
    if form == TERMINAL:
        return _terminal(validation)
    module = import_module(f"hedgehog_gitops.render.{RENDERERS[form]}")
    return str(getattr(module, f"validation_{form}")(validation))


def _terminal(validation: Validation) -> str:
    import shutil  # noqa: PLC0415 - only on a terminal

    from hedgehog_gitops.adapters.source_lines import lines_below  # noqa: PLC0415 - the same
    from hedgehog_gitops.render.terminal import validation_terminal  # noqa: PLC0415 - the same

    line_of = lines_below(validation.root) if validation.root else lambda _path, _number: None
    width = shutil.get_terminal_size().columns
    return validation_terminal(validation, line_of, width=width, has_colours=has_colours())


def _summarize(validation: Validation) -> None:
    """Add the table of findings to the summary of the GitHub job, as far as there is room."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if not file:
        return
    from hedgehog_gitops.render.markdown import markdown_within  # noqa: PLC0415 - only in a job on GitHub

    try:
        with Path(file).open("a", encoding="utf-8", errors="backslashreplace") as summary:
            summary.write(markdown_within(validation, SUMMARY_SIZE - summary.tell()))
    except OSError as error:
        note(f"the summary of the job was not written: {error.strerror}")


def _changed(args: Namespace, *, remembers: bool) -> Validation:
    from hedgehog_gitops.assembly.change_checking import check_change  # noqa: PLC0415 - only for commit hooks

    if args.revision:
        raise UsageError("--changed judges the files on disk: leave --revision out, or name --base")
    checked, others = check_change(
        args.config,
        args.fabric,
        args.paths,
        strict=args.strict,
        schemas=args.schemas,
        base=args.base,
        remembers=remembers,
    )
    if others:
        note(f"{count(others, 'finding')} that the change has nothing to do with: run hedgehog-gitops validate")
    return checked


def _check(args: Namespace, *, strict: bool, remembers: bool = False) -> Validation:
    schemas: str | None = getattr(args, "schemas", None)
    base: str | None = getattr(args, "base", None)
    revision: str | None = args.revision
    if checked := check_fabrics(
        args.config,
        args.fabric,
        args.paths,
        revision=revision,
        strict=strict,
        schemas=schemas,
        base=base,
        remembers=remembers,
    ):
        return checked
    return check_paths(
        args.paths, getattr(args, "settings", None), strict=strict, schemas=schemas, base=base, remembers=remembers
    )


def _stream(objects: list[JsonObject], *, as_json: bool) -> str:
    if as_json:
        return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in objects)
    from hedgehog_gitops.core.writing import to_yaml  # noqa: PLC0415 - only for objects as YAML

    return "---\n".join(to_yaml(value) for value in objects)


def _report_errors(validation: Validation) -> int:
    if validation.ok:
        return Exit.DONE
    note(findings_text(validation.findings).rstrip())
    return Exit.FAILED
