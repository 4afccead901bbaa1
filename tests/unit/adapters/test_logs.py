from __future__ import annotations

import io
import json
import logging

from hedgehog_gitops.adapters.logs import logging_to, tell, tell_message


def test_a_record_of_another_library_becomes_a_message_on_one_line() -> None:
    stream = io.StringIO()
    with logging_to(stream, "json", is_verbose=False):
        logging.getLogger("urllib3").warning("a %s\nline", "second")
        logging.getLogger("urllib3").info("not worth a line")
        tell("odd", value='a "b"\n\x1b[2J')
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(line["level"], line["event"]) for line in lines] == [("warning", "message"), ("info", "odd")]
    assert (lines[0]["message"], lines[0]["logger"]) == ("a second\nline", "urllib3")
    assert lines[1]["value"] == 'a "b"\n\x1b[2J'


def test_text_cannot_be_forged_by_what_it_tells() -> None:
    stream = io.StringIO()
    with logging_to(stream, "text", is_verbose=False):
        tell("run.finished", fabric="lab", reason="x\n2026-01-01 info run.finished fabric=prod", counts={})
        tell_message("two\nlines\u2028")
    first, second = stream.getvalue().splitlines()
    assert first.endswith(' info run.finished fabric=lab reason="x\\n2026-01-01 info run.finished fabric=prod"')
    assert second.endswith(' info message message="two\\nlines\\u2028"')


def test_afterwards_nothing_is_heard() -> None:
    stream = io.StringIO()
    with logging_to(stream, "json", is_verbose=True):
        assert logging.getLogger("hedgehog_gitops").isEnabledFor(logging.DEBUG)
    tell("late")
    assert stream.getvalue() == ""
    assert not logging.getLogger("hedgehog_gitops").isEnabledFor(logging.INFO)
