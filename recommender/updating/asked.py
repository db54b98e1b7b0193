"""What an update is asked for: which articles are new, which differ, and which go."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article, ArticleSummary
from recommender.editors import EditorRules, rules_of_metadata
from recommender.editors.rule import Block, Pin
from recommender.errors import InputError, Problem
from recommender.lists.site import Site
from recommender.updating.changes import Changes

__all__ = ["Asked", "asked_of", "metadata_rules"]

_SHOWN = 5  # unknown ids that the warning names


class Asked(NamedTuple):
    """What an update is asked for.

    Attributes
    ----------
    articles : list of Article
        Those that are new or differ from what the site has.
    removed : ndarray of int32
        Rows of articles that go, and of those that are replaced.
    changes : Changes
        Without lists.
    """

    articles: list[Article]
    removed: NDArray[np.int32]
    changes: Changes


def asked_of(site: Site, add: Sequence[Article], delete: Sequence[str]) -> Asked:
    """Return what an update is asked for.

    Raises
    ------
    InputError
        If an id is added twice with different content, or added and deleted.

    Warns
    -----
    UserWarning
        If an id that is to be deleted is unknown.
    """
    table, digests = site.collection.summaries, site.collection.digests
    given = _distinct(add, set(delete))
    rows = {article.article_id: table.row_of(article.article_id) for article in given}
    same = [
        each for each in given
        if (row := rows[each.article_id]) is not None and int(digests[row]) == each.digest()
    ]  # fmt: skip
    left = {each.article_id for each in same}
    articles = [each for each in given if each.article_id not in left]
    gone = {article_id: table.find(article_id) for article_id in dict.fromkeys(delete)}
    deleted = {table.column("article_id")[row]: row for row in gone.values() if row is not None}
    unknown = [article_id for article_id, row in gone.items() if row is None]
    if unknown:
        _warn(unknown)
    edited = [each.article_id for each in articles if rows[each.article_id] is not None]
    removed = [*deleted.values(), *(rows[article_id] for article_id in edited)]
    changes = Changes(
        added=tuple(sorted(each.article_id for each in articles if rows[each.article_id] is None)),
        edited=tuple(sorted(edited)),
        deleted=tuple(sorted(deleted)),
        unchanged=tuple(sorted(left)),
        unknown=tuple(sorted(unknown)),
        expired=_expired(site, np.array(removed, dtype=np.int64)),
    )
    return Asked(
        articles, np.array(sorted(row for row in removed if row is not None), dtype=np.int32), changes
    )


def metadata_rules(site: Site, asked: Asked, summaries: Sequence[ArticleSummary]) -> EditorRules:
    """Return the pins and blocks in the metadata of all articles after an update, in the order of the ids."""
    gone = {*asked.changes.edited, *asked.changes.deleted}
    fresh = rules_of_metadata(summaries)
    pins = [pin for pin in site.metadata_rules.pins if pin.on not in gone]
    blocks = [block for block in site.metadata_rules.blocks if _owner(block) not in gone]
    return EditorRules(
        tuple(sorted([*pins, *fresh.pins], key=_owner)), tuple(sorted([*blocks, *fresh.blocks], key=_owner))
    )


def _owner(rule: Pin | Block) -> str:
    """Return the article whose metadata hold a rule."""
    return rule.on if rule.on is not None else rule.hide


def _expired(site: Site, removed: NDArray[np.int64]) -> tuple[str, ...]:
    """Return the ids of the articles that stay and have expired since the lists were made."""
    before, now = site.expiry, site.at_present().expiry
    until = site.collection.listed_until
    rows = np.flatnonzero((until > before.passed) & (until <= now.passed))
    ids = site.collection.summaries.column("article_id")
    return tuple(ids[row] for row in np.setdiff1d(rows, removed).tolist())


def _distinct(add: Sequence[Article], deleted: set[str]) -> list[Article]:
    """Return articles without repeats."""
    found: dict[str, Article] = {}
    problems = []
    for article in add:
        if not isinstance(article, Article):
            raise TypeError(f"add must be an iterable of Article, got {article!r:.80}")
        other = found.setdefault(article.article_id, article)
        if other is not article and other != article:
            problems.append(
                Problem(
                    "added twice with different content", repr(article.article_id), "give the newest alone"
                )
            )
        if article.article_id in deleted:
            problems.append(
                Problem("both added and deleted", repr(article.article_id), "give one of the two")
            )
    if problems:
        raise InputError(problems)
    return list(found.values())


def _warn(unknown: Sequence[str]) -> None:
    shown = ", ".join(map(repr, unknown[:_SHOWN])) + (", ..." if len(unknown) > _SHOWN else "")
    what = "1 id to delete is" if len(unknown) == 1 else f"{len(unknown):,} ids to delete are"
    warnings.warn(f"{what} not on the site: {shown}", stacklevel=4)
