"""What an article says of its other languages: their addresses or ids, or a key that they share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["ALTERNATES", "alternates_of", "translation_key"]

ALTERNATES = ("translations", "alternates", "hreflang", "hreflangs")
"""Metadata fields that hold the address or the id of each other language."""

_KEYS = ("translationKey", "translation_key", "translationkey", "translation-key", "translation_group")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,4}")
_OF_LANGUAGE = ("hreflang", "lang", "language", "locale", "language_code", "code")
_TARGETS = ("url", "href", "link", "permalink", "path", "id", "article_id", "slug")
_MOST = 100  # languages of one page
_LONGEST = 2_000  # characters of an address


def alternates_of(metadata: Mapping[str, Any]) -> list[str]:
    """Return the addresses or ids that the metadata of an article names for languages.

    They may be a mapping of languages to addresses, or a list of objects with a language and an address. A default for
    other readers (``x-default``) is no language: many sites name their home page there.

    Examples
    --------
    >>> alternates_of({"translations": {"de": "/de/regen/", "fr": {"url": "/fr/pluie/"}, "x-default": "/"}})
    ['/de/regen/', '/fr/pluie/']
    >>> alternates_of({"alternates": [{"hreflang": "de", "href": "/de/regen/"}, {"type": "text/calendar", "href": "/c"}]})
    ['/de/regen/']
    """
    found: dict[str, None] = {}
    for field in ALTERNATES:
        if field in metadata:
            found.update(dict.fromkeys(_named(metadata[field])))
    return [target for target in found if 0 < len(target) <= _LONGEST][:_MOST]


def translation_key(metadata: Mapping[str, Any]) -> str | None:
    """Return the key that all languages of a page share, such as Hugo's ``translationKey``, or None.

    Examples
    --------
    >>> translation_key({"translationKey": "rain"}), translation_key({"translationKey": ""})
    ('rain', None)
    """
    for name in _KEYS:
        value = metadata.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return None


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        inner = value.get("languages")  # Next.js
        for language, target in (inner if isinstance(inner, Mapping) else value).items():
            if _LANGUAGE.fullmatch(str(language)):
                yield from _targets(target)
    elif isinstance(value, list | tuple):
        for each in value:
            if isinstance(each, Mapping):
                language = next((each[name] for name in _OF_LANGUAGE if each.get(name)), "")
                if _LANGUAGE.fullmatch(str(language)):
                    yield from _targets(each)


def _targets(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = next((value[name] for name in _TARGETS if value.get(name)), None)
    if isinstance(value, str | int) and not isinstance(value, bool):
        yield str(value).strip()
