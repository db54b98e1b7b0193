"""Candidates of all articles and of single queries, and their ranking by score."""
