"""Interpret field values as flags, and build rules that map values to reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

__all__ = ["FieldRule", "by_word", "if_false", "if_text", "if_true", "if_zero", "is_false", "is_true"]

FieldRule: TypeAlias = Callable[[Any], str | None]
"""Returns the reason to leave out a row for the value of a field, or None."""

_TRUE = frozenset({"true", "yes", "on", "1", "y", "t"})  # PostgreSQL writes t and f
_FALSE = frozenset({"false", "no", "off", "n", "f"})


def is_true(value: object) -> bool:
    """Return whether a value is true: True, 1, or a word such as ``yes``."""
    return value is True or value == 1 or (isinstance(value, str) and value.strip().casefold() in _TRUE)


def is_false(value: object) -> bool:
    """Return whether a value is explicitly false: False, or a word such as ``no``.

    0 may be a number or a date.
    """
    return value is False or (isinstance(value, str) and value.strip().casefold() in _FALSE)


def if_true(reason: str) -> FieldRule:
    """Return a rule that gives `reason` for true values."""
    return lambda value: reason if is_true(value) else None


def if_false(reason: str) -> FieldRule:
    """Return a rule that gives `reason` for false values."""
    return lambda value: reason if is_false(value) else None


def if_zero(reason: str) -> FieldRule:
    """Return a rule that gives `reason` for false values and 0."""
    return lambda value: reason if is_false(value) or value in (0, "0") else None


def if_text(reason: str) -> FieldRule:
    """Return a rule that gives `reason` for non-empty text, or a list that starts with it."""

    def reason_of(value: Any) -> str | None:
        text = value[0] if isinstance(value, list) and value else value
        return reason if isinstance(text, str) and text.strip() and not is_false(text) else None

    return reason_of


def by_word(words: Mapping[str, str]) -> FieldRule:
    """Return a rule that looks up the reason for a word. Case is ignored; underscores count as hyphens."""

    def reason(value: Any) -> str | None:
        return words.get(value.strip().casefold().replace("_", "-")) if isinstance(value, str) else None

    return reason
