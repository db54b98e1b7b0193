"""Links for the texts of a site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from recommender.argument_checks import checked_id, checked_share, checked_whole
from recommender.arguments import divided, draft_article
from recommender.stored_view import StoredView

if TYPE_CHECKING:
    from recommender.arguments import DraftFields
    from recommender.links.link_finder import LinkFinder
    from recommender.links.suggestions import LinkSuggestions
    from recommender.lists.drafts import Draft

__all__ = ["LinkView"]


class LinkView(StoredView):
    """A site that suggests links for the texts of its articles, for `Recommender`."""

    def link_suggestions(self, article_id: str, k: int = 5, *, floor: float = 0.5) -> LinkSuggestions:
        """Return phrases in the text of an article that name another article of the site, strongest first.

        No phrase is in a heading, in code, in a quotation or in a link, no article is named that the text links to
        already, and each at most once. Only articles that the rules of the site allow in the article's list are named.

        Parameters
        ----------
        article_id : str
        k : int, default 5
            Most links, 1 or more.
        floor : float, default 0.5
            Least strength, 0 to 1. At .5 a link is as strong as two articles are related by chance at one in fifty.

        Raises
        ------
        UnknownArticleError
            If the site has no such article.
        TypeError, ValueError
            If an argument has a wrong type or value.

        Examples
        --------
        >>> from recommender import Article, Recommender
        >>> site = Recommender.from_articles([
        ...     Article("ice", "Ice in the harbour", "The harbour froze. The herring fleet stayed in port."),
        ...     Article("fleet", "The herring fleet", "Nine boats are the herring fleet of the harbour."),
        ...     Article("choir", "The choir sings", "Four songs by heart."),
        ... ])
        >>> [(link.phrase, link.article_id) for link in site.link_suggestions("ice")]
        [('The herring fleet', 'fleet')]
        """
        finder = self._link_finder(k, floor)
        return finder.of_article(self.summaries.row(checked_id("article_id", article_id)))

    def link_suggestions_all(self, k: int = 5, *, floor: float = 0.5) -> Iterator[LinkSuggestions]:
        """Yield the suggestions of every article, by ascending id; see `link_suggestions`."""
        finder = self._link_finder(k, floor)
        return map(finder.of_article, self.site.collection.by_id.tolist())

    def link_suggestions_to(
        self,
        title: str = "",
        body: str = "",
        k: int = 5,
        *,
        floor: float = 0.5,
        **fields: Unpack[DraftFields],
    ) -> LinkSuggestions:
        """Return suggestions for a draft that is not on the site.

        Parameters
        ----------
        title, body : str
            As in an Article; at least one is not empty.
        k, floor
            As in `link_suggestions`.
        published, section, language, metadata
            As in `related_to`.
        """
        divided(fields, draft=True)  # a wrong field is an error
        return self._link_finder(k, floor).of_draft(self._draft(title, body, fields))

    def _link_finder(self, k: int, floor: float) -> LinkFinder:
        from recommender.links.link_finder import LinkFinder

        return LinkFinder(self.site, checked_whole("k", k), checked_share("floor", floor))

    def _draft(self, title: str, body: str, fields: Mapping[str, Any]) -> Draft:
        """Return a draft with its clean text and its neural vector."""
        from recommender.encoding import encoded_text
        from recommender.lists.drafts import Draft, draft_language
        from recommender.text import plain_text
        from recommender.text.titles import title_text

        article = draft_article(title, body, fields)
        shown = title_text(article.title)
        text = shown, self.boilerplate.remove(plain_text(article.body), shown)
        model, neural = self.model, np.zeros(0, np.float32)
        language = draft_language(model, article.language, text)
        if self.neural_encoder is not None:
            neural = encoded_text(model, self.neural_encoder, text, language)
        return Draft(article, text, neural, language[0])
