"""Checks of the setting, which manage.py runs with Django's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.db.models import Q

from recommender.errors import InputError
from recommender.plugins.django.configuration import read_setting
from recommender.plugins.django.listed_model import ListedModel

__all__ = ["check_setting", "register"]

_STATES = {
    "active", "deleted", "draft", "hidden", "is_active", "is_deleted", "is_draft", "is_hidden", "is_live",
    "is_public", "is_published", "is_visible", "live", "private", "public", "state", "status", "visible",
}  # fmt: skip
"""Names of fields that usually say whether a row is published."""


def register() -> None:
    """Let manage.py check the setting."""
    checks.register(check_setting)


def check_setting(app_configs: Any, **others: Any) -> list[checks.CheckMessage]:
    """Return what is wrong in the setting RECOMMENDER, and what is likely to be forgotten."""
    try:
        found = read_setting(getattr(settings, "RECOMMENDER", None))
    except InputError as error:
        return [
            checks.Error(
                _sentence(problem.what, problem.got),
                hint=problem.next_move or None,
                id="recommender_related.E001",
            )
            for problem in error.problems
        ]
    return [warning for each in found.models for warning in _warnings(each)]


def _sentence(what: str, got: str) -> str:
    return f"{what}, got {got}" if got else what


def _warnings(listed: ListedModel) -> Iterator[checks.CheckMessage]:
    where = f'RECOMMENDER["models"]["{listed.model._meta.label}"]'
    if "url" not in listed.places:
        yield checks.Warning(
            f"{where}: rows have no address, so {{% related %}} shows none of them",
            hint='give the model get_absolute_url, or say where the address is with "url"',
            id="recommender_related.W001",
        )
    states = _STATES & {field.name for field in listed.model._meta.get_fields()}
    if states and listed.live == Q() and listed.manager == "_default_manager" and not listed.is_page:
        yield checks.Warning(
            f"{where}: all rows are listed, whatever their {', '.join(sorted(states))}",
            hint='say which are published with "live" or "manager"; a function that returns all rows ends this warning',
            id="recommender_related.W002",
        )
