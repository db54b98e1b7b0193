"""TOML of somebody else, read in linear time."""

from __future__ import annotations

import re
import tomllib
from typing import Any

__all__ = ["toml_of"]

_MAX_DEPTH = 50
_DEEP_KEY = re.compile(
    rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{_MAX_DEPTH}}}"""
)


def toml_of(text: str) -> dict[str, Any]:
    """Parse TOML. Rejects dotted keys of many parts, which take quadratic time and memory.

    Raises
    ------
    ValueError
        If the text is no TOML, or has such a key.
    """
    if _DEEP_KEY.search(text) is not None:
        raise ValueError(f"a key of more than {_MAX_DEPTH} parts")
    return tomllib.loads(text)
