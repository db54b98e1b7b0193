"""Boilerplate detection: planted segments are found with their counts, and removal matches the report."""

import json
import random
import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recommender.text import Boilerplate, find_boilerplate
from recommender.text.near_copies import find_near_copies

NOTICE = "We use cookies to make this site better for all of its readers."
LETTER = "Subscribe to our newsletter!"
CHINESE = "欢迎订阅本报的每日新闻通讯。"


def story(i: int) -> str:
    words = " ".join("".join(chr(97 + int(d)) * 3 for d in str(i * 7919 + j)) for j in range(6))
    return f"Story {words} one.\nMore on {words} here. And {words} at the end of it."


def site(n: int, planted: dict[str, int]) -> list[str]:
    return [story(i) + "".join(f"\n{line}" for line, upto in planted.items() if i < upto) for i in range(n)]


def test_planted_lines_are_found_with_exact_counts_and_removed() -> None:
    texts = site(
        200, {NOTICE: 150, LETTER: 40, CHINESE: 12, "Rare line of some few articles only, but long.": 11}
    )
    found = find_boilerplate(texts)
    assert found.segments == [(NOTICE, 150), (LETTER, 40), (CHINESE, 12)]
    assert found.n_articles == 200
    kept = [found.remove(text) for text in texts]
    assert kept[100:] == [story(i) for i in range(100, 200)]
    assert kept[0] == story(0) + "\nRare line of some few articles only, but long."


def test_sentences_within_lines_are_removed() -> None:
    texts = [f"{story(i)} {NOTICE} {story(i + 1000)}" for i in range(30)]
    found = find_boilerplate(texts)
    assert found.segments == [(NOTICE, 30)]
    assert found.remove(texts[3]) == f"{story(3)} {story(1003)}"
    chinese = [
        f"第{chr(0x4E00 + i)}条消息内容{chr(0x5000 + i)}。{CHINESE}后来{chr(0x6000 + i)}又有新的消息。"
        for i in range(30)
    ]
    found = find_boilerplate(chinese)
    assert found.segments == [(CHINESE, 30)]
    assert found.remove(chinese[5]) == chinese[5].replace(CHINESE, "")


def test_numbers_are_folded_except_in_names() -> None:
    texts = [f"{story(i)}\nPublished {i + 1} May 20{i:02}\nCompiler error C{i}" for i in range(31)]
    found = find_boilerplate(texts)
    assert found.segments == [("Published # May #", 31)]
    assert found.remove("Published 3 May 1999\nCompiler error C2143") == "Compiler error C2143"


def test_an_article_counts_once() -> None:
    texts = [f"{story(0)}\n" + f"{NOTICE}\n" * 50, *site(19, {})]
    assert find_boilerplate(texts).segments == []


@pytest.mark.parametrize("copies", [2, 5, 10])
def test_near_copies_of_a_story_are_kept(copies: int) -> None:
    wire = "\n".join(
        f"A long sentence of the wire story about {word} and its part." for word in ("ships", "trade")
    )
    texts = [*site(50, {}), *(f"{wire}\nSeen by {story(1000 + i)}" for i in range(copies))]
    found = find_boilerplate(texts)
    assert [found.remove(text) for text in texts] == texts


@pytest.mark.parametrize("n", [0, 1, 2, 11])
def test_small_sites_keep_everything(n: int) -> None:
    found = find_boilerplate([NOTICE] * n)
    assert (found.segments, found.n_articles) == ([], n)
    assert found.remove(NOTICE) is NOTICE


FOOTER = f"{LETTER} The Coast is funded by its readers, and gifts of any size help."
ERA = "Tips reach the newsroom by post, and letters are shortened. Reprints need a permit!"


@pytest.mark.parametrize("n", [3, 4, 9, 11, 15, 23])
@pytest.mark.parametrize("gap", [" ", "\n\n"])
def test_a_footer_of_all_articles_of_a_small_site_is_removed(n: int, gap: str) -> None:
    texts = [f"{story(i)}{gap}{FOOTER}" for i in range(n)]
    found = find_boilerplate(texts)
    assert [found.remove(text) for text in texts] == [story(i) for i in range(n)]
    assert find_boilerplate(texts[::-1]).segments == found.segments


