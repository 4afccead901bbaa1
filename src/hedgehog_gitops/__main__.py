"""`python -m hedgehog_gitops`."""

from hedgehog_gitops.cli.main import run

run()
