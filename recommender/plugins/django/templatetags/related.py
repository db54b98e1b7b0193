"""``{% load related %}``, then ``{% related article %}``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import template
from django.template.base import token_kwargs
from django.template.loader import render_to_string
from django.utils.translation import get_language

from recommender.plugins.django.configuration import configuration
from recommender.plugins.django.related_rows import RelatedRow, related_entries
from recommender.rendering.headings import heading_in
from recommender.rendering.shown_entries import ShownEntry, shown_entries

__all__ = ["register"]

register = template.Library()
_TEMPLATE = "recommender/related.html"


@register.tag
def related(parser: Any, token: Any) -> RelatedNode:
    """Show the related articles of an article, or keep them: ``{% related article k=5 as items %}``.

    ``template="my/list.html"`` shows them with another template. It sees `entries`, `rows`, `heading`, `language` and
    what the page sees; other keywords, such as ``excerpts=True``, are passed on to it. An article whose model is not
    listed has no list.
    """
    name, *words = token.split_contents()
    variable = None
    if len(words) > 2 and words[-2] == "as":
        variable = words[-1]
        words = words[:-2]
    if not words:
        raise template.TemplateSyntaxError(f"{{% {name} %}} wants an article, such as {{% {name} article %}}")
    article = parser.compile_filter(words.pop(0))
    keywords = token_kwargs(words, parser)
    if words:
        raise template.TemplateSyntaxError(f"{{% {name} %}}: wanted k=5 or the like, got {words[0]!r}")
    return RelatedNode(article, keywords, variable)


class RelatedNode(template.Node):
    """The list of one article in a template."""

    def __init__(self, article: Any, keywords: dict[str, Any], variable: str | None) -> None:
        self._article, self._keywords, self._variable = article, keywords, variable

    def render(self, context: Any) -> str:
        """Return the list as HTML, or nothing if it is kept in a variable."""
        row = self._article.resolve(context)
        values = {name: value.resolve(context) for name, value in self._keywords.items()}
        settings = configuration()
        listed = settings.listed(type(row))
        k = values.pop("k", None)
        found = [] if listed is None else related_entries(row, k)
        if self._variable is not None:
            context[self._variable] = [each.row for each in found]
            return ""
        if listed is None:
            return ""
        language = listed.text("language", row) or get_language()
        heading = heading_in(language) if settings.heading is None else settings.heading
        shown = {
            "entries": _shown(found),
            "rows": [each.row for each in found],
            "heading": heading,
            "language": language,
        }
        file = values.pop("template", _TEMPLATE)
        return str(render_to_string(file, {**context.flatten(), **shown, **values})).strip()


def _shown(found: list[RelatedRow]) -> list[ShownEntry]:
    """Return the entries that can be linked, with the titles and addresses that their rows have now."""
    addresses, entries = {}, []
    for entry, row in found:
        listed = configuration().listed(type(row))
        if listed is not None:
            addresses[entry.article_id] = listed.address(row)
            entries.append(replace(entry, title=listed.text("title", row)))
    return shown_entries(entries, lambda entry: addresses[entry.article_id])
