from __future__ import annotations

from fakes.memory_source import applied, tree_of
from fakes.texts import PROD, plan_of, rules_of, settled, texts_of, vpc
from hedgehog_gitops.core.structure import plan_structure
from hedgehog_gitops.model.kind import USER_KINDS
from hedgehog_gitops.model.settings import Fabric
from hedgehog_gitops.model.tree import Tree, TreeEdit

JSON_DIALECT = '# HNP\n{"version": "1.0", "structure_version": "1.0", "fabric_id": 3, "directories": {"raw": "raw"}}\n'
BLOCK_DIALECT = "version: 1.0\nonboarding_completed: true\ndirectories:\n  metadata: .hnp\n"


def _completed(tree: Tree) -> Tree:
    return applied(tree, TreeEdit(base=tree, changes=plan_structure(tree, PROD).changes))


def test_an_empty_directory_gets_every_piece_in_one_change_set() -> None:
    files = texts_of(_completed(tree_of({})))
    directories = {f"managed/{kind.plural}/.gitkeep" for kind in USER_KINDS}
    pieces = {"README.md", ".hnp/manifest.yaml", ".hnp/archive-log.yaml", "raw/.gitkeep", "unmanaged/.gitkeep"}
    assert set(files) == directories | pieces


def test_a_complete_directory_is_left_alone() -> None:
    plan = plan_structure(_completed(tree_of({})), PROD)
    assert (plan.changes, plan.created, plan.repaired, plan.findings) == ((), (), (), ())
    assert "README.md" in plan.kept


def test_what_exists_is_never_overwritten() -> None:
    own = {"readme.md": "ours", ".hnp/manifest.yaml": JSON_DIALECT, ".hnp/archive-log.yaml": "operations: []\n"}
    files = texts_of(_completed(tree_of(own)))
    assert own.items() <= files.items()
    assert "README.md" not in files


def test_missing_pieces_of_an_existing_structure_are_repairs_and_findings() -> None:
    files = texts_of(_completed(tree_of({})))
    del files["README.md"], files["managed/vpcs/.gitkeep"]
    plan = plan_structure(tree_of(files), PROD)
    assert (plan.repaired, plan.created) == (("README.md", "managed/vpcs/"), ())
    assert rules_of(plan.findings) == {"LAYOUT-006"}


def test_both_older_manifests_are_read() -> None:
    for text in (JSON_DIALECT, BLOCK_DIALECT):
        plan = plan_structure(tree_of({".hnp/manifest.yaml": text}), PROD)
        assert rules_of(plan.findings) == {"LAYOUT-006"}


def test_a_newer_or_damaged_manifest_stops_everything() -> None:
    for text, rule in (('structure_version: "2.1"\n', "LAYOUT-008"), ("a: [", "LAYOUT-007"), ("- a\n", "LAYOUT-007")):
        plan = plan_structure(tree_of({".hnp/manifest.yaml": text}), PROD)
        assert plan.changes == ()
        assert rule in rules_of(plan.findings)


def test_b03_the_text_depends_on_nothing_but_the_fabrics_name() -> None:
    odd = Fabric(name='a"b: #c', directory="x")
    assert plan_structure(tree_of({}), odd).changes == plan_structure(tree_of({}), odd).changes
    tree = tree_of({})
    tree = applied(tree, TreeEdit(base=tree, changes=plan_structure(tree, odd).changes))
    assert "LAYOUT-007" not in rules_of(plan_structure(tree, odd).findings)


def test_b07_the_log_survives_init_ingestion_init_and_repair() -> None:
    tree = _completed(tree_of({"raw/a.yaml": vpc("a")}))
    tree = settled(tree)
    first = texts_of(tree)[".hnp/archive-log.yaml"]
    tree = _completed(tree_of({**texts_of(tree), "raw/b.yaml": vpc("b")}))
    tree = _completed(settled(tree))
    second = texts_of(tree)[".hnp/archive-log.yaml"]
    assert second.startswith(first)
    assert second.count("source:") == 2
    assert plan_of(texts_of(tree)).changes == ()
