"""The related rows of a row, in the order of its list."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

from asgiref.sync import sync_to_async
from django.db import router

from recommender.engine import Recommender
from recommender.errors import ArtifactError, RecommenderError
from recommender.lists.related import RelatedArticle

if TYPE_CHECKING:
    from recommender.arguments import ListCall
    from recommender.plugins.django.configuration import Configuration

__all__ = ["RelatedRow", "arelated_to", "related_entries", "related_queryset", "related_to"]

_log = logging.getLogger("recommender")


class RelatedRow(NamedTuple):
    """An entry of a list and its row."""

    entry: RelatedArticle
    row: Any


def related_to(row: Any, k: int | None = None, **settings: Unpack[ListCall]) -> list[Any]:
    """Return the rows that are related to a row, best first, each of its own model.

    One query for each model reads them as they are now. Rows that were deleted or are not live any more are left out,
    whatever the stored list says. The list of a row that is not live, and any list while there is no site, is empty.

    Parameters
    ----------
    row : model instance
        Of a model that the setting RECOMMENDER lists.
    k : int, optional
        Most rows. By default as many as lists were built with.
    **settings
        As for `Recommender.related`, such as ``where={"model": ["blog.post"]}``.

    Raises
    ------
    TypeError, ValueError
        If `row` is of no listed model, or an argument is wrong.
    """
    return [each.row for each in related_entries(row, k, **settings)]


async def arelated_to(row: Any, k: int | None = None, **settings: Unpack[ListCall]) -> list[Any]:
    """Return the rows that are related to a row; `related_to` for async views."""
    call: Callable[..., Any] = sync_to_async(related_to)
    found: list[Any] = await call(row, k, **settings)
    return found


def related_queryset(row: Any, k: int | None = None, **settings: Unpack[ListCall]) -> Any:
    """Return the related rows of the row's own model as a queryset in the order of the list.

    It can be narrowed, joined and cut like any other. Parameters and errors are those of `related_to`.
    """
    from django.db.models import Case, Value, When

    listed = _listed(row)
    keys = [each.row.pk for each in related_entries(row, k, **settings) if isinstance(each.row, listed.model)]
    rows = listed.rows(router.db_for_read(listed.model)).filter(pk__in=keys)
    if not keys:
        return rows
    return rows.order_by(Case(*(When(pk=key, then=Value(place)) for place, key in enumerate(keys))))


def related_entries(row: Any, k: int | None = None, **settings: Unpack[ListCall]) -> list[RelatedRow]:
    """Return the entries of a row's list with their rows; see `related_to`."""
    listed = _listed(row)
    entries = _stored_list(listed.id_of(row.pk), k, settings)
    rows = _rows([entry.article_id for entry in entries])
    return [RelatedRow(entry, rows[entry.article_id]) for entry in entries if entry.article_id in rows][:k]


def _configuration() -> Configuration:
    from recommender.plugins.django.configuration import configuration

    return configuration()


def _listed(row: Any) -> Any:
    listed = _configuration().listed(type(row))
    if listed is None:
        there = ", ".join(each.label for each in _configuration().models)
        raise TypeError(f"related articles are known for rows of {there}, got {row!r:.80}")
    return listed


def _rows(article_ids: list[str]) -> dict[str, Any]:
    """Return the live rows of some articles by id, with one query for each model."""
    found = {}
    for label, listed in _configuration().by_label.items():
        keys = listed.keys_of([each for each in article_ids if each.partition(":")[0] == label])
        if keys:
            rows = listed.rows(router.db_for_read(listed.model)).filter(pk__in=keys)
            found.update({listed.id_of(row.pk): row for row in rows})
    return found


class _Reader:
    """The newest state of the site, for look-ups."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: tuple[Path, Recommender] | None = None
        self._said = ""

    def site(self) -> Recommender | None:
        """Return the site as it is on disk now. None if there is none, which is logged once."""
        path = _configuration().site
        try:
            with self._lock:
                if self._open is None or self._open[0] != path:
                    self._open = None
                    self._open = path, Recommender.load(path)
                else:
                    self._open[1].refresh()
                self._said = ""
        except ArtifactError as error:
            if str(error) != self._said:
                self._said = str(error)
                _log.warning("%s; manage.py rebuild_related makes the lists", error)
        return None if self._open is None else self._open[1]


_reader = _Reader()


def _stored_list(article_id: str, k: int | None, settings: Any) -> list[RelatedArticle]:
    site = _reader.site()
    if site is None or article_id not in site:
        return []
    wanted = k if k is not None and k > site.k else None  # entries may be left out
    if settings:
        wanted = k
    try:
        return list(site.related(article_id, wanted, **settings))
    except RecommenderError as error:
        _log.error("%s: its list cannot be read: %s", article_id, error)
        return []
