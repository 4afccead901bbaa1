"""PyYAML's event stream: libyaml's where it is there, else the pure parser with one warning. PyYAML's only home."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any, Protocol, cast

import yaml

ScalarEvent = yaml.ScalarEvent
MappingStartEvent = yaml.MappingStartEvent
MappingEndEvent = yaml.MappingEndEvent
SequenceStartEvent = yaml.SequenceStartEvent
SequenceEndEvent = yaml.SequenceEndEvent
AliasEvent = yaml.AliasEvent
StreamEndEvent = yaml.StreamEndEvent
YAMLError = yaml.YAMLError
MarkedYAMLError = yaml.MarkedYAMLError


class EventStream(Protocol):
    """Where events come from, one at a time."""

    def get_event(self) -> Any:
        """The next event; `YAMLError` where the text is no YAML."""
        ...


def events(text: str) -> EventStream:
    """The event stream of one text."""
    return cast("EventStream", _parser()(text))


@cache
def _parser() -> Any:
    if yaml.__with_libyaml__:
        return yaml.cyaml.CParser  # type: ignore[attr-defined]  # there whenever libyaml is
    warnings.warn("PyYAML was installed without libyaml: reading YAML is about ten times slower", stacklevel=2)
    return _PureParser


class _PureParser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
    """The parts of PyYAML's pure loader that make events."""

    def __init__(self, text: str) -> None:
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)

    def scan_to_next_token(self) -> None:
        """Skip blanks, comments and line ends; unlike PyYAML's own, tabs too wherever libyaml takes them."""
        while True:
            while self.peek() == " " or (self.peek() == "\t" and (self.flow_level or not self.allow_simple_key)):
                self.forward()
            if self.peek() == "#":
                while self.peek() not in _LINE_ENDS:
                    self.forward()
            if not self.scan_line_break():  # type: ignore[no-untyped-call]  # PyYAML's own
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def fetch_value(self) -> None:
        """A colon; like libyaml, none that ends a plain scalar inside brackets without a blank after it."""
        last = self.tokens[-1] if self.tokens else None
        is_glued = isinstance(last, yaml.ScalarToken) and last.plain and last.end_mark.index == self.index
        if self.flow_level and is_glued and self.peek(1) in _INDICATORS:
            raise yaml.scanner.ScannerError(None, None, "found unexpected ':'", self.get_mark())
        super().fetch_value()


_INDICATORS = ",?[]{}"
_LINE_ENDS = "\0\r\n\x85\u2028\u2029"
