"""Sentence boundaries."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.text.sentences import sentence_ends


def split(line):
    places = [0, *sentence_ends(line), len(line)]
    return [part for start, end in pairwise(places) if (part := line[start:end].strip())]


@pytest.mark.parametrize(
    "sentences",
    [
        ["It rained.", "Why?", "Nobody knows!", "It did…", "And how...", "Really?!"],
        ["“It rained.”", "(It did.)", '"Much?"', "«Oui.»", "No."],
        ["Dr. A. B. Doe met Mr. St. John, e.g. at 3.50 p.m. today.", "Then No. 5 of Vol. 2 on Jan. 5 fell."],
        ["The U.S. Senate voted.", "See example.org or version 2.0.1 now.", "It did."],
        ["“Why?” she asked.", "It was ... odd.", "Yahoo! is old."],
        ["Am 3. Mai regnete es, z. B. in Hof.", "Ja."],
        ["1. Wash the rice.", "Boil it."],
        ["Он жил на ул. Мира.", "Потом уехал."],
        ["هل نزل المطر؟", "نعم."],
        ["بارش ہوئی۔", "سڑک بند ہے۔"],
        ["सड़क बंद है।", "बारिश हुई॥", "कब?"],
        ["Անձրև եկավ։", "Այո։"],
        ["ዝናብ ዘነበ።", "አዎ።"],
        ["ភ្លៀងធ្លាក់។", "បាទ។"],
        ["မိုးရွာသည်။", "ဟုတ်သည်။"],
    ],
    ids=lambda sentences: sentences[0],
)
def test_a_line_is_split_into_its_sentences(sentences):
    assert split(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["下雨了。", "路關了！", "為什麼？", "「是。」", "三．五毫米，里特維克．森。"],
        ["雨が降った．", "夜まで続いた．"],
        ["真的?", "是的!", "下雨了."],
    ],
    ids=lambda s: s[0],
)
def test_wide_scripts_need_no_space_between_sentences(sentences):
    assert split("".join(sentences)) == sentences


@pytest.mark.parametrize(
    "line", ["", "no end", "a.b.c", "3.5", "Rain in May", "…und dann", "J. Doe", "5. Mai 2026"]
)
def test_no_sentence_ends_in(line):
    assert list(sentence_ends(line)) == []


@given(st.text(alphabet='aA1. !?。।"”)雨…', max_size=200))
def test_ends_ascend_and_follow_a_mark(line):
    places = list(sentence_ends(line))
    assert places == sorted(set(places))
    for place in places:
        assert line[:place].rstrip('"”)')[-1:] in set(".!?。।…")
