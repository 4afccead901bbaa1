"""Who is told of a change of status, with address and secret from where the configuration says they are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from hedgehog_gitops.adapters.logs import tell, warn
from hedgehog_gitops.adapters.notification import Recipient, post
from hedgehog_gitops.assembly.endpoints import open_state
from hedgehog_gitops.core.status import status_left
from hedgehog_gitops.core.webhooks import signature
from hedgehog_gitops.model.errors import HedgehogGitopsError
from hedgehog_gitops.model.settings import Fabric, NotifySettings, Settings
from hedgehog_gitops.model.state import Outcome, SyncResult, SyncStatus
from hedgehog_gitops.render.cloud_event import CONTENT_TYPE, status_event

SIGNATURE = "X-Hedgehog-Gitops-Signature-256"
_ENDED = frozenset({Outcome.APPLIED, Outcome.UNCHANGED, Outcome.PARTIAL, Outcome.FAILED})


def statuses_before(fabrics: Sequence[Fabric], settings: Settings) -> Mapping[str, SyncStatus]:
    """What each fabric's last run left behind, of fabrics that somebody is told about."""
    return dict(_left(fabrics, settings))


def notify(
    fabrics: Sequence[Fabric], settings: Settings, before: Mapping[str, SyncStatus], results: Sequence[SyncResult]
) -> None:
    """Tell of every status that a run changed. Whoever cannot be told fails no run."""
    known = {fabric.name: fabric.notify for fabric in fabrics}
    for result in results:
        target, previous = known.get(result.fabric), before.get(result.fabric)
        if target is None or previous is None or result.outcome not in _ENDED or result.status is previous:
            continue
        tell("status.changed", fabric=result.fabric, run_id=result.run_id, previous=previous, status=result.status)
        _deliver(result, previous, target, Path(settings.root))


def recipient(target: NotifySettings, root: Path) -> Recipient | str:
    """Where to, and signed with what; or what is missing, in words that hold no value."""
    url = target.url or os.environ.get(target.url_env, "")
    if not url:
        return f"the environment has no {target.url_env}, which is to hold the address"
    if target.secret_env:
        secret = os.environ.get(target.secret_env, "")
        return Recipient(url=url, secret=secret) if secret else f"the environment has no {target.secret_env}"
    try:
        secret = (root / target.secret_file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        return f"{target.secret_file} cannot be read ({type(error).__name__})"
    return Recipient(url=url, secret=secret) if secret else f"{target.secret_file} is empty"


def _left(fabrics: Sequence[Fabric], settings: Settings) -> Iterator[tuple[str, SyncStatus]]:
    for fabric in fabrics:
        if fabric.notify is not None:
            try:
                yield fabric.name, status_left(fabric, open_state(fabric, settings).load(fabric.name))
            except HedgehogGitopsError:  # the run says so itself
                continue


def _deliver(result: SyncResult, previous: SyncStatus, target: NotifySettings, root: Path) -> None:
    found = recipient(target, root)
    if isinstance(found, str):
        _warn(result, found, attempts=0)
        return
    body = status_event(result, previous)
    headers = {"Content-Type": CONTENT_TYPE, "User-Agent": "hedgehog-gitops", SIGNATURE: signature(body, found.secret)}
    delivery = post(found, body, headers)
    if delivery.reason:
        _warn(result, delivery.reason, attempts=delivery.attempts)
        return
    tell("notification.sent", fabric=result.fabric, run_id=result.run_id, attempts=delivery.attempts)


def _warn(result: SyncResult, reason: str, *, attempts: int) -> None:
    text = f"{result.fabric}: nobody was told that the status is {result.status.value} now: {reason}"
    warn(text, "notification.failed", fabric=result.fabric, run_id=result.run_id, attempts=attempts)