@pytest.mark.parametrize("n", [6, 10, 20])
def test_footers_of_two_eras_of_a_small_site_are_removed(n: int) -> None:
    texts = [f"{story(i)}\n{FOOTER if i % 2 else ERA}\nTags: {chr(97 + i)}" for i in range(n)]
    found = find_boilerplate(texts)
    assert [found.remove(text) for text in texts] == [f"{story(i)}\nTags: {chr(97 + i)}" for i in range(n)]


@pytest.mark.parametrize("n_others", [0, 1, 20])
def test_a_sentence_of_two_articles_is_kept(n_others: int) -> None:
    texts = [*(f"{story(i)} {NOTICE}" for i in range(2)), *(story(i) for i in range(2, 2 + n_others))]
    assert find_boilerplate(texts).segments == []


def test_what_few_articles_of_a_small_site_share_is_kept() -> None:
    series = [
        f"This is one of the parts of our series about the mill on the river. {story(i)}" for i in range(3)
    ]
    assert find_boilerplate([*series, *(story(i) for i in range(3, 9))]).segments == []


def test_a_quotation_within_the_articles_of_a_small_site_is_kept() -> None:
    said = "“Nobody has asked the people who must pay for it in the end,” she said in the hall."
    texts = [f"{story(i)} {said} {story(i + 100)}" for i in range(6)]
    assert find_boilerplate(texts).segments == []
    ended = [f"{text} {FOOTER}" for text in texts]
    found = find_boilerplate(ended)
    assert [found.remove(text) for text in ended] == texts


@pytest.mark.parametrize("n_copies", [3, 4, 8])
def test_near_copies_on_a_small_site_are_kept(n_copies: int) -> None:
    wire = (
        f"{story(500)} {NOTICE} {story(501)} The two sides meet again on Friday to talk about it once more."
    )
    texts = [*(f"By {name}.\n{wire}" for name in "abcdefgh"[:n_copies]), *(story(i) for i in range(3))]
    assert find_boilerplate(texts).segments == []
    ended = [f"{text}\n{FOOTER}" for text in texts]
    found = find_boilerplate(ended)
    assert [found.remove(text) for text in ended] == texts


BANNER = "You are reading the pages of version {}.0 of the manual."


def sentences(seed: object, n: int) -> list[str]:
    """Return sentences of ten drawn words, which no other seed gives."""
    draw = random.Random(str(seed))
    words = ["".join(draw.choices("abdeghiklmnoprstu", k=draw.randint(4, 8))) for _ in range(10 * n)]
    return [" ".join(words[start : start + 10]) + "." for start in range(0, 10 * n, 10)]


def manual(n_pages: int, n_versions: int, n_changed: int) -> list[tuple[str, str]]:
    """Return pages in versions, each of which changes some sentences of the version before."""
    pages = []
    for page in range(n_pages):
        text = sentences(page, 8)
        for version in range(n_versions):
            changed = random.Random(version).sample(range(8), n_changed)
            for place, new in zip(changed, sentences((page, version), n_changed), strict=True):
                text[place] = new
            pages.append((f"Page {chr(97 + page)}", f"{' '.join(text)}\n{BANNER.format(version)}"))
    return pages


def others(n: int) -> list[tuple[str, str]]:
    return [(f"Story {i}", " ".join(sentences(("other", i), 8))) for i in range(n)]


def footed(texts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(title, f"{body}\n{LETTER}") for title, body in texts]


@pytest.mark.parametrize("n_changed", [0, 1, 2])
@pytest.mark.parametrize("n_others", [0, 30])
def test_versions_of_a_page_lose_the_template_and_keep_their_text(n_changed: int, n_others: int) -> None:
    texts = footed([*manual(10, 15, n_changed), *others(n_others)])
    found = find_boilerplate(texts)
    assert found.segments == [(LETTER, len(texts)), (BANNER.format("#").replace(".0", ".#"), 150)]
    assert find_boilerplate(texts[::-1]).segments == found.segments


