"""Rules about the fabric's directory: where it may lie, and what belongs where inside it."""

from __future__ import annotations

from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.rule import Rule

DIRECTORY_MISSING = Rule(
    id="LAYOUT-001",
    severity=Severity.ERROR,
    title="the fabric's directory exists",
    explanation="The configured directory is not in the revision that was looked at: a wrong path, a wrong branch, or "
    "`hedgehog-gitops init` has not been run and pushed yet. Nothing there is not the same as no objects.",
    example="fabrics:\n  - name: prod\n    directory: fabrics/pord",
)
DIRECTORY_REFUSED = Rule(
    id="LAYOUT-002",
    severity=Severity.ERROR,
    title="the directory is a safe path inside the repository",
    explanation="A relative path without `..`, `.git`, control characters and names that Windows reserves.",
    example="directory: ../other-repository",
)
DIRECTORY_ROOT = Rule(
    id="LAYOUT-003",
    severity=Severity.ERROR,
    title="the repository's root is no fabric directory unless allowed",
    explanation="At the root the fabric's files would mix with the repository's own.",
    example='directory: "."',
)
DIRECTORY_UNUSUAL = Rule(
    id="LAYOUT-004",
    severity=Severity.WARNING,
    title="the directory is a path that works everywhere",
    explanation="Very long or deep paths, hidden parts, blanks and unusual characters work here but not on every "
    "system and in every tool.",
    example="directory: my fabrics/.prod/",
)
PIECE_MISSING = Rule(
    id="LAYOUT-006",
    severity=Severity.NOTICE,
    title="the directory structure is complete",
    explanation="`hedgehog-gitops init` creates what is missing and leaves alone what is there.",
)
MANIFEST_UNREADABLE = Rule(
    id="LAYOUT-007",
    severity=Severity.ERROR,
    title=".hnp/manifest.yaml can be read",
    explanation="The manifest says which layout the directory has. A damaged one is not overwritten: repair it, or "
    "delete it and run `hedgehog-gitops init`.",
)
LAYOUT_TOO_NEW = Rule(
    id="LAYOUT-008",
    severity=Severity.ERROR,
    title="the layout is not newer than this program",
    explanation="A newer program has written this directory. An older one could misread it, so it writes nothing.",
    example='structure_version: "2.0"',
)
SYNONYM_DIRECTORY = Rule(
    id="LAYOUT-009",
    severity=Severity.WARNING,
    title="directories have their canonical names",
    explanation="Older tools used other names (`managed/switch-groups`, `managed/switchs`, `raw/pending`). They are "
    "read, and `normalize` moves their files to the canonical place.",
    example="managed/switch-groups/mclag-1.yaml",
)
MISPLACED = Rule(
    id="LAYOUT-010",
    severity=Severity.WARNING,
    title="a managed object stands in its own file",
    explanation="The file of an object follows from its kind, namespace and name alone. `normalize` moves objects "
    "there, and splits files that hold several.",
    example="managed/vpcs/vpc-1-1.yaml",
)
STRAY = Rule(
    id="LAYOUT-011",
    severity=Severity.WARNING,
    title="files stand where the layout has a place for them",
    explanation="A YAML file outside raw/, managed/ and unmanaged/ is not read: if it holds objects, they are not part "
    "of the desired state. Put new objects into raw/, everything else into unmanaged/.",
    example="test/test-vpc.yaml",
)
CASE_COLLISION = Rule(
    id="LAYOUT-012",
    severity=Severity.WARNING,
    title="paths differ in more than capitals",
    explanation="On a file system that ignores case, one of the two files would overwrite the other at checkout.",
    example="managed/vpcs/vpc-1.yaml and managed/vpcs/VPC-1.yaml",
)
SYMLINK_ESCAPES = Rule(
    id="LAYOUT-013",
    severity=Severity.ERROR,
    title="no symbolic link leaves the repository",
    explanation="What lies outside the repository is nobody's desired state, and may be a secret.",
    example="raw/all.yaml -> /etc/passwd",
)
SYMLINK_IGNORED = Rule(
    id="LAYOUT-014",
    severity=Severity.WARNING,
    title="symbolic links and submodules are not followed",
    explanation="An object has one home. Put the file itself where the link is.",
    example="raw/vpcs.yaml -> ../../shared/vpcs.yaml",
)
LEGACY_FILE = Rule(
    id="LAYOUT-015",
    severity=Severity.NOTICE,
    title="files of older tools are archived",
    explanation="Processed files, `*.archived` copies and metadata of older tools move to .hnp/archive/; they are "
    "never read as objects again.",
    example="raw/processed/vpcs_20250801.yaml",
)

RULES: tuple[Rule, ...] = (
    DIRECTORY_MISSING,
    DIRECTORY_REFUSED,
    DIRECTORY_ROOT,
    DIRECTORY_UNUSUAL,
    PIECE_MISSING,
    MANIFEST_UNREADABLE,
    LAYOUT_TOO_NEW,
    SYNONYM_DIRECTORY,
    MISPLACED,
    STRAY,
    CASE_COLLISION,
    SYMLINK_ESCAPES,
    SYMLINK_IGNORED,
    LEGACY_FILE,
)
