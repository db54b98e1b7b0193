"""The articles of a site as the later stages see them."""
