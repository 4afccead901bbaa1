from __future__ import annotations

import pytest

from hedgehog_gitops.core.layout import Area, case_collisions, classify_path, managed_path
from hedgehog_gitops.model.kind import USER_KINDS, VPC, WIRING, ObjectKey


def _key(name: str, namespace: str = "default", kind: str = "VPC", group: str = VPC) -> ObjectKey:
    return ObjectKey(group=group, kind=kind, namespace=namespace, name=name)


@pytest.mark.parametrize(
    ("key", "path"),
    [
        (_key("vpc-1"), "managed/vpcs/vpc-1.yaml"),
        (_key("a.b"), "managed/vpcs/a.b.yaml"),
        (_key("b-c", "a"), "managed/vpcs/a_b-c.yaml"),
        (_key("c", "a-b"), "managed/vpcs/a-b_c.yaml"),
        (_key("leaf-01", kind="Switch", group=WIRING), "managed/switches/leaf-01.yaml"),
    ],
)
def test_the_home_of_an_object_follows_from_its_identity(key: ObjectKey, path: str) -> None:
    assert managed_path(key) == path


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("README.md", Area.IGNORED),
        ("prepop.yaml", Area.RAW),
        ("hedgehog-gitops.yaml", Area.IGNORED),
        (".pre-commit-config.yaml", Area.IGNORED),
        ("raw/a/b/c.YAML", Area.RAW),
        ("raw/a.json", Area.IGNORED),
        ("raw/.x.yaml", Area.IGNORED),
        ("raw/pending/a.yml", Area.RAW),
        ("raw/processed/a.yaml", Area.LEGACY),
        ("raw/errors/a_error.json", Area.LEGACY),
        ("raw/a.yaml.archived", Area.LEGACY),
        ("raw/a.yml.archived.12", Area.LEGACY),
        ("managed/vpcs/a.yaml", Area.MANAGED),
        ("managed/vpcs/deep/a.yaml", Area.MANAGED),
        ("managed/a.yaml", Area.MANAGED),
        ("managed/tests/a.yaml", Area.MANAGED),
        ("managed/vpcs/.gitkeep", Area.IGNORED),
        ("managed/vpcs/notes.txt", Area.IGNORED),
        ("managed/metadata/directory-info.json", Area.LEGACY),
        ("unmanaged/a.yaml", Area.UNMANAGED),
        (".hnp/manifest.yaml", Area.METADATA),
        ("test/a.yaml", Area.STRAY),
        ("test/a.txt", Area.IGNORED),
        ("raw", Area.IGNORED),
    ],
)
def test_a_path_says_what_its_file_is_for(path: str, area: Area) -> None:
    assert classify_path(path).area is area


def test_read_roots_are_read_in_place() -> None:
    assert classify_path("active/a.yaml", ("active/",)).area is Area.READ_ROOT
    assert classify_path("active-2/a.yaml", ("active",)).area is Area.STRAY


@pytest.mark.parametrize(
    ("synonym", "directory"),
    [
        ("switch-groups", "switchgroups"),
        ("vpc-attachments", "vpcattachments"),
        ("external-attachments", "externalattachments"),
        ("external-peerings", "externalpeerings"),
        ("ipv4-namespaces", "ipv4namespaces"),
        ("vlan-namespaces", "vlannamespaces"),
        ("vpc-peerings", "vpcpeerings"),
        ("switchs", "switches"),
    ],
)
def test_b09_older_kind_directories_stand_for_the_registered_ones(synonym: str, directory: str) -> None:
    place = classify_path(f"managed/{synonym}/a.yaml")
    assert (place.area, place.synonym, place.canonical) == (
        Area.MANAGED,
        f"managed/{synonym}",
        f"managed/{directory}",
    )


@pytest.mark.parametrize("kind", USER_KINDS, ids=lambda kind: kind.kind)
def test_b30_a_kinds_directory_is_its_registered_plural(kind: object) -> None:
    assert any(classify_path(f"managed/{each.plural}/a.yaml").kind is kind for each in USER_KINDS)


def test_case_collisions_are_pairs_in_order() -> None:
    assert case_collisions(("b", "a/X", "a/x")) == (("a/X", "a/x"),)
