"""Articles cut into shards: runs of ascending ids, each a part with one JSON line an article.

The driver reads the articles once, as a stream, into a temporary file. A sample of the ids, those of the least hashes,
says where the shards begin, so they depend on the articles and not on their order. The driver holds the sample and one
shard at a time.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import IO, NamedTuple

import numpy as np
import orjson

from recommender.articles import Article
from recommender.errors import InputError, Problem
from recommender.progress import REPORT_INTERVAL, Progress
from recommender.sharding.part_file import Part
from recommender.sharding.work_folder import WorkFolder, part_name

__all__ = ["Shards", "articles_of", "cut", "id_hash", "n_shards_of"]

_SAMPLED = 8_192  # ids that decide where shards begin
_BUFFERED = 2**26  # bytes held while lines are dealt out
_OPEN_FILES = 400  # shards that are dealt out at a time
_MOST_PROBLEMS = 1_000  # duplicate ids that are spelled out


class Shards(NamedTuple):
    """The shards of a site.

    Attributes
    ----------
    names : tuple of str
        Parts, by ascending ids.
    sizes : tuple of int
        Articles of each.
    n_bytes : tuple of int
        Bytes of the lines of each.
    fit_bound : int
        Articles whose `id_hash` is up to this are those that the model is fitted on.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    n_bytes: tuple[int, ...]
    fit_bound: int

    @property
    def n_articles(self) -> int:
        """The number of articles."""
        return sum(self.sizes)


def n_shards_of(n_bytes: int, shard_bytes: int) -> int:
    """Return the number of shards of so many bytes: one, or an even number, which two processes share alike.

    Examples
    --------
    >>> [n_shards_of(n_bytes, 16) for n_bytes in (0, 16, 17, 33, 170)]
    [1, 1, 2, 4, 12]
    """
    n_shards = max(1, -(-n_bytes // shard_bytes))
    return n_shards if n_shards == 1 else n_shards + n_shards % 2


def id_hash(article_id: str) -> int:
    """Return 64 bits that are the same for an id in every process."""
    return int.from_bytes(
        hashlib.blake2b(article_id.encode(), digest_size=8, person=b"sample").digest(), "big"
    )


def cut(
    articles: Iterable[Article], folder: WorkFolder, shard_bytes: int, n_fitted: int, progress: Progress
) -> Shards:
    """Write articles as shards of about `shard_bytes`. The model is fitted on `n_fitted` of them.

    Raises
    ------
    InputError
        If several articles have the same id, or the reader behind `articles` reports a problem.
    """
    with tempfile.TemporaryFile() as lines:
        n, ids, fit_bound = _spooled(articles, lines, n_fitted, progress)
        n_shards = max(1, min(n, n_shards_of(lines.tell(), shard_bytes)))
        bounds = [ids[len(ids) * place // n_shards] for place in range(1, n_shards)] if ids else []
        found, problems = list[tuple[str, int, int]](), list[Problem]()
        for first in range(0, len(bounds) + 1, _OPEN_FILES):
            n_files = min(_OPEN_FILES, len(bounds) + 1 - first)
            with ExitStack() as files:
                dealt = [files.enter_context(tempfile.TemporaryFile()) for _ in range(n_files)]
                _deal(lines, bounds, dealt, first)
                for number, each in enumerate(dealt, first + 1):
                    rows = _sorted_lines(each, problems)
                    if (rows or not bounds) and not problems:
                        found.append(_written(folder, rows))
                    progress("cutting", number, len(bounds) + 1)
    if problems:
        raise InputError(problems[:_MOST_PROBLEMS])
    names, sizes, n_bytes = zip(*found, strict=True)
    return Shards(names, sizes, n_bytes, fit_bound)


def _spooled(
    articles: Iterable[Article], lines: IO[bytes], n_fitted: int, progress: Progress
) -> tuple[int, list[str], int]:
    """Write a line an article. Return how many, sampled ids in their order, and the bound of the fit."""
    n, sample, fitted = 0, list[tuple[int, str]](), list[int]()
    for number, article in enumerate(articles, start=1):
        if not isinstance(article, Article):
            raise TypeError(
                f"articles must be an iterable of Article, got {article!r:.80} as number {number:,}"
            )
        n, hashed = number, id_hash(article.article_id)
        _keep(sample, (-hashed, article.article_id), _SAMPLED)
        _keep(fitted, -hashed, n_fitted)
        head = f"{article.article_id}\t{number}\t".encode(errors="surrogatepass")
        lines.write(head + _line_of(article) + b"\n")
        if number % REPORT_INTERVAL == 0:
            progress("reading", number, 0)
    progress("reading", n, n)
    return n, sorted(article_id for _, article_id in sample), -min(fitted, default=0)


def _line_of(article: Article) -> bytes:
    fields = article.to_dict()
    try:
        return orjson.dumps(fields)
    except TypeError:  # half characters, and whole numbers of more than 64 bits
        return json.dumps(fields, ensure_ascii=False).encode(errors="surrogatepass")


def _keep(heap: list, item: object, most: int) -> None:  # type: ignore[type-arg]
    """Keep the largest `most` items on a heap."""
    if len(heap) < most:
        heapq.heappush(heap, item)
    elif heap and item > heap[0]:
        heapq.heapreplace(heap, item)


def _deal(lines: IO[bytes], bounds: list[str], dealt: Sequence[IO[bytes]], first: int) -> None:
    """Write the lines of some shards, from number `first` on, into a file each."""
    held: list[list[bytes]] = [[] for _ in dealt]
    size = 0
    lines.seek(0)
    for line in lines:
        place = bisect_right(bounds, line[: line.index(b"\t")].decode()) - first
        if not 0 <= place < len(dealt):
            continue
        held[place].append(line)
        size += len(line)
        if size >= _BUFFERED:
            _flush(held, dealt)
            size = 0
    _flush(held, dealt)


def _flush(held: list[list[bytes]], dealt: Sequence[IO[bytes]]) -> None:
    for some, file in zip(held, dealt, strict=True):
        file.write(b"".join(some))
        some.clear()


def _sorted_lines(file: IO[bytes], problems: list[Problem]) -> list[bytes]:
    """Return the JSON lines of a shard by their ids. Ids that several articles have are added to the problems."""
    file.seek(0)
    rows = []
    for line in file:
        article_id, number, content = line.rstrip(b"\n").split(b"\t", 2)
        rows.append((article_id.decode(), int(number), content))
    rows.sort(key=lambda row: row[:2])
    first = rows[0] if rows else None
    for row in rows[1:]:
        if first is not None and row[0] == first[0]:
            other = f"article {first[1]:,} has the same id; give each article its own"
            problems.append(Problem("duplicate id", repr(row[0]), other))
        else:
            first = row
    return [content for _, _, content in rows]


def _written(folder: WorkFolder, lines: list[bytes]) -> tuple[str, int, int]:
    text = b"\n".join(lines)
    name = part_name("articles", hashlib.blake2b(text, digest_size=16).hexdigest())
    if not folder.holds(name):
        folder.write(name, {"lines": np.frombuffer(text, np.uint8)}, {"n": len(lines)})
    return name, len(lines), len(text)


def articles_of(part: Part) -> Iterator[Article]:
    """Yield the articles of a shard."""
    if part.facts["n"]:
        for line in part.arrays["lines"].tobytes().split(b"\n"):
            try:
                yield Article(**orjson.loads(line))
            except orjson.JSONDecodeError:
                yield Article(**json.loads(line))
