"""How the lists of a site are now, for the desk."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from recommender.engine import Recommender
from recommender.export.site_data import SiteData
from recommender.service.desk_index import DeskIndex

__all__ = ["copies_of_site", "health_of_site"]

_MEMBERS = 20  # of a group of near copies


def health_of_site(index: DeskIndex, site: Recommender) -> dict[str, Any]:
    """Return lengths of lists, how often articles are shown, sources of entries, near copies, rules and drift."""
    groups = SiteData.of(site).groups()
    editors = site.editors
    return {
        "k": index.full,
        "lengths": np.bincount(np.minimum(index.lengths, index.full), minlength=index.full + 1).tolist(),
        "shown": _doubling(index.shown),
        "orphans": int((index.shown == 0).sum()),
        "short": int((index.lengths < index.full).sum()),
        "empty": int((index.lengths == 0).sum()),
        "most_shown": int(index.shown.max(initial=0)),
        "entries": {name: n for name, n in site.lists.counts().items() if n},
        "copies": {"groups": len(groups or ()), "articles": sum(map(len, groups or ()))},
        "rules": {"pins": len(editors.pins), "blocks": len(editors.blocks)},
        "drift": site.drift().to_dict(),
        "updates": site.n_updates,
    }


def copies_of_site(index: DeskIndex, site: Recommender, some: slice) -> dict[str, Any]:
    """Return some groups of near copies, the preferred copy of each first, the largest groups first."""
    groups = SiteData.of(site).groups() or []
    rows, ids = index.articles.row_of, site.summaries.column("article_id")
    return {
        "total": len(groups),
        "groups": [
            {
                "size": len(group),
                "articles": index.cards([rows[ids[row]] for row in group[:_MEMBERS] if ids[row] in rows]),
            }
            for group in groups[some]
        ],
    }


def _doubling(shown: np.typing.NDArray[np.int64]) -> list[dict[str, Any]]:
    """Return how many articles are in 0, 1, 2, 3 to 4, 5 to 8 lists and so on."""
    bins = np.where(shown < 2, shown, 1 + np.ceil(np.log2(np.maximum(shown, 1)))).astype(int)
    counts = Counter(bins.tolist())
    return [
        {"lists": str(at) if at < 3 else f"{2 ** (at - 2) + 1}–{2 ** (at - 1)}", "articles": counts[at]}
        for at in range(max(counts, default=1) + 1)
    ]
