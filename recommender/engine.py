"""`Recommender`: related-article lists of a site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Self, Unpack

from recommender.argument_checks import (
    check_encoder,
    check_model,
    check_rules,
    checked_articles,
    checked_flag,
    checked_id,
    checked_ids,
    checked_k,
    checked_n_jobs,
    checked_progress,
    checked_whole,
)
from recommender.arguments import divided, held
from recommender.articles import Article
from recommender.editors import EditorRules
from recommender.link_view import LinkView
from recommender.lists.list_formatter import ListFormatter
from recommender.lists.list_reasons import made_list, strongest_terms, with_reasons
from recommender.lists.related import RelatedList
from recommender.lists.site import ListSettings, Site
from recommender.lists.stored_lists import SiteLists
from recommender.metadata import plain_metadata
from recommender.progress import Progress
from recommender.rules.policy import Policy
from recommender.scoring.model import Model
from recommender.scoring.weights import Weights

if TYPE_CHECKING:
    from recommender.arguments import DraftSettings, ListCall
    from recommender.encoders.lexical import LexicalEncoder
    from recommender.encoders.named import AnyEncoder
    from recommender.explanations import Absence
    from recommender.sharding.shard_settings import ShardSettings

__all__ = ["Recommender"]


class Recommender(LinkView):
    """Related-article lists of a site.

    Made by `from_articles` or `load`. ``site[id]`` is the list of an article as it was built, ``id in site`` whether the
    site has it; iteration yields the ids in their order; ``len(site)`` is their number.

    Parameters
    ----------
    site : Site or StoredSite
        Everything that a site holds, or the state of a stored one.
    encoder : encoder or None
        The encoder of the neural vectors, if it is one of your own.

    Examples
    --------
    >>> site = Recommender.from_articles([
    ...     Article("a", "Rain floods the valley road", "Rain closed the valley road on Monday."),
    ...     Article("b", "Valley road open again", "The road that rain had closed is open."),
    ...     Article("c", "Choir wins a prize", "The choir sang four songs by heart."),
    ... ])
    >>> site["a"].article_ids
    ('b',)
    """

    @classmethod
    def from_articles(
        cls,
        articles: Iterable[Article],
        *,
        k: int = 10,
        encoder: LexicalEncoder | AnyEncoder | str | None = None,
        weights: Weights | None = None,
        policy: Policy | None = None,
        editors: EditorRules | None = None,
        n_candidates: int = 200,
        model: Model | None = None,
        n_jobs: int | None = None,
        progress: Progress | None = None,
        shards: ShardSettings | None = None,
    ) -> Self:
        """Build all lists of a site.

        Parameters
        ----------
        articles : iterable of Article
            Read once, as a stream; their texts are not kept. Their order changes nothing.
        k : int, default 10
            Longest list, 1 or more. A list is shorter where fewer articles are related.
        encoder : LexicalEncoder, other encoder, str or None
            None uses words alone, and where the policy allows other languages on a site that has several, the table of
            words in many languages that "multilingual" names. "lexical" uses words alone. The name of a model
            ("all-MiniLM-L6-v2", a folder, a name on the hub), or an encoder into vectors such as `NeuralEncoder`, adds
            its vectors to those of words.
        weights : Weights or None
            The weight of each signal in a score.
        policy : Policy or None
            The rules that make lists of ranked articles: near copies, language, floor and so on.
        editors : EditorRules or None
            Pins and blocks, see `recommender.editors`. Those in the metadata of articles are added.
        n_candidates : int, default 200
            Articles scored exactly for each list, at least k, on a site of more than 2,048; a smaller site scores all.
            Half are found by shared terms and half by dense vectors. Half as many by the vectors of a model, and
            articles that mention each other, come on top.
        model : Model or None
            The model of another site (``other.model``), which is used as it is: none is fitted. It holds the weights. Its
            neural vectors, if it has some, come from its own encoder, or from `encoder` if that is one of your own.
        n_jobs : int or None
            Threads, and processes that read pages and clean texts where that takes more than some seconds. None honours
            ``joblib.parallel_config``, without which it is 1. The lists do not depend on it.
        progress : callable or None
            Called as ``progress(step, done, total)``.
        shards : ShardSettings or None
            Cuts the build into tasks that joblib runs by the backend of ``joblib.parallel_config``, `n_jobs` at a time.
            An `encoder` is given by its name then.

        Raises
        ------
        InputError
            If two articles have the same id, or the reader behind `articles` reports a problem.
        ValueError
            If `k` or `n_candidates` is out of range, or `weights` are given beside a `model`.

        Warns
        -----
        UserWarning
            With the number of articles without usable text, whose lists are empty, and for each rule of editors that
            names an unknown article.
        """
        from recommender.building import build, open_encoders

        check_rules(weights, policy, editors)
        check_encoder(encoder)
        settings = ListSettings(
            checked_whole("k", k), policy or Policy(), editors or EditorRules(),
            checked_whole("n_candidates", n_candidates),
        )  # fmt: skip
        n_jobs, report = checked_n_jobs(n_jobs), checked_progress(progress)
        if model is not None:
            check_model(model, weights, encoder)
        if shards is not None:
            from recommender.sharding.sharded_build import build_in_shards, checked_learning

            learning = checked_learning(model, weights, encoder)
            return cls(
                build_in_shards(checked_articles(articles), settings, learning, shards, n_jobs, report)
            )
        if model is not None:
            return cls._by_model(checked_articles(articles), model, settings, encoder, n_jobs, report)
        encoders = open_encoders(encoder, settings.policy, n_jobs)
        site = build(checked_articles(articles), settings, weights or Weights(), encoders, n_jobs, report)
        return cls(site, encoders.neural)

    @classmethod
    def _by_model(
        cls, articles: Iterable[Article], model: Model, settings: ListSettings, encoder: Any, n_jobs: int | None,
        progress: Progress,
    ) -> Self:  # fmt: skip
        from recommender.building import build_by_model
        from recommender.encoders.named import reopen_encoder

        neural = None if model.neural is None else reopen_encoder(model.neural, encoder)
        return cls(build_by_model(articles, model, settings, neural, n_jobs, progress), encoder)

    def relisted(
        self, *, weights: Weights | None = None, policy: Policy | None = None, editors: EditorRules | None = None,
        fit: Mapping[str, Any] | None = None, n_jobs: int | None = None, progress: Progress | None = None,
    ) -> Self:  # fmt: skip
        """Return the same site with lists made anew by other weights, rules or pins. None keeps each.

        `fit` records where the `weights` come from, as JSON can hold it, and is given with them.
        """
        from recommender.building import list_again

        check_rules(weights, policy, editors)
        if fit is not None and (weights is None or not isinstance(fit, Mapping)):
            raise TypeError(f"fit must be a mapping that comes with weights, got {fit!r:.80}")
        n_jobs, report = checked_n_jobs(n_jobs), checked_progress(progress)
        before = self.site.settings
        settings = ListSettings(
            before.k,
            policy or before.policy,
            before.editors if editors is None else editors,
            before.n_candidates,
        )
        model = self.model
        if weights is not None:
            model = model.changed(weights=weights, fit=None if fit is None else plain_metadata(fit))
        site = list_again(self.site, settings, model, n_jobs, report)
        return type(self)(site, self._given_encoder)

    def replaced(self, site: Site) -> Self:
        """Return another site whose vectors come from the same encoder."""
        return type(self)(site, self._given_encoder)

    def __getitem__(self, article_id: str) -> RelatedList:
        return self.related(article_id)

    def related(self, article_id: str, k: int | None = None, **settings: Unpack[ListCall]) -> RelatedList:
        """Return the list of one article.

        Parameters
        ----------
        article_id : str
        k : int or None
            Entries wanted, 1 or more. None means as many as were built. More than were built are searched now.
        why : bool, default False
            Whether entries come with `parts` and `terms`.
        exclude : iterable of str
            Articles that the page shows already. They and their near copies are left out. Unknown ids are ignored.
        **settings
            Settings of `Policy` for this call, such as ``where={"section": ["sport"]}`` or ``cross_language=True``: the
            list is made now, from all articles. See `CallSettings`.

        Raises
        ------
        UnknownArticleError
            If the site has no such article.
        TypeError, ValueError
            If an argument has a wrong type or value, or a setting does not exist.
        """
        why, exclude, rules = divided(settings)
        article_id = checked_id("article_id", article_id)
        wanted = self._wanted(k)
        if not rules and wanted <= self.k:
            site = self.site if why else None
            formatter = ListFormatter(self._lists if site is None else SiteLists(site))
            found = formatter.of(article_id, wanted, exclude)
            if not exclude or len(found) >= wanted:
                return found if site is None else with_reasons(site, found)
        from recommender.lists.single_lists import article_list

        site = self.site
        row = site.collection.summaries.row(article_id)
        lists, query = article_list(site, row, wanted, rules, exclude)
        return made_list(site, article_id, lists, query if why else None)

    def related_many(
        self, article_ids: Iterable[str], k: int | None = None, **settings: Unpack[ListCall]
    ) -> list[RelatedList]:
        """Return the lists of some articles, in their order; see `related`."""
        keywords: Any = held(settings)
        divided(keywords)  # a wrong setting is an error also where no list is asked for
        return [
            self.related(article_id, k, **keywords) for article_id in checked_ids("article_ids", article_ids)
        ]

    def related_all(self, k: int | None = None, *, why: bool = False) -> Iterator[RelatedList]:
        """Yield the list of every article, by ascending id. A `k` above the length of the built lists returns these."""
        k, why = checked_k(k), checked_flag("why", why)
        site = self.site if why else None
        lists = self._lists if site is None else SiteLists(site)
        found = map(partial(ListFormatter(lists).at, k=k), lists.places())
        return found if site is None else map(partial(with_reasons, site), found)

    def related_to(
        self, title: str = "", body: str = "", k: int | None = None, **settings: Unpack[DraftSettings]
    ) -> RelatedList:
        """Return the list for a draft that is not on the site. The first call of a process takes half a second more.

        Parameters
        ----------
        title, body : str
            As in an Article; at least one is not empty.
        k : int or None
        published, section, language, metadata
            As in an Article. Without them date, section and tags play no part, and the language is detected.
        why, exclude, **settings
            As in `related`.
        """
        from recommender.lists.single_lists import draft_list

        wanted = self._wanted(k)
        why, exclude, rules = divided(settings, draft=True)
        draft = self._draft(title, body, settings)
        site = self.site
        lists, query = draft_list(site, draft, wanted, rules, exclude)
        return made_list(site, None, lists, query if why else None)

    def why_not(self, article_id: str, other_id: str) -> Absence:
        """Return why `other_id` is not in an article's list, or its place there: stage, rule and numbers."""
        from recommender.explanations.why_not import why_not

        ids = checked_id("article_id", article_id), checked_id("other_id", other_id)
        return why_not(self.site, *ids)

    def terms(self, article_id: str, n_terms: int = 20) -> tuple[list[str], list[float]]:
        """Return the strongest terms of an article and their weights in its sparse vector."""
        site = self.site
        row = site.collection.summaries.row(checked_id("article_id", article_id))
        return strongest_terms(site, row, checked_whole("n_terms", n_terms))

    def _wanted(self, k: Any) -> int:
        """Return the length of a list that was asked for: at most the number of articles."""
        return min(checked_k(k) or self.k, max(len(self), 1))
