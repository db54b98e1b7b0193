"""What is asked for and answered about lists, as models that check and describe it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from recommender.service.sent_model import NOT_BLANK, SentModel, no_longer_than

__all__ = ["ENTRY_FIELDS", "AbsenceOut", "ChangesOut", "Draft", "ListOut", "ListQuery", "SearchQuery"]

ENTRY_FIELDS = ("article_id", "rank", "score", "title", "url", "description", "image", "source")
"""What an entry holds. With `why` there are `parts` and `terms` as well."""

_MOST = 1_000  # ids and values of a call
_Id = Annotated[str, Field(max_length=1_000)]
_Share = Annotated[float, Field(ge=0, le=1)]
_FieldName = Literal[
    "article_id", "rank", "score", "title", "url", "description", "image", "source", "parts", "terms"
]
_Values = Annotated[list[str | int | float | bool], Field(max_length=_MOST)]
_MOST_FILTERS = 100


class _Asked(SentModel):
    """What every call for a list takes."""

    limit: int | None = Field(
        None, ge=1, le=2**31, description="Most entries. As many as were built, if left out.", examples=[5]
    )
    offset: int = Field(0, ge=0, le=2**31, description="Entries to leave out at the beginning.", examples=[0])
    exclude: list[_Id] = Field(
        [], max_length=_MOST, description="Articles that the page shows already.", examples=[["valley-road"]]
    )
    score_threshold: _Share | None = Field(
        None, description="Least score. That of the site, if left out.", examples=[0.6]
    )
    fields: list[_FieldName] = Field(
        [], max_length=20, description="What entries hold. All, if left out.", examples=[["title", "url"]]
    )
    why: bool = Field(
        False, description="Whether entries say why they are related: `parts` and `terms`.", examples=[True]
    )


class ListQuery(_Asked):
    """The parameters of a request for the list of an article."""

    where: list[Annotated[str, Field(pattern=r"^[^=]+=[^=]", max_length=2_000)]] = Field(
        [], max_length=_MOST, description="FIELD=VALUE: only articles with this value. Several of a field: with one.",
        examples=[["section=sport"]],
    )  # fmt: skip
    language: str | None = Field(
        None,
        min_length=1,
        max_length=35,
        description="Only articles in this language, such as `de`.",
        examples=["de"],
    )


class SearchQuery(_Asked):
    """The parameters of a search."""

    q: str = Field(
        min_length=1,
        max_length=10_000,
        pattern=NOT_BLANK,
        description="What articles are to be about.",
        examples=["rain in the valley"],
    )


class Draft(_Asked):
    """A text that is not on the site, and what its list is to hold."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"title": "Rain closes the valley road", "text": "It rained all night.", "limit": 5}
            ],
            "anyOf": [
                {"required": [name], "properties": {name: {"type": "string", "minLength": 1}}}
                for name in ("title", "text")
            ],
        },
    )

    title: str = Field("", max_length=10_000)
    text: str = Field("", max_length=10_000_000, description="Plain or HTML.")
    published: str | None = Field(
        None, max_length=100, description="Date, such as 2026-05-01. One that cannot be read is ignored."
    )
    section: str | None = Field(None, max_length=1_000)
    language: str | None = Field(None, max_length=35, description="Its tag. It is detected, if left out.")
    metadata: dict[str, Any] = Field({}, max_length=_MOST)
    where: Annotated[dict[str, _Values], BeforeValidator(no_longer_than(_MOST_FILTERS))] = Field(
        {},
        max_length=_MOST_FILTERS,
        description="Fields and the values that articles may have.",
        examples=[{"section": ["sport"]}],
    )


class _Term(BaseModel):
    term: str
    share: float


class _Entry(BaseModel):
    """A related article. It holds the fields that were asked for."""

    article_id: str | None = None
    rank: int | None = Field(None, description="Place in the list, from 1.")
    score: float | None = Field(None, description="Relatedness, 0 to 1.")
    title: str | None = None
    url: str | None = None
    description: str | None = None
    image: str | None = None
    source: str | None = Field(
        None, description="related, pinned, orphan, series, section, popular or newest"
    )
    parts: dict[str, float] | None = None
    terms: list[_Term] | None = None


class _Translation(BaseModel):
    article_id: str
    language: str
    title: str
    url: str | None


class ListOut(BaseModel):
    """A list, best first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "article_id": "rain-in-may",
                    "related": [
                        {
                            "article_id": "valley-road", "rank": 1, "score": 0.81, "title": "Valley road open again",
                            "url": "/valley-road", "description": "The road is open.", "image": None, "source": "related",
                        }
                    ],
                }
            ]
        }
    )  # fmt: skip

    article_id: str | None = Field(description="None for a draft.")
    related: list[_Entry]
    arm: str | None = Field(None, description="Which of two policies made the list, where they are compared.")
    translations: list[_Translation] = []


class AbsenceOut(BaseModel):
    """Why an article is not in a list, or its place there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "article_id": "rain-in-may", "other_id": "choir-prize", "stage": "floor", "rule": "floor",
                    "explanation": "its score, 0.010, is below the floor of 0.5",
                    "numbers": {"score": 0.01, "floor": 0.5},
                }
            ]
        }
    )  # fmt: skip

    article_id: str
    other_id: str
    stage: str
    rule: str
    explanation: str
    numbers: dict[str, Any]


class ChangesOut(BaseModel):
    """What changed since a version."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "version": 13, "lists": ["rain-in-may"], "deleted": ["hail"],
                    "keys": ["related-hail", "related-rain-in-may"],
                }
            ]
        }
    )  # fmt: skip

    version: int = Field(description="The version up to which this is all, to ask with next time.")
    lists: list[str] = Field(description="Articles whose lists are new or differ.")
    deleted: list[str] = Field(description="Articles that are gone.")
    keys: list[str] = Field(description="Surrogate keys of these lists, to purge from caches.")
