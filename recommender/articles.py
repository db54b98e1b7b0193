"""The article record, which is validated on construction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from recommender.control_characters import has_controls
from recommender.dates import parse_date
from recommender.errors import InputError, Problem
from recommender.frozen_dict import FrozenDict
from recommender.listing import listing_problems
from recommender.metadata import plain_metadata

__all__ = ["Article", "ArticleSummary"]

MAX_ID_LENGTH = 1_000
MAX_TEXT_LENGTH = 10_000_000
_OPTIONAL_TEXTS = ("section", "language", "url", "description", "image")
_NOTHING: FrozenDict[str, Any] = FrozenDict()


@dataclass(frozen=True, slots=True, init=False)
class Article:
    """One article of the site.

    Parameters
    ----------
    article_id : str
        Unique in the site, 1 to 1,000 characters, no control characters; see `control_characters.has_controls`.
    title : str
        Headline. It may be empty if `body` is not.
    body : str
        Full text, plain or HTML, up to 10,000,000 characters. It may be empty if `title` is not.
    published : str, int, float, date, datetime or None
        Date of publication in any form that `recommender.dates.parse_date` reads, such as ISO 8601. A time
        without a zone is taken as UTC. Stored as an aware UTC datetime.
    section, language, url : str or None
        Values from the site. `language` is a BCP 47 tag such as ``"en"`` or ``"zh-Hant"``.
    description : str or None
        Text that lists show below the title, plain or HTML. If it is None, the first sentences of the body
        are shown.
    image : str or None
        Address of the article's image.
    metadata : mapping
        Additional data about the article. Values that JSON cannot represent become text. `listed`, `expires` and
        `access` keep an article out of all lists, see `recommender.listing`.

    Raises
    ------
    InputError
        If any field is invalid. The error lists all invalid fields.

    Examples
    --------
    >>> Article("a1", "Rain in May", "It rained.", published="2026-05-01").published.year
    2026
    """

    article_id: str
    title: str
    body: str
    published: datetime | None
    section: str | None
    language: str | None
    url: str | None
    description: str | None
    image: str | None
    metadata: Mapping[str, Any]

    def __init__(
        self,
        article_id: str,
        title: str = "",
        body: str = "",
        published: datetime | date | str | float | None = None,
        section: str | None = None,
        language: str | None = None,
        url: str | None = None,
        description: str | None = None,
        image: str | None = None,
        metadata: Mapping[str, Any] = _NOTHING,
    ) -> None:
        store = object.__setattr__
        store(self, "article_id", article_id)
        store(self, "title", title)
        store(self, "body", body)
        store(self, "published", published)
        store(self, "section", section)
        store(self, "language", language)
        store(self, "url", url)
        store(self, "description", description)
        store(self, "image", image)
        store(self, "metadata", metadata)
        problems = list(_check(self))
        is_moment = type(published) is datetime and published.tzinfo is UTC
        if not is_moment and isinstance(published, str | int | float | date):
            try:
                store(self, "published", parse_date(published))
            except ValueError as error:
                problems.append(Problem("'published' cannot be read as a date", str(error), _ISO))
        if metadata and isinstance(metadata, Mapping):
            problems += listing_problems(metadata)
            store(self, "metadata", FrozenDict(plain_metadata(metadata)))
        if problems:
            raise InputError(problems)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON can hold them. ``Article(**article.to_dict())`` is an equal article."""
        return _fields_as_json(self)

    def digest(self) -> int:
        """Return a number of 64 bits that differs where a field does; the same in every process."""
        content = _CONTENT.encode(self.to_dict())
        digest = hashlib.blake2b(content.encode(errors="surrogatepass"), digest_size=8)
        return int.from_bytes(digest.digest(), "little")


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """The fields of an article that an artifact stores: all except the body.

    If an article has no `language`, it is detected from the text. `description` is one line of plain text:
    the given description or the first sentences of the body.
    """

    article_id: str
    title: str
    published: datetime | None = None
    section: str | None = None
    language: str | None = None
    url: str | None = None
    description: str | None = None
    image: str | None = None
    metadata: Mapping[str, Any] = _NOTHING

    def __post_init__(self) -> None:
        if type(self.metadata) is not FrozenDict:
            object.__setattr__(self, "metadata", FrozenDict(self.metadata))
        if isinstance(self.published, str):
            object.__setattr__(self, "published", parse_date(self.published))

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON can hold them. ``ArticleSummary(**summary.to_dict())`` is an equal summary."""
        return _fields_as_json(self)


_CONTENT = json.JSONEncoder(sort_keys=True, ensure_ascii=False)
_ISO = "give ISO 8601, such as 2026-05-01 or 2026-05-01T09:30:00Z"


def _fields_as_json(article: Article | ArticleSummary) -> dict[str, Any]:
    values = {name: getattr(article, name) for name in article.__slots__}
    published = values["published"]
    values["published"] = None if published is None else published.isoformat()
    values["metadata"] = plain_metadata(values["metadata"])
    return values


def _check(article: Article) -> Iterable[Problem]:
    yield from _check_id(article.article_id)
    for name in ("title", "body"):
        text = getattr(article, name)
        if not isinstance(text, str):
            yield Problem(f"'{name}' is not text", _shown(text), "give a string")
        elif len(text) > MAX_TEXT_LENGTH:
            yield Problem(
                f"'{name}' is longer than {MAX_TEXT_LENGTH:,} characters",
                f"{len(text):,}",
                "split the article",
            )
        elif not text.isascii() and not _encodable(text):
            yield Problem(f"'{name}' contains a lone surrogate", "", "re-encode the text as UTF-8")
    if not article.title and not article.body:
        yield Problem("no text and no title", "", "give at least one of 'title' and 'text'")
    for name in _OPTIONAL_TEXTS:
        value = getattr(article, name)
        if value is not None and (not isinstance(value, str) or not _encodable(value)):
            yield Problem(f"'{name}' is not text", _shown(value), "give a string or leave it out")
    if article.published is not None and not isinstance(article.published, str | int | float | date):
        yield Problem("'published' is not a date", _shown(article.published), _ISO)
    if not isinstance(article.metadata, dict | Mapping):
        yield Problem("'metadata' is not a mapping", _shown(article.metadata), "give name-value pairs")


def _check_id(article_id: object) -> Iterable[Problem]:
    if not isinstance(article_id, str):
        yield Problem("'id' is not text", _shown(article_id), "give a string")
    elif not article_id.strip():
        yield Problem("no id", _shown(article_id), "give each article an 'id' that never changes")
    elif len(article_id) > MAX_ID_LENGTH:
        yield Problem(
            f"'id' is longer than {MAX_ID_LENGTH:,} characters", f"{len(article_id):,}", "shorten it"
        )
    elif has_controls(article_id):
        yield Problem("'id' contains control characters", _shown(article_id), "use other characters")


def _encodable(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _shown(value: object) -> str:
    shown = ascii(value) if not isinstance(value, str) else repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
