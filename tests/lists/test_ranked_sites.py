"""Sites built for the purpose: dates decide, hubs step back, reasons name what was used, two stages equal one."""

import warnings
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hand_made_sites import assert_same_bytes

from recommender import Article, Policy, Recommender, Weights
from recommender.ranking import site_sizes

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
SECTIONS = ("world", "sport", "arts")


def build(articles, **settings):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return Recommender.from_articles(articles, **settings)


def news(n_stories=18, n_each=3):
    """Stories of a few articles that share words, a week, a section and a tag; each one names the one before."""
    rng = np.random.default_rng(0)
    for story in range(n_stories):
        for part in range(n_each):
            words = rng.permutation([f"s{story}w{number}" for number in range(8)])[:5].tolist()
            words += rng.choice([f"common{number}" for number in range(60)], 6, replace=False).tolist()
            title = f"Headline of story{story} part{part}"
            before = f"Headline of story{story} part{part - 1}. " if part else ""
            yield Article(
                f"s{story:02}-{part}", title, before + ". ".join(words),
                published=START + timedelta(days=40 * story + 3 * rng.random()),
                section=SECTIONS[story % 3], metadata={"tags": [f"Tag {story}", "news"]},
            )  # fmt: skip


@pytest.fixture(scope="module")
def site():
    return build(news(), k=6)


@pytest.fixture(scope="module", params=["built", "loaded"])
def any_site(request, site, tmp_path_factory):
    if request.param == "built":
        return site
    path = tmp_path_factory.mktemp("ranked") / "news.rec"
    site.save(path)
    return Recommender.load(path, check=True)


# ---------------------------------------------------------------- built lists and lists made now


def test_a_list_made_now_is_the_list_as_built_bit_for_bit(any_site):
    for related in any_site.related_all():
        longer = any_site.related(related.article_id, 40)
        assert longer[: len(related)] == related
        assert any_site.related(related.article_id, floor=any_site.policy.floor) == related


@pytest.mark.parametrize(("k", "n_candidates"), [(2, 12), (2, 200), (10, 10), (10, 15)])
def test_on_a_large_site_too_a_list_made_now_is_the_list_as_built(k, n_candidates, monkeypatch):
    monkeypatch.setattr(site_sizes, "SMALL_SITE", 0)
    large = build(news(), k=k, n_candidates=n_candidates)
    for related in large.related_all():
        assert large.related(related.article_id, floor=large.policy.floor) == related


def test_a_longer_list_begins_with_the_one_that_was_built(any_site):
    for article_id in ("s00-0", "s09-1"):
        built, longer = any_site.related(article_id), any_site.related(article_id, 40, floor=0)
        assert longer.article_ids[: len(built)] == built.article_ids
        assert len(longer) > len(built)


def test_threads_change_no_byte_of_an_artifact():
    one, two = build(news(), n_jobs=1), build(news(), n_jobs=2)
    assert_same_bytes(one, two)


@pytest.mark.parametrize("order", ["reversed", "shuffled", "by date"])
def test_the_order_of_the_input_changes_no_byte(site, order):
    articles = list(news())
    if order == "reversed":
        articles.reverse()
    elif order == "shuffled":
        articles = [articles[at] for at in np.random.default_rng(1).permutation(len(articles))]
    else:
        articles.sort(key=lambda article: article.published)
    assert_same_bytes(build(articles, k=6), site)


# ---------------------------------------------------------------- reasons

ALL = {"lexical", "dense", "mention", "hub", "time", "section", "tags", "title"}


def assert_parts_add_up(related, names):
    assert related.related
    for entry in related:
        assert sum(entry.parts.values()) == pytest.approx(entry.score, abs=1e-6)
        assert set(entry.parts) <= names
        assert all(type(part) is float for part in entry.parts.values())
        assert type(entry.score) is float


def test_reasons_of_a_list_name_what_was_used_and_add_up(any_site):
    for related, plain in zip(any_site.related_all(why=True), any_site.related_all(), strict=True):
        assert_parts_add_up(related, ALL)
        assert [entry.score for entry in related] == [entry.score for entry in plain]
    first = any_site.related("s03-1", why=True)[0]  # it names s03-0, and s03-2 names it
    assert first.article_id.startswith("s03")
    assert set(first.parts) == ALL
    assert all(first.parts[name] > 0 for name in ALL - {"hub"})


