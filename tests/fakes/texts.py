"""Texts of small manifests for tests, and trees and fabrics around them."""

from __future__ import annotations

from fakes.memory_source import applied, tree_of
from hedgehog_gitops.core.ingest import Ingestion, plan_ingestion
from hedgehog_gitops.core.ingest.values import FileOutcome
from hedgehog_gitops.model.finding import Finding
from hedgehog_gitops.model.settings import Fabric, IngestSettings
from hedgehog_gitops.model.tree import DeleteFile, Tree, TreeEdit, WriteFile

PROD = Fabric(name="prod", directory="fabrics/prod")


def vpc(name: str = "vpc-1", vlan: int = 1001, extra: str = "", meta: str = "") -> str:
    """A VPC with one subnet; `meta` are more lines of metadata, `extra` more lines at the end."""
    return (
        "apiVersion: vpc.githedgehog.com/v1beta1\n"
        "kind: VPC\n"
        f"metadata:\n  name: {name}\n{meta}"
        f"spec:\n  subnets:\n    default:\n      subnet: 10.0.1.0/24\n      vlan: {vlan}\n{extra}"
    )


def switch_group(name: str = "mclag-1") -> str:
    """A SwitchGroup, whose spec is empty as a rule."""
    return f"apiVersion: wiring.githedgehog.com/v1beta1\nkind: SwitchGroup\nmetadata:\n  name: {name}\nspec: {{}}\n"


def config_map(name: str = "notes") -> str:
    """An object of another system."""
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  text: hello\n"


def agent(name: str = "leaf-01") -> str:
    """An object that only the fabric's controllers write."""
    return f"apiVersion: agent.githedgehog.com/v1beta1\nkind: Agent\nmetadata:\n  name: {name}\nspec: {{}}\n"


NAMELESS = "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nspec: {}\n"
BROKEN = "apiVersion: vpc.githedgehog.com/v1beta1\nkind: [VPC\n"


def stream(*documents: str) -> str:
    """One file with several documents."""
    return "---\n".join(documents)


def fabric_with(ingest: IngestSettings) -> Fabric:
    """The fabric `prod` with other settings of ingestion."""
    return Fabric(name="prod", directory="fabrics/prod", ingest=ingest)


def plan_of(files: dict[str, str], fabric: Fabric = PROD) -> Ingestion:
    """The ingestion of a tree with these files."""
    return plan_ingestion(tree_of(files), fabric)


def after(files: dict[str, str], fabric: Fabric = PROD) -> dict[str, str]:
    """All files once these are taken in, without the archive log."""
    tree = tree_of(files)
    result = settled(tree, fabric)
    return {path: text for path, text in texts_of(result).items() if path != ".hnp/archive-log.yaml"}


def settled(tree: Tree, fabric: Fabric = PROD) -> Tree:
    """The tree after one ingestion."""
    return applied(tree, TreeEdit(base=tree, changes=plan_ingestion(tree, fabric).changes))


def texts_of(tree: Tree) -> dict[str, str]:
    """Every file of a tree as text."""
    return {path: (file.data or b"").decode() for path, file in tree.files.items()}


def written(ingestion: Ingestion) -> dict[str, str]:
    """The texts that the changes write, by path."""
    return {change.path: change.data.decode() for change in ingestion.changes if isinstance(change, WriteFile)}


def deleted(ingestion: Ingestion) -> list[str]:
    """The paths that the changes delete."""
    return [change.path for change in ingestion.changes if isinstance(change, DeleteFile)]


def outcome_of(ingestion: Ingestion, path: str) -> FileOutcome:
    """The one outcome of a file."""
    (outcome,) = [outcome for outcome in ingestion.files if outcome.path == path]
    return outcome


def rules_of(findings: tuple[Finding, ...], path: str = "") -> set[str]:
    """The ids of the rules of all findings, or of those in one file."""
    return {finding.rule for finding in findings if path in {"", finding.origin.path}}
