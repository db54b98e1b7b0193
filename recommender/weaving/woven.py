"""What to write into pages, and what was written."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from recommender.editors import EditorRules
from recommender.errors import Problem
from recommender.rendering import ListTemplate
from recommender.rules.policy import Policy

__all__ = ["WeaveSettings", "Woven"]


@dataclass(frozen=True, slots=True)
class WeaveSettings:
    """How lists are made and written into pages.

    Parameters
    ----------
    template : ListTemplate
    k : int, default 5
        Longest list.
    policy : Policy
    editors : EditorRules
    exclude : tuple of str
        Patterns of paths whose pages are no articles and get no list, such as ``tags/*``.
    markers_only : bool, default False
        Whether pages without a marker get no list.
    id_field : str, default "path"
        What the ids of articles are taken from: "path" (without suffix), "url", or a field.
    encoder : str or None
        Name of a model, as in `Recommender.from_articles`.
    data : Path or None
        File for all lists by id and by URL, as JSON; see `recommender.export`.
    """

    template: ListTemplate = field(default_factory=ListTemplate)
    k: int = 5
    policy: Policy = field(default_factory=Policy)
    editors: EditorRules = field(default_factory=EditorRules)
    exclude: tuple[str, ...] = ()
    markers_only: bool = False
    id_field: str = "path"
    encoder: str | None = None
    data: Path | None = None


@dataclass(slots=True)
class Woven:
    """What was done to the pages of a folder.

    Parameters
    ----------
    n_pages, n_articles, n_lists : int
        HTML files, those among them that are articles, and those that have a list now.
    changed : list of str
        Paths of the files that were written, or would be in a dry run, in order.
    placeless : list of str
        Paths of articles whose list has no place.
    altered : list of str
        Paths of files with a list that somebody or another program changed after it was written. It is text of the page
        now, and stays.
    compressed : list of str
        Paths of changed files with a compressed copy beside them, which is out of date now.
    left_out : Counter of str
        Number of pages that are no articles, by reason.
    problems, warnings : list of Problem
        Pages that cannot be read or written, and optional values that cannot be read.
    """

    n_pages: int = 0
    n_articles: int = 0
    n_lists: int = 0
    changed: list[str] = field(default_factory=list)
    placeless: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    compressed: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON can hold them."""
        return asdict(self) | {"left_out": dict(self.left_out)}
