"""The configuration as a command has it: loaded, with its warnings told."""

from __future__ import annotations

from argparse import Namespace

from hedgehog_gitops.assembly.configuration import load_settings
from hedgehog_gitops.cli.output import note
from hedgehog_gitops.model.settings import Settings
from hedgehog_gitops.render.findings_text import findings_text


def configured(args: Namespace) -> Settings:
    """The settings of `--config` or of the nearest configuration file."""
    settings = load_settings(args.config)
    if settings.warnings:
        note(findings_text(settings.warnings).rstrip())
    return settings
