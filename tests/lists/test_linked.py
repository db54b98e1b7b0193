"""What the text of an article links to already is left out of its list on request, whatever came first."""

from __future__ import annotations

import pytest

from recommender import Article, Policy, Recommender

OUT = Policy(floor=0, linked="out")
TEXT = "The crane on quay {} lifts boxes from ship {} before the tide turns, and the pilot of boat {} leaves."


def page(number: int, more: str = "", **fields: object) -> Article:
    text = TEXT.format(number, 3 * number, 7 * number)
    return Article(
        f"page-{number}", f"Crane {number}", f"<p>{text} {more}</p>", url=f"/cranes/{number}/", **fields
    )


PAGES = [page(number) for number in range(8)]
LINKING = page(
    8,
    'See <a href="../3/">this</a>, <a href="https://other.example/cranes/4/">that</a> and [one](/cranes/5).',
)


@pytest.fixture(scope="module")
def site():
    return Recommender.from_articles([*PAGES, LINKING])


def test_links_are_left_out_where_that_is_asked_for(site, tmp_path):
    assert {"page-3", "page-5"} <= set(site.related("page-8", floor=0).article_ids)
    wanted = set(site.related("page-8", floor=0).article_ids) - {"page-3", "page-5"}
    left = site.relisted(policy=OUT)
    left.save(tmp_path / "x.rec")
    for found in (
        left["page-8"],
        Recommender.load(tmp_path / "x.rec")["page-8"],
        site.related("page-8", floor=0, linked="out"),
        Recommender.from_articles([*PAGES, LINKING], policy=OUT)["page-8"],
    ):
        assert set(found.article_ids) == wanted
    assert "page-8" in left["page-3"].article_ids  # the other way is no link
    assert (left.why_not("page-8", "page-3").rule, left.why_not("page-8", "page-3").stage) == (
        "linked",
        "links",
    )
    assert left.related("page-8", linked="listed").article_ids == site.related("page-8", floor=0).article_ids


def test_a_draft_leaves_out_what_it_links_to(site):
    draft = site.related_to("Crane 8", LINKING.body, floor=0, linked="out", k=20)
    assert "page-5" not in draft.article_ids
    assert "page-4" in draft.article_ids


def test_a_link_to_a_copy_is_one_to_the_story():
    copies = [
        Article("copy", "Crane 3, again", PAGES[3].body * 3, url="/copy/"),
        Article("story", "Crane 3", PAGES[3].body * 3),
    ]
    linking = page(9, '<a href="/copy/">more</a>')
    site = Recommender.from_articles([*PAGES, *copies, linking], policy=OUT)
    assert not {"copy", "story"} & set(site.related("page-9", k=20).article_ids)
    assert "near copy" in site.why_not("page-9", "story").explanation


def test_updates_know_the_links_of_what_comes_and_to_what_comes(tmp_path):
    site = Recommender.from_articles([*PAGES[:3], LINKING, *PAGES[4:]], policy=OUT)
    assert "page-5" not in site["page-8"].article_ids
    again = page(6, '<a href="/cranes/7/">next</a>')
    twin = Article(
        "twin", "Another", TEXT.format(30, 31, 32), url="/cranes/5/"
    )  # now nobody knows who is meant
    steps = [
        ([PAGES[3]], []),
        ([again], []),
        ([twin], []),
        ([], ["twin"]),
        ([], ["page-5"]),
        ([PAGES[5]], []),
    ]
    there = {each.article_id: each for each in [*PAGES[:3], LINKING, *PAGES[4:]]}
    for add, delete in steps:
        site.update(add, delete)
        site.save(tmp_path / "x.rec")
        there |= {each.article_id: each for each in add}
        there = {name: each for name, each in there.items() if name not in delete}
        scratch = Recommender.from_articles(there.values(), policy=OUT, model=site.model)
        for each in (site, Recommender.load(tmp_path / "x.rec")):
            assert [*each.related_all()] == [*scratch.related_all()]
        assert "page-3" not in site["page-8"].article_ids
        assert ("page-5" in site["page-8"].article_ids) == ("twin" in there and "page-5" in there)
    assert "page-7" not in site["page-6"].article_ids


def test_without_links_nothing_changes(site):
    plain = Recommender.from_articles(PAGES)
    assert [*plain.relisted(policy=OUT).related_all()] == [
        *plain.relisted(policy=Policy(floor=0)).related_all()
    ]
