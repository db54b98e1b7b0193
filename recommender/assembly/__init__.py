"""Ranked candidates into the lists that are shown."""
