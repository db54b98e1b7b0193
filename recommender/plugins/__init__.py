"""Related lists in site generators and frameworks, each a thin layer over public calls."""

from recommender.plugins.kept_site import KeptLists, KeptSite

__all__ = ["KeptLists", "KeptSite"]
