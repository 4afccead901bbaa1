"""Stages 2 to 4: the documents of a file, their identities, and what each object claims to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hedgehog_gitops.core.identify import Identified, Standing, identify
from hedgehog_gitops.core.ingest.discover import Found
from hedgehog_gitops.core.ingest.normalise import is_clean
from hedgehog_gitops.core.ingest.values import Claim, Judge, ParsedFile
from hedgehog_gitops.core.layout import Area, managed_path
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.core.suppression import comments_in, unless_ignored
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.finding import Finding, has_errors
from hedgehog_gitops.model.snapshot import Manifest


def accept_all(_manifests: Sequence[Manifest]) -> tuple[Finding, ...]:
    """The judge that lets every object in."""
    return ()


def parse(found: Found, namespace: str, limits: Limits, judge: Judge = accept_all) -> ParsedFile:
    """The file's documents and who they are; all findings about them. Only what waits in raw is judged."""
    source = found.source
    result = read_documents(source.data or b"", source.path, limits)
    identified = tuple(identify(document, namespace) for document in result.documents)
    if found.place.area is Area.RAW:
        judge = unless_ignored(judge, comments_in([source.path], lambda _: source.data).ignores)
        identified = tuple(_judged(each, judge) for each in identified)
    told = tuple(finding for each in identified for finding in each.findings)
    return ParsedFile(
        source=source,
        place=found.place,
        documents=result.documents,
        identified=identified,
        findings=result.findings + told,
        broken=bool(result.findings) and has_errors(result.findings),
    )


def _judged(identified: Identified, judge: Judge) -> Identified:
    """A document whose objects the judge refuses is as invalid as one without a name."""
    findings = judge(identified.manifests) if identified.manifests else ()
    if not has_errors(findings):
        return identified
    return identified._replace(standing=Standing.INVALID, findings=identified.findings + findings)


def claims(file: ParsedFile) -> Iterator[Claim]:
    """Every object that the file holds. Of a raw document with an error nothing is claimed."""
    alone = file.place.area is Area.MANAGED and is_single(file)
    for position, identified in enumerate(file.identified):
        if file.is_raw and identified.standing is not Standing.USER:
            continue
        for manifest in identified.manifests:
            home = managed_path(manifest.key)
            settled = alone and home == file.path and not manifest.at and is_clean(manifest)
            yield Claim(file=file, position=position, manifest=manifest, home=home, settled=settled)


def is_single(file: ParsedFile) -> bool:
    """True if the file holds one document and nothing else that counts."""
    if len(file.identified) == 1:
        return not file.broken
    return not file.broken and sum(found.standing is not Standing.EMPTY for found in file.identified) == 1
