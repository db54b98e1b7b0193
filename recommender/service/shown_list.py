"""What a page reports of a list that was on a screen."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated

import orjson
from pydantic import BaseModel, ConfigDict, Field

from recommender.evaluation.clicks import MAX_POSITION
from recommender.service.sent_model import NOT_BLANK

__all__ = ["ShownList"]

_MOST = 100  # entries
_Id = Annotated[str, Field(min_length=1, max_length=1_000, pattern=NOT_BLANK)]
_Position = Annotated[int, Field(ge=1, le=MAX_POSITION)]


class ShownList(BaseModel):
    """A list that was on a screen, and what was clicked in it."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "query": "rain-in-may",
                    "shown": ["hail", "valley-road"],
                    "positions": [1, 2],
                    "clicked": ["hail"],
                }
            ]
        },
    )

    query: _Id = Field(description="The article under which the list stood.")
    shown: list[_Id] = Field(min_length=1, max_length=_MOST, description="The articles that it showed.")
    positions: list[_Position] = Field(
        min_length=1, max_length=_MOST, description="Their places, ascending from 1."
    )
    clicked: list[_Id] = Field([], max_length=_MOST, description="Those that were clicked.")
    arm: str | None = Field(
        None,
        pattern=r"^[0-9a-f]{8}\.[ab]$",
        description="The `arm` of the answer that had the list, if it had one.",
    )

    @property
    def articles(self) -> set[str]:
        """All articles that the report names."""
        return {self.query, *self.shown, *self.clicked}

    def faults(self) -> Iterator[str]:
        """Yield in what the parts of the report do not agree."""
        if len(self.positions) != len(self.shown):
            yield "positions must be as many as shown"
        if not all(one < other for one, other in pairwise(self.positions)):
            yield "positions must ascend"
        if len({*self.shown, self.query}) <= len(self.shown):
            yield "shown must name each article once, and not the query"
        if len(set(self.clicked)) < len(self.clicked) or not set(self.clicked) <= set(self.shown):
            yield "clicked must name articles of shown, each once"

    def rows(self) -> bytes:
        """Return the rows of the log, one for each entry. They share a number drawn for this list alone."""
        view = {"view": secrets.token_hex(6)} | ({} if self.arm is None else {"arm": self.arm})
        clicked = set(self.clicked)
        rows = (
            {
                "query": self.query,
                "shown": shown,
                "position": position,
                "clicked": int(shown in clicked),
                **view,
            }
            for shown, position in zip(self.shown, self.positions, strict=True)
        )
        return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
