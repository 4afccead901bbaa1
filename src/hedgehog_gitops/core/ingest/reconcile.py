"""Stage 6: who is right about each object, and which files stay as they are because nobody can tell.

Two rounds. First every object that several documents describe is judged on its own; then what must stay is spread:
a managed file that cannot be moved blocks whoever needs its place or contradicts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from hedgehog_gitops.core.canonical import canonical, digest
from hedgehog_gitops.core.ingest.values import Claim, FileResult, ParsedFile
from hedgehog_gitops.core.layout import Area
from hedgehog_gitops.core.rules import ingest_rules as rules
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.rule import Rule
from hedgehog_gitops.model.settings import OnConflict


class Verdict(NamedTuple):
    """What is desired of one object.

    `claim` is the document that says it. `writes` is True if that document's text has to go to the object's home.
    `set_aside` are claims that the policy overrules; all other claims agree.
    """

    claim: Claim
    writes: bool
    existed: bool
    set_aside: tuple[Claim, ...] = ()


class Reconciled(NamedTuple):
    """One verdict per object that is desired, and the files (by path) that stay as they are."""

    verdicts: Mapping[ObjectKey, Verdict]
    frozen: Mapping[str, FileResult]
    findings: tuple[Finding, ...]


def reconcile(
    files: Iterable[ParsedFile], claims: Iterable[Claim], frozen: Mapping[str, FileResult], policy: OnConflict
) -> Reconciled:
    """The verdicts over all claims; `frozen` are the files that already have to stay."""
    board = _Board(frozen=dict(frozen))
    for claim in claims:
        board.by_key.setdefault(claim.key, []).append(claim)
    shared = {key: found for key, found in board.by_key.items() if len(found) > 1}
    for found in shared.values():
        _judge_shared(board, found, policy)
    _spread(board, files, policy)
    verdicts = {key: verdict for key in sorted(board.by_key) if (verdict := _verdict(board, key, policy)) is not None}
    return Reconciled(verdicts=verdicts, frozen=board.frozen, findings=tuple(board.findings))


class _Board:
    """What is known so far; it lives for one call of `reconcile`."""

    def __init__(self, frozen: dict[str, FileResult]) -> None:
        self.frozen = frozen
        self.by_key: dict[ObjectKey, list[Claim]] = {}
        self.meanings: dict[int, str] = {}
        self.findings: list[Finding] = []

    def meaning(self, claim: Claim) -> str:
        """A digest that claims of equal meaning share."""
        known = self.meanings.get(id(claim))
        if known is None:
            known = digest(canonical(claim.manifest.kind, claim.manifest.value, claim.key.namespace))
            self.meanings[id(claim)] = known
        return known

    def freeze(self, claim: Claim, rule: Rule, message: str, hint: str) -> bool:
        """Keep the claim's file as it is and say why; True if it was not frozen before."""
        origin = claim.manifest.origin(("metadata", "name"))
        self.findings.append(rule.at(origin, message, hint=hint, field="metadata.name", key=claim.key))
        is_new = claim.file.path not in self.frozen
        self.frozen.setdefault(claim.file.path, FileResult.CONFLICT)
        return is_new


def _judge_shared(board: _Board, found: list[Claim], policy: OnConflict) -> None:
    """Freeze the files of an object that is described in several ways, unless the policy decides."""
    raw = [claim for claim in found if claim.file.is_raw]
    held = [claim for claim in found if not claim.file.is_raw]
    if len({board.meaning(claim) for claim in held}) > 1:
        _freeze_all(board, found, rules.MANAGED_CONFLICT, "delete all but one of them")
    elif len({board.meaning(claim) for claim in raw}) > 1:
        _freeze_all(board, raw, rules.RAW_CONFLICT, "delete or correct all but one of them")
    elif held and raw and board.meaning(held[0]) != board.meaning(raw[0]):
        root = next((claim for claim in held if claim.file.place.area is Area.READ_ROOT), None)
        if root is not None:
            _freeze_against(board, raw, root, rules.READ_ROOT_CONFLICT)
        elif policy is OnConflict.FAIL:
            _freeze_against(board, raw, held[0], rules.POLICY_FAIL)


def _freeze_all(board: _Board, found: list[Claim], rule: Rule, hint: str) -> None:
    places = [_place(claim) for claim in found]
    for at, claim in enumerate(found):
        others = ", ".join(place for index, place in enumerate(places) if index != at)
        board.freeze(claim, rule, f"{claim.key} is written differently in {others}", hint)


