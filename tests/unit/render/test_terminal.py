from __future__ import annotations

from hedgehog_gitops.model.finding import Finding, Origin, Severity
from hedgehog_gitops.model.report import Validation, summarize
from hedgehog_gitops.render.terminal import validation_terminal

FOUND = Finding(
    rule="VPC-021",
    severity=Severity.ERROR,
    origin=Origin(path="a.yaml", line=7, column=9, end_line=7, end_column=13),
    message="the VLAN is taken",
    hint="take another one",
)


def shown(line: str | None, finding: Finding = FOUND, *, width: int = 80, colours: bool = False) -> str:
    validation = Validation(findings=(finding,), summary=summarize((finding,), files=1, documents=1, objects=1))
    return validation_terminal(validation, lambda _path, _line: line, width=width, has_colours=colours)


def excerpt(line: str, finding: Finding = FOUND, width: int = 80) -> list[str]:
    return shown(line, finding, width=width).splitlines()[1:3]


def at(column: int, end_column: int, end_line: int = 7) -> Finding:
    origin = Origin(path="a.yaml", line=7, column=column, end_line=end_line, end_column=end_column)
    return FOUND._replace(origin=origin)


def test_the_source_line_stands_below_with_what_is_meant_underlined() -> None:
    assert shown("  vlan: 1001  # taken") == (
        "a.yaml:7:9: error VPC-021 the VLAN is taken\n"
        "  7 |   vlan: 1001  # taken\n"
        "    |         ^^^^\n"
        "    → take another one\n"
        "1 file and 1 object: 1 error\n"
    )


def test_where_the_line_cannot_be_read_the_plain_form_stays() -> None:
    assert shown(None).splitlines()[1] == "    → take another one"


def test_wide_characters_count_twice_and_tabs_go_to_their_stop() -> None:
    assert excerpt("名: x", at(4, 5))[1] == "    |     ^"
    assert excerpt("é: x", at(4, 5))[0] == "  7 | é: x"
    assert excerpt("e\u0301: x", at(5, 6))[1] == "    |    ^"
    assert excerpt("a\tb: x", at(3, 4)) == ["  7 | a   b: x", "    |     ^"]


def test_what_cannot_be_printed_is_spelled_out_and_the_mark_still_fits() -> None:
    assert excerpt("a\x1b[1m: x", at(8, 9)) == ["  7 | a\\x1b[1m: x", "    |           ^"]


def test_a_value_of_several_lines_is_marked_to_the_end_of_its_first() -> None:
    assert excerpt("  a: [1,", at(6, 3, end_line=9))[1] == "    |      ^^^"


def test_a_place_without_an_end_is_one_mark() -> None:
    assert excerpt("abc", FOUND._replace(origin=Origin(path="a.yaml", line=7, column=2)))[1] == "    |  ^"


def test_a_place_behind_the_line_is_marked_at_its_end() -> None:
    assert excerpt("ab", at(9, 13))[1] == "    |   ^"


def test_a_long_line_is_cut_around_the_place() -> None:
    line, mark = excerpt("a" * 500 + "XYZ" + "b" * 500, at(501, 504), width=60)
    assert len(line) <= 60
    assert line.startswith("  7 | …")
    assert line.endswith("…")
    assert line[mark.index("^") : mark.rindex("^") + 1] == "XYZ"


def test_colours_mark_the_severity_and_the_place_alone() -> None:
    lines = shown("  vlan: 1001", colours=True).splitlines()
    assert lines[0] == "a.yaml:7:9: \x1b[31merror\x1b[0m VPC-021 the VLAN is taken"
    assert lines[2] == "    |         \x1b[31m^^^^\x1b[0m"
