"""What models of all that is sent have in common: unknown fields are refused, a few at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

__all__ = ["NOT_BLANK", "SentModel", "is_text", "no_longer_than"]

NOT_BLANK = r"[^\s\x1c-\x1f]"
"""The pattern of a text that is not empty once its ends are stripped: Python strips four control characters as well."""

_MOST_UNKNOWN = 100


class SentModel(BaseModel):
    """A model of which unknown fields are errors.

    An error takes a hundred times the memory of the name in the body. So a body with very many is refused as a whole.
    """

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _few_unknown(cls, sent: Any) -> Any:
        if isinstance(sent, dict) and len(sent) > len(cls.model_fields) + _MOST_UNKNOWN:
            raise ValueError(
                f"an object has at most {len(cls.model_fields)} fields, got {len(sent):,}; see /openapi.json"
            )
        return sent


def no_longer_than(most: int) -> Callable[[Any], Any]:
    """Return a check that goes before others: of a long object pydantic names each fault before its length."""

    def check(sent: Any) -> Any:
        if isinstance(sent, dict) and len(sent) > most:
            raise ValueError(f"at most {most:,} names are allowed, got {len(sent):,}")
        return sent

    return check


def is_text(value: str) -> bool:
    r"""Return whether a text holds whole characters alone, as UTF-8 can.

    Examples
    --------
    >>> is_text("雨 😀"), is_text("\ud800")
    (True, False)
    """
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