def test_reasons_of_a_longer_list_add_up_too(any_site):
    related = any_site.related("s03-1", 30, why=True)
    assert_parts_add_up(related, ALL)
    other_story = next(entry for entry in related if entry.article_id[:3] not in {"s03", "s02", "s04"})
    assert other_story.parts["time"] < 0
    assert "mention" not in other_story.parts
    plain = any_site.related("s03-1", 30)
    assert [entry.score for entry in related] == [entry.score for entry in plain]


DRAFT = {
    "title": "Late news",
    "body": "s5w1. s5w2. s5w3. s5w4. s11w1. s11w2. s11w3. common1",
}  # two stories, both arts


def test_a_draft_that_carries_nothing_is_judged_by_its_text(any_site):
    assert_parts_add_up(any_site.related_to(**DRAFT, why=True), {"lexical", "dense", "mention", "hub"})


@pytest.mark.parametrize(
    ("name", "carried", "raised", "lowered"),
    [
        ("time", {"published": START + timedelta(days=40 * 11 + 1, hours=3)}, {"s11"}, {"s05"}),
        ("time", {"published": (START + timedelta(days=40 * 5 + 1)).isoformat()}, {"s05"}, {"s11"}),
        ("tags", {"metadata": {"keywords": ["tag 11", "NEWS"]}}, {"s11"}, {"s05"}),
        ("section", {"section": "ARTS"}, {"s05", "s11"}, set()),
        ("section", {"section": "Sport"}, set(), {"s05", "s11"}),
    ],
)  # fmt: skip
def test_a_draft_is_judged_by_what_it_carries(any_site, name, carried, raised, lowered):
    plain = {entry.article_id: entry.score for entry in any_site.related_to(**DRAFT, k=50)}
    related = any_site.related_to(**DRAFT, k=50, why=True, **carried)
    assert_parts_add_up(related, {"lexical", "dense", "mention", "hub", name})
    assert {entry.article_id[:3] for entry in related} >= raised | lowered
    for entry in related:
        if entry.article_id[:3] in raised:
            assert entry.parts[name] > 0
            assert entry.score > plain[entry.article_id]
        if entry.article_id[:3] in lowered:
            assert entry.parts[name] < 0
            assert entry.score < plain[entry.article_id]


def test_a_draft_of_an_article_gets_its_list_and_its_scores(site):
    article = list(news())[10]
    draft = site.related_to(
        article.title, article.body, 5, published=article.published, section=article.section,
        metadata=article.metadata, why=True,
    )  # fmt: skip
    listed = site.related(article.article_id, 4, why=True)
    assert draft.article_ids == (article.article_id, *listed.article_ids)
    for mine, theirs in zip(draft[1:], listed, strict=True):
        assert mine.parts.keys() == theirs.parts.keys()
        # mentions differ a little: slight terms count, and the article itself is one more who names the draft
        assert mine.score == pytest.approx(theirs.score, rel=0.05)
        assert mine.parts["lexical"] == pytest.approx(theirs.parts["lexical"], rel=0.1)


# ---------------------------------------------------------------- what decides


def test_of_two_equally_near_stories_the_one_of_the_same_days_comes_first():
    twins = "The harbour strike ends; cranes move again and ships unload."
    asked = "Cranes stand still: the harbour strike goes on and ships wait to unload."
    articles = [
        *news(),
        Article("a-old", "", twins, published=START - timedelta(days=900)),
        Article("b-new", "", twins, published=START + timedelta(days=81)),
        Article("asked", "", asked, published=START + timedelta(days=80)),
    ]
    site = build(articles, policy=Policy(copies="keep"))  # the twins are copies of each other
    first, second = site.related("asked", 2, why=True)
    assert (first.article_id, second.article_id) == ("b-new", "a-old")
    # a part is the larger of a score, the less the score is: that divided out, the words of both are worth the same
    words = [entry.parts["lexical"] / (1 - entry.score) for entry in (first, second)]
    assert words[0] == pytest.approx(words[1], rel=1e-5)
    assert first.parts["time"] > 0 > second.parts["time"]
    # the words alone cannot tell them apart, and then the id decides
    assert site.relisted(weights=Weights(time=0.0)).related("asked", 2).article_ids == ("a-old", "b-new")
    # for a draft as well, and for a list that is searched anew
    draft = site.related_to(body=asked, published="2026-03-23", k=3).article_ids
    assert [article_id for article_id in draft if article_id != "asked"] == ["b-new", "a-old"]
    assert site.related("asked", 30).article_ids[:2] == ("b-new", "a-old")


