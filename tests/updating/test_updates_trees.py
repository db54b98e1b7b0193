"""Updates of a documentation with versions and translations, whose trees are frozen in the model."""

import random
from dataclasses import replace

import pytest

from recommender import Article, Policy, Recommender
from tests.hand_made_sites import assert_same_bytes

TOPICS = ["quay", "crane", "pilot", "ferry", "anchor", "rope", "tide", "buoy"]
WORDS = [
    "ship",
    "harbour",
    "water",
    "deck",
    "crew",
    "load",
    "signal",
    "weather",
    "light",
    "depth",
    "wind",
    "course",
]
WORTE = [
    "Schiff",
    "Hafen",
    "Wasser",
    "Deck",
    "Mannschaft",
    "Ladung",
    "Signal",
    "Wetter",
    "Licht",
    "Tiefe",
    "Wind",
    "Kurs",
]


def page(place, topic, words, extra=""):
    rng = random.Random(f"{topic} {place[:2]}")
    sentences = " ".join(
        f"The {topic} and the {rng.choice(words)} need the {rng.choice(words)} before the {rng.choice(words)}."
        for _ in range(6)
    )
    return Article(
        f"{place}{topic}",
        f"About the {topic}",
        f"{sentences} {extra}",
        url=f"https://x.example/{place}{topic}/",
    )


FRAMES = {
    "de/docs/": {"The ": "Der ", "and the": "und der", "need the": "braucht den", "before the": "vor dem"},
    "fr/docs/": {"The ": "Le ", "and the": "et le", "need the": "ont besoin du", "before the": "avant le"},
}
WAITING = {("fr/docs/", topic) for topic in TOPICS[4:]}
"""Pages that wait for a translator."""


def pages():
    """Yield the pages of two versions, of a translation and of a blog."""
    for topic in TOPICS:
        yield page("docs/v1/", topic, WORDS)
        yield page("docs/v2/", topic, WORDS, "This is new in the second version.")
        yield page(
            "de/docs/v2/",
            topic,
            WORTE,
            "Das ist in der zweiten Fassung neu, und der Hafen ist größer geworden.",
        )
    for number, topic in enumerate(TOPICS):
        yield page(f"blog/{number}-", topic, WORDS, "We went there by boat.")


def test_pages_of_known_trees_are_recognised_when_they_come_and_lists_are_those_of_a_build():
    everything = list(pages())
    late = [
        each for each in everything if each.article_id in ("docs/v1/buoy", "docs/v2/buoy", "de/docs/v2/rope")
    ]
    site = Recommender.from_articles([each for each in everything if each not in late])
    assert site.collection.trees.names
    now = {each.article_id: each for each in everything if each not in late}
    moves = [
        ([late[0]], []),
        (late[1:], ["docs/v2/quay"]),
        ([page("docs/v2/", "quay", WORDS, "Back.")], ["docs/v1/tide"]),
    ]
    for add, delete in moves:
        site.update(add, delete)
        now |= {each.article_id: each for each in add}
        now = {article_id: each for article_id, each in now.items() if article_id not in delete}
        assert_same_bytes_but_reserves(site, Recommender.from_articles(now.values(), model=site.model))
    members = dict(zip(site, site.collection.trees.members.tolist(), strict=True))
    assert members["docs/v2/buoy"] == members["docs/v2/rope"] != members["docs/v1/rope"]
    assert not any(entry.startswith("docs/v1/") for entry in site["docs/v2/buoy"].article_ids)


@pytest.mark.parametrize("translations", ["listed", "apart"])
def test_lists_across_languages_are_those_of_a_build_after_pages_are_translated(translations):
    """Half of the French pages are in English: they are the same pages by their paths alone."""

    def in_language(place, topic, extra=""):
        made = page(place, topic, WORTE if place == "de/docs/" else WORDS, extra)
        for english, word in FRAMES.get(place, {}).items() if (place, topic) not in WAITING else ():
            made = replace(made, body=made.body.replace(english, word))
        return made

    places = ("docs/", "de/docs/", "fr/docs/")
    now = {f"{place}{topic}": in_language(place, topic) for place in places for topic in TOPICS}
    now |= {each.article_id: each for each in (in_language(f"blog/{topic}-", topic) for topic in TOPICS[:5])}
    policy = Policy(cross_language=True, translations=translations, floor=0.3)
    late = now.pop("docs/rope")
    site = Recommender.from_articles(now.values(), encoder="lexical", policy=policy, k=4)
    assert site.collection.trees.counts() == {"de": 8, "fr": 8, "no language in the path": 7}
    moves = [
        ([late, replace(now["docs/quay"], metadata={"listed": "no"})], ["de/docs/tide"]),
        ([in_language("fr/docs/", "crane", "Le quai et le navire attendent.")], ["docs/anchor"]),
        ([now["docs/quay"], now["de/docs/tide"]], ["fr/docs/quay"]),
    ]
    for add, delete in moves:
        site.update(add, delete)
        now |= {each.article_id: each for each in add}
        now = {article_id: each for article_id, each in now.items() if article_id not in delete}
        made = Recommender.from_articles(now.values(), model=site.model, policy=policy, k=4)
        assert_same_bytes_but_reserves(site, made)
    for own in site:
        pages = [each.partition("docs/")[2] for each in site[own].article_ids if "docs/" in each]
        of_others = [each for each in pages if each != own.partition("docs/")[2]]
        assert len(of_others) == len(set(of_others))
        assert translations == "listed" or of_others == pages
        assert site.related(own, where_not={"section": "none"}).article_ids == site[own].article_ids


def assert_same_bytes_but_reserves(one, other):
    """Compare all but what follows the lists, which is shorter after deletions."""
    reserve = other.site.reserve
    assert_same_bytes(one.replaced(one.site.changed(reserve=reserve)), other)
