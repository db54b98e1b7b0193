"""Command-line interface with one module per command."""

from recommender.cli.group import main

__all__ = ["main"]
