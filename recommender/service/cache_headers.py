"""What tells caches how long they may keep an answer, and by which keys they are told to forget it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from hashlib import blake2b
from urllib.parse import quote

from recommender.service.answers import Header, Reply
from recommender.service.service_settings import ServiceSettings

__all__ = ["CacheHeaders", "purge_key", "purge_keys", "version_header"]

_LONGEST_KEY = 256


class CacheHeaders:
    """The headers of answers for caches.

    Parameters
    ----------
    settings : ServiceSettings
    is_private : bool
        Whether a token is needed to read, so that no cache may give an answer to others.

    Attributes
    ----------
    longest_s : int
        For how many seconds a cache may give a list that nothing changes.
    """

    def __init__(self, settings: ServiceSettings, *, is_private: bool) -> None:
        self._scope = "private" if is_private else "public"
        self._max_age_s, self._stale_s = settings.max_age_s, settings.stale_s
        self.longest_s = settings.max_age_s + settings.stale_s
        self._kept = self._kept_for(math.inf)

    def of_list(self, article_id: str, left_s: float = math.inf) -> tuple[Header, ...]:
        """Return the headers of the list of an article, which in `left_s` seconds may be another one."""
        kept = self._kept if left_s >= self.longest_s else self._kept_for(left_s)
        return kept, (b"surrogate-key", f"related {purge_key(article_id)}".encode())

    def shortened(self, reply: Reply, left_s: float) -> Reply:
        """Return a reply with headers of `of_list` as one that no cache gives in more than `left_s` seconds."""
        kept = self._kept_for(left_s)
        return reply._replace(headers=[kept if each == self._kept else each for each in reply.headers])

    def _kept_for(self, left_s: float) -> Header:
        left = int(min(max(left_s, 0), self.longest_s))
        fresh = min(self._max_age_s, left)
        stale = min(self._stale_s, left - fresh)
        return b"cache-control", f"{self._scope}, max-age={fresh}, stale-while-revalidate={stale}".encode()

    def fresh(self) -> tuple[Header, ...]:
        """Return the headers of an answer that a cache asks for again each time."""
        return ((b"cache-control", b"no-cache"),)


def purge_key(article_id: str) -> str:
    """Return the key of the list of an article, in which an id holds no space. A long one becomes a digest.

    Examples
    --------
    >>> purge_key("rain in May"), purge_key("news/7"), len(purge_key("x" * 1_000))
    ('related-rain%20in%20May', 'related-news/7', 40)
    """
    key = f"related-{quote(article_id)}"
    return (
        key
        if len(key) <= _LONGEST_KEY
        else f"related-{blake2b(article_id.encode(), digest_size=16).hexdigest()}"
    )


def purge_keys(*ids: Iterable[str]) -> list[str]:
    """Return the keys of lists that are out of date, ascending."""
    return sorted({purge_key(each) for some in ids for each in some})


def version_header(version: int | None) -> Header:
    """Return the header that names the version of the site that an answer is made of."""
    return b"recommender-version", b"%d" % (version or 0)
