"""Laws of ingestion: nothing is lost, nothing is done twice, and the plan's desired state is that of its result."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.memory_source import tree_of
from fakes.texts import BROKEN, agent, config_map, fabric_with, settled, stream, switch_group, texts_of, vpc
from hedgehog_gitops.core.canonical import canonical, digest
from hedgehog_gitops.core.identify import identify
from hedgehog_gitops.core.ingest import plan_ingestion
from hedgehog_gitops.core.layout import Area, classify_path
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.model.document import Document
from hedgehog_gitops.model.settings import Fabric, IngestSettings, OnConflict
from hedgehog_gitops.model.tree import Tree

names = st.sampled_from(["a", "b", "c"])
vlans = st.integers(min_value=1001, max_value=1003)
documents = st.one_of(
    st.builds(vpc, names, vlans),
    st.builds(vpc, names, vlans, meta=st.just("  namespace: lab\n")),
    st.builds(vpc, names, vlans, extra=st.just("status: {ready: true}\n")),
    st.builds(lambda name, vlan: vpc(name, vlan).replace("v1beta1", "v1alpha2"), names, vlans),
    st.builds(switch_group, names),
    st.builds(config_map, names),
    st.builds(agent, names),
    st.builds(lambda vlan: vpc("BAD_NAME", vlan), vlans),
    st.builds(lambda name: f"apiVersion: v1\nkind: List\nitems:\n- {{kind: VPC, metadata: {{name: {name}}}}}\n", names),
    st.builds(lambda name: vpc(name).replace("10.0.1.0/24", "[odd, {shape: null}]"), names),
    st.builds(lambda name: switch_group(name).replace("{}", "null"), names),
    st.just("# nothing here\n"),
    st.just("just: a mapping\n"),
)
contents = st.one_of(st.lists(documents, max_size=4).map(lambda parts: stream(*parts)), st.just(BROKEN))
paths = st.sampled_from(
    [
        "raw/a.yaml",
        "raw/b.YML",
        "raw/x/a.yaml",
        "raw/X/A.yaml",
        "raw/pending/a.yaml",
        "raw/processed/a.yaml",
        "raw/.gitkeep",
        "root.yaml",
        "managed/vpcs/a.yaml",
        "managed/vpcs/b.yaml",
        "managed/vpcs/a-1.yaml",
        "managed/vpcs/lab_a.yaml",
        "managed/switch-groups/a.yaml",
        "managed/switchgroups/a.yaml",
        "managed/other/a.yaml",
        "unmanaged/a.yaml",
        "unmanaged/x/a.yaml",
        "active/a.yaml",
        ".hnp/archive/old/raw/a.yaml",
    ]
)
trees = st.dictionaries(paths, contents, min_size=1, max_size=7).map(tree_of)
fabrics = st.builds(
    lambda policy, partial, copies, roots: fabric_with(
        IngestSettings(on_conflict=policy, partial=partial, archive_copies=copies, layout_roots=roots)
    ),
    st.sampled_from(OnConflict),
    st.booleans(),
    st.booleans(),
    st.sampled_from([(), ("active",)]),
)
many = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(trees, fabrics)
def test_b04_every_raw_document_is_found_again(tree: Tree, fabric: Fabric) -> None:
    found = _meanings(settled(tree, fabric), lambda _: True)
    waiting = _meanings(tree, lambda path: classify_path(path).area is Area.RAW)
    assert waiting <= found


@many
@given(trees, fabrics)
def test_b04_no_object_disappears_from_managed_without_a_newer_one(tree: Tree, fabric: Fabric) -> None:
    before = plan_ingestion(tree_of(_without_raw(tree)), fabric).snapshot.manifests
    assert before.keys() <= plan_ingestion(tree, fabric).snapshot.manifests.keys()


@many
@given(trees, fabrics)
def test_b03_a_second_run_changes_nothing(tree: Tree, fabric: Fabric) -> None:
    once = settled(tree, fabric)
    assert plan_ingestion(once, fabric).changes == ()


@many
@given(trees, fabrics)
def test_the_planned_desired_state_is_what_the_result_reads_as(tree: Tree, fabric: Fabric) -> None:
    planned = plan_ingestion(tree, fabric).snapshot.manifests
    reached = plan_ingestion(settled(tree, fabric), fabric).snapshot.manifests
    assert {key: manifest.value for key, manifest in planned.items()} == {
        key: manifest.value for key, manifest in reached.items()
    }


@many
@given(trees, fabrics)
def test_ingestion_makes_no_conflict_that_was_not_there(tree: Tree, fabric: Fabric) -> None:
    before = {finding.key for finding in plan_ingestion(tree, fabric).findings if finding.rule == "INGEST-004"}
    after = {
        finding.key
        for finding in plan_ingestion(settled(tree, fabric), fabric).findings
        if finding.rule == "INGEST-004"
    }
    assert after <= before


@many
@given(trees, fabrics)
def test_every_file_has_one_outcome_and_refused_files_keep_their_bytes(tree: Tree, fabric: Fabric) -> None:
    plan = plan_ingestion(tree, fabric)
    reported = [outcome.path for outcome in plan.files]
    silent = {Area.METADATA, Area.UNMANAGED}
    assert sorted(reported) == sorted(path for path in tree.files if classify_path(path).area not in silent)
    kept = {outcome.path for outcome in plan.files if outcome.result == "conflict"}
    assert not kept & {change.path for change in plan.changes}


@many
@given(trees, fabrics)
def test_what_is_unmanaged_or_archived_is_never_touched(tree: Tree, fabric: Fabric) -> None:
    after = texts_of(settled(tree, fabric))
    quiet = {path: text for path, text in texts_of(tree).items() if path.startswith(("unmanaged/", ".hnp/archive/"))}
    assert quiet.items() <= after.items()


@many
@given(trees, fabrics)
def test_b26_managed_and_unmanaged_never_mix(tree: Tree, fabric: Fabric) -> None:
    assert not _homes(tree, fabric) & {"unmanaged", ".hnp"}
    assert _homes(settled(tree, fabric), fabric) <= {"managed", "active"}


def _homes(tree: Tree, fabric: Fabric) -> set[str]:
    manifests = plan_ingestion(tree, fabric).snapshot.manifests.values()
    return {manifest.document.path.split("/")[0] for manifest in manifests}


def _without_raw(tree: Tree) -> dict[str, str]:
    return {path: text for path, text in texts_of(tree).items() if classify_path(path).area is not Area.RAW} | {
        "README.md": ""
    }


def _meanings(tree: Tree, wanted: Callable[[str], bool]) -> set[str]:
    """Who and what each document of the wanted files is, and the whole text of files that are no YAML."""
    return {
        meaning
        for path, text in texts_of(tree).items()
        if wanted(path) and not path.endswith(("archive-log.yaml", ".gitkeep"))
        for meaning in _of_file(path, text)
    }


def _of_file(path: str, text: str) -> set[str]:
    result = read_documents(text.encode(), path)
    if result.findings:
        return {text}
    return {essence for document in result.documents for essence in _essences(document)}


def _essences(document: Document) -> set[str]:
    """Who each object is and what it means, as ingestion compares objects; other documents by their value."""
    manifests = identify(document).manifests
    if not manifests:
        return {repr(document.value)} if document.value is not None else set()
    return {f"{each.key} {digest(canonical(each.kind, each.value, each.key.namespace))}" for each in manifests}
