"""Which signals change which articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeAlias

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete

from recommender.plugins.django.configuration import configuration
from recommender.plugins.django.listed_model import ListedModel
from recommender.plugins.django.pending_changes import record
from recommender.plugins.django.row_paths import Relation

__all__ = ["connect"]

_Keys: TypeAlias = Callable[[Any], Iterable[Any]]
"""From a row that was changed to the keys of the rows that it concerns."""


class _Follower(NamedTuple):
    """What follows the rows of a model: a listed model, which rows a row concerns, and the field that it reads, if one."""

    listed: ListedModel
    keys: _Keys
    field: str = ""


_followed: dict[type[Model], list[_Follower]] = defaultdict(list)
_through: dict[type[Model], list[ListedModel]] = defaultdict(list)
_ID = "recommender_related"


def connect() -> None:
    """Follow the models that the setting lists, and those that their articles take values from.

    Only these: Django deletes rows of models that nobody follows in one query.
    """
    setting_changed.connect(_setting_changed, dispatch_uid=_ID)
    for sender in _followed:
        for signal in (post_save, pre_delete, post_delete):
            signal.disconnect(sender=sender, dispatch_uid=_ID)
    for sender in _through:
        m2m_changed.disconnect(sender=sender, dispatch_uid=_ID)
    _followed.clear()
    _through.clear()
    try:
        models = configuration().models
    except ImproperlyConfigured:
        return  # the checks show what is wrong
    for listed in models:
        _find_senders(listed)
    for sender in _followed:
        for signal in (post_save, pre_delete, post_delete):
            signal.connect(_changed, sender=sender, dispatch_uid=_ID)
    for sender in _through:
        m2m_changed.connect(_linked, sender=sender, dispatch_uid=_ID)
    if any(listed.is_page for listed in models):
        _follow_pages()


def _setting_changed(*, setting: str, **others: Any) -> None:
    if setting == "RECOMMENDER":
        configuration.cache_clear()
        connect()


def _find_senders(listed: ListedModel) -> None:
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, listed.model) or issubclass(
            listed.model, model
        ):  # proxies, and parents in other tables
            _followed[model].append(_Follower(listed, lambda row: [row.pk]))
    for relation in listed.relations():
        related = relation.field.related_model
        fields = {field.name for field in related._meta.concrete_fields}
        reads = relation.after if relation.after in fields else ""
        _followed[related].append(_Follower(listed, _keys_by(listed, relation), reads))
        if relation.field.many_to_many and not relation.before:
            field = relation.field
            through = field.through if field.auto_created else field.remote_field.through
            _through[through].append(listed)
            for column in (
                () if through._meta.auto_created else through._meta.fields
            ):  # written like other tables
                if column.is_relation and column.related_model is listed.model:
                    _followed[through].append(_Follower(listed, _key_in(column.attname)))


def _key_in(name: str) -> _Keys:
    return lambda row: [getattr(row, name)]


def _keys_by(listed: ListedModel, relation: Relation) -> _Keys:
    def keys(row: Any) -> Iterable[Any]:
        rows = listed.model._base_manager.using(listed.alias)
        return list(rows.filter(**{f"{relation.lookup}__pk": row.pk}).values_list("pk", flat=True))

    return keys


def _changed(
    *, sender: type[Model], instance: Any, using: str, update_fields: Any = None, **others: Any
) -> None:
    for listed, keys, field in _followed[sender]:
        is_read = (
            not field or update_fields is None or field in update_fields
        )  # a login writes its time alone
        if using == listed.alias and is_read:
            record(map(listed.id_of, keys(instance)), using)


def _linked(
    *, sender: Any, instance: Any, action: str, model: Any, pk_set: Any, using: str, **others: Any
) -> None:
    """Follow the rows of a table of links. Either end may be the article."""
    if action in ("pre_add", "pre_remove"):
        return
    for listed in _through[sender]:
        if using != listed.alias:
            continue
        if isinstance(instance, listed.model):
            record([listed.id_of(instance.pk)], using)
        if issubclass(model, listed.model) or issubclass(listed.model, model):
            if pk_set is None:  # all links of the other end are removed
                for relation in listed.relations():
                    if relation.field.many_to_many and isinstance(instance, relation.field.related_model):
                        record(map(listed.id_of, _keys_by(listed, relation)(instance)), using)
            else:
                record(map(listed.id_of, pk_set), using)


def _follow_pages() -> None:
    from wagtail.models import PageViewRestriction
    from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

    for signal in (page_published, page_unpublished):
        signal.connect(_page_changed, dispatch_uid=_ID)
    for signal in (post_page_move, page_slug_changed):
        signal.connect(_pages_changed, dispatch_uid=_ID)
    for signal in (post_save, post_delete):
        signal.connect(_restricted, sender=PageViewRestriction, dispatch_uid=_ID)


def _page_changed(*, instance: Any, **others: Any) -> None:
    _record_pages([(instance.pk, instance.specific_class)])


def _pages_changed(*, instance: Any, **others: Any) -> None:
    """Follow a page whose address changed, with those below it."""
    from recommender.plugins.django.wagtail_pages import affected_pages

    _record_pages((page.pk, page.specific_class) for page in affected_pages(instance))


def _restricted(*, instance: Any, **others: Any) -> None:
    _pages_changed(instance=instance.page)


def _record_pages(pages: Iterable[tuple[Any, Any]]) -> None:
    found = defaultdict(list)
    for key, model in pages:
        listed = configuration().listed(model) if model is not None else None
        if listed is not None:
            found[listed.alias].append(listed.id_of(key))
    for alias, ids in found.items():
        record(ids, alias)
