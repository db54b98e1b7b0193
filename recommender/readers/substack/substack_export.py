"""Read the export of Substack: the table `posts.csv`, and the texts of its posts in the folder beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from recommender.errors import Problem
from recommender.readers.inputs.encodings import decoded
from recommender.readers.inputs.sources import MAX_DOCUMENT_BYTES, Source
from recommender.readers.records.rows import Caution, Row
from recommender.readers.tabular.delimited import read_csv

__all__ = ["is_substack", "read_substack", "substack_table"]

_TABLE, _TEXTS = "posts.csv", "posts"
_HEADER = re.compile(rb'\s*"?post_id"?,"?post_date"?,"?is_published"?,')
_KEPT = ("type", "audience", "podcast_url")


def is_substack(head: bytes) -> bool:
    """Return whether a file is the table of posts, from its first bytes."""
    return _HEADER.match(head) is not None


def substack_table(folder: Path) -> Path | None:
    """Return the table of posts if a folder is an export, or None."""
    table = folder / _TABLE
    if not (folder / _TEXTS).is_dir() or not table.is_file():
        return None
    with table.open("rb") as content:
        return table if is_substack(content.read(200).removeprefix(b"\xef\xbb\xbf")) else None


def read_substack(source: Source) -> Iterator[Row]:
    """Yield a row for each post, with its line in the table.

    The id is the post's, the address its path on the site, and the description its subtitle. Posts that are not
    published are left out. If the source is no file, posts have no text.
    """
    texts = {} if source.path is None else _texts(source.path.parent / _TEXTS)
    for row in read_csv(source):
        if not isinstance(row.content, dict):
            yield row
            continue
        post = row.content
        post_id = str(post.get("post_id") or "")
        number, _, slug = post_id.partition(".")
        file = texts.get(post_id) or texts.get(number)
        text = "" if file is None else _text(file)
        is_draft = str(post.get("is_published")).lower() != "true"
        if isinstance(text, Problem):
            yield Row(source.name, row.line, text, row.raw, left_out="draft" if is_draft else None)
            continue
        if file is None and not is_draft:
            got = f"{post_id!r} has no file in {_TEXTS}/"
            caution = Caution("posts without a text", got, "give the whole folder of the export")
            yield Row(source.name, row.line, caution)
        slug = slug or ("" if file is None else file.stem.partition(".")[2])
        fields: dict[str, Any] = {
            "id": post_id,
            "title": post.get("title"),
            "text": text,
            "published": post.get("post_date"),
            "url": f"/p/{slug}" if slug else None,
            "description": post.get("subtitle"),
            **{name: post.get(name) for name in _KEPT},
        }
        kept = {name: value for name, value in fields.items() if value}
        yield row._replace(content=kept, left_out="draft" if is_draft else None)


def _texts(folder: Path) -> dict[str, Path]:
    """Return the file of each post by its whole id and by its number."""
    files = sorted(folder.glob("*.html")) if folder.is_dir() else []
    return {name: file for file in files for name in (file.stem, file.stem.partition(".")[0])}


def _text(file: Path) -> str | Problem:
    try:
        if file.stat().st_size > MAX_DOCUMENT_BYTES:
            return Problem(f"{file.name} is longer than {MAX_DOCUMENT_BYTES // 2**20} MiB", "", "split it")
        return decoded(file.read_bytes(), "utf-8")
    except OSError as error:
        return Problem(
            f"{file.name} cannot be read", str(error.strerror), "check the file and its permissions"
        )
