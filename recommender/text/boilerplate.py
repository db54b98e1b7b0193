"""Boilerplate: text that recurs across a site, such as cookie notices, "subscribe" lines and template text.

A segment is a line, or a sentence within a line. It is boilerplate if it recurs on enough pages, in number and as a
share of the site; versions of a page are one (see `distinct_pages`). On a small site it must start or end most texts
(see `edge_segments`). The input is tidy text (see `plain_text`); the output is the same text without those segments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import chain, islice
from typing import Any

from recommender.text.distinct_pages import PageCounter
from recommender.text.edge_segments import edge_segments
from recommender.text.segments import (
    LONGEST_SEGMENT,
    SENTENCE_END,
    SHOWN_TITLE,
    fold_numbers,
    folded_segment,
    mark_sentences,
    segments_of,
    shown_segment,
    sizes_of,
    to_bytes,
    to_text,
    with_title,
    without_title,
)

__all__ = ["Boilerplate", "find_boilerplate"]

_LONG = 40  # letters; a sentence of about seven words hardly recurs by chance
_CAPTURED_AT = 4  # occurrences at which the text of a segment is stored, not only its hash
_WORD = re.compile(r"[^\W\d_]{3}|[\u0e00-\u0eff\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff]")
_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_NUMBERED_NAME = re.compile("[A-Za-z]#|#[A-Za-z]")  # C2143, HD4000: the number is content


class Boilerplate:
    r"""The boilerplate segments of a site, as returned by `find_boilerplate`.

    Parameters
    ----------
    segments : iterable of (str, int)
        Each segment, with numbers replaced by ``#`` and the article's own title by ``[title]``, and the
        number of articles that contain it.
    n_articles : int
        Number of articles examined.

    Attributes
    ----------
    segments : list of (str, int)
        Most frequent first, ties by text.

    Examples
    --------
    >>> boilerplate = Boilerplate([("We use cookies to improve it.", 30), ("Published # May #", 20)], n_articles=40)
    >>> boilerplate.remove("Rain in May\nPublished 12 May 2026\nIt rained. We use cookies to improve it.")
    'Rain in May\nIt rained.'
    """

    def __init__(self, segments: Iterable[tuple[str, int]] = (), n_articles: int = 0) -> None:
        self.segments = sorted(segments, key=lambda segment: (-segment[1], segment[0]))
        self.n_articles = n_articles
        self._keys = frozenset(folded_segment(text) for text, _ in self.segments)

    def __len__(self) -> int:
        return len(self.segments)

    def __repr__(self) -> str:
        return f"<Boilerplate: {len(self.segments)} segments in {self.n_articles} articles>"

    def remove(self, text: str, title: str = "") -> str:
        """Return `text` without the segments. `title` is the title of its article.

        Returns the same object if the text contains no segments, and ``""`` if it contains nothing else.
        """
        if not self._keys:
            return text
        marked = mark_sentences(to_bytes(without_title(text, title)))
        folded = fold_numbers(marked)
        if self._keys.isdisjoint(segments_of(folded)):
            return text
        kept = []
        for line, key in zip(marked.split(b"\n"), folded.split(b"\n"), strict=True):
            rest = b"" if key in self._keys else self._without_sentences(line, key)
            if rest or not line:
                kept.append(rest)
        return with_title(re.sub("\n{3,}", "\n\n", to_text(b"\n".join(kept))).strip("\n"), title)

    def _without_sentences(self, line: bytes, key: bytes) -> bytes:
        if SENTENCE_END not in key:
            return line
        pairs = zip(line.split(SENTENCE_END), key.split(SENTENCE_END), strict=True)
        return b"".join(sentence for sentence, key in pairs if key.strip(b" ") not in self._keys).strip(b" ")

    def to_dict(self) -> dict[str, Any]:
        """Return the segments as JSON values for `from_dict`."""
        return {"n_articles": self.n_articles, "segments": [list(segment) for segment in self.segments]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Boilerplate:
        """Return the boilerplate from the output of `to_dict`."""
        return cls(((str(text), int(n)) for text, n in data["segments"]), int(data["n_articles"]))


def find_boilerplate(
    texts: Iterable[str | tuple[str, str]],
    *,
    min_articles: int = 12,
    min_share: float = 0.05,
    min_share_long: float = 0.02,
    max_tracked: int = 2_000_000,
) -> Boilerplate:
    r"""Return the segments that recur in many of the texts.

    Parameters
    ----------
    texts : iterable of str or of (str, str)
        Tidy text of each article, or its title and text, read once as a stream. The order does not matter.
    min_articles : int, default 12
        Least number of articles that contain the segment, and of distinct pages among them. At least 1. Half as
        many pages are enough if half of all articles contain it. On a site of fewer than twice as many articles,
        three pages are enough if they are half of all, and the segment starts or ends their texts.
    min_share : float, default 0.05
        Least share of all articles that contain the segment, and of distinct pages, 0 to 1. Applies to segments
        that are short or contain numbers.
    min_share_long : float, default 0.02
        The same for segments of 40 letters or more without numbers. A Chinese character counts as three
        letters.
    max_tracked : int, default 2,000,000
        Segments counted at a time, at about 100 bytes each. With more distinct segments the rarest are
        dropped from time to time, so counts may be slightly too low but never too high.

    Returns
    -------
    Boilerplate

    Raises
    ------
    ValueError
        If a limit is out of range.

    Notes
    -----
    Thresholds are inclusive. The versions of a page, and the prints of a story, are one page (see `PageCounter`), so
    that their text is no template. Numbers are folded, so "Published 12 May 2026" and "Published 7 May 2025" are
    counted together. So is the article's own title at the end of its text: "The post [title] appeared first
    on The Coast." is one segment. A segment with a number inside a name ("error C2143") or without a word is
    never boilerplate. A line is not listed if each of its sentences is a segment itself. Linear in the length
    of the texts, at about 50 MB/s.

    The shares were measured on blogs, news, documentation, a wiki and abstracts. At 2 % or more, every long
    segment was template text, while tables of a news wire ("Shr # cts vs # cts") reach 4 %.

    Examples
    --------
    >>> texts = [f"Story {word} is new.\nSubscribe now!" for word in "abcdefghijklmnop"]
    >>> find_boilerplate(texts).segments
    [('Subscribe now!', 16)]
    """
    if min_articles < 1 or max_tracked < 1:
        raise ValueError(
            f"min_articles and max_tracked must be 1 or more, got {min_articles} and {max_tracked}"
        )
    if not (0 <= min_share <= 1 and 0 <= min_share_long <= 1):
        raise ValueError(f"shares must be from 0 to 1, got {min_share} and {min_share_long}")
    folded = map(_folded, texts)
    first = list(islice(folded, 2 * min_articles - 1))
    pages = PageCounter()
    n_articles, counted = _count(chain(first, folded), pages, min(_CAPTURED_AT, min_articles), max_tracked)
    shares = {
        key: min_share_long if _is_long(shown) else min_share
        for key, count in counted.items()
        if count >= min_articles and _is_prose(shown := shown_segment(key))
    }
    often = [key for key, share in shares.items() if counted[key] >= share * n_articles - 1e-6]
    held_by, n_pages = pages.pages(often)
    found = {}
    for key, n_holding in zip(often, held_by, strict=True):
        least = min_articles / 2 if 2 * counted[key] >= n_articles else min_articles
        if n_holding >= max(least, shares[key] * n_pages) - 1e-6:
            found[key] = counted[key]
    if n_articles == len(first):
        template = edge_segments([text for _, text in first])
        found |= {key: count for key, count in template.items() if _is_prose(shown_segment(key))}
    listed = (
        (shown_segment(key), count)
        for key, count in found.items()
        if not _is_covered_by_sentences(key, found)
    )
    return Boilerplate(listed, n_articles)


def _folded(text: str | tuple[str, str]) -> tuple[str, bytes]:
    title, body = ("", text) if isinstance(text, str) else text
    return title, fold_numbers(mark_sentences(to_bytes(without_title(body, title))))


def _count(
    texts: Iterable[tuple[str, bytes]], pages: PageCounter, captured_at: int, max_tracked: int
) -> tuple[int, dict[bytes, int]]:
    """Count the articles, and those that contain each recurring segment, by lossy counting in one pass."""
    counts: dict[int, int] = {}  # by hash(), which is never stored
    captured: dict[int, bytes] = {}
    n_articles = 0
    for title, text in texts:
        n_articles += 1
        sizes = sizes_of(text)
        pages.see(title, sizes)
        for segment in sizes:
            if len(segment) > LONGEST_SEGMENT:
                continue
            key = hash(segment)
            counts[key] = count = counts.get(key, 0) + 1
            if count == captured_at:
                captured[key] = segment
        floor = 0
        while len(counts) > max_tracked:
            floor += 1
            counts = {key: count for key, count in counts.items() if count > floor}
            captured = {key: segment for key, segment in captured.items() if key in counts}
    return n_articles, {segment: counts[key] for key, segment in captured.items()}


def _is_prose(segment: str) -> bool:
    rest = segment.replace(SHOWN_TITLE, "")  # a title alone may be the headline, repeated
    return _WORD.search(rest) is not None and _NUMBERED_NAME.search(rest) is None


def _is_long(segment: str) -> bool:
    return "#" not in segment and len(segment) + 2 * len(_WIDE.findall(segment)) >= _LONG


def _is_covered_by_sentences(key: bytes, found: Mapping[bytes, int]) -> bool:
    return SENTENCE_END in key and all(sentence.strip(b" ") in found for sentence in key.split(SENTENCE_END))
