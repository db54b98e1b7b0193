"""A policy and what editors say, made ready for one site: what the rules look at is read off its articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article, ArticleSummary
from recommender.assembly.eligibility import Askers, Columns, Eligibility, microseconds
from recommender.assembly.fallback import Ladder
from recommender.assembly.fields import Field, raw_values, values_of
from recommender.assembly.lists import Assembly
from recommender.assembly.policy import Policy
from recommender.editors import Resolved
from recommender.ranking.recency import NO_DATE, age_logs, half_lives_of

__all__ = ["Fields", "ages_of", "asker_of", "open_assembly"]

_SECTION = "section"


class Fields:
    """The fields of a site's articles, each read when first asked for."""

    def __init__(self, summaries: Sequence[ArticleSummary]) -> None:
        self._summaries = summaries
        self._fields: dict[str, Field] = {}
        self._numbers: dict[str, NDArray[np.float64]] = {}

    def __getitem__(self, name: str) -> Field:
        if name not in self._fields:
            self._fields[name] = Field.of(self._summaries, name)
        return self._fields[name]

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return a field of the metadata as numbers, NaN where it is none."""
        if name not in self._numbers:
            found = [_number(value) for value in raw_values(self._summaries, name)]
            self._numbers[name] = np.array(found, dtype=np.float64)
        return self._numbers[name]


def open_assembly(
    policy: Policy, arrays: Mapping[str, NDArray[Any]], fields: Fields, said: Resolved | None = None
) -> Assembly:
    """Return the rules of a policy, ready to be applied.

    Parameters
    ----------
    policy : Policy
    arrays : mapping of str to ndarray
        "published", "id_order", "languages", "copy_groups" and "text_lengths" of an artifact.
    fields : Fields
    said : Resolved or None
        What editors say.
    """
    said = said or Resolved()
    n = len(arrays["id_order"])
    section = fields[_SECTION].first if _sections_matter(policy) else np.full(n, -1, dtype=np.int32)
    columns = Columns(
        arrays["published"], arrays["languages"], arrays["copy_groups"], section, _fits(policy, fields, n),
        tuple(fields[name].first for name in policy.same),
    )  # fmt: skip
    alone = np.arange(n, dtype=np.int32)
    eligibility = Eligibility(policy, columns, alone, said.hidden, said.blocked)
    if policy.copies != "keep":
        shown = replace(eligibility, policy=replace(policy, copies="keep", copy_sections=())).listable()
        eligibility = replace(eligibility, representative=_representatives(policy, arrays, fields, shown))
    wants_popular = "popular" in policy.fallback
    popularity = fields.numbers(policy.popularity) if wants_popular else np.full(n, np.nan)
    ladder = Ladder(policy.fallback, arrays["published"], section, popularity, arrays["id_order"])
    caps = {name: fields[name] for name in policy.caps}
    return Assembly(policy, eligibility, said.pins, caps, ladder, arrays["id_order"])


def asker_of(draft: Article, language: int, policy: Policy, fields: Fields) -> Askers:
    """Return a draft as the only one who asks; `language` is the code of its language, -1 for unknown."""

    def code(name: str) -> NDArray[np.int32]:
        known = [fields[name].codes.get(value, -2) for value in values_of(draft, name)[:1]]
        return np.array(known or [-1], dtype=np.int32)

    section = code(_SECTION) if _sections_matter(policy) else np.array([-1], dtype=np.int32)
    nobody = np.array([-1], dtype=np.int32)
    published = np.array([microseconds(draft.published, NO_DATE)])
    return Askers(nobody, published, np.array([language]), nobody, section, tuple(map(code, policy.same)))


def ages_of(policy: Policy, arrays: Mapping[str, NDArray[Any]], fields: Fields) -> NDArray[np.float32] | None:
    """Return what age does to each score, see `age_logs`; None where it does nothing."""
    if policy.recency != "latest":
        return None
    half_lives = np.full(len(arrays["id_order"]), policy.half_life)
    if policy.half_lives:
        field = fields[_SECTION]
        by_code = {field.codes[name]: days for name, days in policy.half_lives.items() if name in field.codes}
        half_lives = half_lives_of(field.first, by_code, policy.half_life)
    now = None if policy.now is None else microseconds(policy.now, NO_DATE)
    return age_logs(np.asarray(arrays["published"]), half_lives, now)


def _sections_matter(policy: Policy) -> bool:
    return _SECTION in policy.fallback or policy.copies == "sections"


def _fits(policy: Policy, fields: Fields, n: int) -> NDArray[np.bool_]:
    fits = np.ones(n, dtype=np.bool_)
    for name, wanted in policy.where.items():
        fits &= fields[name].has_one_of(wanted)
    for name, unwanted in policy.where_not.items():
        fits &= ~fields[name].has_one_of(unwanted)
    return fits


def _representatives(
    policy: Policy, arrays: Mapping[str, NDArray[Any]], fields: Fields, shown: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Return who stands for each article: of its group, one that may be shown; the group's own rule where none may."""
    groups = np.asarray(arrays["copy_groups"])
    found = np.arange(len(groups), dtype=np.int32)
    rows = np.flatnonzero(np.bincount(groups, minlength=len(groups))[groups] > 1).astype(np.int32)
    if not len(rows):
        return found
    from recommender.text.preferred_copy import (
        preferred,
    )  # that package reads HTML, which a look-up never does

    sections: NDArray[np.int32] | None = None
    wanted: list[int] = []
    if policy.copies == "sections":
        field = fields[_SECTION]
        sections = field.first[rows]
        wanted = [field.codes[name] for name in policy.copy_sections if name in field.codes]
    # chosen among all first, and then, where some of a group may be shown, among these
    for some in (rows, rows[shown[rows]]):
        if len(some):
            at = np.searchsorted(rows, some)
            chosen = some[
                preferred(
                    groups[some], policy.copies, published=np.asarray(arrays["published"])[some],
                    lengths=np.asarray(arrays["text_lengths"])[some].astype(np.int64),
                    id_order=np.asarray(arrays["id_order"])[some],
                    sections=None if sections is None else sections[at], preferred_sections=wanted,
                )
            ]  # fmt: skip
            of_group = dict(zip(groups[some].tolist(), chosen.tolist(), strict=True))
            found[rows] = [of_group.get(int(groups[row]), int(found[row])) for row in rows]
    return found


def _number(value: Any) -> float:
    try:
        return float(value) if not isinstance(value, bool) else float("nan")
    except (TypeError, ValueError):
        return float("nan")
