"""What a person asks of a plan, from the command line."""

from __future__ import annotations

from argparse import Namespace

from hedgehog_gitops.model.plan import PlanOptions
from hedgehog_gitops.model.settings import OnMissing


def plan_options(args: Namespace) -> PlanOptions:
    """The options of `plan`, `apply` and `sync`."""
    return PlanOptions(
        adopt=args.adopt,
        on_missing=OnMissing(args.on_missing) if args.on_missing else None,
        targets=tuple(args.target),
        excludes=tuple(args.exclude),
        strict=args.strict,
        allow_deletes=args.allow_deletes,
    )
