"""Values as YAML text: whole documents (`emitting`), and edits that keep a person's comments and style (`editing`)."""

from __future__ import annotations

from hedgehog_gitops.core.writing.editing import edit_document
from hedgehog_gitops.core.writing.emitting import to_yaml
from hedgehog_gitops.model.errors import NotRepresentableError

__all__ = ["NotRepresentableError", "edit_document", "to_yaml"]
