"""The command line: a file a command, opened only when it is called."""

from recommender.cli.group import main

__all__ = ["main"]
