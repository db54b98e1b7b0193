"""Copies of a site: a copy says the same of the same thing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.text import TextSpool
from recommender.text.copy_index import CopyIndex
from recommender.text.near_copies import find_near_copies
from recommender.text.site_copies import find_site_copies, joined_copies, similar_texts
from recommender.text.template_siblings import are_siblings

LONG = (
    "The committee met for three hours in the town hall and heard eleven speakers. Most asked for a slower pace, "
    "some for none at all, and two left early to catch the ferry. A vote is planned before the summer break, once "
    "the auditors have read the figures of the last two years and answered the questions of the opposition. "
    "Until then the old rules stay in force, the fees do not change, and the office opens on weekdays at nine. "
)
JAPANESE = (
    "この関数は値を一つ返し、列の長さを変えない。計算の量は一定であり、同じ列に何度使っても結果は同じになる。"
    "古い版では名前が違うので、移すときは手引きの第三章を見て、試験をもう一度行うこと。"
    "列を別の糸から同時に書き換える場合の動きは決められていない。"
)


def spool(texts):
    found = TextSpool()
    for title, body in texts:
        found.append(title, body)
    return found


def groups(*texts):
    return find_site_copies(spool(texts)).groups.tolist()


def jaccard_alone(*texts):
    return find_near_copies(body for _, body in texts).groups.tolist()


SIBLINGS = {
    "functions": [
        (name, f"{name} converts a number to a string. {LONG} If the string is too short, {name} cuts it.")
        for name in ("strfloat", "strdouble")
    ],
    "a qualified name": [
        (name, f"In header memory. {name} makes an object at an address. {LONG}")
        for name in ("make_at", "views::make_at")
    ],
    "job advertisements": [
        (f"Nurse in {town}", f"A nurse is wanted in {town}. {LONG} Write to our office in {town} by May.")
        for town in ("Lunde", "Vik")
    ],
    "reports of two days": [
        (f"Snow report, {day} March", f"Snow at noon on {day} March: {depth} cm. {LONG}")
        for day, depth in ((3, 40), (4, 55))
    ],
    "versions": [
        (f"Release {version}", f"Version {version} is out. {LONG} Install {version} as usual.")
        for version in ("2.1", "2.2")
    ],
    "Japanese": [
        (f"{name}を読む関数", f"{name}を読む関数である。{JAPANESE}{name}がないときは例外を投げる。")
        for name in ("先頭", "末尾")
    ],
}


LABELLED = {
    "a label": ("Video: bridge shut", f"Video: {LONG}", "Bridge shut", LONG),
    "a correction": ("Correction: bridge shut after storm", f"Correction: {LONG}", "Bridge shut after storm", LONG),
    "headlines in the text": (
        "Bridge shut after the storm", f"Local news. Bridge shut after the storm. {LONG}",
        "Storm closes the only crossing", f"Local news. Storm closes the only crossing. {LONG}",
    ),
    "names of papers": (
        "Bridge shut after the storm | The Coast", f"Bridge shut after the storm. {LONG}",
        "Storm closes the only crossing | Valley News", f"Storm closes the only crossing. {LONG}",
    ),
    "a dateline": ("Elvik: storm shuts bridge", f"ELVIK - {LONG}", "Storm shuts bridge", f"(own report) - {LONG}"),
}  # fmt: skip


@pytest.mark.parametrize("texts", LABELLED.values(), ids=LABELLED.keys())
def test_labels_and_quoted_headlines_leave_copies_what_they_are(texts):
    assert groups(texts[:2], texts[2:]) == [0, 0]


REPORTS = {
    "numbers": ("Storm: update 1", "Storm: update 2", "Update {}.", ("1", "2")),
    "numbers alone": ("Update 1", "Update 2", "Update {}.", ("1", "2")),
    "words": ("Storm: live", "Storm: update", "{}:", ("Live", "Update")),
    "parts": ("Storm, part one", "Storm, part two", "Part {}.", ("one", "two")),
    "ranks": ("First update: storm", "Final update: storm", "This is the {} update.", ("first", "final")),
    "German": ("Sturm: Teil 1", "Sturm: Teil 2", "Teil {}.", ("1", "2")),
    "Japanese": ("嵐 更新1", "嵐 更新2", "更新{}。", ("1", "2")),
}


@pytest.mark.parametrize("case", REPORTS.values(), ids=REPORTS.keys())
@pytest.mark.parametrize("at_end", [False, True])
def test_numbered_reports_that_say_the_same_are_copies(case, at_end):
    one, other, label, numbers = case
    labels = [label.format(number) for number in numbers]
    bodies = [f"{LONG} {each}" if at_end else f"{each} {LONG}" for each in labels]
    assert groups((one, bodies[0]), (other, bodies[1])) == [0, 0]


def test_a_label_numbers_no_product():
    texts = [
        (f"Harbour {number} update", f"Harbour {number} is ready. {LONG} Get Harbour {number} now.")
        for number in (10, 11)
    ]
    assert groups(*texts) == [0, 1]


def test_functions_whose_names_hold_a_label_are_no_copies():
    texts = [
        (f"dict.{name}", f"{name} changes a dict. {LONG} If a key is missing, {name} adds it.")
        for name in ("update", "insert")
    ]
    assert groups(*texts) == [0, 1]
    bare = [(name.removeprefix("dict."), body) for name, body in texts]
    assert groups(*bare) == [0, 1]


@pytest.mark.parametrize("texts", SIBLINGS.values(), ids=SIBLINGS.keys())
def test_articles_from_one_template_about_two_things_are_not_copies(texts):
    assert jaccard_alone(*texts) == [0, 0]
    assert groups(*texts) == [0, 1]


COPIES = {
    "two headlines": [("Fees stay as they are", LONG), ("Town hall puts off the vote", LONG)],
    "a byline": [("Fees stay", LONG), ("The vote must wait", f"By our reporter in Vik. {LONG}")],
    "another lede": [
        ("Fees stay", f"The fees will not rise this year. {LONG}"),
        ("Vote must wait", f"There will be no vote before summer. {LONG}"),
    ],
    "a headline of another length": [
        ("Fees", LONG),
        ("Fees stay as they are this year", LONG + " Vik Times."),
    ],
    "a headline in the text": [
        ("Fees stay", f"Fees stay\n\n{LONG}"),
        ("Vote must wait until the summer", f"Vote must wait until the summer\n\n{LONG} More soon."),
    ],
    "a correction": [("Fees stay in Vik", LONG), ("Fees stay in Lunde", LONG.replace("eleven", "twelve"))],
    "one headline": [("Fees stay", LONG), ("FEES  STAY", LONG.replace("eleven", "twelve"))],
    "no headline": [("", f"Fees stay. {LONG}"), ("Vote must wait", f"Vote must wait. {LONG}")],
    "no headlines": [("", LONG), ("", LONG.replace("eleven", "twelve"))],
}


@pytest.mark.parametrize("texts", COPIES.values(), ids=COPIES.keys())
def test_a_story_under_another_headline_is_a_copy(texts):
    assert groups(*texts) == [0, 0]


def test_a_copy_of_one_sibling_does_not_join_the_other():
    one, other = SIBLINGS["job advertisements"]
    reposted = ("A job for you", one[1] + " Apply today!")
    assert groups(one, other, reposted, other) == [0, 1, 0, 1]


def test_the_order_of_the_articles_changes_only_the_rows():
    texts = [
        (title, f"{body} {number} {number}")
        for number, pair in enumerate(SIBLINGS.values())
        for title, body in pair
    ]
    order = np.random.default_rng(2).permutation(len(texts))
    straight, shuffled = groups(*texts), groups(*(texts[row] for row in order))
    assert straight == [min(order[np.array(shuffled) == shuffled[place]]) for place in np.argsort(order)]


HEADLINE = "Committee puts off the vote until summer"


@pytest.mark.parametrize(
    "teaser",
    [
        LONG[:150],
        LONG[:150] + "... [continue reading]",
        f"{LONG[:200]}…\nRead on",
        LONG[100:260],
        "",
        "Photo: A. Berg",
    ],
    ids=["lead", "cut off", "read on", "passage", "headline alone", "caption"],
)
def test_a_teaser_with_the_same_headline_is_a_copy(teaser):
    texts = [(HEADLINE, LONG + SIBLINGS["functions"][0][1]), (HEADLINE.upper(), teaser)]
    assert jaccard_alone(*texts) == [0, 1]
    copies = find_site_copies(spool(texts))
    assert copies.groups.tolist() == [0, 0]
    assert copies.of(0)[0].tolist() == [1]
    assert 0 < copies.of(0)[1][0] < 0.8
    assert groups(*texts[::-1]) == [0, 0]


DIFFERENT = {
    "letters": [("Letters", "Too much ice on the roads, and nobody cares."), ("Letters", f"{LONG} No ice at all.")],
    "a digest of each week": [
        ("Weekly digest", "All that happened in this week on the coast: ice, herring, and a new ferry."),
        ("Weekly digest", f"All that happened in this week on the coast: {LONG}"),
    ],
    "a brief under another headline": [("Vote put off", LONG[:150]), (HEADLINE, LONG + JAPANESE)],
    "an update under another headline": [(f"{HEADLINE} - update", LONG + JAPANESE), (HEADLINE, LONG)],
    "an empty page of a short title": [("Overview", ""), ("Overview", LONG)],
    "pages of one name": [
        ("size", "size is the number of elements in a list. A list keeps it, so that reading it takes no time."),
        ("size", "size is the number of characters in a text. A text keeps it, so that reading it takes no time."),
    ],
    "no headlines": [("", LONG[:150]), ("", LONG + JAPANESE)],
    "a headline without words": [("` `", LONG[:150]), ("` `", LONG + JAPANESE)],
}  # fmt: skip


@pytest.mark.parametrize("texts", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_different_texts_under_one_headline_are_not_copies(texts):
    assert groups(*texts) == [0, 1]


def test_a_teaser_of_a_headline_with_two_stories_is_no_copy():
    texts = [("Corrections", LONG[:150]), ("Corrections", LONG + JAPANESE), ("Corrections", LONG[::-1])]
    assert groups(*texts) == [0, 1, 2]


def test_stubs_of_one_title_are_copies_of_each_other():
    stubs = [
        ("Photo of the day", ""),
        ("Fees", ""),
        ("Photo of the Day", "By A. Berg"),
        ("Photo of the day", ""),
    ]
    assert groups(*stubs, ("Photo of the day", LONG), ("", ""), ("", "")) == [0, 1, 0, 0, 4, 5, 6]
    copies = find_site_copies(spool(stubs))
    assert copies.of(3)[0].tolist() == [0, 2]
    assert copies.pairs.shape == (0, 2)


def test_a_teaser_joins_the_copies_of_its_article():
    long = LONG + JAPANESE
    texts = [
        ("Fees stay", f"By the desk. {long}"),
        (HEADLINE, long),
        (HEADLINE, LONG[:150]),
        (HEADLINE, long),
    ]
    assert groups(*texts) == [0, 0, 0, 0]


def magazine():
    """Stories, their copies, siblings, teasers and stubs, in no order."""
    random = np.random.default_rng(5)
    words = np.array([f"word{number}" for number in range(3_000)])
    texts = [
        *SIBLINGS["functions"],
        *SIBLINGS["versions"],
        ("Photo of the day", ""),
        ("photo of the day", ""),
    ]
    for number in range(40):
        story = " ".join(random.choice(words, 120))
        texts.append((f"Story {number}", story))
        if number % 2:
            texts += [(f"Copy of {number}", story), (f"Story {number}", story[: len(story) // 2])]
        if number % 3:
            texts += [(f"Story {number}, again", f"{story} More soon {n}.") for n in range(3)]
    return [texts[place] for place in random.permutation(len(texts))]


def same(one, other):
    return [each.tobytes() for each in one] == [each.tobytes() for each in other]


def test_articles_without_a_key_of_another_are_copies_of_none():
    texts = magazine()
    index = CopyIndex.of(texts)
    whole = find_site_copies(spool(texts))
    assert len(np.unique(whole.groups)) < len(texts) - 60
    assert len(index.shared()) < len(texts)
    assert same(find_site_copies(spool(texts), index), whole)
    assert CopyIndex.of([("", "One"), ("", "Two")]).shared().tolist() == []  # no headline is none in common


@pytest.mark.parametrize("most", [None, 30])
def test_copies_that_are_found_in_runs_are_those_that_are_found_together(most, monkeypatch):
    texts = magazine()
    if most is not None:  # of 150 pairs those alone that connect
        monkeypatch.setattr("recommender.text.near_copies._MAX_PAIRS", most - 10 * len(texts))
    rows = CopyIndex.of(texts).shared()
    whole = find_site_copies(spool(texts), CopyIndex.of(texts))
    runs = np.array_split(rows, 3)
    found = [
        similar_texts(spool(texts), np.concatenate([runs[one], runs[other]]), 1)
        for one, other in ((0, 1), (0, 2), (1, 2))
    ]
    assert same(joined_copies(spool(texts), rows, found, 1), whole)
    assert len(whole.pairs) > 20


def test_no_pairs_have_no_siblings():
    assert are_siblings(np.empty((0, 2), np.int32), TextSpool()).tolist() == []


@settings(deadline=None)  # the first call loads compiled code
@given(st.integers(4, 300), st.integers(0, 80), st.integers(0, 80))
def test_texts_as_similar_as_near_copies_are_found_by_their_keys(n_common, n_more, n_others):
    common = [f"w{at}" for at in range(n_common)]
    texts = [[*common, *(f"{begin}{at}" for at in range(n))] for begin, n in (("m", n_more), ("o", n_others))]
    bodies = [" ".join(words) for words in texts]
    one, other = (CopyIndex.of([(title, body)]) for title, body in zip(("Rain", "Mud"), bodies, strict=True))
    found = one.alike(other, one.counts(1), other.counts(1))
    copies = find_near_copies(bodies)
    assert len(found) or not (len(copies.pairs) or copies.identical[1] == 0)


def test_texts_of_other_lengths_are_no_candidates_for_copies():
    short, long = CopyIndex.of([("Rain", LONG)]), CopyIndex.of([("Mud", LONG + JAPANESE * 8)])
    assert np.isin(short.keys, long.keys).any()
    assert not len(short.alike(long, short.counts(1), long.counts(1)))
