"""Rules about YAML: what Kubernetes would refuse to read, drop, or read differently from what one sees."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.rule import Rule

SYNTAX = Rule(
    id="YAML-001",
    severity=Severity.ERROR,
    title="the document is YAML that Kubernetes can read",
    explanation="The text cannot be parsed, so no object in it is known. The finding stands where the parser gave up; "
    "the cause is there or just above it.",
    example="spec:\n  subnets: [default",
)
ENCODING = Rule(
    id="YAML-002",
    severity=Severity.ERROR,
    title="the file is UTF-8 text",
    explanation="Kubernetes reads UTF-8. Binary files, UTF-16 and broken byte sequences are refused; save the file as "
    "UTF-8.",
)
DUPLICATE_KEY = Rule(
    id="YAML-003",
    severity=Severity.ERROR,
    title="a key stands once in its mapping",
    explanation="Strict decoding refuses a repeated key; a lenient reader would silently keep one of the two. Keys are "
    "compared as the text they become, so `1` and `'1'`, or `on` and `'true'`, are the same key.",
    example="spec:\n  vlan: 1001\n  vlan: 1002",
)
BAD_KEY = Rule(
    id="YAML-004",
    severity=Severity.ERROR,
    title="a key is text, a number or a boolean",
    explanation="JSON has text keys only. A null, a list or a mapping cannot be one.",
    example="? [a, b]\n: c",
)
SEPARATOR = Rule(
    id="YAML-005",
    severity=Severity.ERROR,
    title="nothing but a comment follows a document separator",
    explanation="kubectl and Hedgehog split files at lines that begin with `---` and refuse text on such a line. Put "
    "the document on the next line, and a blank before a comment.",
    example="a: 1\n--- {b: 2}",
)
DROPPED = Rule(
    id="YAML-006",
    severity=Severity.ERROR,
    title="nothing follows the end of a document but a separator",
    explanation="Kubernetes silently drops everything between the end of a document, such as a `...` line, and the "
    "next `---` line. Use `---` to separate documents.",
    example="kind: VPC\n...\nkind: Server",
)
MERGE_KEY = Rule(
    id="YAML-007",
    severity=Severity.WARNING,
    title="no merge keys",
    explanation="Readers disagree on which value wins when `<<` and a key of the mapping meet. Write the keys out.",
    example="base: &base {vlan: 1}\nmine:\n  <<: *base",
)
FILE_SIZE = Rule(
    id="YAML-008",
    severity=Severity.ERROR,
    title="a file is not too large",
    explanation="A file beyond the limit (`limits.file_bytes`) is not read at all. Split it.",
)
DEPTH = Rule(
    id="YAML-009",
    severity=Severity.ERROR,
    title="a document is not nested too deeply",
    explanation="No Hedgehog object comes near the limit (`limits.depth`); deeper text is a mistake or an attack.",
)
ALIASES = Rule(
    id="YAML-010",
    severity=Severity.ERROR,
    title="aliases do not blow a document up",
    explanation="Each alias stands for a whole copy. A few lines can stand for gigabytes, so the number of values that "
    "aliases add is limited (`limits.alias_expansion`).",
)
DOCUMENTS = Rule(
    id="YAML-011",
    severity=Severity.ERROR,
    title="a file does not hold too many documents",
    explanation="Beyond the limit (`limits.documents`) a file is not read further. Split it.",
)
NUMBER = Rule(
    id="YAML-012",
    severity=Severity.ERROR,
    title="a number is one that JSON has",
    explanation="`.inf` and `.nan` have no form in JSON; Kubernetes refuses them. Quote the value if it is text.",
    example="weight: .inf",
)
TAGGED = Rule(
    id="YAML-013",
    severity=Severity.ERROR,
    title="a value fits its explicit tag",
    explanation="A value marked with a tag such as `!!int` has to be one.",
    example="vlan: !!int ten",
)
DIRECTIVE = Rule(
    id="YAML-014",
    severity=Severity.ERROR,
    title="no directives",
    explanation="kubectl's splitter tears a `%YAML` or `%TAG` line away from its document and refuses the file. Remove "
    "the line.",
    example="%YAML 1.1\n---\nkind: VPC",
)

RULES = (
    SYNTAX,
    ENCODING,
    DUPLICATE_KEY,
    BAD_KEY,
    SEPARATOR,
    DROPPED,
    MERGE_KEY,
    FILE_SIZE,
    DEPTH,
    ALIASES,
    DOCUMENTS,
    NUMBER,
    TAGGED,
    DIRECTIVE,
)
