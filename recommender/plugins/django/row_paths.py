"""Values of a row by a path of names, such as "category.name", and the relations that a path crosses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.db.models.manager import BaseManager

__all__ = ["Relation", "relations", "unknown_name", "values_at"]


class Relation(NamedTuple):
    """A relation that a path crosses.

    Attributes
    ----------
    before, lookup : str
        The relations before it, and with it, as a filter has them. `before` is empty for the first.
    field : field
        The field, forward or reverse.
    after : str
        The name that follows it. It is empty for the last, whose rows are taken as text.
    """

    before: str
    lookup: str
    field: Any
    after: str


def values_at(row: Any, path: str) -> list[Any]:
    """Return the values that a path leads to. A name is a field, a relation, a property or a method.

    Relations to several rows give several values. Null and what is not there give none.
    """
    found = [row]
    for name in path.split("."):
        found = [value for each in found for value in _step(each, name)]
    return found


def relations(model: type[Model], path: str) -> Iterator[Relation]:
    """Yield the relations that a path crosses, in its order."""
    before, names = "", path.split(".")
    for name, after in zip(names, [*names[1:], ""], strict=True):
        field = _field(model, name)
        if field is None or not getattr(field, "related_model", None):
            return
        lookup = f"{before}__{field.name}" if before else field.name
        yield Relation(before, lookup, field, after)
        before, model = lookup, field.related_model


def unknown_name(model: type[Model], path: str) -> tuple[type[Model], str] | None:
    """Return the first name of a path that a model does not have, with the model. What values have is not known."""
    for name in path.split("."):
        field = _field(model, name)
        if field is None:
            return None if hasattr(model, name) else (model, name)
        related = getattr(field, "related_model", None)
        if not related:
            return None
        model = related
    return None


def _step(each: Any, name: str) -> list[Any]:
    try:
        value = getattr(each, name)
    except ObjectDoesNotExist:
        return []
    if isinstance(value, BaseManager):
        value = value.all()
    elif callable(value):
        value = value()
    if isinstance(value, QuerySet | list | tuple):
        return [one for one in value if one is not None]
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return [] if value is None else [value]


def _field(model: type[Model], name: str) -> Any:
    """Return the field or the reverse relation of a name; None if the name is none of these."""
    for related in model._meta.related_objects:
        if related.get_accessor_name() == name:
            return related
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
