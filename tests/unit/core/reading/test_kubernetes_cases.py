"""84 texts and as many odd ones, each read as Kubernetes reads it, by libyaml and by the pure parser."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from hedgehog_gitops.core.reading import events, read_documents
from hedgehog_gitops.model.finding import has_errors

DATA = Path(__file__).parents[3] / "data/yaml"


def recorded(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))["cases"]
    return cases


CASES = recorded("kubernetes_cases")
EDGES = recorded("kubernetes_edge_cases")


@pytest.fixture(params=["libyaml", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Both parsers; the choice is made anew for each."""
    monkeypatch.setattr(yaml, "__with_libyaml__", request.param == "libyaml")
    events._parser.cache_clear()  # noqa: SLF001 - the choice is cached for the process
    yield str(request.param)
    events._parser.cache_clear()  # noqa: SLF001 - and has to be made again afterwards


def test_there_are_all_84_cases() -> None:
    assert len(CASES) == 84


@pytest.mark.usefixtures("parser")
@pytest.mark.filterwarnings("ignore:PyYAML was installed without libyaml")
@pytest.mark.parametrize("case", [*CASES, *EDGES], ids=[case["name"] for case in [*CASES, *EDGES]])
def test_a_text_is_read_as_kubernetes_reads_it(case: dict[str, Any]) -> None:
    result = read_documents(case["text"].encode("utf-8", "surrogatepass"), "case.yaml")

    if case["refused"]:
        assert has_errors(result.findings)
        assert result.findings[0].origin.line >= 1
        return
    value = result.documents[0].value if result.documents else "no document"
    assert json.dumps(value, sort_keys=True) == json.dumps(case["reads"], sort_keys=True)


def test_without_libyaml_there_is_one_warning_however_much_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    events._parser.cache_clear()  # noqa: SLF001 - see above
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for _ in range(3):
            read_documents(b"a: &a 1\n---\nb: &b 2\n", "x.yaml")
    events._parser.cache_clear()  # noqa: SLF001 - see above
    assert [str(each.message)[:30] for each in told] == ["PyYAML was installed without l"]
