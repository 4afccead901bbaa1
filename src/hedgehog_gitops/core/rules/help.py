"""Where a rule is explained: its place in the generated page, and that page's address."""

from __future__ import annotations

PAGE = "docs/rules.md"
REPOSITORY = "https://github.com/OWNER/hedgehog-gitops"


def help_anchor(rule: str) -> str:
    """The place of a rule in the page, from the repository's root."""
    return f"{PAGE}#{rule.lower()}"


def help_address(rule: str) -> str:
    """The same as a full address, for forms that ask for one."""
    return f"{REPOSITORY}/blob/main/{help_anchor(rule)}"
