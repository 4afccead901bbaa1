from __future__ import annotations

import pytest

from fakes.memory_source import tree_of
from fakes.texts import (
    BROKEN,
    NAMELESS,
    PROD,
    after,
    agent,
    config_map,
    deleted,
    fabric_with,
    outcome_of,
    plan_of,
    rules_of,
    settled,
    stream,
    switch_group,
    texts_of,
    vpc,
    written,
)
from hedgehog_gitops.core.ingest import DocumentResult, FileResult, plan_ingestion
from hedgehog_gitops.core.ingest.change_set import git_blob_id
from hedgehog_gitops.core.metadata_files import manifest_text
from hedgehog_gitops.model.finding import Severity
from hedgehog_gitops.model.settings import IngestSettings, OnConflict
from hedgehog_gitops.model.tree import FileMode, SourceFile, Tree

HOME = "managed/vpcs/vpc-1.yaml"


def test_a_new_object_goes_home_with_its_own_text_and_the_raw_file_goes() -> None:
    text = "# who: the network team\n" + vpc(extra="# the end\n")
    files = after({"raw/a.yaml": text, "raw/.gitkeep": ""})
    assert files == {HOME: text, "raw/.gitkeep": ""}


def test_the_same_meaning_again_is_unchanged_and_the_raw_file_goes() -> None:
    managed = vpc()
    plan = plan_of({HOME: managed, "raw/a.yml": "---\n# other format\n" + vpc().replace("1001", " 1001  ")})
    assert outcome_of(plan, "raw/a.yml").result is FileResult.UNCHANGED
    assert HOME not in written(plan)
    assert deleted(plan) == ["raw/a.yml"]


def test_b05_the_same_file_many_times_is_one_managed_file_and_an_update_changes_it_in_place() -> None:
    tree = tree_of({"raw/a.yaml": vpc()})
    for _ in range(3):
        tree = settled(tree)
        tree = tree_of({**texts_of(tree), "raw/a.yaml": vpc()})
    tree = settled(tree_of({**texts_of(tree), "raw/a.yaml": vpc(vlan=1002)}))
    managed = {path: text for path, text in texts_of(tree).items() if path.startswith("managed/")}
    assert managed == {HOME: vpc(vlan=1002)}


def test_b22_a_new_version_in_raw_updates_the_managed_object_and_is_reported() -> None:
    plan = plan_of({HOME: vpc(), "raw/a.yaml": vpc(vlan=1002)})
    assert written(plan)[HOME] == vpc(vlan=1002)
    assert outcome_of(plan, "raw/a.yaml").documents[0].result is DocumentResult.UPDATED
    assert "INGEST-005" in rules_of(plan.findings, "raw/a.yaml")


def test_managed_wins_keeps_the_managed_object_and_a_copy_of_the_raw_file() -> None:
    fabric = fabric_with(IngestSettings(on_conflict=OnConflict.MANAGED_WINS))
    plan = plan_of({HOME: vpc(), "raw/a.yaml": vpc(vlan=1002)}, fabric)
    assert HOME not in written(plan)
    assert vpc(vlan=1002) in written(plan).values()
    assert "INGEST-006" in rules_of(plan.findings, "raw/a.yaml")


def test_the_policy_fail_leaves_both_sides_alone() -> None:
    fabric = fabric_with(IngestSettings(on_conflict=OnConflict.FAIL))
    plan = plan_of({HOME: vpc(), "raw/a.yaml": vpc(vlan=1002)}, fabric)
    assert plan.changes == ()
    assert outcome_of(plan, "raw/a.yaml").result is FileResult.CONFLICT
    assert not plan.ok


def test_two_equal_raw_documents_are_one_object() -> None:
    files = after({"raw/a.yaml": vpc(), "raw/b.yaml": vpc(), "raw/.gitkeep": ""})
    assert files == {HOME: vpc(), "raw/.gitkeep": ""}


