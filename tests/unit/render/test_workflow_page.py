from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from e2e.workflow_commands import hear
from fakes.hostile import CANARIES
from fakes.many_changes import hostile_plan, many_changes, plan_of
from hedgehog_gitops.core.workflow.marking import Mark, mark_of, mark_text
from hedgehog_gitops.model.finding import Finding, Origin, Severity
from hedgehog_gitops.model.workflow import Found, Occasion, Reason, Trouble
from hedgehog_gitops.render.github import commands, silenced
from hedgehog_gitops.render.plan_text import plan_text
from hedgehog_gitops.render.workflow_page import comment_text, parts_of, resolved_text, summary_text

OCCASION = Occasion(repository="acme/network", revision="c" * 40, server="https://github.test", run=7)
MARK = mark_text(Mark(about="plan", key=".:lab"))
TAGS = {"h3", "p", "ul", "li", "strong", "code", "sub", "a", "br", "pre", "details", "summary"}
each_canary = pytest.mark.parametrize("text", CANARIES.values(), ids=CANARIES)


class Page(HTMLParser):
    """What a browser would make of a text that GitHub rendered."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.said += data


def page(markdown: str) -> Page:
    """The text rendered as GitHub does it: tables, links out of bare addresses, HTML that passes through."""
    made = Page()
    made.feed(MarkdownIt("gfm-like", {"linkify": False}).render(markdown))
    return made


def comment(found: Found) -> str:
    (part, _) = parts_of(found, [("lab", "fabrics/lab")])
    return comment_text(part, OCCASION, MARK)


def found_of(text: str) -> Found:
    about = Origin(path=f"fabrics/lab/{text}")
    finding = Finding(rule="YAML-001", severity=Severity.ERROR, origin=about, message=text, hint=text)
    trouble = Trouble(reason=Reason.UNREACHABLE, message=text, fabric="lab")
    return Found(plans=(hostile_plan(text),), findings=(finding,), troubles=(trouble,), ages={"lab": text})


@each_canary
def test_text_from_outside_is_text_in_comments_and_summaries(text: str) -> None:
    """Issue 8, it must show 3: no tag, no link, no table, no mention, no heading of anybody else."""
    assert_harmless(text)


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/`|*_~[]()!#@&;:-= \n\r\t\\a$1{}\u202e\"'"), max_size=40))
def test_no_mix_of_signs_is_more_than_text(text: str) -> None:
    assert_harmless(text)


def assert_harmless(text: str) -> None:
    for shown in (comment(found_of(text)), summary_text(parts_of(found_of(text), [("lab", "fabrics/lab")]), OCCASION)):
        made = page(shown)
        assert set(made.tags) <= TAGS
        assert set(made.links) == {OCCASION.run_url}
        assert made.tags.count("h3") == 1 + shown.count("all fabrics")
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", shown)
        assert not re.search(r"(^|[^\w&])[@#]\w", made.said.replace("#\u200b", "")) or "<!-- -->" in shown


@each_canary
def test_a_log_and_annotations_hold_no_command_of_others(text: str) -> None:
    """Issue 8, it must show 3: also not one that ends the silence."""
    found = found_of(text)
    heard = hear(
        silenced(plan_text(found.plans[0]), "a-token")
        + commands(found.findings, [(Severity.ERROR, trouble.message) for trouble in found.troubles])
    )
    assert [each.kind for each in heard.annotations] == ["error", "error"]
    assert heard.masks == []


def test_a_plan_of_two_thousand_changes_fits_and_says_the_most_important_first() -> None:
    """Issue 8, it must show 5."""
    found = Found(plans=(many_changes(2_000),))
    told = comment(found)
    assert len(told) <= 60_000
    order = [told.index(word) for word in ("contested</code>", "gone</code>", "moved</code>", "vpc-00000</code>")]
    assert order == sorted(order)
    assert "1998 to create" in told
    assert told.count("was <code>") >= 2, "conflict and drift are told field by field"
    assert "```mermaid" in told
    shown = len(re.findall(r"^- ", told, re.MULTILINE)) - 1
    assert f"{2_001 - shown} more" in told
    assert set(page(told).tags) <= TAGS


def test_a_summary_of_very_many_changes_stays_below_a_mebibyte() -> None:
    """Issue 8, scope: a summary of a mebibyte is dropped whole; details go first, then rows."""
    parts = parts_of(Found(plans=(many_changes(2_000),)), [("lab", "fabrics/lab")])
    whole = summary_text(parts, OCCASION)
    assert "vpc-01997" in whole
    assert len(whole.encode()) < 1024 * 1024
    parts = parts_of(Found(plans=(many_changes(9_000),)), [("lab", "fabrics/lab")])
    cut = summary_text(parts, OCCASION)
    assert 1_000_000 < len(cut.encode()) < 1024 * 1024
    assert "more, the less important ones" in cut


@pytest.mark.parametrize("room", [0, 100, 1_000, 5_000, 50_000])
def test_a_summary_fits_into_whatever_is_left(room: int) -> None:
    parts = parts_of(Found(plans=(many_changes(500),)), [("lab", "fabrics/lab")])
    assert len(summary_text(parts, OCCASION, room).encode()) <= room


def test_details_are_told_where_there_is_room() -> None:
    told = comment(Found(plans=(many_changes(20),)))
    assert "reaches 1 server" in told
    assert "by moved in 01234567 on 2026-11-25" in told


def test_nothing_to_do_resolves_a_comment() -> None:
    (part, _) = parts_of(Found(plans=(plan_of(),)), [("lab", "fabrics/lab")])
    assert part.is_clean
    assert mark_of(resolved_text(part, OCCASION, MARK)) == Mark(about="plan", key=".:lab")
