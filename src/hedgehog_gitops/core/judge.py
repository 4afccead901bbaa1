"""Who moved: the verdict for one value, and the fields in which desired and live differ.

Three values meet here: base (what we last applied), desired (what git says) and live (what the target has now).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from hedgehog_gitops.core.canonical import same
from hedgehog_gitops.model.plain import FieldPath
from hedgehog_gitops.model.plan import MISSING, FieldChange, FieldValue, Missing, Verdict

ManagerOf: TypeAlias = Callable[[FieldPath], str]
"""Names who wrote a live field, as people read it; empty text if nobody is known."""


def judge(base: FieldValue, desired: FieldValue, live: FieldValue) -> Verdict:
    """Say who moved a field since the last apply. A field that is not there is a value of its own.

    What only the live side has, and we never set, is not ours: unmanaged.
    """
    if _same(desired, live):
        return Verdict.IN_SYNC
    if desired is MISSING and base is MISSING:
        return Verdict.UNMANAGED
    if _same(live, base):
        return Verdict.PENDING
    if _same(desired, base):
        return Verdict.DRIFTED
    return Verdict.CONFLICT


def field_changes(
    base: FieldValue, desired: FieldValue, live: FieldValue, manager_of: ManagerOf
) -> tuple[FieldChange, ...]:
    """The leaves in which desired and live differ, in path order. Lists are compared whole."""
    return tuple(_walk((), base, desired, live, manager_of))


def worst(changes: tuple[FieldChange, ...]) -> Verdict:
    """The verdict of an object from those of its fields: a conflict outweighs drift, drift outweighs pending."""
    verdicts = {change.verdict for change in changes}
    order = (Verdict.CONFLICT, Verdict.DRIFTED, Verdict.PENDING)
    return next((verdict for verdict in order if verdict in verdicts), Verdict.IN_SYNC)


def _walk(
    path: FieldPath, base: FieldValue, desired: FieldValue, live: FieldValue, manager_of: ManagerOf
) -> Iterator[FieldChange]:
    if isinstance(desired, dict) and isinstance(live, dict):
        below = base if isinstance(base, dict) else {}
        for name in sorted(desired.keys() | live.keys()):
            values = (below.get(name, MISSING), desired.get(name, MISSING), live.get(name, MISSING))
            yield from _walk((*path, name), *values, manager_of)
        return
    verdict = judge(base, desired, live)
    if verdict is not Verdict.IN_SYNC:
        manager = manager_of(path) if verdict in {Verdict.DRIFTED, Verdict.CONFLICT} else ""
        yield FieldChange(path=path, base=base, desired=desired, live=live, verdict=verdict, manager=manager)


def _same(one: FieldValue, other: FieldValue) -> bool:
    if isinstance(one, Missing) or isinstance(other, Missing):
        return one is other
    return same(one, other)
