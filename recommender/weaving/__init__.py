"""Lists written into the HTML pages that any generator made."""

from recommender.weaving.weaver import remove_lists, weave
from recommender.weaving.woven import WeaveSettings, Woven

__all__ = ["WeaveSettings", "Woven", "remove_lists", "weave"]
