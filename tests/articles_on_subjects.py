"""Made-up articles on subjects: with words of their subject, words that all articles share, and words of their own."""

from __future__ import annotations

import random

from recommender import Article

N_SUBJECTS = 12
ALONE, PARTNER = "s13-0", "s13-1"
"""An article that shares its subject with the partner alone."""


def article_on(subject: int, number: int, *, weak: bool = False) -> Article:
    """Return an article on a subject; a weak one mentions it in passing."""
    source = random.Random(1000 * subject + number)
    common = source.choices([f"common{i}" for i in range(60)], k=20)
    own = source.choices([f"s{subject}word{i}" for i in range(15)], k=3 if weak else 25)
    alone = [f"only{subject}x{number}x{i}" for i in range(12)]
    text = " ".join([*common, *own, *alone])
    return Article(
        f"s{subject:02}-{number}", f"Note {subject} {number}", text, metadata={"desk": f"d{number}"}
    )


def articles_on_subjects() -> list[Article]:
    """Return three articles on each of twelve subjects, and four that are alone on theirs but for one partner."""
    articles = [article_on(subject, number) for subject in range(N_SUBJECTS) for number in range(3)]
    return articles + [article_on(N_SUBJECTS + alone, 0) for alone in range(4)] + [article_on(13, 1)]