def test_two_different_raw_documents_are_a_conflict_and_both_files_stay() -> None:
    plan = plan_of({"raw/a.yaml": stream(vpc(), switch_group()), "raw/b.yaml": vpc(vlan=7), "raw/c.yaml": vpc("c")})
    assert outcome_of(plan, "raw/a.yaml").result is FileResult.CONFLICT
    assert outcome_of(plan, "raw/b.yaml").result is FileResult.CONFLICT
    assert rules_of(plan.findings) == {"INGEST-003"}
    assert set(plan.snapshot.manifests) == {manifest.key for manifest in plan.snapshot.manifests.values()}
    assert [key.name for key in plan.snapshot.manifests] == ["c"]


def test_empty_documents_between_others_do_not_shift_indexes() -> None:
    plan = plan_of({"raw/a.yaml": stream(vpc(), "# nothing\n", switch_group())})
    assert [document.index for document in outcome_of(plan, "raw/a.yaml").documents] == [0, 2]


def test_a_file_without_documents_is_removed_with_a_notice() -> None:
    plan = plan_of({"raw/a.yaml": "", "raw/b.yaml": "# only words\n"})
    assert deleted(plan) == ["raw/a.yaml", "raw/b.yaml"]
    assert rules_of(plan.findings) == {"INGEST-010"}


def test_b27_a_file_with_many_documents_is_removed_once() -> None:
    plan = plan_of({"raw/a.yaml": stream(vpc("a"), vpc("b"), vpc("c"))})
    assert deleted(plan) == ["raw/a.yaml"]
    assert len([path for path in written(plan) if path.startswith("managed/")]) == 3


def test_foreign_documents_beside_ours_go_to_unmanaged_as_they_are() -> None:
    files = after({"raw/team/a.yaml": stream(vpc(), config_map())})
    assert files["unmanaged/team/a.yaml"] == config_map()
    assert files[HOME] == vpc()


def test_a_wholly_foreign_file_moves_byte_for_byte() -> None:
    text = "# keep me\r\n---\r\n" + config_map()
    plan = plan_of({"raw/a.yaml": text})
    assert written(plan)["unmanaged/a.yaml"] == text
    assert outcome_of(plan, "raw/a.yaml").result is FileResult.MOVED_UNMANAGED


def test_a_foreign_file_never_overwrites_another_one() -> None:
    files = after({"raw/a.yaml": config_map("new"), "unmanaged/a.yaml": config_map("old")})
    assert sorted(text for path, text in files.items() if path.startswith("unmanaged/")) == [
        config_map("new"),
        config_map("old"),
    ]


def test_one_invalid_document_keeps_the_whole_file_in_raw() -> None:
    files = {"raw/a.yaml": stream(vpc(), NAMELESS)}
    plan = plan_of(files)
    assert plan.changes == ()
    assert outcome_of(plan, "raw/a.yaml").result is FileResult.REJECTED
    assert rules_of(plan.findings) == {"INGEST-002", "OBJECT-004"}


def test_partial_takes_the_good_documents_and_leaves_the_others_in_the_file() -> None:
    fabric = fabric_with(IngestSettings(partial=True))
    files = after({"raw/a.yaml": stream(vpc(), NAMELESS, config_map(), agent())}, fabric)
    assert files == {
        HOME: vpc(),
        "unmanaged/a.yaml": config_map(),
        "raw/a.yaml": stream(NAMELESS, agent()),
    }
    assert after(files, fabric) == files


def test_a_yaml_error_keeps_the_file_in_raw() -> None:
    plan = plan_of({"raw/a.yaml": BROKEN, "raw/b.yaml": vpc()})
    assert outcome_of(plan, "raw/a.yaml").result is FileResult.REJECTED
    assert deleted(plan) == ["raw/b.yaml"]
    assert not plan.unreadable


def test_b12_a_file_that_fails_takes_nothing_from_the_files_around_it() -> None:
    files = after({"raw/a.yaml": vpc("a"), "raw/b.yaml": NAMELESS, "raw/c.yaml": vpc("c")})
    assert set(files) == {"managed/vpcs/a.yaml", "managed/vpcs/c.yaml", "raw/b.yaml"}


def test_b02_nested_odd_and_old_files_are_all_taken_in() -> None:
    paths = ["raw/1/2/3/4/5/a.YML", "raw/Größe (1).Yaml", "b.yaml", "raw/pending/c.yml"]
    plan = plan_of({path: vpc(f"v{index}") for index, path in enumerate(paths)})
    assert sorted(deleted(plan)) == sorted(paths)
    assert len(plan.snapshot.manifests) == 4


