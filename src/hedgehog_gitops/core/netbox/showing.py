"""What NetBox should show of a fabric: the desired side of its plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from hedgehog_gitops.core.pruning import Source, source_of
from hedgehog_gitops.model.kind import ObjectKey
from hedgehog_gitops.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What NetBox should show: the records, the objects that have errors (and why), and why not all is known.

    `refused` names Hedgehog objects, `unfit` the records that these have a part in: they are left as they are. So is
    what NetBox decides and git does not have (`left`). NetBox has no model for what is `recorded` as JSON beside other
    objects, and for what is `unrepresented` there.
    """

    records: Mapping[ObjectKey, Record]
    revision: str
    refused: Mapping[ObjectKey, str]
    unfit: Mapping[ObjectKey, str] = field(default_factory=dict)
    left: Collection[ObjectKey] = ()
    incomplete: str = ""
    recorded: Collection[ObjectKey] = ()
    unrepresented: Collection[ObjectKey] = ()

    @property
    def source(self) -> Source:
        """The same as prunes see it."""
        return source_of(self.records.keys(), self.incomplete, self.refused)
