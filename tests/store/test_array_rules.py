"""Every array that a site is stored as has a rule; one without is never read."""

from __future__ import annotations

import random

from recommender import Article, Policy, Recommender
from recommender.store.array_rules import RULES
from recommender.store.layout import site_parts

FILLER = (
    "returns",
    "value",
    "that",
    "was",
    "given",
    "before",
    "nothing",
    "never",
    "set",
    "caller",
    "this",
    "where",
)
NAMES = [
    f"{stem}{kind}"
    for stem in ("valve", "queue", "ledger", "mirror", "socket")
    for kind in ("Open", "Close", "Reset")
]


def test_every_array_of_a_site_with_names_and_languages_has_a_rule() -> None:
    """Titles that are names become labels, and a table of words gives vectors that cross languages."""
    pages, drawn = [], random.Random(0)
    for language in ("en", "de"):
        for place, name in enumerate(NAMES):
            words = " ".join(drawn.choices(FILLER, k=30))
            others = " and ".join(NAMES[(place + step) % len(NAMES)] for step in (4, 7))
            pages.append(Article(f"{name}-{language}", name, f"{words}. See {others}.", language=language))
    site = Recommender.from_articles(pages, encoder="multilingual", policy=Policy(cross_language=True))
    arrays, _ = site_parts(site.site)
    assert {"model_labels_title_hashes", "articles_pair_one", "model_centres"} <= set(arrays)
    assert set(arrays) <= set(RULES)
