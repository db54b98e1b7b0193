"""The first rule that keeps an article out of another's list, whatever its score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from recommender.collection.summary_table import NO_DATE
from recommender.explanations.absence import Reason, shown_similarity
from recommender.listing import LISTING_FIELDS, NEVER
from recommender.lists.site import Site
from recommender.rules.article_fields import values_of
from recommender.rules.eligibility import Eligibility

__all__ = ["forbidden"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Words = tuple[str, dict[str, Any]]


def forbidden(site: Site, row: int, other: int) -> Reason | None:
    """Return the first eligibility rule that forbids `other` in the list of `row`, or None if all allow it."""
    eligibility = site.rules.eligibility
    verdicts = eligibility.verdicts(
        eligibility.queries(np.array([row])), np.zeros(1, np.intp), np.array([other])
    )
    rule = next((rule for rule, fine in verdicts.items() if not fine[0]), None)
    if rule is None:
        return None
    pair = _Pair(site, row, other)
    if rule == "copy" and not pair.are_copies:
        rule = "tree"
    explanation, numbers = _WORDS[rule](pair)
    return Reason(rule, explanation, numbers)


@dataclass(frozen=True)
class _Pair:
    site: Site
    row: int
    other: int

    @property
    def rows(self) -> tuple[int, int]:
        return self.row, self.other

    @property
    def eligibility(self) -> Eligibility:
        return self.site.rules.eligibility

    @property
    def are_copies(self) -> bool:
        groups = self.site.collection.copies.groups
        return bool(groups[self.row] == groups[self.other])

    def days(self) -> tuple[str | None, str | None]:
        here, there = (_day(self.eligibility.columns.published[row]) for row in self.rows)
        return here, there


def _itself(_: _Pair) -> Words:
    return "an article is not in its own list", {}


def _hidden(_: _Pair) -> Words:
    return "editors block it everywhere", {}


def _unlisted(pair: _Pair) -> Words:
    metadata = pair.site.collection.summaries[pair.other].metadata
    said = {name: metadata[name] for name in LISTING_FIELDS if name in metadata}
    shown = ", ".join(f"{name}: {value}" for name, value in said.items())
    if pair.site.collection.listed_until[pair.other] == NEVER:
        return f"it is in no list ({shown})", said
    return f"it has expired ({shown})", said


def _blocked(pair: _Pair) -> Words:
    if pair.other in pair.eligibility.blocked[pair.row]:
        return "editors block it in this list", {}
    return "editors block a near copy of it in this list", {}


def _copy(pair: _Pair) -> Words:
    similarity = pair.site.collection.copies.similarity(*pair.rows)
    return f"it is a near copy of the article itself{shown_similarity(similarity)}", {"jaccard": similarity}


def _where(pair: _Pair) -> Words:
    policy, summary = pair.site.settings.policy, pair.site.collection.summaries[pair.other]
    fields = pair.site.rules.fields

    def has_one_of(name: str, values: Sequence[str]) -> bool:
        return bool(fields[name].has_one_of(values)[pair.other])

    failed = [name for name, values in policy.where.items() if not has_one_of(name, values)]
    failed += [name for name, values in policy.where_not.items() if has_one_of(name, values)]
    has = {name: list(values_of(summary, name)) for name in dict.fromkeys(failed)}
    wanted = {"where": dict(policy.where), "where_not": dict(policy.where_not)}
    shown = "; ".join(f"{name}: {', '.join(values) or 'nothing'}" for name, values in has.items())
    return f"the filters of this site exclude it ({shown})", {"has": has, "wanted": wanted}


def _window(pair: _Pair) -> Words:
    policy = pair.site.settings.policy
    here, there = pair.days()
    numbers = {
        "published": there, "article_published": here, "within_days": policy.within_days,
        "published_after": _text(policy.published_after), "published_before": _text(policy.published_before),
    }  # fmt: skip
    return f"its date, {there or 'unknown'}, is outside the window", numbers


def _language(pair: _Pair) -> Words:
    names = pair.site.model.languages
    codes, tags = pair.eligibility.columns.language, pair.site.collection.summaries.column("language")
    mine, theirs = (names[codes[row]] for row in pair.rows)
    if mine == theirs:  # the scripts or the regions differ
        mine, theirs = (tags[row] for row in pair.rows)
    return f"it is in {theirs}, the article in {mine}", {"language": theirs, "article_language": mine}


def _tree(pair: _Pair) -> Words:
    trees = pair.site.collection.trees
    mine, theirs = trees.families[pair.row], trees.families[pair.other]
    kinds = np.flatnonzero((mine == theirs) & (trees.members[pair.row] != trees.members[pair.other]))
    if not len(kinds):
        return "it is another version or translation of the article itself", {}
    here, there = (trees.names[trees.members[row, kinds[0]]] for row in pair.rows)
    return f"it is in the parallel tree {there}, the article in {here}", {"tree": there, "article_tree": here}


def _translation(pair: _Pair) -> Words:
    tags = pair.site.collection.summaries.column("language")
    mine, theirs = (tags[row] for row in pair.rows)
    return f"it is the same page in {theirs}", {"language": theirs, "article_language": mine}


def _same(pair: _Pair) -> Words:
    summaries = pair.site.collection.summaries
    both = {
        name: [list(values_of(summaries[row], name)[:1]) for row in pair.rows]
        for name in pair.eligibility.policy.same
    }
    differ = [name for name, (mine, theirs) in both.items() if mine != theirs or not theirs]
    return f"its {' and '.join(differ)} differs from that of the article", {"fields": both}


def _linked(pair: _Pair) -> Words:
    indptr, indices = pair.site.collection.links
    if pair.other in indices[indptr[pair.row] : indptr[pair.row + 1]]:
        return "the text of the article links to it", {}
    return "the text of the article links to a near copy or another version of it", {}


def _newer(pair: _Pair) -> Words:
    here, there = pair.days()
    return f"it is newer ({there}) than the article ({here})", {"published": there, "article_published": here}


_WORDS: dict[str, Callable[[_Pair], Words]] = {
    "itself": _itself, "hidden": _hidden, "unlisted": _unlisted, "blocked": _blocked, "copy": _copy, "where": _where,
    "window": _window, "language": _language, "tree": _tree, "translation": _translation, "same": _same,
    "newer": _newer, "linked": _linked,
}  # fmt: skip


def _day(moment: int) -> str | None:
    return None if moment == NO_DATE else (_EPOCH + timedelta(microseconds=int(moment))).isoformat()


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
