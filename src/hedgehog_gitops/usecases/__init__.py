"""Use cases: read everything, decide once, then act. One verb per file."""
