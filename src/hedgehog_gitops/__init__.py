"""Validate, plan and apply the GitOps directory of a Hedgehog open-network fabric.

The public names are loaded when they are first used, so that importing the package is fast and loads no client.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hedgehog_gitops.assembly.api import (
        apply_plan,
        ensure_gitops_structure,
        execute_fabric_sync,
        ingest_fabric_raw_files,
        make_plan,
        needs_sync,
        normalize,
        validate,
    )
    from hedgehog_gitops.assembly.configuration import load_settings
    from hedgehog_gitops.core.reading import read_documents
    from hedgehog_gitops.core.webhooks import (
        WebhookCheck,
        check_github_webhook,
        check_gitlab_webhook,
        check_netbox_webhook,
        refuse_replay,
    )
    from hedgehog_gitops.model.document import Document, Limits, ReadResult
    from hedgehog_gitops.model.errors import (
        FileMovedError,
        HedgehogGitopsError,
        LeaseLostError,
        LockHeldError,
        PushRejectedError,
        SettingsError,
        StalePlanError,
        UnreachableError,
        UsageError,
    )
    from hedgehog_gitops.model.finding import Finding, Origin, Related, Severity
    from hedgehog_gitops.model.kind import Kind, ObjectKey
    from hedgehog_gitops.model.plan import Action, Agreement, Change, FieldChange, HeldBack, Plan, Verdict
    from hedgehog_gitops.model.report import Summary, Validation
    from hedgehog_gitops.model.settings import Fabric, FabricConstants, Settings
    from hedgehog_gitops.model.snapshot import Manifest, Snapshot
    from hedgehog_gitops.model.state import Outcome, SyncResult, SyncState, SyncStatus, Trigger

__all__ = [
    "Action",
    "Agreement",
    "Change",
    "Document",
    "Fabric",
    "FabricConstants",
    "FieldChange",
    "FileMovedError",
    "Finding",
    "HedgehogGitopsError",
    "HeldBack",
    "Kind",
    "LeaseLostError",
    "Limits",
    "LockHeldError",
    "Manifest",
    "ObjectKey",
    "Origin",
    "Outcome",
    "Plan",
    "PushRejectedError",
    "ReadResult",
    "Related",
    "Settings",
    "SettingsError",
    "Severity",
    "Snapshot",
    "StalePlanError",
    "Summary",
    "SyncResult",
    "SyncState",
    "SyncStatus",
    "Trigger",
    "UnreachableError",
    "UsageError",
    "Validation",
    "Verdict",
    "WebhookCheck",
    "apply_plan",
    "check_github_webhook",
    "check_gitlab_webhook",
    "check_netbox_webhook",
    "ensure_gitops_structure",
    "execute_fabric_sync",
    "ingest_fabric_raw_files",
    "load_settings",
    "make_plan",
    "needs_sync",
    "normalize",
    "read_documents",
    "refuse_replay",
    "validate",
]

_VERBS = {
    "load_settings": "assembly.configuration",
    "read_documents": "core.reading",
    **dict.fromkeys(
        (
            "WebhookCheck",
            "check_github_webhook",
            "check_gitlab_webhook",
            "check_netbox_webhook",
            "refuse_replay",
        ),
        "core.webhooks",
    ),
    **dict.fromkeys(
        (
            "apply_plan",
            "ensure_gitops_structure",
            "execute_fabric_sync",
            "ingest_fabric_raw_files",
            "make_plan",
            "needs_sync",
            "normalize",
            "validate",
        ),
        "assembly.api",
    ),
}
_NOUNS = ("document", "errors", "finding", "kind", "plan", "report", "settings", "snapshot", "state")


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    homes = (_VERBS[name],) if name in _VERBS else tuple(f"model.{noun}" for noun in _NOUNS)
    for home in homes:
        module = import_module(f"{__name__}.{home}")
        if hasattr(module, name):
            return getattr(module, name)
    raise AttributeError(name)  # pragma: no cover - a test imports every public name
