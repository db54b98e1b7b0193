"""Compiled loops of the index."""
