"""Rules about taking raw files in."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.rule import Rule

UNREADABLE = Rule(
    id="INGEST-001",
    severity=Severity.ERROR,
    title="a file can be read",
    explanation="The file is there, but its content could not be had: no permission, a name that is no text, or "
    "a damaged repository. It stays where it is.",
)
REJECTED = Rule(
    id="INGEST-002",
    severity=Severity.NOTICE,
    title="a raw file is taken in whole or not at all",
    explanation="One document of the file has an error, so the whole file stays in raw/. With `ingest.partial: true` "
    "the good documents are taken in and the file keeps the others.",
)
RAW_CONFLICT = Rule(
    id="INGEST-003",
    severity=Severity.ERROR,
    title="raw files agree about an object",
    explanation="Two documents in raw describe the same object differently, and nothing says which one is meant. "
    "Both files stay; delete or correct one of them.",
)
MANAGED_CONFLICT = Rule(
    id="INGEST-004",
    severity=Severity.ERROR,
    title="managed files agree about an object",
    explanation="Two managed documents describe the same object differently. Neither is touched and the object is not "
    "applied until one of them is deleted.",
)
RAW_WINS = Rule(
    id="INGEST-005",
    severity=Severity.NOTICE,
    title="a raw file updates a managed object",
    explanation="The object was managed already, with another meaning. Under `on_conflict: raw-wins` the dropped file "
    "is the newer word.",
)
MANAGED_WINS = Rule(
    id="INGEST-006",
    severity=Severity.WARNING,
    title="a raw document is set aside for the managed one",
    explanation="The object was managed already, with another meaning. Under `on_conflict: managed-wins` it stays "
    "as it is; the raw file is kept in .hnp/archive/.",
)
POLICY_FAIL = Rule(
    id="INGEST-007",
    severity=Severity.ERROR,
    title="a raw document differs from the managed one",
    explanation="Under `on_conflict: fail` a person decides: delete the raw file, or edit the managed one.",
)
OCCUPIED = Rule(
    id="INGEST-008",
    severity=Severity.ERROR,
    title="the managed file of an object is free for it",
    explanation="The file where the object belongs holds something that cannot be moved away. Correct that file first.",
)
READ_ROOT_CONFLICT = Rule(
    id="INGEST-009",
    severity=Severity.ERROR,
    title="an object of a read root is changed there",
    explanation="Files below `ingest.layout_roots` are read but never written, so the object has to be changed where "
    "it stands.",
)
NO_DOCUMENTS = Rule(
    id="INGEST-010",
    severity=Severity.NOTICE,
    title="a raw file holds at least one document",
    explanation="The file is empty or holds only comments; it is removed from raw/.",
)
FOREIGN = Rule(
    id="INGEST-011",
    severity=Severity.NOTICE,
    title="objects of other systems are kept, not managed",
    explanation="The document is no Hedgehog object. It moves to unmanaged/ as it is and is never applied.",
    example="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: notes}",
)
FOREIGN_IN_MANAGED = Rule(
    id="INGEST-012",
    severity=Severity.WARNING,
    title="managed/ holds Hedgehog objects only",
    explanation="The document is no Hedgehog object, so it is never applied. `normalize` moves it to unmanaged/.",
    example="managed/tests/notes.yaml with a ConfigMap",
)
LOG_UNREADABLE = Rule(
    id="INGEST-013",
    severity=Severity.ERROR,
    title=".hnp/archive-log.yaml can be read",
    explanation="The log is only ever appended to. A damaged one is not overwritten, and nothing is taken in before it "
    "is repaired or moved away.",
)

RULES: tuple[Rule, ...] = (
    UNREADABLE,
    REJECTED,
    RAW_CONFLICT,
    MANAGED_CONFLICT,
    RAW_WINS,
    MANAGED_WINS,
    POLICY_FAIL,
    OCCUPIED,
    READ_ROOT_CONFLICT,
    NO_DOCUMENTS,
    FOREIGN,
    FOREIGN_IN_MANAGED,
    LOG_UNREADABLE,
)