def test_code_that_translations_of_a_page_share_is_kept() -> None:
    code = [f"result = solver.{word[:-1]}(matrix)" for word in " ".join(sentences("code", 1)).split()]
    texts = [
        (f"Page {chr(97 + page)}", "\n".join([*sentences((page, language), 4), code[page], f"print_{code[page]}"]))
        for page in range(10)
        for language in range(15)
    ]  # fmt: skip
    assert find_boilerplate(texts).segments == []
    assert find_boilerplate(footed(texts)).segments == [(LETTER, 150)]


EDITS = {
    "none": lambda text, i: text,
    "a byline": lambda text, i: [f"By {chr(97 + i) * 4} Berg in Vik.", *text],
    "one sentence is another": lambda text, i: [*text[: i % 8], *sentences(i, 1), *text[i % 8 + 1 :]],
    "one sentence is left out": lambda text, i: [*text[: i % 8], *text[i % 8 + 1 :]],
    "one sentence more": lambda text, i: [*text, *sentences(i, 1)],
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
@pytest.mark.parametrize(("n_prints", "n_others"), [(4, 3), (12, 9), (15, 30), (20, 10), (25, 400)])
def test_a_story_printed_many_times_is_kept(edit, n_prints: int, n_others: int) -> None:
    wire = sentences("wire", 8)
    texts = [(f"Wire {' '.join(sentences((0, i), 1))}", " ".join(edit(wire, i))) for i in range(n_prints)]
    texts += others(n_others)
    assert find_boilerplate(texts).segments == []
    ended = footed(texts)
    found = find_boilerplate(ended)
    assert [found.remove(body, title) for title, body in ended] == [body for _, body in texts]


def test_what_only_copies_of_a_story_share_is_kept() -> None:
    texts = [*footed([(f"Wire {i}", " ".join(sentences("wire", 8))) for i in range(15)]), *others(40)]
    assert find_boilerplate(texts).segments == []
    quoted = [(title, f"{body} {NOTICE}") for title, body in texts[:20]]  # 15 prints and five other stories
    assert find_boilerplate([*quoted, *texts[20:]]).segments == []


@pytest.mark.parametrize("n", [24, 60])
@pytest.mark.parametrize("n_sentences", [1, 2, 8])
def test_a_footer_is_found_however_long_it_is(n: int, n_sentences: int) -> None:
    footer = sentences("footer", n_sentences)
    texts = [f"{sentences(i, 1)[0]}\n{' '.join(footer)}" for i in range(n)]
    found = find_boilerplate(texts)
    assert [found.remove(text) for text in texts] == [sentences(i, 1)[0] for i in range(n)]


TITLES = ["Rain in May", "Is it so? Yes!", "The 3 mills", "雨が降る", "Café “Vik”", "Ice, again"]


@pytest.mark.parametrize("n_rounds", [1, 5])
@pytest.mark.parametrize(
    "line",
    [
        "The post {} appeared first on The Coast.",
        "Der Beitrag „{}“ erschien zuerst auf Küste.",
        "「{}」は海岸新聞の記事です。",
    ],
)
def test_the_line_of_a_feed_with_the_title_of_the_article_is_removed(line: str, n_rounds: int) -> None:
    titles = [f"{title}{suffix}" for suffix in "abcde"[:n_rounds] for title in TITLES]
    texts = [
        (title, f"{story(i)} {title} is a story.\n{line.format(title)}") for i, title in enumerate(titles)
    ]
    found = find_boilerplate(texts)
    assert found.segments == [(line.format("[title]"), len(texts))]
    reread = Boilerplate.from_dict(json.loads(json.dumps(found.to_dict())))
    assert [reread.remove(body, title) for title, body in texts] == [
        f"{story(i)} {title} is a story." for i, title in enumerate(titles)
    ]
    assert reread.remove(texts[0][1], "Another title") == texts[0][1]


def test_a_title_within_another_word_is_no_slot() -> None:
    texts = [(word, f"{story(i)} All about the {word}s of this town and its people.") for i, word in
             enumerate(["Mill", "Boat", "Wall", "Road"])]  # fmt: skip
    assert find_boilerplate(texts).segments == []


def test_an_article_of_boilerplate_only_becomes_empty() -> None:
    found = find_boilerplate(site(20, {NOTICE: 20, LETTER: 20}))
    assert found.remove(f"{LETTER}\n\n{NOTICE}") == ""
    assert found.remove(f"{LETTER} {NOTICE}") == ""
    assert found.remove("") == ""


def test_sentence_fragments_and_lines_without_words_are_kept() -> None:
    texts = [f"The U.S. {story(i)}\n---\n12.\n}}" for i in range(40)]
    assert find_boilerplate(texts).segments == []


def test_thresholds_are_inclusive_and_lower_for_long_sentences() -> None:
    texts = site(1000, {NOTICE: 20, LETTER: 50})
    assert find_boilerplate(texts).segments == [(LETTER, 50), (NOTICE, 20)]
    fewer = site(1000, {NOTICE: 19, LETTER: 49})
    assert find_boilerplate(fewer).segments == []
    assert find_boilerplate(fewer, min_share=0.049).segments == [(LETTER, 49)]


def test_a_bounded_table_still_finds_frequent_segments() -> None:
    found = find_boilerplate(site(2000, {NOTICE: 1500}), max_tracked=500)
    [(text, count)] = found.segments
    assert text == NOTICE
    assert 1400 < count <= 1500


@pytest.mark.parametrize(
    "wrong", [{"min_articles": 0}, {"min_share": 1.1}, {"min_share_long": -0.1}, {"max_tracked": 0}]
)
def test_limits_out_of_range_are_rejected(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        find_boilerplate([], **wrong)


SENTENCES = st.sampled_from(
    [NOTICE, LETTER, CHINESE, "Posted 3 June 2024 by the desk.", "Posted 14 June 2025 by the desk.", "Yes.", "C# #1",
     "It was quoted so!", "「お知らせはこちらをご覧ください。」", "Is it so? Who knows about it?"]
)  # fmt: skip
TEXTS = st.lists(
    st.lists(st.tuples(SENTENCES, st.sampled_from([" ", "\n", "\n\n", ""])), max_size=6).map(
        lambda parts: "".join(sentence + gap for sentence, gap in parts).strip()
    ),
    max_size=20,
)


def n_stories(texts: list[str]) -> int:
    """Return the number of texts, of which equal ones and near copies count once."""
    folded = [re.sub(r"\d+", "#", text) for text in texts]
    groups = find_near_copies(folded, n_jobs=1).groups.tolist()
    same = [re.sub(r"\s", "", text) for text in folded]
    return len({group if groups.count(group) > 1 else text for group, text in zip(groups, same, strict=True)})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is slow
@given(TEXTS, st.integers(1, 5), st.floats(0, 1), st.integers())
@example([*[""] * 4, NOTICE, f"{NOTICE} {LETTER}", f"{NOTICE} {CHINESE}"], 4, 0.0, 0)
def test_removal_matches_the_reported_segments_in_any_order(
    texts: list[str], least: int, share: float, seed: int
) -> None:
    found = find_boilerplate(texts, min_articles=least, min_share=share, min_share_long=share)
    shuffled = random.Random(seed).sample(texts, len(texts))
    again = find_boilerplate(shuffled, min_articles=least, min_share=share, min_share_long=share)
    assert again.segments == found.segments
    for _, count in found.segments:
        enough = count >= max(least, share * len(texts) - 1e-3)
        assert enough or (count >= max(3, n_stories(texts) / 2) and len(texts) < 2 * least)
    reread = Boilerplate.from_dict(json.loads(json.dumps(found.to_dict())))
    assert reread.segments == found.segments
    for text in texts:
        kept = found.remove(text)
        assert reread.remove(text) == kept
        assert len(kept) <= len(text)
        if not found.segments:
            assert kept is text
    for segment, _ in found.segments:
        assert found.remove(segment) == ""


@given(st.lists(st.text(), max_size=5), st.text())
def test_any_text_is_accepted(texts: list[str], text: str) -> None:
    found = find_boilerplate([*texts, text], min_articles=1, min_share=0, min_share_long=0)
    assert isinstance(found.remove(text), str)
