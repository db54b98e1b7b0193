"""What pages say and where their lists go, kept from one run to the next."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import orjson

from recommender.errors import Problem
from recommender.readers.html.html_facts import HeadFacts, PageFacts, TextFacts
from recommender.readers.html.html_titles import TitleParts
from recommender.readers.html.woven_blocks import without_woven
from recommender.readers.pages.page_folder import Page, composed_path
from recommender.weaving.state_file import StateFile

__all__ = ["PageCache", "content_digest"]


def content_digest(content: bytes) -> bytes:
    """Return a digest of 20 bytes."""
    return hashlib.blake2b(content, digest_size=20).digest()


class PageCache:
    """Keeps the facts of the pages of a folder; see `html_facts.FactsCache`.

    A page is read once in a run: facts that were asked for or kept are given once more without its content. Paths are
    in composed form (NFC), as readers have them, or in that of the file system.

    Parameters
    ----------
    file : StateFile
    """

    def __init__(self, file: StateFile) -> None:
        self._file = file
        self._given: dict[str, PageFacts] = {}
        self._files: dict[str, bytes] = {}  # digests, with lists

    def get(self, page: Page) -> PageFacts | None:
        """Return the facts of a page with this path and content, if they are kept."""
        if (given := self._given.pop(page.path, None)) is not None:
            return given
        if isinstance(page.content, Problem):
            return None
        self._files[page.path] = content_digest(page.content)
        found = self._row(page.path)
        if not found or found[0][0] != content_digest(without_woven(page.content)):
            return None
        self._given[page.path] = facts = _facts(orjson.loads(found[0][1]))
        return facts

    def file_digest(self, path: str) -> bytes | None:
        """Return the digest of a file that was read in this run, with its list. None if it was not."""
        return self._files.get(composed_path(path))

    def put(self, page: Page, facts: PageFacts) -> None:
        """Keep the facts of a page."""
        if isinstance(page.content, Problem):
            return
        digest, kept = content_digest(without_woven(page.content)), orjson.dumps(facts, default=_plain)
        self._given[page.path] = _facts(orjson.loads(kept))  # as the next run has them
        self._file.write(
            "INSERT OR REPLACE INTO pages VALUES (?1, ?2, ?3, NULL, seal(?1, ?2, ?3, NULL))",
            [(page.path, digest, kept)],
        )

    def place(self, path: str, plain: bytes) -> tuple[int | None, str | None]:
        """Return the place of the list in a page without it, and the main text of the page.

        The place is None if it is not known yet, and -1 if the page has none.
        """
        found = self._row(composed_path(path))
        if not found or found[0][0] != content_digest(plain):
            return None, None
        if found[0][2] is not None:
            return int(found[0][2]), None
        return None, _facts(orjson.loads(found[0][1])).text.fields["text"]

    def keep_place(self, path: str, place: int) -> None:
        """Keep the place of the list in a page."""
        self._file.write(
            "UPDATE pages SET place = ?1, seal = seal(path, digest, facts, ?1) WHERE path = ?2",
            [(place, composed_path(path))],
        )

    def _row(self, path: str) -> list[tuple[Any, ...]]:
        """Return digest, facts and place of a page; nothing if they are not kept, or are not as they were kept."""
        statement = "SELECT digest, facts, place FROM pages WHERE path = ? AND seal = seal(path, digest, facts, place)"
        return self._file.rows(statement, (path,))

    def forget_others(self, paths: Iterable[str]) -> None:
        """Forget all pages but those at these paths."""
        gone = {path for (path,) in self._file.rows("SELECT path FROM pages")} - set(
            map(composed_path, paths)
        )
        self._file.write("DELETE FROM pages WHERE path = ?", [(path,) for path in sorted(gone)])


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else str(value)


def _facts(kept: Any) -> PageFacts:
    (fields, title, *others), (all_fields, reason) = kept
    return PageFacts(HeadFacts(fields, TitleParts(*title), *others), TextFacts(all_fields, reason))