@pytest.mark.parametrize(
    "path", ["raw/a.json", "raw/notes.txt", "raw/README.md", "raw/.hidden.yaml", "raw/.git/x.yaml"]
)
def test_other_files_in_raw_are_ignored_without_a_warning(path: str) -> None:
    plan = plan_of({path: vpc()})
    assert outcome_of(plan, path).result is FileResult.IGNORED
    assert (plan.changes, plan.findings) == ((), ())


@pytest.mark.parametrize("path", ["unmanaged/a.yaml", ".hnp/archive/x/raw/a.yaml", "unmanaged/deep/b.yml", "README.md"])
def test_b26_what_is_not_managed_is_no_desired_state(path: str) -> None:
    plan = plan_of({path: vpc(), "managed/.gitkeep": ""})
    assert plan.snapshot.manifests == {}
    assert plan.changes == ()


def test_yaml_outside_the_layout_is_named_and_left_alone() -> None:
    plan = plan_of({"test/test-vpc.yaml": vpc()})
    assert rules_of(plan.findings) == {"LAYOUT-011"}
    assert (plan.changes, plan.snapshot.manifests) == ((), {})


def test_b24_a_broken_managed_file_makes_the_desired_state_incomplete_and_is_not_touched() -> None:
    plan = plan_of({HOME: BROKEN, "managed/vpcs/vpc-2.yaml": vpc("vpc-2")})
    assert plan.unreadable
    assert not plan.ok
    assert plan.changes == ()
    assert [key.name for key in plan.snapshot.manifests] == ["vpc-2"]


def test_b24_a_managed_object_without_a_name_makes_the_desired_state_incomplete() -> None:
    assert plan_of({HOME: NAMELESS}).unreadable


def test_a_raw_object_does_not_overwrite_a_broken_managed_file() -> None:
    plan = plan_of({HOME: BROKEN, "raw/a.yaml": vpc()})
    assert plan.changes == ()
    assert outcome_of(plan, "raw/a.yaml").result is FileResult.CONFLICT
    assert "INGEST-008" in rules_of(plan.findings, "raw/a.yaml")


def test_b25_a_managed_file_in_its_place_keeps_its_bytes() -> None:
    odd = "---\r\n# mine\r\n" + vpc().replace("\n", "\r\n")
    assert plan_of({HOME: odd}).changes == ()


def test_a_copy_with_a_number_and_equal_meaning_is_removed() -> None:
    plan = plan_of({HOME: vpc(), "managed/vpcs/vpc-1-1.yaml": "# again\n" + vpc()})
    assert deleted(plan) == ["managed/vpcs/vpc-1-1.yaml"]
    assert HOME not in written(plan)


def test_two_managed_documents_of_one_object_with_different_meaning_are_left_alone() -> None:
    files = {HOME: vpc(), "managed/vpcs/vpc-1-1.yaml": vpc(vlan=7), "raw/a.yaml": vpc(vlan=8)}
    plan = plan_of(files)
    assert plan.changes == ()
    assert rules_of(plan.findings, HOME) == {"INGEST-004"}
    assert outcome_of(plan, "managed/vpcs/vpc-1-1.yaml").result is FileResult.CONFLICT
    assert [key.name for key in plan.snapshot.manifests] == ["vpc-1"]


def test_misplaced_and_mixed_managed_files_are_put_in_their_homes() -> None:
    files = after(
        {"managed/vpcs/all.yaml": stream(vpc(), "# two\n" + switch_group()), "managed/servers/x.yaml": vpc("b")}
    )
    assert files == {
        HOME: vpc(),
        "managed/switchgroups/mclag-1.yaml": "# two\n" + switch_group(),
        "managed/vpcs/b.yaml": vpc("b"),
    }


def test_objects_that_stand_in_each_others_files_change_places() -> None:
    files = after({"managed/vpcs/a.yaml": vpc("b"), "managed/vpcs/b.yaml": vpc("a")})
    assert files == {"managed/vpcs/a.yaml": vpc("a"), "managed/vpcs/b.yaml": vpc("b")}


