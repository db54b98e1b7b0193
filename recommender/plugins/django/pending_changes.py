"""Changes are written down in their transaction, and applied after it is committed."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from django.db import DatabaseError, connections, transaction

from recommender.errors import RecommenderError

__all__ = ["record"]

_log = logging.getLogger("recommender")
_BATCH = "_recommender_batch"  # attribute of a connection, which belongs to one thread


class _Batch:
    """The changes of one transaction. The first callback after the commit applies them all.

    A callback is registered for each change, because Django forgets those of a savepoint that is rolled back.
    """

    def __init__(self, alias: str) -> None:
        self._alias = alias
        self.is_done = False

    def apply(self) -> None:
        if not self.is_done:
            self.is_done = True
            _apply(self._alias)


def record(article_ids: Iterable[str], alias: str) -> None:
    """Write down that articles were changed, and apply that after the transaction. It never raises an error.

    Parameters
    ----------
    article_ids : iterable of str
    alias : str
        The database of the change.
    """
    from recommender.plugins.django.models import PendingChange

    changed = [PendingChange(article_id=each) for each in dict.fromkeys(article_ids)]
    if not changed:
        return
    try:
        with transaction.atomic(using=alias):  # a savepoint: an error leaves the change itself as it is
            PendingChange.objects.using(alias).bulk_create(changed, batch_size=500)
    except DatabaseError:
        _log.exception(
            "%d changes could not be written down; run manage.py update_related --all", len(changed)
        )
        return
    connection: Any = connections[alias]
    batch = getattr(connection, _BATCH, None)
    if batch is None or batch.is_done:
        batch = _Batch(alias)
        setattr(connection, _BATCH, batch)
    transaction.on_commit(batch.apply, using=alias, robust=True)


def _apply(alias: str) -> None:
    """Apply the changes of a database that wait, here or by the queue. An error is logged, and they go on waiting."""
    from recommender.plugins.django.configuration import configuration
    from recommender.plugins.django.site_updates import update_related

    settings = configuration()
    try:
        if settings.queue is not None:
            settings.queue(alias)
        elif settings.site.exists():
            update_related(alias)
    except RecommenderError as error:
        _log.warning("%s; the changes wait for manage.py update_related", error)
    except Exception:
        _log.exception("the lists were not updated; the changes wait for manage.py update_related")
