"""What admission, and the traffic, say of the step from an older set of objects to a newer one.

`updates` and `deletes` are what the webhooks refuse, `swaps` what no order of writes can do, `disruption` what is legal
and cuts service; `judging` asks them all. They give faults that know no files; `placing` finds each a place, and
`since` does all of it for two sets of manifests. Where the sets are equal nothing is looked at.
"""

from __future__ import annotations

from hedgehog_gitops.core.changes.judging import judge_step
from hedgehog_gitops.core.changes.placing import placed_changes
from hedgehog_gitops.core.changes.since import findings_since
from hedgehog_gitops.core.changes.step import StepFault

__all__ = ["StepFault", "findings_since", "judge_step", "placed_changes"]
