"""The template of a small site: segments that start or end at least half of its texts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from recommender.text.distinct_pages import PageCounter
from recommender.text.segments import segments_in_order, to_text

__all__ = ["edge_segments"]

_LEAST = 3  # articles; two parts of a series share sentences too
_LEAST_SHARE = 0.5  # of all stories; two eras of a site have two footers
_LONG = 40  # bytes; a shorter segment beside the template, such as a byline or tags, does not hide it


def edge_segments(texts: Sequence[bytes]) -> dict[bytes, int]:
    """Return the segments of the template, each with the number of articles that it starts or ends.

    A segment belongs to the template if it starts or ends three texts or more, and half of all. Only short
    segments and other parts of the template may stand between it and the start or the end of a text. So a
    quotation within texts is no template. Near-copies, with or without the template, count as one text, and so do
    prints of a story that differ more (see `PageCounter`).

    Parameters
    ----------
    texts : sequence of bytes
        Folded and marked texts of all articles of a site; see `recommender.text.segments`.

    Returns
    -------
    dict of bytes to int
    """
    pieces = [segments_in_order(text) for text in texts]
    counts = Counter(piece for each in pieces for piece in set(each))
    template = _recurring(pieces, [piece for piece, count in counts.items() if count >= _LEAST])
    if not template:
        return {}
    copies = _groups(pieces, frozenset())
    least = max(_LEAST, _LEAST_SHARE * len(set(copies)))
    while template:
        stories = _connected(copies, _groups(pieces, template))
        found: dict[bytes, set[int]] = defaultdict(set)
        for each, story in zip(pieces, stories, strict=True):
            for piece in _at_edges(each, template):
                found[piece].add(story)
        kept = {piece for piece in template if len(found[piece]) >= least}
        if kept == template:
            break
        template = kept
    return {piece: counts[piece] for piece in template}


def _recurring(pieces: Sequence[Sequence[bytes]], often: Sequence[bytes]) -> set[bytes]:
    """Return the segments on enough distinct pages. Prints of a story may differ too much to be near copies."""
    pages = PageCounter()
    for each in pieces:
        pages.see("", {piece: len(piece) for piece in each})
    held_by, n_pages = pages.pages(often)
    least = max(_LEAST, _LEAST_SHARE * n_pages) - 1e-6
    return {piece for piece, n_holding in zip(often, held_by, strict=True) if n_holding >= least}


def _at_edges(pieces: Sequence[bytes], template: Collection[bytes]) -> set[bytes]:
    return {*_leading(pieces, template), *_leading(reversed(pieces), template)}


def _leading(pieces: Iterable[bytes], template: Collection[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        if piece in template:
            yield piece
        elif len(piece) >= _LONG:
            return


def _groups(pieces: Sequence[Sequence[bytes]], template: Collection[bytes]) -> list[int]:
    """Return for each text the first with the same words or nearly so, without the template."""
    from recommender.text.near_copies import find_near_copies  # imports numba

    rests = [to_text(b"\n".join(piece for piece in each if piece not in template)) for each in pieces]
    first: dict[str, int] = {}
    same = [first.setdefault(rest, row) for row, rest in enumerate(rests)]
    return _connected(same, find_near_copies(rests, n_jobs=1).groups.tolist())


def _connected(one: Sequence[int], other: Sequence[int]) -> list[int]:
    """Return the groups that connect the rows which either grouping connects."""
    groups = list(one)
    for row, link in enumerate(other):
        joined = groups[row], groups[link]
        groups = [min(joined) if group in joined else group for group in groups]
    return groups
