"""Suggests links for the texts of articles and drafts: related articles that a phrase of the text names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recommender.links.candidate_links import LinkCandidates, Targets, chosen_links
from recommender.links.page_text import PageText
from recommender.links.suggestions import LinkSuggestion, LinkSuggestions
from recommender.lists.drafts import Draft
from recommender.lists.entry_sources import source_code
from recommender.lists.lists import Lists
from recommender.lists.single_lists import article_list, draft_list
from recommender.lists.site import Site
from recommender.text import plain_text
from recommender.text.link_names import LinkTargets
from recommender.text.links import names_linked_by
from recommender.text.set_apart import set_apart

__all__ = ["LinkFinder"]

_TARGETS = 50  # most related articles that a text is searched for


class LinkFinder:
    """Suggests links for one text at a time.

    Parameters
    ----------
    site : Site
    k : int
        Most links for a text, 1 or more.
    floor : float
        Least strength, 0 to 1, inclusive.
    """

    def __init__(self, site: Site, k: int, floor: float) -> None:
        policy = site.settings.policy
        if floor < policy.floor:  # a link is at most as strong as its articles are related
            site = site.changed(settings=replace(site.settings, policy=policy.changed(floor=floor)))
        self._site, self._k, self._floor = site, k, floor
        self._candidates = LinkCandidates(site)

    def of_article(self, row: int) -> LinkSuggestions:
        """Return the links for an article of the site, best first."""
        collection = self._site.collection
        summary = collection.summaries[row]
        lists, _ = article_list(self._site, row, _TARGETS, {}, ())
        title, body = collection.texts[row]
        title = title or summary.title
        page = self._page(title, body, collection.texts.set_apart(row))
        targets = self._targets(lists, collection.link_names.links.take(np.array([row])))
        links = self._found(page, title, targets)
        return LinkSuggestions(summary.article_id, links)

    def of_draft(self, draft: Draft) -> LinkSuggestions:
        """Return the links for a draft."""
        lists, _ = draft_list(self._site, draft, _TARGETS, {}, ())
        own, body = draft.article, plain_text(draft.article.body)
        page = self._page(own.title, body, set_apart(own.body, body))
        targets = self._targets(lists, names_linked_by(own))
        return LinkSuggestions(None, self._found(page, own.title, targets))

    def _page(self, title: str, body: str, apart: list[int]) -> PageText:
        clean = self._site.model.texts.clean(title, body)
        return PageText.of(body, apart, lambda sentence: sentence in clean)

    def _found(self, page: PageText, own_title: str, targets: Targets) -> tuple[LinkSuggestion, ...]:
        if not len(targets.rows):
            return ()
        strong = (
            each for each in self._candidates.of(page, own_title, targets) if each.strength >= self._floor
        )
        chosen = chosen_links(strong, self._k, self._site.collection.id_order)
        return tuple(
            self._suggestion(page, each.phrase.first, each.phrase.last, each.row, each.strength)
            for each in chosen
        )

    def _targets(self, lists: Lists, linked: LinkTargets) -> Targets:
        """Return the related articles that the text does not link to yet, by any of their names."""
        rows, scores = lists.rows[0], lists.scores[0]
        kept = (rows >= 0) & np.isin(lists.sources[0], [source_code("related"), source_code("pinned")])
        rows, scores = rows[kept], scores[kept]
        own = self._site.collection.link_names.own[rows]
        new = ~np.isin(own, linked.names[linked.names > 0]).any(axis=1)
        return Targets(rows[new], scores[new])

    def _suggestion(self, page: PageText, first: int, last: int, row: int, strength: float) -> LinkSuggestion:
        target = self._site.collection.summaries[row]
        start, end = int(page.words.starts[first]), int(page.words.ends[last])
        sentence_start, sentence_end = page.sentence(first)
        sentence = page.text[sentence_start:sentence_end].replace("\n", " ")
        return LinkSuggestion(
            page.shown(first, last).replace("\n", " "), sentence, start - sentence_start, start, end,
            target.article_id, target.title, target.url, round(strength, 6),
        )  # fmt: skip
