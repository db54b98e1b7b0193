"""The HTML of a list, from a template of Jinja."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from recommender.errors import InputError, MissingExtraError, Problem
from recommender.rendering.headings import heading_in
from recommender.rendering.shown_entries import ShownEntry

__all__ = ["ListTemplate"]

_FAILURES = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)
"""What the code of a template may raise beside errors of Jinja."""


class ListTemplate:
    """Renders lists as HTML. Every value is escaped.

    A template sees `entries` (of `ShownEntry`), `heading`, `language`, `thumbnails` and `excerpts`.

    Parameters
    ----------
    path : str or Path, optional
        File of your own template. By default an ``aside`` with a heading and a list of links, without scripts and
        styles, whose classes begin with ``related-articles``.
    heading : str, optional
        The heading of all pages. By default it is "Related articles" in the language of the page.
    thumbnails, excerpts : bool, default False
        Whether the default template shows pictures and descriptions.

    Raises
    ------
    InputError
        If the template cannot be read or has an error, with its line.
    MissingExtraError
        If Jinja is not installed.

    Examples
    --------
    >>> print(ListTemplate().render([ShownEntry("Rain & hail", "/rain")], language="fr"))
    <aside class="related-articles">
    <h2 class="related-articles-heading">Articles similaires</h2>
    <ul class="related-articles-list">
    <li class="related-articles-item"><a class="related-articles-link" href="/rain" dir="auto">Rain &amp; hail</a></li>
    </ul>
    </aside>
    """

    def __init__(
        self,
        path: str | Path | None = None,
        *,
        heading: str | None = None,
        thumbnails: bool = False,
        excerpts: bool = False,
    ) -> None:
        self._heading, self._settings = heading, {"thumbnails": thumbnails, "excerpts": excerpts}
        self._name = "the default template" if path is None else str(path)
        source = _source(path)
        self._template = _compiled(source, self._name)
        self._key = repr((source, heading, thumbnails, excerpts))

    @property
    def key(self) -> str:
        """What differs between templates that render lists differently."""
        return self._key

    def render(self, entries: Sequence[ShownEntry], *, language: str | None = None, **values: Any) -> str:
        """Return the HTML of a list, without blanks around it. It is empty if the template shows nothing.

        Parameters
        ----------
        entries : sequence of ShownEntry
        language : str, optional
            BCP 47 tag of the page. It decides the heading.
        **values
            More values for a template of your own.

        Raises
        ------
        InputError
            If the template fails, for example because it names a value that does not exist.
        """
        from jinja2 import TemplateError

        heading = heading_in(language) if self._heading is None else self._heading
        given = {
            "entries": entries,
            "heading": heading,
            "language": language or "",
            **self._settings,
            **values,
        }
        try:
            return str(self._template.render(given)).strip()
        except (TemplateError, *_FAILURES) as error:
            problem = Problem("the template failed", str(error), "correct the template", self._name)
            raise InputError(problem) from error


def _source(path: str | Path | None) -> str:
    if path is None:
        return files(__package__).joinpath("related.html").read_text("utf-8")
    try:
        return Path(path).read_text("utf-8-sig")
    except OSError as error:
        raise InputError(
            Problem("the template cannot be read", str(error.strerror), "check its path", str(path))
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            Problem("the template is not UTF-8", "", "convert it to UTF-8", str(path))
        ) from error


def _compiled(source: str, name: str) -> Any:
    try:
        from jinja2 import Environment, StrictUndefined, TemplateSyntaxError
    except ImportError as error:
        raise MissingExtraError("Rendering lists", "jinja2", "weave", error) from error
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=False)
    try:
        return environment.from_string(source)
    except TemplateSyntaxError as error:
        problem = Problem("wrong template", str(error.message), "correct it", name, error.lineno)
        raise InputError(problem) from error
