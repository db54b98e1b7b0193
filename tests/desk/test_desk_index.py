"""What the desk looks up: the index after changes of lists is the one that is made anew, and searches fold letters."""

from __future__ import annotations

import numpy as np
import pytest

from recommender import Article, Recommender
from recommender.editors import Block, EditorRules, Pin
from recommender.service.desk_index import DeskIndex, IndexKeeper, Wanted


def small(count: int) -> list[Article]:
    words = ["Rain", "Łódź", "Café Ünïté", "台灣海峽"]
    return [
        Article(
            f"a{at}", f"{words[at % 4]} road {at // 4}", f"Rain on road {at // 4}, town {at % 3}.",
            section=("World", "Local", "")[at % 3], published=f"2026-01-{1 + at:02}" if at % 5 else None,
        )
        for at in range(count)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def built():
    return Recommender.from_articles(small(16), k=3)


@pytest.fixture
def site(built, tmp_path):
    built.replaced(built.site).save(tmp_path / "site.rec")
    return Recommender.load(tmp_path / "site.rec")


def same(one: DeskIndex, other: DeskIndex) -> bool:
    arrays = ("lists", "pinned", "shown", "lengths")
    equal = all(np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays)
    return equal and one.articles.ids == other.articles.ids and one.version == other.version


def test_after_a_decision_only_changed_lists_are_read_and_after_an_update_all_is_made_anew(site, tmp_path):
    keeper = IndexKeeper()
    first = keeper.of(site)
    site.edit(EditorRules((Pin("a0", "a15", 1),), (Block("a1"),)))
    site.save(tmp_path / "site.rec")
    fresh = Recommender.load(tmp_path / "site.rec")
    second = keeper.of(fresh)
    assert second.articles is first.articles, "titles were not read again"
    assert same(second, DeskIndex.of(fresh))
    assert second.pinned[second.articles.row_of["a0"]]
    site.update([Article("b", "Rain on road 2", "Rain fell on road 2.")], ["a2"])
    site.save(tmp_path / "site.rec")
    third = keeper.of(Recommender.load(tmp_path / "site.rec"))
    assert "b" in third.articles.row_of
    assert same(third, DeskIndex.of(Recommender.load(tmp_path / "site.rec")))
    site.compact()
    compacted = Recommender.load(tmp_path / "site.rec")
    assert same(keeper.of(compacted), DeskIndex.of(compacted))
    assert same(keeper.of(fresh), DeskIndex.of(fresh)), "a backup may come back"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("lodz", 4),
        ("UNITE café", 4),
        ("海峽", 4),
        ("road 2", 6),
        ("a15", 1),
        ("local", 5),
        ("x", 0),
        (" ", 16),
    ],
)
def test_a_search_ignores_accents_and_case(site, text, count):
    assert len(DeskIndex.of(site).found(Wanted(text))) == count


def test_orders_filters_and_counts(site):
    index = DeskIndex.of(site)
    ids = np.array(index.articles.ids)
    newest = ids[index.found(Wanted(order="newest"))]
    assert newest[0] == "a14"
    assert set(newest[-4:]) == {"a0", "a5", "a10", "a15"}, "those without a date come last"
    assert set(ids[index.found(Wanted(section="World"))]) == {f"a{at}" for at in range(0, 16, 3)}
    shown = dict.fromkeys(site, 0)
    for related in site.related_all():
        for article_id in related.article_ids:
            shown[article_id] += 1
    assert set(ids[index.found(Wanted(show="orphans"))]) == {
        each for each, times in shown.items() if not times
    }
    assert set(ids[index.found(Wanted(show="short"))]) == {each for each in site if len(site[each]) < 3}
    top = index.cards(index.found(Wanted(show="hubs", order="shown")).tolist())
    assert [each["shown"] for each in top] == sorted(
        (times for times in shown.values() if times), reverse=True
    )
    assert set(ids[index.holders("a0")]) == {
        each.article_id for each in site.related_all() if "a0" in each.article_ids
    }


@pytest.mark.parametrize("count", [0, 1, 2])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_site_of_few_articles_has_an_index(tmp_path, count):
    Recommender.from_articles(small(count)).save(tmp_path / "site.rec")
    index = IndexKeeper().of(Recommender.load(tmp_path / "site.rec"))
    assert len(index.found(Wanted("rain"))) == min(count, 1)
    assert len(index.cards(index.found(Wanted()).tolist())) == count
