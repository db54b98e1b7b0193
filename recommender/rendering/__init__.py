"""Lists as HTML: safe links, headings in the language of the page, and a template."""

from recommender.rendering.headings import heading_in
from recommender.rendering.list_template import ListTemplate
from recommender.rendering.shown_entries import ShownEntry, shown_entries

__all__ = ["ListTemplate", "ShownEntry", "heading_in", "shown_entries"]
