"""Values as YAML text: whole documents (`emitting`), and edits that keep a person's comments and style (`editing`).

Both are loaded when something is to be written: most runs only read.
"""

from __future__ import annotations

from hedgehog_gitops.model.errors import NotRepresentableError
from hedgehog_gitops.model.plain import JsonObject

__all__ = ["NotRepresentableError", "edit_document", "to_yaml"]


def to_yaml(value: JsonObject) -> str:
    """One document in block style, keys in the given order, without a separator."""
    from hedgehog_gitops.core.writing import emitting  # noqa: PLC0415 - see above

    return emitting.to_yaml(value)


def edit_document(text: str, target: JsonObject) -> str:
    """The text of one document edited so that it reads as the target; `NotRepresentableError` if that cannot be."""
    from hedgehog_gitops.core.writing import editing  # noqa: PLC0415 - see above

    return editing.edit_document(text, target)
