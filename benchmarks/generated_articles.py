"""Generated articles: a site of any size, for measuring how cost grows.

An article belongs to a section and to a story. Its words are drawn from those of the language by Zipf's law, from those
of the section and from those of the story, so an article has a few near neighbours, many of the same subject, and is far
from the rest. One in a hundred is a near copy of the article before. What is written depends on the seed and the
article's number alone, so a smaller site is the beginning of a larger one.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["generated_articles", "main"]

_SECTIONS = 40
_STORY = 5  # articles of a story
_WORDS = 150  # of an article, as in an abstract
_VOCABULARY, _OF_SECTION, _OF_STORY = 200_000, 2_000, 30
_PARTS = (0.62, 0.24, 0.14)  # of an article: words of the language, of its section and of its story
_SYLLABLES = [a + b for a in "bdfgklmnprstv" for b in "aeiou"]
_DAYS = 3_650
_COPIES = 0.01


def _word(number: int) -> str:
    found = ""
    while number or not found:
        number, place = divmod(number, len(_SYLLABLES))
        found += _SYLLABLES[place]
    return found


def _zipf(random: np.random.Generator, n: int, most: int) -> NDArray[np.int64]:
    """Return numbers below `most`, of which number i is drawn in proportion to about 1 / (i + 1)."""
    return np.exp(random.random(n) * np.log(most + 1)).astype(np.int64) - 1


def generated_articles(n: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Yield articles as the fields of JSON lines, by ascending ids."""
    before = ""
    for number in range(n):
        random = np.random.default_rng((seed, number))
        story = np.random.default_rng((seed, 1, number // _STORY))
        section = int(story.integers(_SECTIONS))
        day = float(story.random() * _DAYS + random.random() * 5)
        own = story.integers(0, _VOCABULARY, _OF_STORY)
        counts = random.multinomial(_WORDS, _PARTS)
        words = np.concatenate([
            _zipf(random, counts[0], _VOCABULARY),
            (section * 7_919 + _zipf(random, counts[1], _OF_SECTION) * 61) % _VOCABULARY,
            own[_zipf(random, counts[2], _OF_STORY)],
        ])  # fmt: skip
        spelled = [_word(int(each)) for each in random.permutation(words)]
        body = (
            ". ".join(" ".join(spelled[at : at + 15]).capitalize() for at in range(0, len(spelled), 15)) + "."
        )
        if before and random.random() < _COPIES:
            body = before + " " + _word(int(words[0])).capitalize() + "."
        before = body
        title = " ".join(_word(int(each)) for each in (*own[:3], *words[:3])).capitalize()
        published = datetime(2016, 1, 1, tzinfo=UTC) + timedelta(days=day)
        yield {
            "id": f"a{number:09d}", "title": title, "text": body, "section": f"section {section}",
            "published": published.isoformat(timespec="minutes"), "language": "en",
        }  # fmt: skip


def main() -> None:
    """Print generated articles as JSON Lines: ``python -m benchmarks.generated_articles 100000 > articles.jsonl``."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("n", type=int, help="number of articles")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    for article in generated_articles(options.n, options.seed):
        print(json.dumps(article))


if __name__ == "__main__":
    main()
