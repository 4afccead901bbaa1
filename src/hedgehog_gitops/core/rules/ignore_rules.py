"""Rules about suppressions: comments and entries of the configuration that say which findings to live with."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.rule import Rule

FORM = Rule(
    id="IGNORE-001",
    severity=Severity.WARNING,
    title="a suppression names its rules and a reason",
    explanation="A comment that begins with `# hedgehog-gitops:` goes on with `ignore`, one or more rules with commas "
    "between them, and the reason, which whoever reads the file next needs to judge whether it still holds. A comment "
    "of another form suppresses nothing.",
    example="# hedgehog-gitops: ignore LINT-003",
)
UNKNOWN_RULE = Rule(
    id="IGNORE-002",
    severity=Severity.WARNING,
    title="a suppression names rules that there are",
    explanation="`hedgehog-gitops rules` lists all ids. The other rules of the same suppression hold.",
    example="# hedgehog-gitops: ignore LINT-999 agreed with the owner of the rack",
)
UNUSED = Rule(
    id="IGNORE-003",
    severity=Severity.WARNING,
    title="a suppression suppresses something",
    explanation="Nothing that it names is found where it holds: the fault has been mended, or the suppression stands "
    "in the wrong place. Left alone it would one day hide a new fault. In a file with an error nothing is said about "
    "it, because an error can keep the finding from being looked for; nor of rules that compare with an older state.",
    example="# hedgehog-gitops: ignore LINT-003 the VLAN is reserved from next month on",
)
FIRM = Rule(
    id="IGNORE-004",
    severity=Severity.WARNING,
    title="a suppression names rules that can be suppressed",
    explanation="Suppressed are findings about what an object says, and warnings about where it stands. An error about "
    "YAML, the layout, who an object is or what was taken in stays: it says that the object is not part of the desired "
    "state at all. What is wrong with a suppression itself stays too.",
    example="# hedgehog-gitops: ignore YAML-006 the second one is the right one",
)

RULES = (FORM, UNKNOWN_RULE, UNUSED, FIRM)
