"""Objects that somebody deleted and that finalizers still hold: there, and no longer to be built on."""

from __future__ import annotations

from hedgehog_gitops.model.plain import JsonObject, as_list, as_object, as_text


def is_dying(value: JsonObject) -> bool:
    """True for an object whose deletion has been accepted: nothing takes that back."""
    return bool(as_object(value.get("metadata")).get("deletionTimestamp"))


def why_dying(value: JsonObject) -> str:
    """Since when a dying object is being deleted, and what it waits for."""
    metadata = as_object(value.get("metadata"))
    since = as_text(metadata.get("deletionTimestamp"))
    holders = ", ".join(as_text(each) for each in as_list(metadata.get("finalizers")))
    return f"it is being deleted since {since}" + (f", and finalizers still hold it: {holders}" if holders else "")
