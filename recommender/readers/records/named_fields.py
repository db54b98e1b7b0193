"""Fields that the user says the names of, where a source calls them otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self

from recommender.metadata import TAG_FIELDS
from recommender.readers.records.rows import Caution
from recommender.readers.records.standard_names import NAMES

__all__ = ["NO_NAMES", "NamedFields"]

_FIELDS = (*NAMES, *(name for name in ("author", *TAG_FIELDS) if name not in NAMES))


class NamedFields(NamedTuple):
    """The name in a source of some fields of articles, and which of these names were there.

    Attributes
    ----------
    names : mapping of str to str
        ``{"title": "überschrift"}``.
    seen : set of str
    """

    names: Mapping[str, str]
    seen: set[str]

    @classmethod
    def of(cls, fields: Mapping[str, str] | None) -> Self:
        """Return the names that the user gave.

        Raises
        ------
        TypeError
            If they are no mapping.
        ValueError
            If a field is unknown, or a name is empty.
        """
        if fields is not None and not isinstance(fields, Mapping):
            raise TypeError(f"fields must be a mapping such as {{'title': 'headline'}}, got {fields!r:.80}")
        for field, name in (fields or {}).items():
            if field not in _FIELDS:
                also = "; id= or --id names the field of ids" if field == "id" else ""
                raise ValueError(f"fields must be some of {', '.join(_FIELDS)}, got {field!r:.80}{also}")
            if not isinstance(name, str) or not name:
                raise ValueError(
                    f"the name of {field!r} must be that of a field in the source, got {name!r:.80}"
                )
        return cls(dict(fields or {}), set())

    def standard(self, content: dict[str, Any]) -> dict[str, Any]:
        """Return the content of a row with these fields under their standard names. What had such a name is dropped.

        Examples
        --------
        >>> NamedFields.of({"title": "Kopf"}).standard({"id": 7, "Kopf": "Rain", "title": "Herr"})
        {'id': 7, 'title': 'Rain'}
        """
        found = {field: content[name] for field, name in self.names.items() if name in content}
        if not found:
            return content
        here = {self.names[field] for field in found}
        self.seen.update(here)
        return {
            name: value for name, value in content.items() if name not in here and name not in found
        } | found

    def columns(self, columns: Iterable[str]) -> list[str]:
        """Return the names of columns, of which these have their standard names."""
        fields = {name: field for field, name in self.names.items()}
        return [
            fields.get(column, column) for column in columns if column not in self.names or column in fields
        ]

    def cautions(self) -> list[Caution]:
        """Return a warning for each name that no row had."""
        return [
            Caution(
                "no row has a field that was named", f"{name!r} for {field!r}", "correct --field or fields="
            )
            for field, name in self.names.items()
            if name not in self.seen
        ]


NO_NAMES = NamedFields({}, set())
