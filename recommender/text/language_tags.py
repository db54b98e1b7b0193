"""Scripts and regions of languages, as their tags say them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from recommender.text.languages import primary_language

__all__ = ["UNSAID", "script_and_region", "tag_as_written", "variants_of"]

UNSAID = 0
"""Stands for a script or a region that a tag does not say."""

_SCRIPT_OF_REGION = {"cn": "hans", "sg": "hans", "my": "hans", "tw": "hant", "hk": "hant", "mo": "hant"}
"""The script in which Chinese is written in each region."""


def script_and_region(tag: str | None) -> tuple[str, str]:
    """Return the script and the region of a BCP 47 tag in lower case, "" for what it does not say.

    The script of Chinese follows from a region.

    Examples
    --------
    >>> [script_and_region(tag) for tag in ("sr-Latn", "pt_BR", "zh-TW", "zh-cmn-Hans-CN", "es-419", "en", None)]
    [('latn', ''), ('', 'br'), ('hant', 'tw'), ('hans', 'cn'), ('', '419'), ('', ''), ('', '')]
    """
    script = region = ""
    primary = primary_language(tag)
    subtags = (
        (tag or "").partition(".")[0].strip().replace("_", "-").lower().split("-")[1:] if primary else []
    )
    for subtag in subtags:
        if len(subtag) == 1 or not subtag.isascii():  # an extension, private use, or no subtag
            break
        if subtag.isalpha() and len(subtag) == 4:
            script = script or subtag
        elif (subtag.isalpha() and len(subtag) == 2) or (subtag.isdigit() and len(subtag) == 3):
            region = region or subtag
    if primary == "zh":
        script = script or _SCRIPT_OF_REGION.get(region, "")
    return script, region


def tag_as_written(tag: str) -> str:
    """Return a tag in the usual letters: scripts with a capital, regions in capitals.

    Examples
    --------
    >>> tag_as_written("zh_hant-hk"), tag_as_written("pt-br"), tag_as_written("EN")
    ('zh-Hant-HK', 'pt-BR', 'en')
    """
    first, *rest = tag.replace("_", "-").lower().split("-")
    return "-".join([first, *(each.title() if len(each) == 4 else each.upper() for each in rest)])


def variants_of(tags: Iterable[str | None]) -> NDArray[np.int32]:
    """Return the script and the region of each tag as numbers that can be compared, int32 of shape (n, 2).

    A number holds the ASCII letters of a subtag as its bytes, `UNSAID` where the tag has none.

    Examples
    --------
    >>> variants_of(["pt-BR", "pt"]).tolist() == [[0, int.from_bytes(b"br")], [0, 0]]
    True
    """
    known: dict[str | None, tuple[int, int]] = {}
    rows = []
    for tag in tags:
        if tag not in known:
            script, region = (int.from_bytes(each.encode(), "big") for each in script_and_region(tag))
            known[tag] = script, region
        rows.append(known[tag])
    return np.array(rows, dtype=np.int32).reshape(-1, 2)