def _freeze_against(board: _Board, raw: list[Claim], held: Claim, rule: Rule) -> None:
    for claim in raw:
        message = f"{claim.key} has another meaning in {_place(held)}"
        board.freeze(claim, rule, message, "edit it there and delete this document")


def _place(claim: Claim) -> str:
    origin = claim.manifest.origin(("metadata", "name"))
    return f"{origin.path}:{origin.line}"


def _spread(board: _Board, files: Iterable[ParsedFile], policy: OnConflict) -> None:
    """Freeze every file whose object needs the place of a frozen managed file, or contradicts what it holds."""
    by_path = {file.path: file for file in files}
    queue = [path for path in board.frozen if path not in by_path or not by_path[path].is_raw]
    if not queue:
        return
    wanted: dict[str, list[Claim]] = {}
    held: dict[str, list[Claim]] = {}
    for claim in (claim for found in board.by_key.values() for claim in found):
        wanted.setdefault(claim.home, []).append(claim)
        held.setdefault(claim.file.path, []).append(claim)
    while queue:
        path = queue.pop()
        own = {claim.key: claim for claim in held.get(path, ())}
        for claim in _blocked(board, own, wanted.get(path, ()), policy):
            message = f"{claim.key} belongs in {path}, which cannot be changed now"
            if claim.home != path:
                message = f"{claim.key} is also in {path}, which cannot be changed now"
            if board.freeze(claim, rules.OCCUPIED, message, f"correct {path} first") and not claim.file.is_raw:
                queue.append(claim.file.path)


def _blocked(
    board: _Board, own: Mapping[ObjectKey, Claim], wanted: Iterable[Claim], policy: OnConflict
) -> Iterator[Claim]:
    """Claims of other files that the frozen file with the objects `own` stands in the way of."""
    for claim in wanted:
        if claim.file.path not in board.frozen and claim.key not in own:
            yield claim
    for key, mine in own.items():
        for claim in board.by_key[key]:
            if claim.file.path not in board.frozen and _contradicts(board, claim, mine, policy):
                yield claim


def _contradicts(board: _Board, claim: Claim, mine: Claim, policy: OnConflict) -> bool:
    if policy is OnConflict.MANAGED_WINS and claim.file.is_raw:
        return False
    return board.meaning(claim) != board.meaning(mine)


def _verdict(board: _Board, key: ObjectKey, policy: OnConflict) -> Verdict | None:
    found = board.by_key[key]
    if len(found) == 1 and found[0].settled:
        return Verdict(claim=found[0], writes=False, existed=True)
    raw = [claim for claim in found if claim.file.is_raw and claim.file.path not in board.frozen]
    base = _base(board, [claim for claim in found if not claim.file.is_raw])
    if base is None:
        return Verdict(claim=raw[0], writes=True, existed=False) if raw else None
    contrary = tuple(claim for claim in raw if board.meaning(claim) != board.meaning(base))
    if contrary and policy is OnConflict.RAW_WINS:
        _report(board, contrary, base, rules.RAW_WINS, "this document replaces what is in {}")
        return Verdict(claim=contrary[0], writes=True, existed=True)
    _report(board, contrary, base, rules.MANAGED_WINS, "this document is set aside for what is in {}")
    is_movable = base.file.place.area is Area.MANAGED and base.file.path not in board.frozen
    return Verdict(claim=base, writes=is_movable and not base.settled, existed=True, set_aside=contrary)


def _base(board: _Board, held: list[Claim]) -> Claim | None:
    """Of several managed documents with one meaning: the one at home, else one that has to stay, else the first."""

    def preference(claim: Claim) -> int:
        stays = claim.file.path in board.frozen or claim.file.place.area is Area.READ_ROOT
        return 0 if claim.settled else 1 if stays else 2 if claim.file.path == claim.home else 3

    return min(held, key=preference, default=None)


def _report(board: _Board, contrary: tuple[Claim, ...], base: Claim, rule: Rule, message: str) -> None:
    hint = f"if this is not what you want, edit {base.file.path} and delete this document"
    for claim in contrary:
        origin = claim.manifest.origin(("metadata", "name"))
        text = f"{claim.key} is managed with another meaning; {message.format(_place(base))}"
        board.findings.append(rule.at(origin, text, hint=hint, field="metadata.name", key=claim.key))
