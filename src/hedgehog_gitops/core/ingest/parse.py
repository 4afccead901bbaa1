"""Stages 2 to 4: the documents of a file, their identities, and what each object claims to be."""

from __future__ import annotations

from collections.abc import Iterator

from hedgehog_gitops.core.identify import Standing, identify
from hedgehog_gitops.core.ingest.discover import Found
from hedgehog_gitops.core.ingest.normalise import is_clean
from hedgehog_gitops.core.ingest.values import Claim, ParsedFile
from hedgehog_gitops.core.layout import Area, managed_path
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.finding import has_errors


def parse(found: Found, namespace: str, limits: Limits) -> ParsedFile:
    """The file's documents and who they are; all findings about them."""
    source = found.source
    result = read_documents(source.data or b"", source.path, limits)
    identified = tuple(identify(document, namespace) for document in result.documents)
    told = tuple(finding for each in identified for finding in each.findings)
    return ParsedFile(
        source=source,
        place=found.place,
        documents=result.documents,
        identified=identified,
        findings=result.findings + told,
        broken=bool(result.findings) and has_errors(result.findings),
    )


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
