"""Vectors into neighbours."""
