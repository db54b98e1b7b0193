"""Stubs: texts that articles with different titles share verbatim, such as consent walls."""

import pytest

from recommender.text.stubs import StubFinder, Stubs

WALL = (
    "We value your privacy. We and our 842 partners store and access information on a device, such as cookies, and process "
    "personal data for personalised advertising. You can accept all, or manage your choices in the privacy centre."
)
STORY = (
    "A storm closed the harbour of Ardal for a third day on Tuesday. Waves broke over the sea wall, and the ferries to the "
    "islands stayed in port. The harbour board expects the storm to pass by Thursday; until then the fishing fleet waits."
)
NAMES = ["Herring quota", "Ice plant", "Rye prices", "New bridge", "School opens", "Mill closes"]


def found(texts):
    finder = StubFinder()
    assert list(finder.see_all(texts)) == texts
    return finder.found(texts)


def test_three_titles_with_one_text_are_a_stub_and_two_are_not():
    texts = [(name, WALL) for name in NAMES]
    assert found(texts[:3]) == Stubs(frozenset({0, 1, 2}), [(WALL, 3)])
    assert found(texts[:2]) == Stubs(frozenset(), [])


def test_only_articles_with_the_stub_are_listed():
    others = [(f"Story {number}", f"A story of its own, number {number}.") for number in range(50)]
    texts = [*others[:20], ("Herring", WALL), *others[20:40], ("Ice", WALL), ("Rye", WALL), *others[40:]]
    assert found(texts).rows == {20, 41, 42}


@pytest.mark.parametrize(
    "form", ["{title}\n{wall}", "{title}\n\n{wall}", "{wall}\n{title}", "{title}: {wall}", "Home\n{title}\n{wall}",
             "You wanted to read {title}. {wall}"]
)  # fmt: skip
def test_a_repeated_title_in_the_stub_is_ignored(form):
    texts = [(name, form.format(title=name, wall=WALL)) for name in NAMES]
    assert found(texts).rows == set(range(6))


def test_texts_with_and_without_the_title_are_one_stub():
    texts = [(name, f"{name}\n{WALL}" if row % 2 else WALL) for row, name in enumerate(NAMES)]
    assert found(texts) == Stubs(frozenset(range(6)), [(WALL, 6)])


def test_a_title_that_is_part_of_the_stub_is_kept_in_it():
    assert found(
        [*((name, WALL) for name in NAMES), ("cookies", WALL), ("privacy centre", WALL)]
    ).rows == set(range(8))


def test_one_line_notes_are_stubs():
    texts = [(f"Regatta, day {day}", "Photo gallery.") for day in range(10)]
    assert found(texts) == Stubs(frozenset(range(10)), [("Photo gallery.", 10)])


def test_a_republished_article_with_the_same_title_is_not_a_stub():
    assert not found([("Storm", STORY)] * 5).rows
    assert not found([("Storm", WALL)] * 4 + [("Ice", WALL)] * 4).rows


def test_a_story_under_matching_headlines_is_not_a_stub():
    headlines = [
        "Storm closes Ardal harbour",
        "Ferries stay in port, harbour closed",
        "Waves over the sea wall of Ardal harbour",
    ]
    assert not found([(headline, STORY) for headline in headlines]).rows
    assert found([(name, STORY) for name in NAMES]).rows == set(range(6)), (
        "the titles are about other subjects"
    )
    chinese = "颱風侵襲港口，渡輪停航三天，漁船全部留在港內等待風浪平息。" * 4
    assert not found([(name, chinese) for name in ("颱風侵襲港口", "渡輪停航三天", "漁船留在港內")]).rows
    assert found([(name, chinese) for name in ("小麥價格上漲", "新橋通車典禮", "學校明日開學")]).rows == {
        0,
        1,
        2,
    }


def test_texts_of_one_template_about_different_subjects_are_kept():
    texts = [
        (f"fn{n}", f"The name fn{n} is an old alias for the function _fn{n}. See _fn{n}.") for n in range(20)
    ]
    assert not found(texts).rows
    texts = [(f"fn{n}", f"The function fn{n} is gone.") for n in range(20)]
    assert not found(texts).rows
    texts = [(name, f"Here is all of our {name}x and more.") for name in NAMES]
    assert not found(texts).rows
    texts = [(name, f"All {name} and again {name}.") for name in NAMES]
    assert not found(texts).rows
    texts = [(name, f"{WALL} {name} was the story of day {row}.") for row, name in enumerate(NAMES)]
    assert not found(texts).rows


@pytest.mark.parametrize("text", ["", ".", "-- 12 --", "{title}", "{title}.", "{title}\n{title}"])
def test_a_text_without_words_is_not_a_stub(text):
    assert not found([(name, text.format(title=name)) for name in NAMES]).rows


def test_an_article_without_a_title_keeps_its_text():
    assert not found([("", WALL)] * 5).rows
    assert found([("", WALL), *((name, WALL) for name in NAMES)]).rows == set(range(1, 7))


def test_no_articles_give_no_stubs():
    assert found([]) == Stubs(frozenset(), [])


def test_the_warning_contains_the_count_and_the_text():
    stubs = found([(name, WALL) for name in NAMES])
    assert stubs.warning() == (
        "6 articles have the same text, 'We value your privacy. We and our 842 partners store and...'; "
        "this consent wall or stub was removed"
    )
    notes = [(f"Regatta, day {day}", "Photo\ngallery.") for day in range(1_200)]
    assert found([*((name, WALL) for name in NAMES), *notes]).warning() == (
        "1,206 articles share 2 texts, 1,200 of them 'Photo gallery.'; these consent walls or stubs were removed"
    )
