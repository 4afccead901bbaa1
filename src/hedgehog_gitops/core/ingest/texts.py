"""The text of each document of a file, with the comments that belong to it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hedgehog_gitops.model.document import Document


def document_texts(file_text: str, documents: Sequence[Document]) -> tuple[str, ...]:
    """Each document's text as a file of its own, in parallel to `documents`; "" for an empty one.

    Comments before a document go with it, comments after the last one with the last. Separators are dropped, and line
    ends are plain newlines.
    """
    texts: list[str] = []
    carried, end = "", 0
    for document in documents:
        carried += _comments(file_text[end : document.start])
        body, end = file_text[document.start : document.end], document.end
        if document.value is None:
            carried += _comments(body)
            texts.append("")
        else:
            texts.append(carried + body)
            carried = ""
    return _finished(texts, carried + _comments(file_text[end:]))


def _finished(texts: list[str], tail: str) -> tuple[str, ...]:
    """The texts with what is left at the end of the file given to the last that has any."""
    last = max((index for index, text in enumerate(texts) if text), default=-1)
    if last >= 0 and tail.strip():
        texts[last] = ended(texts[last]) + tail
    return tuple(_opened(ended(text.replace("\r\n", "\n"))) if text else "" for text in texts)


def _opened(text: str) -> str:
    """The text without blank lines and a separator in front; comments before the separator stay."""
    return _FRONT.sub(r"\1\2", text.lstrip("\n"), count=1)


_FRONT = re.compile(r"\A((?:[ \t]*#.*\n|[ \t]*\n)*)---[ \t]*(#.*\n)?\n?")


def ended(text: str) -> str:
    """The text with a line end at its end."""
    return text if text.endswith("\n") else text + "\n"


def _comments(gap: str) -> str:
    """The comment lines between two documents, without separators, directives and blank lines around them."""
    lines: list[str] = []
    for line in gap.splitlines():
        is_separator = line.startswith(("---", "..."))
        rest = line[3:].strip() if is_separator else line
        if rest.lstrip().startswith("#"):
            lines.append(rest)
        elif lines and not is_separator and not rest.strip():
            lines.append("")
    return "".join(f"{line}\n" for line in lines)
