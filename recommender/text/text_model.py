"""What a site's texts have in common: boilerplate, stubs, and descriptions of the site instead of an article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from recommender.text.boilerplate import Boilerplate
from recommender.text.stubs import is_stub

__all__ = ["TextModel"]


@dataclass(frozen=True, eq=False)
class TextModel:
    r"""Cleans one text at a time by what was learned from a site. The result depends on nothing else.

    Parameters
    ----------
    boilerplate : Boilerplate
    stubs : frozenset of str
        Texts such as consent walls that stand in the place of an article's own, see `StubFinder`.
    descriptions : frozenset of str
        Descriptions that several articles share, as they were given.

    Examples
    --------
    >>> model = TextModel(Boilerplate([("Subscribe now!", 30)]), frozenset(["Please accept cookies."]))
    >>> model.clean("Rain", "It rained.\nSubscribe now!"), model.clean("Sun", "Please accept cookies.")
    ('It rained.', '')
    """

    boilerplate: Boilerplate = field(default_factory=Boilerplate)
    stubs: frozenset[str] = frozenset()
    descriptions: frozenset[str] = frozenset()

    def clean(self, title: str, body: str) -> str:
        """Return a body without boilerplate, empty for a stub.

        An untitled article that consists of boilerplate keeps its text, because otherwise nothing would remain.
        """
        kept = self.boilerplate.remove(body, title)
        if self.is_stub(title, kept or body):
            return ""
        return kept or ("" if title else body)

    def is_stub(self, title: str, body: str) -> bool:
        """Return whether a body is one of the stubs, as it is or with the title added."""
        return bool(self.stubs) and is_stub(title, body, self.stubs)

    def to_dict(self) -> dict[str, Any]:
        """Return the model as JSON values for `from_dict`."""
        shared = {"stubs": sorted(self.stubs), "descriptions": sorted(self.descriptions)}
        return self.boilerplate.to_dict() | shared

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the model from the output of `to_dict`."""
        return cls(Boilerplate.from_dict(data), frozenset(data["stubs"]), frozenset(data["descriptions"]))
