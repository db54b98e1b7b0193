"""What tells caches how long they may keep an answer, and by which keys they are told to forget it."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from urllib.parse import quote

from recommender.service.answers import Header
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
    """

    def __init__(self, settings: ServiceSettings, *, is_private: bool) -> None:
        scope = "private" if is_private else "public"
        kept = f"{scope}, max-age={settings.max_age_s}, stale-while-revalidate={settings.stale_s}"
        self._kept = (b"cache-control", kept.encode())

    def of_list(self, article_id: str) -> tuple[Header, ...]:
        """Return the headers of the list of an article."""
        return self._kept, (b"surrogate-key", f"related {purge_key(article_id)}".encode())

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
