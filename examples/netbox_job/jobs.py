"""Jobs of a NetBox plugin (NetBox 4.4 or newer) that sync fabrics: put this beside the plugin's `__init__.py`.

Import it in the plugin's `ready()`, so that NetBox knows the jobs. NetBox repeats the first one every minute; which
fabric is due is decided where every trigger decides it, so a second NetBox, cron or `schedule` beside it do no harm.
"""

from __future__ import annotations

from typing import Any

from netbox.jobs import JobRunner, system_job

from hedgehog_gitops import Trigger

from .syncing import sync_all, sync_one

CONFIG = "/srv/network/hedgehog-gitops.yaml"


@system_job(interval=1)
class SyncDueFabrics(JobRunner):
    """Every minute: whatever is due."""

    class Meta:
        """As NetBox shows it."""

        name = "Sync due Hedgehog fabrics"

    def run(self, *_args: Any, **_kwargs: Any) -> None:
        """Keep what happened with the job."""
        self.job.data = sync_all(CONFIG, self.logger)


class SyncFabric(JobRunner):
    """One fabric, now: `SyncFabric.enqueue(fabric="prod", user=request.user)` behind a button."""

    class Meta:
        """As NetBox shows it."""

        name = "Sync a Hedgehog fabric"

    def run(self, *_args: Any, fabric: str, **_kwargs: Any) -> None:
        """Keep what happened with the job."""
        self.job.data = sync_one(CONFIG, fabric, self.logger, Trigger.MANUAL)
