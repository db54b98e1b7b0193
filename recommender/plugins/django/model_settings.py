"""What the setting says of one model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db.models import BooleanField, Q
from django.db.models.manager import BaseManager

from recommender.errors import InputError, Problem
from recommender.plugins.django.listed_model import FIELDS, ListedModel
from recommender.plugins.django.row_paths import unknown_name
from recommender.plugins.django.wagtail_pages import is_page, page_places, page_site, public_pages

__all__ = ["listed_model"]

_OTHERS = ("metadata", "live", "manager", "database")


def listed_model(name: Any, options: Any) -> ListedModel:
    """Return a model of the setting.

    Raises
    ------
    InputError
        With everything that is wrong in it.
    """
    where = f'RECOMMENDER["models"]["{name}"]'
    model = _model(name, where)
    if not isinstance(options, Mapping):
        raise InputError(
            Problem(f"{where}: wanted a dictionary", repr(options)[:80], 'such as {"body": "text"}')
        )
    places = {**_defaults(model), **{key: options[key] for key in FIELDS if key in options}}
    places = {key: place for key, place in places.items() if place is not None}
    metadata = {
        **({"site": page_site, "expires": "expire_at"} if is_page(model) else {}),
        **_named(options.get("metadata", {})),
    }
    manager = options.get("manager", "_default_manager")
    database, live = options.get("database"), options.get("live")
    problems = [
        *_unknown_keys(options, where),
        *_wrong_places(model, {**places, **metadata}, where),
        *_wrong_manager(model, manager, where),
    ]
    if database is not None and database not in settings.DATABASES:
        there = f"there are {', '.join(settings.DATABASES)}"
        problems.append(Problem(f'{where}["database"]: no such database', repr(database)[:80], there))
    filtering = Q()
    try:
        filtering = _filter(model, live)
    except (TypeError, ValueError, FieldError) as error:
        problems.append(Problem(f'{where}["live"]: {error}'))
    if problems:
        raise InputError(problems)
    return ListedModel(model, places, metadata, filtering, manager, database)


def _model(name: Any, where: str) -> Any:
    labels = [each._meta.label for each in apps.get_models()]
    try:
        return apps.get_model(name)
    except (LookupError, ValueError, AttributeError, TypeError) as error:
        close = get_close_matches(str(name), labels, n=1)
        move = (
            f'did you mean "{close[0]}"?'
            if close
            else 'name it as "app.Model", and its app in INSTALLED_APPS'
        )
        raise InputError(Problem(f"{where}: no such model", next_move=move)) from error


def _defaults(model: Any) -> dict[str, Any]:
    if is_page(model):
        return page_places(model)
    return {
        "title": "title",
        "body": "body",
        "url": "get_absolute_url" if hasattr(model, "get_absolute_url") else None,
    }


def _named(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        value = [value]
    return dict(value) if isinstance(value, Mapping) else {name: name for name in value}


def _unknown_keys(options: Mapping[str, Any], where: str) -> Iterator[Problem]:
    known = (*FIELDS, *_OTHERS)
    for key in options:
        if key not in known:
            close = get_close_matches(str(key), known, n=1)
            move = f'did you mean "{close[0]}"?' if close else f"there are {', '.join(known)}"
            yield Problem(f'{where}: no such key "{key}"', next_move=move)


def _wrong_places(model: Any, places: Mapping[str, Any], where: str) -> Iterator[Problem]:
    for key, place in places.items():
        for each in [place] if isinstance(place, str) or not isinstance(place, Sequence) else place:
            if callable(each):
                continue
            if not isinstance(each, str):
                yield Problem(f'{where}["{key}"]: wanted a name or a function', repr(each)[:80])
            elif wrong := unknown_name(model, each):
                owner, name = wrong
                names = ", ".join(sorted(field.name for field in owner._meta.get_fields()))
                what = f'{where}["{key}"]: {owner._meta.label} has no field, property or method "{name}"'
                yield Problem(what, next_move=f"its fields are {names}")


def _wrong_manager(model: Any, manager: Any, where: str) -> Iterator[Problem]:
    if not isinstance(manager, str) or not isinstance(getattr(model, manager, None), BaseManager):
        there = f"there are {', '.join(each.name for each in model._meta.managers)}"
        yield Problem(f'{where}["manager"]: no such manager', repr(manager)[:80], there)


def _filter(model: Any, live: Any) -> Q | Callable[[Any], Any]:
    """Return the filter of live rows, after a check of its fields."""
    if live is None:
        return public_pages if is_page(model) else Q()
    if callable(live):
        return live
    if isinstance(live, str):
        try:
            field = model._meta.get_field(live)
        except FieldDoesNotExist as error:
            raise ValueError(f"{model._meta.label} has no field {live!r}") from error
        if not isinstance(field, BooleanField):
            raise ValueError(
                f"{live!r} is no field of yes or no; give a filter such as {{'status': 'published'}}"
            )
        live = {live: True}
    if not isinstance(live, Q | Mapping):
        raise TypeError(
            f"wanted a field, a filter such as {{'status': 'published'}} or a function, got {live!r:.80}"
        )
    found = live if isinstance(live, Q) else Q(**live)
    model._default_manager.filter(found)  # a wrong name is an error here
    return found
