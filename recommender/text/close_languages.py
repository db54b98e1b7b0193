"""Languages that are often mistaken for each other."""

from __future__ import annotations

from functools import cache

__all__ = ["LONG_ENOUGH", "SURE", "are_close"]

LONG_ENOUGH = 120
"""Length of a text, about twenty words, from which on its language can be told from a close one."""

SURE = 0.9
"""Probability from which on a long text is believed to be in one of two close languages."""

_GROUPS = (
    "no nb nn da sv fo is", "hr sr bs sh sl cnr", "mk bg", "cs sk", "gl pt es ca an oc ext ast", "it co sc lij vec la",
    "fr oc wa ht gcf gcr", "id ms jv su", "ru uk be rue bg mk", "af nl fy li", "de lb gsw nds bar", "hi mr ne bho mai sa",
    "bn as", "fa ps ku ckb ur", "ur hi", "tr az tk crh", "kk ky tt ba uz", "et fi", "lv ltg", "xh zu ss nr", "en sco pcm",
    "ga gd gv", "tl ceb bcl",
)  # fmt: skip


@cache
def are_close(language: str, other: str) -> bool:
    """Return whether two primary subtags are the same or are often mistaken for each other.

    Examples
    --------
    >>> are_close("no", "da"), are_close("no", "de")
    (True, False)
    """
    return language == other or any({language, other} <= set(group.split()) for group in _GROUPS)
