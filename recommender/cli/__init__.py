"""The command line: `recommender build`, `related`, `export`, `evaluate`, `fit` and `inspect`, a file a command."""

from recommender.cli.group import main

__all__ = ["main"]
