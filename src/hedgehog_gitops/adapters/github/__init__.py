"""GitHub's API: comments, issues, pull requests and stored artifacts. The only home of PyGithub and requests."""

from hedgehog_gitops.adapters.github.forge import GitHubForge

__all__ = ["GitHubForge"]
