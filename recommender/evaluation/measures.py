"""Measures and the parser of their names, such as ``nDCG@10``.

Names and definitions are those of ir_measures (MacAvaney, Macdonald and Ounis 2022), which follows trec_eval.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from recommender.errors import InputError, Problem

__all__ = ["DEFAULT_MEASURES", "Measure", "parse_measure", "parse_measures"]

# name -> (whether a cut-off is required, name of its parameter)
_KINDS = {
    "nDCG": (False, "dcg"),
    "AP": (False, "rel"),
    "RR": (False, "rel"),
    "P": (True, "rel"),
    "R": (True, "rel"),
    "Success": (True, "rel"),
}
_ALIASES = {name.lower(): name for name in _KINDS} | {
    "map": "AP",
    "mrr": "RR",
    "precision": "P",
    "recall": "R",
    "hr": "Success",
    "hit": "Success",
    "hitrate": "Success",
}
_DCGS = ("log2", "exp-log2")
_FORM = re.compile(r"(?P<name>[A-Za-z]+)(?:\((?P<params>[^()]*)\))?(?:@(?P<cutoff>[0-9]{1,9}))?")
_PARAM = re.compile(r"\s*(?P<key>[a-z]+)\s*=\s*(?P<quote>['\"]?)(?P<value>[A-Za-z0-9-]+)(?P=quote)\s*")


@dataclass(frozen=True, slots=True)
class Measure:
    """Measure of a list against the judgements of its query.

    Parameters
    ----------
    name : str
        ``nDCG``, ``AP``, ``RR``, ``P``, ``R`` (recall) or ``Success`` (hit rate).
    cutoff : int or None
        Number of entries that count, at least 1. None means the whole list, where the measure allows it.
    rel : int
        Minimum grade that counts as relevant, at least 1. For nDCG, which uses the grades themselves, it must
        be 1.
    dcg : str
        Gain of nDCG: ``"log2"`` uses the grade (Järvelin and Kekäläinen 2002), ``"exp-log2"`` uses 2^grade -
        1 (Burges et al. 2005).

    Raises
    ------
    ValueError
        If the name is unknown or an argument does not apply to this measure.

    Examples
    --------
    >>> str(Measure("nDCG", 10, dcg="exp-log2")), str(Measure("P", 5, rel=2)), str(Measure("AP"))
    ("nDCG(dcg='exp-log2')@10", 'P(rel=2)@5', 'AP')
    """

    name: str
    cutoff: int | None = None
    rel: int = 1
    dcg: str = "log2"

    def __post_init__(self) -> None:
        if self.name not in _KINDS:
            raise ValueError(f"expected one of {', '.join(_KINDS)}, got {self.name!r}")
        needs_cutoff, parameter = _KINDS[self.name]
        if self.cutoff is None and needs_cutoff:
            raise ValueError(f"{self.name} needs a cut-off, such as {self.name}@10")
        if self.cutoff is not None and self.cutoff < 1:
            raise ValueError(f"the cut-off must be at least 1, got {self.cutoff}")
        if self.dcg not in _DCGS or (self.dcg != "log2" and parameter != "dcg"):
            raise ValueError(f"expected dcg='log2' or 'exp-log2', for nDCG only, got dcg={self.dcg!r}")
        if self.rel < 1 or (self.rel != 1 and parameter != "rel"):
            raise ValueError(f"expected rel of at least 1, not for nDCG, got rel={self.rel}")

    def __str__(self) -> str:
        params = f"(rel={self.rel})" if self.rel != 1 else ""
        params = f"(dcg='{self.dcg}')" if self.dcg != "log2" else params
        return f"{self.name}{params}" + (f"@{self.cutoff}" if self.cutoff is not None else "")


def parse_measure(text: str) -> Measure:
    """Parse the name of a measure, such as ``nDCG(dcg='exp-log2')@10``. The quotes are optional.

    Names are case-insensitive. ``MAP``, ``MRR``, ``Precision``, ``Recall``, ``HR``, ``hit`` and ``HitRate``
    are aliases of AP, RR, P, R and Success.

    Raises
    ------
    ValueError
        If `text` is not the name of a measure.

    Examples
    --------
    >>> parse_measure("MAP(rel=2)@5")
    Measure(name='AP', cutoff=5, rel=2, dcg='log2')
    >>> str(parse_measure("HR@5"))
    'Success@5'
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError("expected the form Name, Name@10 or Name(rel=2)@10")
    name = _ALIASES.get(match["name"].lower(), match["name"])
    cutoff = int(match["cutoff"]) if match["cutoff"] else None
    params = _params(match["params"] or "")
    rel = params.get("rel", "1")
    if not rel.isdigit() or len(rel) > 9:
        raise ValueError(f"expected rel=1 or more, got rel={rel}")
    return Measure(name, cutoff, int(rel), params.get("dcg", "log2"))


def _params(text: str) -> dict[str, str]:
    params: dict[str, str] = {}
    for part in text.split(",") if text.strip() else ():
        match = _PARAM.fullmatch(part)
        if match is None or match["key"] not in ("rel", "dcg") or match["key"] in params:
            raise ValueError(f"expected rel=2 or dcg='exp-log2' in the brackets, got {part.strip()!r}")
        params[match["key"]] = match["value"]
    return params


def parse_measures(measures: str | Measure | Iterable[str | Measure]) -> tuple[Measure, ...]:
    """Parse several names into distinct measures, in the order given. Also accepts `Measure` objects.

    Raises
    ------
    InputError
        If a name is not a measure (each is listed), or no name is given.
    """
    named = [measures] if isinstance(measures, str | Measure) else list(measures)
    parsed: dict[Measure, None] = {}
    problems = []
    for each in named:
        try:
            parsed[each if isinstance(each, Measure) else parse_measure(each)] = None
        except ValueError as error:
            got = "" if str(each) in str(error) else repr(each)
            problems.append(Problem(f"invalid measure: {error}", got))
    if not named:
        problems.append(Problem("no measures given", "", "name one, such as nDCG@10"))
    if problems:
        raise InputError(problems)
    return tuple(parsed)


DEFAULT_MEASURES = parse_measures(
    ["nDCG(dcg='exp-log2')@10", "nDCG@10", "AP@10", "RR@10", "R@10", "P@5", "Success@5"]
)
