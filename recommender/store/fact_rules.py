"""What the facts of a manifest may be, so that what is written by somebody else is refused before it is used.

A pattern is a type, a tuple of patterns of which one fits, a list with the pattern of its items, or a dictionary with the
pattern of each value; the name ``*`` stands for all others. A name that ends with ``?`` may be missing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["check_facts"]

_LARGEST = 2**31  # of counts, which are sizes of arrays
_COUNT = "count"
_NUMBER = (float, int)
_NAN = "nan"
_COSINE = "cosine"  # of articles that differ
_TEXTS = [str]

_ENCODER = {"name": str, "settings": {"*": object}, "fingerprint": str}
_LEXICAL_SETTINGS = {
    "tfidf": {"brevity?": _NUMBER, "decay": (None, *_NUMBER), "idf_power": _NUMBER, "max_terms": _COUNT, "pairs": bool,
              "title_weight": _NUMBER},
    "lsa": {"max_fit_rows": _COUNT, "max_terms": _COUNT, "min_fit_rows": _COUNT, "n_components": _COUNT,
            "random_state": (None, _COUNT)},
}  # fmt: skip
_MODEL = {
    "encoder": {"name": str, "settings": _LEXICAL_SETTINGS, "fingerprint": str},
    "neural": (None, _ENCODER),
    "texts": {"n_articles": _COUNT, "segments": [[(str, int)]], "stubs": _TEXTS, "descriptions": _TEXTS, "*": object},
    "language": {
        "names": _TEXTS,
        "prior": {"shares": {"*": _NUMBER}, "declared": _TEXTS, "usual": (None, str), "mistaken": (None, [object])},
        "contradicted": [object], "both_scripts": bool, "trees": {"*": object},
    },
    "labels": _TEXTS,
    "log_ratios": {"*": [_NUMBER]},
    "mean_cosine": _COSINE, "mean_hub": _NUMBER, "chance": _NUMBER, "opening": _NUMBER,
    "weights": {"*": _NUMBER}, "fit": (None, {"*": object}), "fingerprint": str,
}  # fmt: skip
_PLAN = {"method": str, "n_links": _COUNT, "beam": _COUNT, "rescored": _COUNT, "join_recall": _NUMBER}
_SITE = {
    "n_articles": _COUNT, "n_without_usable_text": _COUNT, "left_out": {"*": _COUNT}, "trees": _TEXTS,
    "k": _COUNT, "n_candidates": _COUNT, "policy": {"*": object},
    "editors": {"file": {"*": object}, "metadata": {"*": object}}, "entries": {"*": _COUNT},
    "spread": (None, {"*": {"*": (*_NUMBER, _NAN)}}), "expiry": {"passed": int, "next": int},
    "index": {"dense": _PLAN, "neural": _PLAN, "tuned": (None, {"*": object})}, "vectors_fingerprint": str, "model": _MODEL,
    "history_since?": _COUNT, "*": object,
}  # fmt: skip

_SCALARS: dict[Any, Callable[[Any], bool]] = {
    _COUNT: lambda value: isinstance(value, int) and 0 <= value < _LARGEST,
    _NAN: lambda value: isinstance(value, float) and math.isnan(value),
    _COSINE: lambda value: isinstance(value, float | int) and -1 <= value < 1,
    float: lambda value: isinstance(value, float) and math.isfinite(value),
    int: lambda value: isinstance(value, int) and -(2**63) <= value < 2**63,
}


def check_facts(facts: Any, *, is_site: bool) -> None:
    """Check the facts of a site, or of a model alone.

    Raises
    ------
    ValueError
        Naming the first that is missing or of another type.
    """
    _check(facts, _SITE if is_site else {"model": _MODEL, "*": object}, "facts")


def _check(value: Any, pattern: Any, place: str) -> None:
    patterns = pattern if isinstance(pattern, tuple) else (pattern,)
    if not any(_fits(value, each, place) for each in patterns):
        raise ValueError(f"{place} is {value!r:.60}")


def _fits(value: Any, pattern: Any, place: str) -> bool:
    """Return whether a value has a type. Raises `ValueError` for what is in it."""
    if isinstance(pattern, dict):
        if isinstance(value, Mapping):
            _check_items(value, pattern, place)
        return isinstance(value, Mapping)
    if isinstance(pattern, list):
        for at, each in enumerate(value if isinstance(value, list) else ()):
            _check(each, pattern[0], f"{place}[{at}]")
        return isinstance(value, list)
    if pattern is None:
        return value is None
    if pattern in _SCALARS:
        return not isinstance(value, bool) and _SCALARS[pattern](value)
    return isinstance(value, pattern)


def _check_items(value: Mapping[str, Any], pattern: Mapping[str, Any], place: str) -> None:
    for name, each in pattern.items():
        required = name.removesuffix("?")
        if required in value:
            _check(value[required], each, f"{place}.{required}")
        elif name != "*" and not name.endswith("?"):
            raise ValueError(f"{place} has no {name}")
    for name, found in value.items():
        if name not in pattern and f"{name}?" not in pattern:
            if "*" not in pattern:
                raise ValueError(f"{place} has an unknown {name!r:.60}")
            _check(found, pattern["*"], f"{place}.{name}")
