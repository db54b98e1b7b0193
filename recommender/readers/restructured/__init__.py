"""Pages of reStructuredText."""
