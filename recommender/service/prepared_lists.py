"""The lists of a version as bytes that are ready to be sent."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import islice
from urllib.parse import unquote_to_bytes

from recommender.engine import Recommender
from recommender.errors import RecommenderError
from recommender.service.answers import Answer, Header, PackedAnswer, Reply
from recommender.service.cache_headers import CacheHeaders, version_header
from recommender.service.list_answers import list_answer

__all__ = ["LIST_ROUTE", "PreparedLists"]

LIST_ROUTE = "/v1/articles/{article_id}/related"
"""The route whose answers are ready, if they are asked for without parameters."""

_BEGIN, _END = map(str.encode, LIST_ROUTE.split("{article_id}"))
_PREPARED = 0.75  # of the room
_MOST_PATHS = 100_000  # an id has many spellings in paths


class PreparedLists:
    """Answers with the lists of one version.

    All are prepared one by one and kept compressed; those that are asked for are kept as they are sent as well, until
    newer ones need their room.

    Parameters
    ----------
    site : Recommender
        A version that stays as it is.
    headers : CacheHeaders
    most_bytes : int
        What all may take.

    Attributes
    ----------
    version : tuple of (bytes, bytes)
        The header that names the version.
    """

    def __init__(self, site: Recommender, headers: CacheHeaders, most_bytes: int) -> None:
        self._site, self._headers, self._most = site, headers, most_bytes
        self._answers: dict[str, Answer] = {}
        self._packed: dict[str, PackedAnswer] = {}
        self._by_path: dict[bytes, Answer] = {}  # the same as answers, of paths that were asked for again
        self._n_bytes = self._n_packed = 0
        self.version: Header = version_header(site.version)
        self._until = self._next_expiry()

    def __len__(self) -> int:
        return len(self._answers.keys() | self._packed.keys())

    @property
    def n_bytes(self) -> int:
        """What all take, in bytes."""
        return self._n_bytes + self._n_packed

    def after(self, site: Recommender, changed: Iterable[str] | None) -> PreparedLists:
        """Return the lists of a later version, of which those that did not change are ready. None means that all did."""
        found = PreparedLists(site, self._headers, self._most)
        if changed is not None and self.left_s > 0:
            found._answers, found._packed = self._answers, self._packed
            found._n_bytes, found._n_packed = self._n_bytes, self._n_packed
            self._by_path = {}
            for article_id in changed:
                found._drop(article_id)
        return found

    def reply(self, encoded: bytes, headers: Mapping[bytes, bytes]) -> Reply | None:
        """Return the reply to a request for the list of an article, by its path. None if the path names no such list."""
        left_s = self.left_s
        if left_s <= 0:
            self._answers, self._packed, self._by_path = {}, {}, {}
            self._n_bytes, self._n_packed, self._until = 0, 0, self._next_expiry()
            left_s = self.left_s
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
                found, may_be_kept = self._unpacked(article_id) or self._made(article_id)
                if may_be_kept:
                    self._keep(article_id, found)
                return found
        except (UnicodeDecodeError, RecommenderError):
            return None  # the route says why
        if len(self._by_path) >= _MOST_PATHS:
            self._by_path = {}
        self._by_path[encoded] = found
        return found

    @property
    def is_full(self) -> bool:
        """Whether no more answers are prepared: a quarter of the room is for those that are asked for."""
        return self._n_packed >= _PREPARED * self._most

    def prepare(self, article_id: str) -> None:
        """Make the answer with the list of an article, if it is not there. Unknown ids are ignored."""
        if article_id not in self._packed:
            with suppress(RecommenderError):
                answer, may_be_kept = self._made(article_id)
                if may_be_kept:
                    self._packed[article_id] = packed = answer.packed()
                    self._n_packed += packed.n_bytes
                    self._make_room()

    def _unpacked(self, article_id: str) -> tuple[Answer, bool] | None:
        packed = self._packed.get(article_id)
        return packed and (Answer.unpacked(packed, self._headers.of_list(article_id)), True)

    def _made(self, article_id: str) -> tuple[Answer, bool]:
        """Return an answer, and whether it may be kept under this id: the site is as it was, and writes the id so."""
        related = self._site.related(article_id)
        is_of_now = version_header(self._site.version) == self.version
        return list_answer(related, self._headers), is_of_now and related.article_id == article_id

    def _keep(self, article_id: str, answer: Answer) -> None:
        self._answers[article_id] = answer
        self._n_bytes += answer.n_bytes
        self._make_room()

    def _make_room(self) -> None:
        """Let the oldest answers go, a tenth at a time, until there is room. They may stay as packed."""
        while self.n_bytes > self._most and self._answers:
            for article_id in list(islice(self._answers, 1 + len(self._answers) // 10)):
                self._n_bytes -= self._answers.pop(article_id).n_bytes
            self._by_path = {}

    def _drop(self, article_id: str) -> None:
        gone, packed = self._answers.pop(article_id, None), self._packed.pop(article_id, None)
        self._n_bytes -= gone.n_bytes if gone else 0
        self._n_packed -= packed.n_bytes if packed else 0

    def _next_expiry(self) -> float:
        """Return when a list changes because an article expires, in seconds since 1970."""
        moment = self._site.next_expiry()
        return float("inf") if moment is None else moment.timestamp()
