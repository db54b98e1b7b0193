"""Rows of articles: field names, optional fields, identifiers and publication state."""
