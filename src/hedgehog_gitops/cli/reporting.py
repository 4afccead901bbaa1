"""`report`: a fabric as people look at it, on a page of its own or as JSON."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from pathlib import Path

from hedgehog_gitops.assembly.configuration import choose_fabrics
from hedgehog_gitops.assembly.planning import picture_now
from hedgehog_gitops.cli.configured import configured
from hedgehog_gitops.cli.exits import Exit
from hedgehog_gitops.cli.output import note, write_result
from hedgehog_gitops.cli.progress import progress_of
from hedgehog_gitops.model.errors import UsageError
from hedgehog_gitops.model.picture import Picture
from hedgehog_gitops.model.settings import Fabric, Settings
from hedgehog_gitops.render.report_json import report_json, report_value
from hedgehog_gitops.render.text import count, one_line


def report(args: Namespace) -> int:
    """Write the page of a fabric, or print what would be on it."""
    settings = configured(args)
    fabrics = choose_fabrics(settings, args.fabric)
    if len(fabrics) != 1 and (args.html or args.live):
        raise UsageError("a page and a snapshot are of one fabric; name it with --fabric")
    pictures = [_picture(args, fabric, settings) for fabric in fabrics]
    if args.html:
        _write(Path(args.html), pictures[0])
    write_result(args, lambda form: report_json(pictures) if form == "json" else "".join(map(_summary, pictures)))
    return Exit.UNREACHABLE if any(each.unknown for each in pictures) else Exit.DONE


def _picture(args: Namespace, fabric: Fabric, settings: Settings) -> Picture:
    with progress_of(args) as progress:
        progress.step(f"{fabric.name}: read the files and look at the sides")
        return picture_now(fabric, settings, args.revision, Path(args.live) if args.live else None)


def _write(file: Path, seen: Picture) -> None:
    from hedgehog_gitops.render.html import page  # noqa: PLC0415 - templates, only for a page

    try:
        file.write_text(page(report_value(seen)), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from error
    note(f"{seen.fabric}: {count(len(seen.objects), 'object')} on {file}")


def _summary(seen: Picture) -> str:
    verdicts = Counter(each.verdict.value for each in seen.objects)
    told = ", ".join(f"{number} {verdict}" for verdict, number in verdicts.most_common()) or "nothing"
    unknown = "".join(f"  unknown: {kind}: {one_line(reason)}\n" for kind, reason in seen.unknown.items())
    return f"{seen.fabric}: {told}; {count(len(seen.findings), 'finding')}\n{unknown}"