def test_dates_that_have_nothing_to_do_with_stories_decide_nothing():
    rng = np.random.default_rng(4)
    articles = [
        Article(
            each.article_id,
            each.title,
            each.body,
            published=START + timedelta(days=int(rng.integers(0, 700))),
        )
        for each in news(40)
    ]
    site = build(articles)
    dateless = site.relisted(weights=Weights(time=0.0))
    same = [
        site.related(each.article_id, 1).article_ids == dateless.related(each.article_id, 1).article_ids
        for each in articles
    ]
    assert np.mean(same) > 0.9


def test_an_article_that_is_near_to_everybody_is_not_first_everywhere():
    words = {
        f"s{story}-{part}": [f"s{story}{part}x{number}" for number in range(4)]
        for story in range(5) for part in range(2)
    }  # fmt: skip
    stories = [
        Article(name, "", ". ".join([*own, f"{name[:2]}a", f"{name[:2]}b", f"only{own[0]}", f"but{own[0]}"]))
        for name, own in words.items()
    ]
    digest = ". ".join(word for own in words.values() for word in own)
    site = build([*stories, Article("digest", "", digest)])
    firsts = {related.article_id: related.article_ids[0] for related in site.related_all()}
    mates = {each.article_id: f"{each.article_id[:-1]}{1 - int(each.article_id[-1])}" for each in stories}
    assert {article_id: firsts[article_id] for article_id in mates} == mates
    parts = {entry.article_id: entry.parts for entry in site.related("s0-0", k=12, floor=0, why=True)}
    assert parts["digest"]["hub"] < 0 < parts["s0-1"]["hub"]
    # left alone it would be first in every list
    alone = site.relisted(weights=Weights(hub=0.0))
    assert {alone.related(article_id).article_ids[0] for article_id in mates} == {"digest"}


def test_an_article_that_names_another_by_its_title_is_in_its_list():
    articles = [
        Article("named", "Lanterns over Vessel Hill", "A feast with music, dancers and a long table."),
        Article("naming", "Five walks", "Start with Lanterns over Vessel Hill, then go on to the mill."),
        *news(),
    ]  # fmt: skip
    site = build(articles)
    for one, other in (("named", "naming"), ("naming", "named")):
        entry = site.related(one, 1, why=True)[0]
        assert entry.article_id == other
        assert entry.parts["mention"] > 0.03


def test_other_weights_give_the_lists_of_a_site_built_with_them(site):
    weights = Weights(mention=0.5, hub=0.0, time=0.9)
    again, built = site.relisted(weights=weights), build(news(), k=6, weights=weights)
    assert list(again.related_all(why=True)) == list(built.related_all(why=True))
    assert list(again.related_all()) != list(site.related_all())
    # what is known of the site stays as it is, so that a fit stands on firm ground
    assert again.model.settings()["log_ratios"] == built.model.settings()["log_ratios"]
    assert again.collection.hubs.tobytes() == built.collection.hubs.tobytes()


def test_a_site_of_no_article_and_a_draft_that_carries_everything():
    carried = {"published": "2026-05-01", "section": "arts", "metadata": {"tags": ["a", 3, None]}}
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        for articles in ([], [Article("a", "Rain in May", **carried)], [Article("a", "Rain in May")]):
            site = build(articles)
            assert site.related_to("Rain in May", "Rain again", **carried, why=True).related == ()
