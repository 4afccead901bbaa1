"""Findings that a person has decided to live with, by a comment in the file or by an entry of the configuration.

`comments` finds the comments of a file, `outline` knows which lines a comment stands for, `settling` takes the findings
away that they name and tells which of them are of no use. What an object's own place in the set depends on (YAML, who
it is, what was taken in) cannot be ignored: see `names`.
"""

from __future__ import annotations

from hedgehog_gitops.core.suppression.comments import MARKER, Comments, read_comments
from hedgehog_gitops.core.suppression.settling import (
    Settled,
    comments_in,
    fabric_comments,
    settle,
    unless_ignored,
    unused,
)

__all__ = [
    "MARKER",
    "Comments",
    "Settled",
    "comments_in",
    "fabric_comments",
    "read_comments",
    "settle",
    "unless_ignored",
    "unused",
]
