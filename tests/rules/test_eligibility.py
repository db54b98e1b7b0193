"""Who may stand in whose list: the rules over columns against the rules read off the articles one pair at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import Article, Policy
from recommender.collection.collection import Collection
from recommender.collection.summary_table import SummaryTable, microseconds
from recommender.collection.trees import Trees
from recommender.editors import Resolved
from recommender.index.sparse_rows import SparseRows
from recommender.listing import listed_until
from recommender.rules.article_fields import values_of
from recommender.rules.eligibility import RULES
from recommender.rules.policy_settings import COPIES
from recommender.rules.site_rules import SiteRules
from recommender.text import SiteLinks
from recommender.text.near_copy_groups import NearCopies

LANGUAGES = ("de", "en")
MOMENTS = [datetime(2026, 5, 1, tzinfo=UTC) + timedelta(hours=12 * half_days) for half_days in range(8)]
SECTIONS = ("news", "sport", "world")
REGION = {"a": 1, "c": 1, "d": 2}
"""Of the language of some articles, by their ids."""
TREE = {"b": 0, "c": 0, "d": 1, "e": 2}
FAMILY = {"b": 0, "c": 0, "d": 0, "e": 1}
"""Parallel trees of some articles, by their ids. The tree of e is parallel to none."""
PAGE = {"b": 0, "d": 0, "c": 1, "e": 2}
LISTING = (
    {"listed": "no"}, {"access": "Private"}, {"access": "members", "listed": True}, {"expires": "2026-05-02"},
    {"expires": "2026-05-02T12:00:01"},
)  # fmt: skip
GONE = LISTING[:2] + LISTING[3:4]
"""Of these no list may hold an article at `MOMENTS[3]`."""
LANGUAGES_OF = {"a": 0, "f": 0, "c": 1, "g": 1}
"""Sets of translations of some articles, by their ids."""
LINKS = {"a": "bc", "d": "a", "e": "fg"}
"""What the texts of some articles link to, by their ids."""
ORDER = {"c": 1, "d": 1}
"""Versions of a page, and which of them stands for it: b before d."""


@st.composite
def sites(draw):
    """Articles, and for each a language (None where unknown), the first row of its near copies, and a length."""
    n = draw(st.integers(1, 7))
    ids = draw(st.permutations("abcdefg"))[:n]
    articles = [
        Article(
            article_id, "A", published=draw(st.none() | st.sampled_from(MOMENTS)),
            section=draw(st.none() | st.sampled_from(SECTIONS)),
            body=f"{' '.join(f'[more]({other})' for other in LINKS.get(article_id, ''))} ",
            metadata={"author": draw(st.lists(st.sampled_from(["ann", "bo"]), max_size=2))}
            | draw(st.sampled_from([{}, {}, *LISTING])),
        )
        for article_id in ids
    ]  # fmt: skip
    languages = draw(st.lists(st.none() | st.sampled_from(LANGUAGES), min_size=n, max_size=n))
    colours = draw(st.lists(st.integers(0, 4), min_size=n, max_size=n))
    lengths = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    return articles, languages, [colours.index(colour) for colour in colours], lengths


@st.composite
def policies(draw):
    chosen = draw(st.sampled_from(COPIES))
    wanted = st.dictionaries(
        st.sampled_from(["section", "author"]),
        st.lists(st.sampled_from([*SECTIONS, "ann", "bo"]), min_size=1, max_size=3), max_size=1,
    )  # fmt: skip
    return Policy(
        copies=chosen,
        copy_sections=draw(st.permutations(SECTIONS))[:2] if chosen == "sections" else (),
        cross_language=draw(st.booleans()),
        trees=draw(st.sampled_from(["own", "all"])),
        translations=draw(st.sampled_from(["apart", "listed"])),
        linked=draw(st.sampled_from(["out", "listed"])),
        recency=draw(st.sampled_from(["era", "background"])),
        where=draw(wanted),
        where_not=draw(wanted),
        published_after=draw(st.none() | st.sampled_from(MOMENTS[:3])),
        published_before=draw(st.none() | st.sampled_from(MOMENTS[5:]) | st.just("2026-05-03")),
        within_days=draw(st.none() | st.sampled_from([0, 0.5, 1, 2.4])),
        same=draw(st.sampled_from([(), ("section",), ("section", "author")])),
    )


@st.composite
def cases(draw):
    site, policy = draw(sites()), draw(policies())
    rows = st.integers(0, len(site[0]) - 1)
    hidden = frozenset(draw(st.lists(rows, max_size=2)))
    blocked = draw(st.dictionaries(rows, st.frozensets(rows, min_size=1, max_size=2), max_size=2))
    return site, policy, Resolved(hidden=hidden, blocked=blocked)


def rules_of(site, policy, editors=None):
    articles, languages, groups, lengths = site
    codes = [-1 if language is None else LANGUAGES.index(language) for language in languages]
    n = len(articles)
    ids = sorted(article.article_id for article in articles)
    alone = np.arange(n, dtype=np.int32)
    none = SparseRows(np.zeros(n + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))
    collection = Collection(
        SummaryTable.of(articles), np.array([ids.index(each.article_id) for each in articles], np.int32),
        np.array(codes, dtype=np.int16), np.array(lengths, dtype=np.int32),
        NearCopies(np.array(groups, np.int32), alone, np.zeros((0, 2), np.int32), np.zeros(0)), none, none,
        np.zeros((n, 1), np.float32), np.zeros((n, 0), np.float32), none, alone, np.zeros(n, np.float32),
        variants=np.array([(0, REGION.get(each.article_id, 0)) for each in articles], np.int32),
        trees=Trees(("v1", "v2", "old"), *(
            np.array([(-1, codes.get(each.article_id, -1)) for each in articles], np.int32).reshape(-1, 2)
            for codes in (TREE, FAMILY, PAGE)
        ), np.array([ORDER.get(each.article_id, 0) for each in articles], np.int32)),
        listed_until=np.array([listed_until(each.metadata) for each in articles], np.int64),
        link_names=link_names(articles),
        translations=np.array(
            [LANGUAGES_OF.get(each.article_id, 9 + at) for at, each in enumerate(articles)], np.int32
        ),
    )  # fmt: skip
    return SiteRules.of(policy, collection, editors, passed=microseconds(MOMENTS[3]))


def link_names(articles):
    links = SiteLinks()
    for article in articles:
        links.see(article)
    return links.names()


def opened(site, policy, editors=None):
    return rules_of(site, policy, editors).eligibility


def all_rows(eligibility):
    return eligibility.queries(np.arange(len(eligibility.columns.group)))


def row_of(eligibility, row):
    return eligibility.queries(np.array([row]))


def may_be_shown(site, policy, editors, row):
    """Whether rules that do not look at whose list it is allow an article."""
    article = site[0][row]
    has = {name: set(values_of(article, name)) for name in ("section", "author")}
    dated = article.published is not None
    listing = {name: value for name, value in article.metadata.items() if name != "author"}
    return {
        "hidden": row not in editors.hidden,
        "unlisted": listing not in GONE,
        "where": all(has[name] & set(values) for name, values in policy.where.items())
        and not any(has[name] & set(values) for name, values in policy.where_not.items()),
        "window": (policy.published_after is None or (dated and article.published >= policy.published_after))
        and (policy.published_before is None or (dated and article.published <= policy.published_before)),
    }


def preference(site, policy):
    """Return the key by which the members of a group are preferred."""
    articles, _, _, lengths = site

    def original(row):
        published = articles[row].published
        return published is None, published or MOMENTS[0], -lengths[row], articles[row].article_id

    def order(row):
        published, section = articles[row].published, articles[row].section
        wanted = policy.copy_sections
        return {
            "keep": original(row),
            "best": original(row),
            "original": original(row),
            "longest": (-lengths[row], *original(row)),
            "newest": (published is None, MOMENTS[0] - (published or MOMENTS[0]), *original(row)),
            "sections": (
                wanted.index(section) if section in wanted else len(wanted), *original(row)
            ),
        }[policy.copies]  # fmt: skip

    def stands(row):
        behind = policy.trees == "own" and ORDER.get(articles[row].article_id, 0)
        return behind, order(row)

    return stands


def alike(site, policy, row, *, copies=True, languages=False):
    """Return the articles that say the same as one: its near copies and versions, theirs, and so on."""
    articles, _, groups, _ = site
    pages = [PAGE.get(each.article_id, -1 - at) for at, each in enumerate(articles)]
    sets = [LANGUAGES_OF.get(each.article_id, -1 - at) for at, each in enumerate(articles)]
    kinds = [groups] * copies + [pages] * (policy.trees == "own") + [sets] * languages
    found = {row}
    for _ in articles:
        found |= {
            each for kind in kinds for each in range(len(kind)) for one in found if kind[each] == kind[one]
        }
    return sorted(found)


def group_of(site, policy, row):
    return alike(site, policy, row, copies=policy.copies != "keep")


def representatives_by_hand(site, policy, editors):
    """Return the representative of each article: of its group the preferred one of those that may be shown, if any."""

    def stands(row):
        group = group_of(site, policy, row)
        shown = [each for each in group if all(may_be_shown(site, policy, editors, each).values())]
        return min(shown or group, key=preference(site, policy))

    return [stands(row) for row in range(len(site[0]))]


def verdicts_by_hand(site, policy, editors, me, row):
    """Return what each rule says of row in the list of a row or, with its group and language, of a draft."""
    articles, languages, _, _ = site
    mine = articles[me] if isinstance(me, int) else me[0]
    my_language = languages[me] if isinstance(me, int) else me[1]
    other = articles[row]
    both = mine.published is not None and other.published is not None
    found = {"itself": me != row, "shown": True} | may_be_shown(site, policy, editors, row)
    blocked = editors.blocked.get(me, ()) if isinstance(me, int) else ()
    found["blocked"] = not set(blocked) & set(alike(site, policy, row))
    found["copy"] = me == row or not isinstance(me, int) or row not in group_of(site, policy, me)
    if policy.within_days is not None:
        days = timedelta(days=policy.within_days)
        found["window"] &= both and abs(mine.published - other.published) <= days
    found["language"] = (
        policy.cross_language or None in (my_language, languages[row]) or (my_language == languages[row])
    )
    here, there = mine.article_id if isinstance(me, int) else "", other.article_id
    one, two = REGION.get(here, 0), REGION.get(there, 0)
    found["language"] &= policy.cross_language or 0 in (one, two) or one == two
    parallel = here in TREE and there in TREE and FAMILY[here] == FAMILY[there]
    found["tree"] = policy.trees == "all" or not parallel or TREE[here] == TREE[there]
    mine_in = alike(site, policy, me, copies=policy.copies != "keep", languages=True) if here else ()
    found["translation"] = policy.translations == "listed" or row not in mine_in or me == row
    linked = [at for at, each in enumerate(articles) if each.article_id in LINKS.get(here, "")]
    groups = [group for at in linked for group in alike(site, policy, at)]
    found["linked"] = policy.linked == "listed" or row not in groups
    found["same"] = all(
        values_of(other, name) and values_of(mine, name)[:1] == values_of(other, name)[:1]
        for name in policy.same
    )
    found["newer"] = policy.recency != "background" or not both or other.published <= mine.published
    return found


@settings(max_examples=300)
@given(cases())
def test_rules_say_of_each_pair_what_they_say_by_hand(case):
    site, policy, editors = case
    eligibility, stands = opened(site, policy, editors), representatives_by_hand(site, policy, editors)
    assert eligibility.representative.tolist() == stands
    n = len(site[0])
    rows, others = (each.ravel() for each in np.indices((n, n)))
    verdicts = eligibility.verdicts(all_rows(eligibility), rows, others)
    assert list(verdicts) == [rule for rule in RULES if rule in verdicts]
    allowed = eligibility.allows(all_rows(eligibility), rows, others)
    for pair, (row, other) in enumerate(zip(rows.tolist(), others.tolist(), strict=True)):
        by_hand = verdicts_by_hand(site, policy, editors, row, other)
        of_rules = {rule: bool(fine[pair]) for rule, fine in verdicts.items()}
        of_rules["copy"] = of_rules.get("copy", True) or row == other
        of_rules["translation"] = of_rules.get("translation", True) or row == other
        assert of_rules == {rule: by_hand[rule] for rule in of_rules}
        assert all(by_hand[rule] for rule in set(RULES) - set(verdicts))  # a rule that is off refuses nobody
        assert allowed[pair] == all(by_hand.values())
    one_at_a_time = [
        eligibility.allows(row_of(eligibility, row), np.zeros(n, np.intp), np.arange(n)) for row in range(n)
    ]
    assert np.concatenate(one_at_a_time).tolist() == allowed.tolist()
    listable = eligibility.listable()
    assert listable.tolist() == [all(may_be_shown(site, policy, editors, row).values()) for row in range(n)]
    assert listable[others[allowed]].all()


@settings(max_examples=300)
@given(cases())
def test_the_first_allowed_of_a_group_is_the_preferred_of_those_that_all_rules_allow(case):
    site, policy, editors = case
    eligibility, n = opened(site, policy, editors), len(site[0])
    rows, others = (each.ravel() for each in np.indices((n, n)))
    found = eligibility.first_allowed(all_rows(eligibility), rows, others).reshape(n, n)
    for row, other in np.ndindex(n, n):
        fine = [
            each
            for each in group_of(site, policy, other)
            if all(verdicts_by_hand(site, policy, editors, row, each).values())
        ]
        assert found[row, other] == min(fine, key=preference(site, policy), default=-1)


@given(cases(), sites())
def test_a_draft_is_asked_about_like_an_article(case, drafts):
    site, policy, editors = case
    rules, n = rules_of(site, policy, editors), len(site[0])
    for draft, language in zip(drafts[0], drafts[1], strict=True):
        code = -1 if language is None else LANGUAGES.index(language)
        columns = rules.draft_columns(draft, code)
        allowed = rules.eligibility.allows(columns, np.zeros(n, np.intp), np.arange(n))
        by_hand = [verdicts_by_hand(site, policy, editors, (draft, language), row) for row in range(n)]
        assert allowed.tolist() == [all(found.values()) for found in by_hand]


@settings(max_examples=300)
@given(cases())
def test_where_nothing_is_asked_nothing_but_copies_would_be_refused(case):
    site, policy, editors = case
    for some in (policy, replace(Policy(), copies=policy.copies, copy_sections=policy.copy_sections)):
        eligibility = opened(site, some, editors if some is policy else None)
        if eligibility.restricts:
            continue
        groups, n = np.array(site[2]), len(site[0])
        rows, others = (each.ravel() for each in np.indices((n, n)))
        expected = rows != others
        if some.copies != "keep":
            expected &= groups[rows] != groups[others]
        assert (eligibility.allows(all_rows(eligibility), rows, others) == expected).all()


def plain(*published, group=None, languages=None):
    articles = [Article(f"a{row}", "A", published=moment) for row, moment in enumerate(published)]
    n = len(articles)
    return articles, languages or ["en"] * n, group or list(range(n)), [1] * n


def test_blocking_one_copy_in_a_list_blocks_all_in_that_list_only():
    site = plain(None, None, None, None, group=[0, 1, 1, 3])
    eligibility = opened(site, Policy(), Resolved(blocked={0: frozenset({2})}))
    assert eligibility.representative.tolist() == [0, 1, 1, 3]
    assert eligibility.allows(row_of(eligibility, 0), np.zeros(4, np.intp), np.arange(4)).tolist() == [
        False, False, False, True,
    ]  # fmt: skip
    assert eligibility.allows(row_of(eligibility, 3), np.zeros(4, np.intp), np.arange(4)).tolist() == [
        True, True, True, False,
    ]  # fmt: skip


def test_another_copy_stands_in_where_the_first_may_not_be_shown():
    site = plain("2026-05-01", "2026-05-02", "2026-05-03", group=[0, 0, 0])
    for policy, editors, stands in (
        (Policy(), None, 0),
        (Policy(published_after="2026-05-02"), None, 1),
        (Policy(copies="newest"), Resolved(hidden=frozenset({2})), 1),
        (Policy(), Resolved(hidden=frozenset({0, 1, 2})), 0),
    ):
        assert opened(site, policy, editors).representative.tolist() == [stands] * 3


@pytest.mark.parametrize("languages", [[None, "en"], ["en", None], [None, None]])
def test_an_unknown_language_goes_with_all(languages):
    eligibility = opened(plain(None, None, languages=languages), Policy())
    assert eligibility.allows(row_of(eligibility, 0), np.zeros(2, np.intp), np.arange(2)).tolist() == [
        False,
        True,
    ]


def test_a_site_without_articles():
    eligibility = opened(
        ([], [], [], []), Policy(where={"section": ["news"]}, same=["author"], within_days=1)
    )
    assert eligibility.listable().shape == (0,)
    assert not opened(([], [], [], []), Policy()).restricts


def test_what_a_page_shows_is_left_out_with_its_near_copies():
    site = plain(None, None, None, None, group=[0, 1, 1, 3])
    eligibility = rules_of(site, Policy()).showing([2]).eligibility
    assert eligibility.allows(row_of(eligibility, 0), np.zeros(4, np.intp), np.arange(4)).tolist() == [
        False, False, False, True,
    ]  # fmt: skip
    assert eligibility.restricts


def test_candidates_that_rules_forbid_are_taken_away_and_counted():
    site = plain("2026-05-01", "2026-05-03", "2026-05-09")
    eligibility = opened(site, Policy(within_days=3))
    candidates = np.array([[1, 2, -1], [0, -1, -1], [-1, -1, -1]], dtype=np.int32)
    kept, dropped = eligibility.allowed(all_rows(eligibility), candidates)
    assert kept.tolist() == [[1, -1, -1], [0, -1, -1], [-1, -1, -1]]
    assert dropped.tolist() == [True, False, False]
    everything, none_dropped = opened(site, Policy()).allowed(all_rows(eligibility), candidates)
    assert everything.tolist() == candidates.tolist()
    assert not none_dropped.any()


def test_a_draft_in_another_language_than_a_site_of_one_language_is_held_to_the_language_rule():
    rules = rules_of(plain(None, None), Policy())
    draft = Article("draft", "A")
    candidates = np.array([[0, 1]], dtype=np.int32)
    for code, expected in (
        (LANGUAGES.index("en"), [[0, 1]]),
        (LANGUAGES.index("de"), [[-1, -1]]),
        (-1, [[0, 1]]),
    ):
        kept, _ = rules.eligibility.allowed(rules.draft_columns(draft, code), candidates)
        assert kept.tolist() == expected
