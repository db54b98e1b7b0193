"""The lists of a version as bytes that are ready to be sent."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from urllib.parse import unquote_to_bytes

from recommender.engine import Recommender
from recommender.errors import RecommenderError
from recommender.service.answers import Answer, Header, Reply
from recommender.service.cache_headers import CacheHeaders, version_header
from recommender.service.list_answers import list_answer

__all__ = ["LIST_ROUTE", "PreparedLists"]

LIST_ROUTE = "/v1/articles/{article_id}/related"
"""The route whose answers are ready, if they are asked for without parameters."""

_BEGIN, _END = map(str.encode, LIST_ROUTE.split("{article_id}"))
_MOST_PATHS = 100_000  # an id has many spellings in paths


class PreparedLists:
    """Answers with the lists of one version. They are made when they are first asked for.

    Parameters
    ----------
    site : Recommender
        A version that stays as it is.
    headers : CacheHeaders
    most_bytes : int
        The oldest answers go when all take more.

    Attributes
    ----------
    version : tuple of (bytes, bytes)
        The header that names the version.
    """

    def __init__(self, site: Recommender, headers: CacheHeaders, most_bytes: int) -> None:
        self._site, self._headers, self._most = site, headers, most_bytes
        self._answers: dict[str, Answer] = {}
        self._by_path: dict[bytes, Answer] = {}  # the same, of paths that were asked for again
        self.n_bytes = 0
        self.version: Header = version_header(site.version)
        self._until = self._next_expiry()

    def __len__(self) -> int:
        return len(self._answers)

    def after(self, site: Recommender, changed: Iterable[str] | None) -> PreparedLists:
        """Return the lists of a later version, of which those that did not change are ready. None means that all did."""
        found = PreparedLists(site, self._headers, self._most)
        if changed is not None and self.left_s > 0:
            found._answers, found.n_bytes = self._answers, self.n_bytes
            for article_id in changed:
                found._drop(article_id)
        return found

    def reply(self, encoded: bytes, headers: Mapping[bytes, bytes]) -> Reply | None:
        """Return the reply to a request for the list of an article, by its path. None if the path names no such list."""
        left_s = self.left_s
        if left_s <= 0:
            self._answers, self.n_bytes, self._until = {}, 0, self._next_expiry()
            self._by_path, left_s = {}, self.left_s
        answer = self._by_path.get(encoded)
        if answer is None and (answer := self._of_path(encoded)) is None:
            return None
        reply = answer.reply(headers)
        return reply if left_s >= self._headers.longest_s else self._headers.shortened(reply, left_s)

    @property
    def left_s(self) -> float:
        """Seconds until a list changes because an article expires."""
        return self._until - time.time()

    def _of_path(self, encoded: bytes) -> Answer | None:
        """Return the list that a path names, and keep it under this path if it is asked for again."""
        if not (encoded.startswith(_BEGIN) and encoded.endswith(_END)):
            return None
        try:
            article_id = unquote_to_bytes(encoded[len(_BEGIN) : -len(_END)]).decode()
            found = self._answers.get(article_id)
            if found is None:
                return self._made(article_id)
        except (UnicodeDecodeError, RecommenderError):
            return None  # the route says why
        if len(self._by_path) >= _MOST_PATHS:
            self._by_path = {}
        self._by_path[encoded] = found
        return found

    @property
    def is_full(self) -> bool:
        """Whether one more answer may push out another."""
        return self.n_bytes >= 0.9 * self._most

    def prepare(self, article_id: str) -> None:
        """Make the answer with the list of an article, if it is not there. Unknown ids are ignored."""
        if article_id not in self._answers:
            with suppress(RecommenderError):
                self._made(article_id)

    def _made(self, article_id: str) -> Answer:
        related = self._site.related(article_id)
        answer = list_answer(related, self._headers)
        if related.article_id == article_id and self._site_is_as_it_was():
            self._answers[article_id] = answer
            self.n_bytes += answer.n_bytes
            while self.n_bytes > self._most and self._answers:
                self._drop(next(iter(self._answers)))
        return answer

    def _site_is_as_it_was(self) -> bool:
        return version_header(self._site.version) == self.version

    def _drop(self, article_id: str) -> None:
        gone = self._answers.pop(article_id, None)
        if gone is not None:
            self.n_bytes -= gone.n_bytes
            self._by_path = {}

    def _next_expiry(self) -> float:
        """Return when a list changes because an article expires, in seconds since 1970."""
        moment = self._site.next_expiry()
        return float("inf") if moment is None else moment.timestamp()
