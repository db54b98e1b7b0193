"""Sites of lists made by hand, standing in for the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from recommender.articles import ArticleSummary
from recommender.ranking.related import RelatedArticle, RelatedList, SharedTerm


class Site:
    """A ListSource over lists held in memory; `breaks_at` makes it raise there."""

    def __init__(self, articles: Sequence[ArticleSummary], lists: Sequence[RelatedList]) -> None:
        self.summaries = list(articles)
        self.lists = list(lists)
        self.breaks_at: int | None = None

    def __len__(self) -> int:
        return len(self.summaries)

    def related_all(self, k: int | None = None, *, why: bool = False) -> Iterator[RelatedList]:
        for row, related in enumerate(self.lists):
            if row == self.breaks_at:
                raise RuntimeError("the source broke")
            entries = related.related[:k]
            if not why:
                entries = tuple(
                    RelatedArticle(e.article_id, e.rank, e.score, e.title, e.url) for e in entries
                )
            yield RelatedList(related.article_id, entries)


HOSTILE_IDS = (
    "plain-slug",
    "Plain-Slug",  # one file with the above where case does not count
    "../../etc/passwd",
    "..",
    ".",
    'a/b\\c:d*e?f"g<h>i|j',
    "con",
    "COM1.json",
    "台灣海峽",
    "cafe\u0301",
    "caf\u00e9",  # the same word composed: one file where names are normalised
    '=HYPERLINK("http://x","y")',
    "-1",
    'a,b"c',
    "ends with dot.",
    "x" * 1_000,
    "x" * 999 + "y",
    "界" * 1_000,
    "_41",
    "A",
    "%2e%2e",
    "</script><script>alert(1)</script>",
    "index",
)


def make_site(ids: Sequence[str], k: int = 3) -> Site:
    """Every article relates to the `k` after it; the last has an empty list if there are several."""
    articles = [
        ArticleSummary(
            article_id,
            f"Title of {article_id}"[:80],
            datetime(2026, 1, 1 + row % 28, tzinfo=UTC) if row % 3 else None,
            section=("World", "Science", None)[row % 3],
            language=("en", "zh-Hant")[row % 2],
            url=f"https://example.org/{row}",
        )
        for row, article_id in enumerate(ids)
    ]
    lists = []
    for row, article_id in enumerate(ids):
        following = [ids[(row + step) % len(ids)] for step in range(1, min(k, len(ids) - 1) + 1)]
        if row == len(ids) - 1:
            following = []
        lists.append(
            RelatedList(
                article_id,
                tuple(
                    RelatedArticle(
                        other,
                        rank,
                        1 / (rank + 2),
                        f"Title of {other}"[:80],
                        parts={"lexical": 1 / (rank + 2) - 0.125, "recency": 0.125},
                        terms=(SharedTerm('海峽 "quoted"', 0.1), SharedTerm("</script>", 0.05)),
                    )
                    for rank, other in enumerate(following, 1)
                ),
            )
        )
    return Site(articles, lists)


@pytest.fixture
def site() -> Site:
    return make_site(HOSTILE_IDS)


@pytest.fixture
def site_of():
    return make_site