def test_a_chain_of_occupied_places_is_left_alone_as_a_whole() -> None:
    files = {
        "managed/vpcs/a.yaml": stream(vpc("b"), NAMELESS),
        "managed/vpcs/b.yaml": vpc("a"),
        "raw/x.yaml": vpc("b", vlan=5),
    }
    plan = plan_of(files)
    assert plan.changes == ()
    assert outcome_of(plan, "managed/vpcs/b.yaml").result is FileResult.CONFLICT
    assert outcome_of(plan, "raw/x.yaml").result is FileResult.CONFLICT


def test_a_new_version_of_an_object_in_a_file_that_cannot_be_changed_stays_in_raw() -> None:
    plan = plan_of({"managed/vpcs/all.yaml": stream(vpc(), NAMELESS), "raw/a.yaml": vpc(vlan=7)})
    assert plan.changes == ()
    assert outcome_of(plan, "raw/a.yaml").result is FileResult.CONFLICT


def test_the_same_object_in_a_file_that_cannot_be_changed_gets_no_second_home() -> None:
    plan = plan_of({"managed/vpcs/all.yaml": stream(vpc(), NAMELESS), "raw/b.yaml": vpc()})
    assert deleted(plan) == ["raw/b.yaml"]
    assert HOME not in written(plan)


def test_b09_older_directory_names_are_named_and_their_files_move() -> None:
    plan = plan_of(
        {
            "managed/switch-groups/mclag-1.yaml": switch_group(),
            "managed/switch-groups/.gitkeep": "",
            "managed/switchs/sg.yaml": switch_group("sg"),
            "managed/resources/v.yaml": vpc(),
        }
    )
    assert set(written(plan)) == {"managed/switchgroups/mclag-1.yaml", "managed/switchgroups/sg.yaml", HOME}
    assert "managed/switch-groups/.gitkeep" in deleted(plan)
    assert sum(finding.rule == "LAYOUT-009" for finding in plan.findings) == 3


def test_processed_and_archived_files_move_to_the_archive_and_are_never_read() -> None:
    files = {
        "raw/processed/a_20250801.yaml": vpc("a"),
        "raw/b.yaml.archived": vpc("b"),
        "raw/b.yaml.archived.1": vpc("b", 3),
        "raw/errors/c.yaml": vpc("c"),
        "managed/metadata/directory-info.json": "{}",
    }
    plan = plan_of(files)
    assert plan.snapshot.manifests == {}
    assert written(plan) == {
        ".hnp/archive/legacy/raw/processed/a_20250801.yaml": vpc("a"),
        ".hnp/archive/legacy/raw/b.yaml.archived": vpc("b"),
        ".hnp/archive/legacy/raw/b.yaml.archived.1": vpc("b", 3),
        ".hnp/errors/c.yaml": vpc("c"),
        ".hnp/archive/legacy/managed/metadata/directory-info.json": "{}",
        "raw/.gitkeep": "",
    }
    assert all(outcome.result is FileResult.IGNORED for outcome in plan.files)


def test_a_foreign_object_in_managed_moves_to_unmanaged() -> None:
    plan = plan_of({"managed/tests/notes.yaml": config_map()})
    assert written(plan) == {"unmanaged/tests/notes.yaml": config_map()}
    assert rules_of(plan.findings) == {"INGEST-012"}
    assert not plan.unreadable


def test_an_object_of_a_controller_is_refused_in_raw_and_left_alone_in_managed() -> None:
    plan = plan_of({"raw/a.yaml": agent(), "managed/agents/a.yaml": agent()})
    assert plan.changes == ()
    assert plan.snapshot.manifests == {}
    assert not plan.unreadable
    assert [file.result for file in plan.files] == [FileResult.REJECTED, FileResult.REJECTED]


