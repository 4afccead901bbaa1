from collections import Counter

import pytest

from generated_fabric import generate_fabric, texts
from hedgehog_gitops.adapters.package_release import package_release
from hedgehog_gitops.core.reading import read_documents
from hedgehog_gitops.model.document import Limits
from hedgehog_gitops.model.settings import FabricConstants
from hedgehog_gitops.model.tree import FileMode, SourceFile, Tree
from hedgehog_gitops.usecases.validate import validate_tree


@pytest.mark.parametrize(
    ("vpcs", "leaves", "gateways"), [(0, 2, 0), (40, 8, 1), (520, 132, 0)], ids=["smallest", "gateway", "two planes"]
)
def test_a_generated_fabric_is_valid(vpcs: int, leaves: int, gateways: int) -> None:
    data = "---\n".join(texts(generate_fabric(vpcs=vpcs, leaves=leaves, gateways=gateways))).encode()
    file = SourceFile(path="all.yaml", blob="", mode=FileMode.FILE, size=len(data), data=data)
    tree = Tree(revision="worktree", directory="", files={file.path: file})
    constants = FabricConstants(gateway=gateways > 0)
    assert validate_tree(tree, package_release(), constants, Limits()).findings == ()


def test_the_written_form_means_the_objects() -> None:
    objects = generate_fabric(vpcs=30, leaves=4, gateways=1)
    result = read_documents("---\n".join(texts(objects)).encode(), "all.yaml")
    assert result.findings == ()
    assert [document.value for document in result.documents] == objects


def test_every_kind_of_a_users_fabric_is_there() -> None:
    counts = Counter(each["kind"] for each in generate_fabric(vpcs=1000, leaves=120, gateways=1))
    assert counts["VPC"] == 1000
    assert counts["Switch"] == 124
    assert counts.total() == pytest.approx(5500, abs=200)
    assert len(counts) == 15
