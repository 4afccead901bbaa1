from __future__ import annotations

import pytest

from fakes.texts import after, stream, switch_group, vpc
from hedgehog_gitops.core.ingest.texts import document_texts
from hedgehog_gitops.core.reading import read_documents

A, B = vpc("a"), switch_group("b")
A_HOME, B_HOME = "managed/vpcs/a.yaml", "managed/switchgroups/b.yaml"


@pytest.mark.parametrize(
    ("file", "a", "b"),
    [
        (f"{A}---\n{B}", A, B),
        (f"---\n{A}---\n{B}---\n", A, B),
        (f"# head\n---\n{A}---\n{B}", f"# head\n{A}", B),
        (f"\n# head\n--- # one\n{A}---\n{B}", f"# head\n# one\n{A}", B),
        (f"# head\n\n# more\n{A}---\n# of b\n{B}# end\n", f"# head\n\n# more\n{A}", f"# of b\n{B}# end\n"),
        (f"{A}--- # of b\n{B}", A, f"# of b\n{B}"),
        (f"{A}---\n# lost?\n---\n{B}", A, f"# lost?\n{B}"),
        (f"{A}---\n{B}---\n# at the end\n", A, f"{B}# at the end\n"),
        ("\ufeff" + f"{A}---\n{B}", A, B),
        (f"{A}---\n{B}".replace("\n", "\r\n"), A, B),
        (f"{A}---\n{B.rstrip()}", A, B),
    ],
    ids=[
        "plain",
        "marked",
        "head",
        "two heads",
        "comments",
        "behind marker",
        "empty",
        "tail",
        "bom",
        "crlf",
        "no newline",
    ],
)
def test_each_document_goes_home_with_its_own_comments(file: str, a: str, b: str) -> None:
    files = after({"raw/x.yaml": file, "raw/.gitkeep": ""})
    assert (files[A_HOME], files[B_HOME]) == (a, b)


def test_a_block_scalar_keeps_its_last_line_ends() -> None:
    text = vpc("a", meta="  annotations:\n    keep: |+\n      one\n\n\n    strip: |-\n      two\n")
    assert after({"raw/x.yaml": stream(text, B), "raw/.gitkeep": ""})[A_HOME] == text


def test_text_after_a_block_scalar_at_the_end_of_the_file_does_not_change_its_value() -> None:
    spec = "spec: {}\nmetadata:\n  name: a\n  annotations:\n    last: |+\n      one\n\n"
    text = "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\n" + spec
    home = after({"raw/x.yaml": stream(text, B), "raw/.gitkeep": ""})[A_HOME]
    before = read_documents(text.encode(), "x").documents[0].value
    assert read_documents(home.encode(), "x").documents[0].value == before


def test_a_block_scalar_that_ends_with_the_file_keeps_its_value() -> None:
    text = (
        "apiVersion: vpc.githedgehog.com/v1beta1\nkind: VPC\nspec: {}\nmetadata:\n  name: a\n  annotations:\n"
        "    last: |\n      no line end"
    )
    home = after({"raw/x.yaml": stream(B, text), "raw/.gitkeep": ""})[A_HOME]
    before = read_documents(text.encode(), "x").documents[0].value
    assert read_documents(home.encode(), "x").documents[0].value == before
    assert home.endswith("\n")


def test_texts_are_in_parallel_to_the_documents() -> None:
    file = stream(A, "# empty\n", B)
    documents = read_documents(file.encode(), "x").documents
    assert document_texts(file, documents) == (A, "", "# empty\n" + B)
