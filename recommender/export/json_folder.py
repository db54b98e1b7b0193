"""A folder of JSON files, one an article, that a web server can hand out as it is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import orjson

from recommender.export.list_source import ListSource, list_record
from recommender.ranking.related import RelatedList

__all__ = ["article_id_of", "file_name", "is_folder", "write_folder"]

FLAT = 1_000  # files that one folder holds in comfort; beyond, 256 sub-folders share them
_LONGEST = 200  # bytes of a name; file systems stop at 255, and archives and backups add to it
_KIND = b'{"format":"recommender json-dir","version":1,'
_PLAIN = re.compile(rb"[^a-z0-9-]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)$")  # devices on Windows, whatever the suffix


def file_name(article_id: str) -> str:
    """Return a name for the article's file that is safe everywhere and tells no two ids apart wrongly.

    Small letters, digits and ``-`` stand for themselves; every other byte of the id in UTF-8 is ``_`` and
    two hexadecimal digits. So capitals survive file systems that ignore case, composed and decomposed
    accents those that normalise, and no name has a dot, a slash or a space. An id of more than 200 bytes
    so written, or a name that Windows reserves, is ``_s`` and the SHA-256 of the id, or has its first
    letter escaped. `article_id_of` is the way back.

    Examples
    --------
    >>> file_name("rain-in-may"), file_name("../A")
    ('rain-in-may.json', '_2e_2e_2f_41.json')
    """
    name = _PLAIN.sub(lambda byte: b"_%02x" % byte[0][0], article_id.encode()).decode()
    if len(name) > _LONGEST:
        name = "_s" + hashlib.sha256(article_id.encode()).hexdigest()
    elif _RESERVED.match(name):
        name = f"_{ord(name[0]):02x}{name[1:]}"
    return name + ".json"


def article_id_of(name: str) -> str | None:
    """Return the id that `file_name` made a name from; None for a hashed one, whose id stands in the file.

    Examples
    --------
    >>> article_id_of("_2e_2e_2f_41.json")
    '../A'
    """
    stem = name.removesuffix(".json")
    if stem.startswith("_s"):
        return None
    return re.sub(rb"_([0-9a-f]{2})", lambda code: bytes.fromhex(code[1].decode()), stem.encode()).decode()


def write_folder(folder: Path, source: ListSource, lists: Iterable[RelatedList], *, why: bool = False) -> int:
    """Write ``index.json`` and, below ``articles/``, a file an article with the record of a JSON line.

    Up to 1,000 articles lie side by side; more are spread over 256 sub-folders named by the first two
    hexadecimal digits of the SHA-256 of their id. ``files`` in the index maps every id to its file.

    Returns
    -------
    int
        Number of lists written, empty ones included. O(1) memory.
    """
    sharded = len(source) > FLAT
    articles = folder / "articles"
    articles.mkdir(parents=True)
    if sharded:
        for shard in range(256):
            (articles / f"{shard:02x}").mkdir()
    count = 0
    with (folder / "index.json").open("wb") as index:
        index.write(_KIND + b'"files":{')
        for related in lists:
            article_id = str(related.article_id)
            place = "articles/" + (_shard(article_id) if sharded else "") + file_name(article_id)
            (folder / place).write_bytes(orjson.dumps(list_record(related, why=why)))
            index.write(b",\n" if count else b"\n")
            index.write(orjson.dumps(article_id) + b":" + orjson.dumps(place))
            count += 1
        index.write(b"\n}}\n")
    return count


def is_folder(path: Path) -> bool:
    """Tell whether the folder is an earlier export with nothing else beside it."""
    if {entry.name for entry in path.iterdir()} != {"index.json", "articles"}:
        return False
    with (path / "index.json").open("rb") as file:
        return file.read(len(_KIND)) == _KIND


def _shard(article_id: str) -> str:
    return hashlib.sha256(article_id.encode()).hexdigest()[:2] + "/"
