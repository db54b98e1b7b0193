"""Articles as they are sent, and what a write answers."""

from __future__ import annotations

from math import isfinite
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, field_validator

from recommender.service.sent_model import NOT_BLANK, SentModel, is_text

__all__ = ["ArticleBatch", "ArticleIn", "WrittenOut", "storable"]

_MOST_FIELDS = 1_000
_MOST_ROWS = 100_000  # of a batch; the settings allow fewer
_TITLE = "Rain closes the valley road"
_Id = Annotated[str, StringConstraints(min_length=1, max_length=1_000), Field(examples=["rain-in-may"])]
_HAS_TEXT: list[JsonValue] = [
    {"required": [name], "properties": {name: {"type": "string", "pattern": NOT_BLANK}}}
    for name in ("title", "text")
]


_DEEPEST = 50
_LARGEST = 2**63


def storable(value: Any, depth: int = 0) -> Any:
    """Return a value of metadata as the store holds it: numbers that are too large for that become text.

    Raises
    ------
    ValueError
        If it is nested too deeply, or is what Python reads as JSON but JSON cannot hold: half of a surrogate pair, NaN,
        or a number that is infinite as a float.
    """
    if depth > _DEEPEST:
        raise ValueError(f"at most {_DEEPEST} levels may be nested")
    match value:
        case dict():
            return {storable(name, depth): storable(each, depth + 1) for name, each in value.items()}
        case list():
            return [storable(each, depth + 1) for each in value]
        case float() if not isfinite(value):
            raise ValueError(f"numbers must be finite, got {value}")
        case str() if not is_text(value):
            raise ValueError(f"wanted text, got half of a surrogate pair in {value[:50]!a}")
        case int() if not -_LARGEST <= value < _LARGEST:
            return str(value)
    return value


class ArticleIn(SentModel):
    """An article. At least one of title and text is not empty."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"title": _TITLE, "text": "It rained all night.", "published": "2026-05-01"}],
            "anyOf": _HAS_TEXT,
        },
    )

    title: str = Field("", max_length=100_000)
    text: str = Field("", max_length=10_000_000, description="Plain or HTML.")
    published: str | None = Field(None, max_length=100, description="Date, such as 2026-05-01.")
    section: str | None = Field(None, max_length=1_000)
    language: str | None = Field(None, max_length=35, description="Its tag. It is detected, if left out.")
    url: str | None = Field(None, max_length=10_000)
    description: str | None = Field(None, max_length=100_000, description="What lists show below the title.")
    image: str | None = Field(None, max_length=10_000, description="Address of a picture.")
    status: str | None = Field(
        None,
        max_length=100,
        description="An article with a status such as `draft` is refused: DELETE it.",
        examples=["published"],
    )
    metadata: dict[str, Any] = Field(
        {}, max_length=_MOST_FIELDS, description="Tags, authors and whatever else filters go by.",
        examples=[{"tags": ["weather"]}],
    )  # fmt: skip

    @field_validator("metadata")
    @classmethod
    def _storable(cls, metadata: dict[str, Any]) -> dict[str, Any]:
        return {storable(name): storable(value) for name, value in metadata.items()}

    def row(self, article_id: str) -> dict[str, Any]:
        """Return the fields that were sent, by the names that readers know."""
        return {"id": article_id, **self.model_dump(exclude_unset=True, exclude={"id"})}


class _Named(ArticleIn):
    """An article with its id."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"id": "rain-in-may", "title": _TITLE, "text": "It rained all night."}], "anyOf": _HAS_TEXT,
        }
    )  # fmt: skip

    id: _Id


class ArticleBatch(SentModel):
    """Articles to add and edit, and ids to delete, in one step."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"articles": [{"id": "rain-in-may", "title": _TITLE}], "delete": ["ferry-timetable"]}
            ]
        },
    )

    articles: list[_Named] = Field([], max_length=_MOST_ROWS)
    delete: list[_Id] = Field([], max_length=_MOST_ROWS)


class WrittenOut(BaseModel):
    """What a write changed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "version": 13, "lists": ["rain-in-may", "valley-road"], "added": ["rain-in-may"], "edited": [],
                    "deleted": [], "unchanged": [], "unknown": [], "expired": [], "warnings": [],
                    "keys": ["related-rain-in-may", "related-valley-road"],
                }
            ]
        }
    )  # fmt: skip

    version: int = Field(description="The version of the site with this write.")
    lists: list[str] = Field(description="Articles whose lists are new or differ.")
    added: list[str]
    edited: list[str]
    deleted: list[str]
    unchanged: list[str] = Field(description="Articles that the site has with the same content.")
    unknown: list[str] = Field(description="Ids to delete that the site lacks.")
    expired: list[str] = Field(description="Articles that have expired and left all lists.")
    warnings: list[str] = Field(description="Optional fields that could not be read and were left out.")
    keys: list[str] = Field(
        description="Surrogate keys of all lists that are out of date, to purge from caches."
    )
