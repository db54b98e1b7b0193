"""Lists as a folder with one JSON file per article, ready to be served by a web server."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import orjson

from recommender.export.list_source import ListSource, list_record
from recommender.lists.related import RelatedList

__all__ = ["article_id_of", "file_name", "is_folder", "write_folder"]

FLAT = 1_000  # largest number of files in one folder; more are spread over 256 sub-folders
_LONGEST = 200  # bytes of a name; file systems allow 255, and archives and backups append to names
_KIND = b'{"format":"recommender json-dir","version":1,'
_PLAIN = re.compile(rb"[^a-z0-9-]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)$")  # device names on Windows, with any suffix


def file_name(article_id: str) -> str:
    """Return a file name for an article that is unique and valid on every file system.

    Lower-case letters, digits and ``-`` are kept. Every other byte of the UTF-8 id becomes ``_`` and two
    hexadecimal digits. Names therefore stay distinct on file systems that ignore case or normalise accents,
    and contain no dot, slash or space. If the result is longer than 200 bytes, the name is ``_s`` and the
    SHA-256 of the id. In names that Windows reserves, the first letter is escaped. `article_id_of` is the
    inverse.

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
    """Return the id that `file_name` encoded, or None for a hashed name. The file itself contains the id.

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
    """Write ``index.json`` and one file per article in ``articles/``, with the same record as a JSON line.

    More than 1,000 files are spread over 256 sub-folders, named by the first two hexadecimal digits of the
    SHA-256 of the id. ``files`` in the index maps every id to its file. Memory is O(1).

    Returns
    -------
    int
        Number of lists written, including empty ones.
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
            name = "articles/" + (_shard(article_id) if sharded else "") + file_name(article_id)
            (folder / name).write_bytes(orjson.dumps(list_record(related, why=why)))
            index.write(b",\n" if count else b"\n")
            index.write(orjson.dumps(article_id) + b":" + orjson.dumps(name))
            count += 1
        index.write(b"\n}}\n")
    return count


def is_folder(path: Path) -> bool:
    """Return whether the folder contains an earlier export and nothing else."""
    if {entry.name for entry in path.iterdir()} != {"index.json", "articles"}:
        return False
    content = (path / "index.json").read_bytes()
    if not content.startswith(_KIND):
        return False
    try:
        ours = set(orjson.loads(content)["files"].values())
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return False
    files = (file for file in (path / "articles").rglob("*") if not file.is_dir())
    return all(file.relative_to(path).as_posix() in ours for file in files)


def _shard(article_id: str) -> str:
    return hashlib.sha256(article_id.encode()).hexdigest()[:2] + "/"
