"""How the lists of a site are now, for the desk."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from recommender.engine import Recommender
from recommender.export.site_data import SiteData
from recommender.service.desk_index import DeskIndex

__all__ = ["clicks_by_day", "copies_of_site", "health_of_site"]

_MEMBERS = 20  # of a group of near copies
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


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


def clicks_by_day(lists: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    """Return how many lists readers had on their screens, and in how many they clicked: in all, and on each day.

    `lists` has these by the names of files, which hold their days. Files of other names count in all alone.

    Examples
    --------
    >>> clicks_by_day({"clicks-2026-05-01.jsonl": (40, 3), "older.jsonl": (60, 1)})
    {'shown': 100, 'clicked': 4, 'days': [{'day': '2026-05-01', 'shown': 40, 'clicked': 3}]}
    """
    days = {found[0]: counts for name, counts in sorted(lists.items()) if (found := _DAY.search(name))}
    return {
        "shown": sum(shown for shown, _ in lists.values()),
        "clicked": sum(clicked for _, clicked in lists.values()),
        "days": [{"day": day, "shown": shown, "clicked": clicked} for day, (shown, clicked) in days.items()],
    }


def _doubling(shown: np.typing.NDArray[np.int64]) -> list[dict[str, Any]]:
    """Return how many articles are in 0, 1, 2, 3 to 4, 5 to 8 lists and so on."""
    bins = np.where(shown < 2, shown, 1 + np.ceil(np.log2(np.maximum(shown, 1)))).astype(int)
    counts = Counter(bins.tolist())
    return [
        {"lists": str(at) if at < 3 else f"{2 ** (at - 2) + 1}–{2 ** (at - 1)}", "articles": counts[at]}
        for at in range(max(counts, default=1) + 1)
    ]
