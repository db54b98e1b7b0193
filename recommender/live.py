"""One list made now: of an article under rules of a call, of a draft, and why somebody is not in a list."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article
from recommender.artifact.summaries import SummaryTable
from recommender.assembly.eligibility import Askers
from recommender.assembly.lists import Assembly
from recommender.assembly.opening import Fields, asker_of, open_assembly
from recommender.assembly.policy import Policy
from recommender.editors import EditorRules, Resolved, resolve
from recommender.errors import UnknownArticleError
from recommender.ranking.one_list import FEW_ARTICLES, Query, rank_one
from recommender.ranking.site import Site

if TYPE_CHECKING:
    from recommender.ranking.drafts import DraftSearch

__all__ = ["LiveLists", "Made"]

Allows: TypeAlias = Callable[[NDArray[Any]], NDArray[np.bool_]]


class Made(NamedTuple):
    """A list as rows, padded with -1; without a query, reasons cannot be given."""

    query: Query | None
    rows: NDArray[np.int32]
    scores: NDArray[np.float32]
    rungs: NDArray[np.uint8]


class LiveLists:
    """Makes lists from what an artifact holds; each part is opened when it is first needed."""

    def __init__(
        self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any], summaries: SummaryTable
    ) -> None:
        self._arrays, self._facts, self._summaries = arrays, facts, summaries

    @cached_property
    def site(self) -> Site:
        """The vectors of all articles."""
        return Site.open(self._arrays, self._facts)

    @cached_property
    def policy(self) -> Policy:
        """The rules that the lists were made by."""
        return Policy.from_json(self._facts["policy"])

    @cached_property
    def editors(self) -> Resolved:
        """What editors say, as rows."""
        parts = (EditorRules.from_json(self._facts["editors"][name]) for name in ("file", "metadata"))
        return resolve(next(parts).merged(next(parts)), self._row)

    @cached_property
    def assembly(self) -> Assembly:
        """The rules of the site, ready to be applied."""
        return open_assembly(self.policy, self._arrays, self._fields, self.editors)

    def of_article(self, row: int, k: int, rules: Mapping[str, Any], exclude: Collection[str]) -> Made:
        """Return the list of an article, when `rules` of a call hold too and `exclude` is shown elsewhere."""
        assembly = self._assembly(rules)
        query, asker = self.site.query(row), assembly.eligibility.one(row)
        assembly = self._pins_held_to(assembly, rules, asker, exclude)
        allows = self._allows(assembly, asker, exclude)
        near = None
        if len(self._summaries) > FEW_ARTICLES:
            found = self._drafts.near(query.sparse, query.dense, query.neural, assembly.depth(k))
            if found is not None:
                near = _worth(np.union1d(found, query.mentions.columns), assembly, allows, k)
        return self._made(query, assembly, asker, k, allows, near)

    def of_draft(
        self, draft: Article, text: tuple[str, str], neural: NDArray[np.float32], k: int,
        rules: Mapping[str, Any], exclude: Collection[str],
    ) -> Made:  # fmt: skip
        """Return the list of a draft; `text` is its clean title and body."""
        assembly = self._assembly(rules)
        query, rows = self._drafts.query(draft, text, neural, assembly.depth(k))
        asker = asker_of(draft, self._language(draft, text), assembly.policy, self._fields)
        allows = self._allows(assembly, asker, exclude)
        return self._made(query, assembly, asker, k, allows, _worth(rows, assembly, allows, k))

    def _allows(self, assembly: Assembly, asker: Askers, exclude: Collection[str]) -> Allows:
        """Return what says of rows which may stand in the list of one who asks."""
        eligibility, shown = assembly.eligibility, self._groups_of(exclude, assembly)

        def allows(others: NDArray[Any]) -> NDArray[np.bool_]:
            fine = eligibility.allows(asker, np.zeros(len(others), dtype=np.intp), others)
            return fine & ~np.isin(eligibility.columns.group[others], shown) if len(shown) else fine

        return allows

    def _made(
        self, query: Query, assembly: Assembly, asker: Askers, k: int, allows: Allows,
        rows: NDArray[np.integer[Any]] | None = None,
    ) -> Made:  # fmt: skip
        site = self.site

        def score_pairs(_: NDArray[Any], others: NDArray[Any]) -> NDArray[np.float32]:
            found = dict(
                zip(*(each.tolist() for each in rank_one(query, site, len(others), others)), strict=True)
            )
            return np.array([found.get(other, 0.0) for other in others.tolist()], dtype=np.float32)

        ranked, scores = rank_one(query, site, assembly.depth(k), rows, allows, assembly.policy.floor)
        depth = max(k, len(ranked))
        padded = np.full((1, depth), -1, dtype=np.int32), np.zeros((1, depth), dtype=np.float32)
        padded[0][0, : len(ranked)], padded[1][0, : len(ranked)] = ranked, scores
        lists, _ = assembly.assemble(*padded, k, score_pairs, self._sparse, site.chance, asker, allows)
        return Made(query, *(column[0] for column in lists))

    def _assembly(self, rules: Mapping[str, Any]) -> Assembly:
        if not rules:
            return self.assembly
        return open_assembly(self.policy.for_call(**rules), self._arrays, self._fields, self.editors)

    def _pins_held_to(
        self, assembly: Assembly, rules: Mapping[str, Any], asker: Askers, exclude: Collection[str]
    ) -> Assembly:
        """Pins stand above the rules of the site, not above those of a call."""
        row = int(asker.rows[0])
        pins = assembly.pins.get(row)
        if not pins or not (rules or exclude):
            return assembly
        alone = Policy(cross_language=True, copies="keep", recency="none").for_call(**rules)
        held = open_assembly(alone, self._arrays, self._fields).eligibility
        rows = np.array([other for _, other in pins], dtype=np.int32)
        fine = held.allows(asker, np.zeros(len(rows), dtype=np.intp), rows)
        fine &= ~np.isin(held.columns.group[rows], self._groups_of(exclude, assembly))
        kept = [pin for pin, stands in zip(pins, fine.tolist(), strict=True) if stands]
        return replace(assembly, pins={row: kept} if kept else {})

    def _groups_of(self, article_ids: Collection[str], assembly: Assembly) -> NDArray[np.int32]:
        """Return the groups of near copies of some articles; ids of elsewhere are none of ours."""
        rows = [row for article_id in article_ids if (row := self._row(article_id)) is not None]
        return assembly.eligibility.columns.group[np.array(rows, dtype=np.intp)]

    def _row(self, article_id: str) -> int | None:
        try:
            return self._summaries.row(article_id)
        except UnknownArticleError:
            return None

    def _language(self, draft: Article, text: tuple[str, str]) -> int:
        from recommender.text.languages import detect_languages, primary_language

        names: list[str] = self._facts["languages"]
        if len(names) < 2 and not primary_language(draft.language):
            return -1  # where all are of one language, it is not worth a second to tell

        texts = [*(("", "") for _ in names), text]
        found = detect_languages([*names, draft.language], texts)[-1]
        return names.index(found) if found in names else len(names)

    @cached_property
    def _fields(self) -> Fields:
        return Fields(self._summaries)

    @cached_property
    def _drafts(self) -> DraftSearch:
        from recommender.ranking.drafts import DraftSearch

        return DraftSearch.open(self.site, self._arrays, self._facts)

    def _sparse(self) -> Any:
        from recommender.ranking.signals import Signals

        return Signals.open(self._arrays, self._facts).sparse


def _worth(
    rows: NDArray[np.integer[Any]], assembly: Assembly, allows: Allows, k: int
) -> NDArray[np.integer[Any]]:
    """Return who of those that are near may be listed; where rules took so many of them, all who may be listed."""
    rows = np.unique(assembly.eligibility.representative[rows])
    rows = rows[allows(rows)]
    if len(rows) >= 100 + 3 * k:
        return rows
    rows = np.flatnonzero(assembly.eligibility.listable())
    return rows[allows(rows)]