def test_what_the_cluster_sets_is_taken_out_and_everything_else_stays() -> None:
    noisy = vpc(meta="  uid: 0af0\n  annotations:\n    hnp.githedgehog.com/ingested-at: now\n    mine: kept  # why\n")
    plan = plan_of({"raw/a.yaml": "# lead\n" + noisy + "status: {ready: true}\n"})
    value = next(iter(plan.snapshot.manifests.values())).value
    assert value["metadata"] == {"name": "vpc-1", "annotations": {"mine": "kept"}}
    assert "status" not in value
    assert written(plan)[HOME].startswith("# lead\n")
    assert "# why" in written(plan)[HOME]
    assert "OBJECT-009" in rules_of(plan.findings)


def test_b08_an_older_version_is_written_as_the_current_one_and_labels_survive() -> None:
    old = vpc(meta="  labels:\n    team: blue\n  annotations:\n    a: b\n").replace("v1beta1", "v1alpha2")
    plan = plan_of({"raw/a.yaml": old})
    assert written(plan)[HOME] == old.replace("v1alpha2", "v1beta1")


def test_b10_an_empty_spec_survives() -> None:
    files = after({"raw/a.yaml": switch_group()})
    assert files["managed/switchgroups/mclag-1.yaml"] == switch_group()


def test_a_list_is_unpacked_and_its_foreign_items_are_kept() -> None:
    items = [vpc(), switch_group(), config_map()]
    text = "apiVersion: v1\nkind: List\nitems:\n" + "".join(
        "- " + item.replace("\n", "\n  ").rstrip(" ") for item in items
    )
    plan = plan_of({"raw/a.yaml": text})
    assert {HOME, "managed/switchgroups/mclag-1.yaml", "unmanaged/a.yaml"} < set(written(plan))
    assert "ConfigMap" in written(plan)["unmanaged/a.yaml"]


def test_objects_outside_the_default_namespace_have_files_of_their_own() -> None:
    plan = plan_of({"raw/a.yaml": vpc(meta="  namespace: lab\n")})
    assert "managed/vpcs/lab_vpc-1.yaml" in written(plan)
    assert "META-004" in rules_of(plan.findings)


def test_the_older_file_name_of_a_namespaced_object_is_read_by_its_content() -> None:
    text = vpc(meta="  namespace: lab\n")
    plan = plan_of({"managed/vpcs/lab-vpc-1.yaml": text})
    assert written(plan) == {"managed/vpcs/lab_vpc-1.yaml": text}


def test_read_roots_are_desired_state_that_is_never_moved() -> None:
    fabric = fabric_with(IngestSettings(layout_roots=("active",)))
    plan = plan_of({"active/site.yaml": stream(vpc(), vpc("b")), "examples/x.yaml": vpc("c")}, fabric)
    assert plan.changes == ()
    assert sorted(key.name for key in plan.snapshot.manifests) == ["b", "vpc-1"]


def test_a_raw_object_that_contradicts_a_read_root_stays_in_raw() -> None:
    fabric = fabric_with(IngestSettings(layout_roots=("active",)))
    plan = plan_of({"active/site.yaml": vpc(), "raw/a.yaml": vpc(vlan=3), "raw/b.yaml": vpc("c")}, fabric)
    assert outcome_of(plan, "raw/a.yaml").result is FileResult.CONFLICT
    assert "INGEST-009" in rules_of(plan.findings)


def test_copies_of_raw_files_are_kept_on_request() -> None:
    fabric = fabric_with(IngestSettings(archive_copies=True))
    files = after({"raw/a.yaml": vpc()}, fabric)
    (copy,) = [path for path in files if path.startswith(".hnp/archive/")]
    assert copy.endswith("/raw/a.yaml")
    assert files[copy] == vpc()


def test_an_absolute_link_leaves_the_repository() -> None:
    plan = plan_ingestion(_with_links({"raw/a.yaml": "/etc/passwd"}), PROD)
    assert rules_of(plan.findings) == {"LAYOUT-013"}


def test_a_file_with_unchanged_objects_and_foreign_ones_counts_as_unchanged() -> None:
    plan = plan_of({HOME: vpc(), "raw/a.yaml": stream(vpc(), config_map())})
    assert outcome_of(plan, "raw/a.yaml").result is FileResult.UNCHANGED
    assert "unmanaged/a.yaml" in written(plan)


