"""Related-article lists for a whole site: encode, find neighbours, rank, keep."""
