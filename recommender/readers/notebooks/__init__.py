"""Read Jupyter notebooks that are pages of a site."""
