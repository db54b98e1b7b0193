"""A model whose rows are articles: which rows are live, and where their fields are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import router
from django.db.models import Model, Q, QuerySet
from django.utils import timezone, translation

from recommender.articles import Article
from recommender.plugins.django.row_paths import Relation, relations, values_at
from recommender.plugins.django.wagtail_pages import is_page, stream_text

__all__ = ["FIELDS", "ListedModel", "Place"]

Place: TypeAlias = str | Callable[[Any], Any] | Sequence[Any]
"""Where a field of an article is: a path of names, a callable that takes the row, or several of these."""

FIELDS = (
    "title",
    "body",
    "published",
    "section",
    "language",
    "tags",
    "url",
    "description",
    "image",
    "translation",
)
"""The fields that a model can place. Rows with the same `translation` are one article in several languages."""


@dataclass(frozen=True, eq=False)
class ListedModel:
    """A model whose rows are articles.

    Parameters
    ----------
    model : model class
    places : mapping of str to Place
        Where the fields of an article are, by the names of `FIELDS`.
    metadata : mapping of str to Place
        More fields, kept as metadata.
    live : Q or callable
        The rows that are listed: a filter, or a callable from a queryset to one.
    manager : str
        The manager that rows come from.
    database : str or None
        Alias of the database that is followed. None for the one that the routers write to.
    """

    model: type[Model]
    places: Mapping[str, Place]
    metadata: Mapping[str, Place]
    live: Any
    manager: str
    database: str | None

    @property
    def label(self) -> str:
        """Name of the model, such as "blog.post"."""
        return str(self.model._meta.label_lower)

    @property
    def is_page(self) -> bool:
        """Whether its rows are pages of Wagtail."""
        return is_page(self.model)

    @property
    def alias(self) -> str:
        """Alias of the database that is followed."""
        return self.database or str(router.db_for_write(self.model))

    def id_of(self, key: Any) -> str:
        """Return the id of the article with a primary key."""
        return f"{self.label}:{key}"

    def keys_of(self, article_ids: Sequence[str]) -> list[Any]:
        """Return the primary keys of ids of this model. Ids that cannot be keys are left out."""
        found = []
        for each in article_ids:
            try:
                found.append(self.model._meta.pk.to_python(each.partition(":")[2]))
            except ValidationError:
                continue
        return found

    def rows(self, alias: str | None = None) -> Any:
        """Return the live rows of a database as a queryset."""
        rows = getattr(self.model, self.manager).using(alias or self.alias)
        return rows.filter(self.live) if isinstance(self.live, Q) else self.live(rows)

    def rows_to_read(self, alias: str | None = None) -> Any:
        """Return the live rows, with what their places need of other tables."""
        rows = self.rows(alias)
        singles, many = self._joined()
        rows = rows.select_related(*singles) if singles else rows
        return rows.prefetch_related(*many) if many else rows

    def relations(self) -> Iterator[Relation]:
        """Yield the relations that the places cross. Those inside callables are not known."""
        for place in (*self.places.values(), *self.metadata.values()):
            for path in _paths(place):
                yield from relations(self.model, path)

    def article(self, row: Any) -> Article:
        """Return a row as an article.

        Raises
        ------
        InputError
            If the article is invalid, for example without title and text.
        Exception
            Whatever a property, a method or a callable raises.
        """
        language = self.text("language", row) or None
        known = language and language.lower() in {code.lower() for code, _ in settings.LANGUAGES}
        with translation.override(language if known else settings.LANGUAGE_CODE):
            metadata = {name: _plain(self._values(place, row)) for name, place in self.metadata.items()}
            metadata = {name: value for name, value in metadata.items() if value != []}
            tags = [str(each) for each in self._values(self.places.get("tags"), row)]
            if key := self.text("translation", row):
                metadata = {"translationKey": key} | metadata
            return Article(
                self.id_of(row.pk),
                self.text("title", row),
                self.text("body", row),
                self._date(row),
                self.text("section", row) or None,
                language,
                self.address(row) or None,
                self.text("description", row) or None,
                self.text("image", row) or None,
                {"model": self.label, **({"tags": tags} if tags else {}), **metadata},
            )

    def text(self, name: str, row: Any) -> str:
        """Return a field of a row as text, "" where there is none. Several values become paragraphs."""
        return "\n\n".join(text for each in self._values(self.places.get(name), row) if (text := _text(each)))

    def address(self, row: Any) -> str:
        """Return the address of a row, "" where it has none."""
        return self.text("url", row)

    def _date(self, row: Any) -> Any:
        for value in self._values(self.places.get("published"), row):
            is_naive = isinstance(value, datetime) and timezone.is_naive(value)
            return timezone.make_aware(value) if is_naive else value
        return None

    def _values(self, place: Place | None, row: Any) -> list[Any]:
        if place is None:
            return []
        if isinstance(place, str):
            return values_at(row, place)
        if callable(place):
            value = place(row)
            several = isinstance(value, QuerySet | list | tuple | set | frozenset)
            return [each for each in (value if several else [value]) if each is not None]
        return [value for each in place for value in self._values(each, row)]

    def _joined(self) -> tuple[list[str], list[str]]:
        """Return the relations to one row and those to several, as `select_related` and `prefetch_related` take them."""
        singles: list[str] = []
        many: list[str] = []
        for relation in self.relations():
            is_single = relation.field.many_to_one or relation.field.one_to_one
            if is_single and relation.before in ("", *singles):
                singles.append(relation.lookup)
            elif not relation.before and type(relation.field).__module__.startswith(
                ("django.db.", "taggit.")
            ):
                many.append(relation.lookup)  # fields of others, as modelcluster's, cannot be fetched ahead
        return list(dict.fromkeys(singles)), list(dict.fromkeys(many))


def _paths(place: Place) -> Iterator[str]:
    if isinstance(place, str):
        yield place
    elif not callable(place):
        for each in place:
            yield from _paths(each)


def _text(value: Any) -> str:
    if hasattr(value, "stream_block"):
        return stream_text(value)
    return str(value).strip()


def _plain(values: list[Any]) -> Any:
    """Return one value or several as metadata hold them: numbers, text, and dates in the form of ISO 8601."""
    found = [
        each.isoformat()
        if isinstance(each, date)
        else each
        if isinstance(each, int | float | str)
        else str(each)
        for each in values
    ]
    return found[0] if len(found) == 1 else found