def test_a_link_that_leaves_the_repository_is_an_error_and_one_inside_is_not_followed() -> None:
    plan = plan_ingestion(
        _with_links({"raw/a.yaml": "../../../../etc/passwd", "raw/b.yaml": "../unmanaged/x.yaml"}), PROD
    )
    assert rules_of(plan.findings, "raw/a.yaml") == {"LAYOUT-013"}
    assert rules_of(plan.findings, "raw/b.yaml") == {"LAYOUT-014"}
    assert plan.changes == ()
    assert not plan.unreadable


@pytest.mark.parametrize("path", [HOME, "managed/vpcs", "managed", "active", "active/site"])
def test_a_link_where_objects_are_read_may_hide_them(path: str) -> None:
    plan = plan_ingestion(_with_links({path: "../elsewhere"}), fabric_with(IngestSettings(layout_roots=("active",))))
    assert plan.unreadable
    assert outcome_of(plan, path).result is FileResult.REJECTED
    assert rules_of(plan.findings) == {"LAYOUT-014"}


def test_an_edited_file_in_unmanaged_is_never_overwritten() -> None:
    first = after({"raw/a.yaml": config_map("new"), "unmanaged/a.yaml": config_map("old")})
    (copy,) = [path for path in first if path not in {"unmanaged/a.yaml", "raw/.gitkeep"}]
    second = after({**first, copy: config_map("edited"), "raw/a.yaml": config_map("new")})
    assert sorted(text for path, text in second.items() if path.startswith("unmanaged/")) == sorted(
        config_map(name) for name in ("old", "edited", "new")
    )


def test_unmanaged_files_that_differ_only_in_case_are_kept_apart() -> None:
    files = after({"raw/A.yaml": config_map("one"), "unmanaged/a.yaml": config_map("two")})
    assert "unmanaged/A.yaml" not in files
    assert config_map("one") in files.values()


def test_a_file_that_was_not_read_is_an_error_and_stays() -> None:
    file = SourceFile(path="raw/a.yaml", blob="0" * 40, mode=FileMode.FILE, size=9, data=None, problem="no permission")
    plan = plan_ingestion(Tree(revision="r", directory="d", files={file.path: file}), PROD)
    assert rules_of(plan.findings) == {"INGEST-001"}
    assert outcome_of(plan, "raw/a.yaml").result is FileResult.REJECTED


def test_b01_a_missing_directory_is_an_error_that_names_the_revision() -> None:
    plan = plan_ingestion(tree_of({}, directory="fabrics/pord", revision="abc123"), PROD)
    (finding,) = plan.findings
    assert (finding.rule, finding.severity) == ("LAYOUT-001", Severity.ERROR)
    assert "abc123" in finding.message
    assert "fabrics/pord" in finding.message
    assert plan.unreadable


def test_a_newer_layout_is_left_alone() -> None:
    files = {".hnp/manifest.yaml": manifest_text("prod").replace('"1.0"', '"2.0"'), "raw/a.yaml": vpc()}
    plan = plan_of(files)
    assert plan.changes == ()
    assert plan.unreadable
    assert "LAYOUT-008" in rules_of(plan.findings)


def test_paths_that_differ_only_in_case_are_named() -> None:
    plan = plan_of({HOME: vpc(), "managed/vpcs/VPC-1.yaml": vpc()})
    assert "LAYOUT-012" in rules_of(plan.findings)
    assert deleted(plan) == ["managed/vpcs/VPC-1.yaml"]


def _with_links(links: dict[str, str]) -> Tree:
    files = {
        path: SourceFile(
            path=path, blob=git_blob_id(target.encode()), mode=FileMode.SYMLINK, size=len(target), data=target.encode()
        )
        for path, target in links.items()
    }
    return Tree(revision="r", directory="fabrics/prod", files=files)


def test_of_two_managed_copies_the_comments_of_the_one_at_home_survive_an_edit() -> None:
    home = vpc("prod").replace("v1beta1", "v1alpha2").replace("kind: VPC", "kind: VPC   # ours since 2024")
    found = after({"managed/vpcs/prod.yaml": home, "managed/vpcs/prod-1.yaml": vpc("prod")})
    assert "# ours since 2024" in found["managed/vpcs/prod.yaml"]
    assert "managed/vpcs/prod-1.yaml" not in found
