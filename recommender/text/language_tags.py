"""Scripts and regions of languages, as their tags say them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.text.languages import primary_language

__all__ = ["UNSAID", "script_and_region", "tag_as_written", "variants_agree", "variants_of"]

UNSAID = 0
"""Stands for a script or a region that a tag does not say."""

_SCRIPT_OF_REGION = {"cn": "hans", "sg": "hans", "my": "hans", "tw": "hant", "hk": "hant", "mo": "hant"}
"""The script in which Chinese is written in each region."""


_WORLD = "001"
_COUNTRIES_OF = {
    "150": "ad al at ax ba be bg by ch cz de dk ee es fi fo fr gb gg gi gr hr hu ie im is it je li lt lu lv mc md me mk mt "
    "nl no pl pt ro rs ru se si sj sk sm ua va xk",
    "419": "ag ai ar aw bb bl bo bq br bs bz cl co cr cu cw dm do ec fk gd gf gp gt gy hn ht jm kn ky lc mf mq ms mx ni pa "
    "pe pr py sr sv sx tc tt uy vc ve vg vi",
}
"""Countries of the regions for which languages are written: Europe, Latin America and the Caribbean (UN M49)."""


def script_and_region(tag: str | None) -> tuple[str, str]:
    """Return the script and the region of a BCP 47 tag in lower case, "" for what it does not say.

    The script of Chinese follows from a region. The whole world is no region.

    Examples
    --------
    >>> [script_and_region(tag) for tag in ("sr-Latn", "pt_BR", "zh-TW", "zh-cmn-Hans-CN", "es-419", "en-001", None)]
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
    return script, "" if region == _WORLD else region


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
            script, region = map(_number, script_and_region(tag))
            known[tag] = script, region
        rows.append(known[tag])
    return np.array(rows, dtype=np.int32).reshape(-1, 2)


def variants_agree(mine: NDArray[np.int32], theirs: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return whether scripts, or regions, go together, as `variants_of` has them: arrays that broadcast to (p,).

    They do if they are equal, if one is not said, or if one region contains the other.

    Examples
    --------
    >>> regions = variants_of(["es-419", "es-MX", "es-AR", "es-ES", "es"])[:, 1]
    >>> [variants_agree(one, regions).astype(int).tolist() for one in regions[:2]]
    [[1, 1, 1, 0, 1], [1, 1, 0, 0, 1]]
    """
    fine: NDArray[Any] = (mine == theirs) | (mine == UNSAID) | (theirs == UNSAID)
    if fine.all():  # most sites say no region
        return fine
    for whole, countries in _COUNTRIES_OF.items():
        code, parts = _number(whole), [_number(country) for country in countries.split()]
        fine |= (mine == code) & np.isin(theirs, parts)
        fine |= (theirs == code) & np.isin(mine, parts)
    return fine


def _number(subtag: str) -> int:
    return int.from_bytes(subtag.encode(), "big")
