"""A site in a folder that is kept true to the articles of every run: built once, then updated."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from recommender.articles import Article
from recommender.editors import EditorRules
from recommender.encoders.multilingual import MULTILINGUAL
from recommender.engine import Recommender
from recommender.errors import ArtifactError
from recommender.rules.expiry import clock
from recommender.rules.policy import Policy
from recommender.site_changes import shown_anew
from recommender.store.artifact_folder import check_place

if TYPE_CHECKING:
    from recommender.encoders.named import AnyEncoder

__all__ = ["KeptLists", "KeptSite"]

_SMALL = 2_048
"""Articles of a site that is compacted after each update: the next run then opens it without the code of updates, which
takes longer to import than such a site to write."""


class KeptLists(NamedTuple):
    """The site after a run.

    Attributes
    ----------
    site : Recommender
        Its lists are those of the articles that were given.
    changed : tuple of str
        Ids, ascending, of articles whose lists are new or differ from those of the last run in an entry or in what is
        shown of it. Scores do not count.
    before : str or None
        Names the state of the site that the run began with. None if there was none of use: all lists are `changed`.
    """

    site: Recommender
    changed: tuple[str, ...]
    before: str | None


class KeptSite:
    """A site in a folder, for programs that make their pages again and again.

    The folder is a cache. It may be deleted at any time. A damaged site or one of another version is built anew, and a
    warning says so. If it cannot be written, the lists are right all the same, with a warning. Several programs may share
    it.

    Parameters
    ----------
    path : str or Path
        The folder. Missing folders above it are made.
    k : int, default 10
        Longest list.
    policy : Policy or None
    editors : EditorRules or None
        Pins and blocks, beside those in the metadata of articles.
    encoder : encoder, str or None
        As in `Recommender.from_articles`. One of your own is fitted.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     kept = KeptSite(Path(folder) / "site.rec")
    ...     rain, road = Article("rain", "Rain on the valley road"), Article("road", "Valley road open again")
    ...     first = kept.bring_up_to_date([rain, road])
    ...     again = kept.bring_up_to_date([rain, road])
    >>> first.changed, again.changed
    (('rain', 'road'), ())
    """

    def __init__(
        self,
        path: str | Path,
        *,
        k: int = 10,
        policy: Policy | None = None,
        editors: EditorRules | None = None,
        encoder: AnyEncoder | str | None = None,
    ) -> None:
        self.path = Path(path)
        self._k, self._policy, self._editors = k, policy or Policy(), editors or EditorRules()
        self._encoder = encoder

    def bring_up_to_date(self, articles: Iterable[Article]) -> KeptLists:
        """Make the site that of these articles, and store it.

        What the folder holds is updated: articles with new content and new ones are put in, and those that are not given
        are deleted. The site is built instead where there is none, where it was made by other settings, and where so much
        has changed that a build is advised, see `Recommender.drift`. Where nothing has changed, nothing is computed.

        Parameters
        ----------
        articles : iterable of Article
            All articles of the site, in any order.

        Returns
        -------
        KeptLists

        Raises
        ------
        InputError
            If two articles have the same id, or their metadata hold wrong rules.

        Warns
        -----
        UserWarning
            If the site cannot be stored, and as `Recommender.from_articles` does.
        """
        given = list(articles)
        old = self._stored()
        before = None if old is None else old.state_name
        edits = _edits(old, given) if old is not None and self._made(old) else None
        is_present = old is not None and _is_present(old)
        if old is not None and edits == ([], []) and is_present:
            return KeptLists(old, (), before)
        site = changed = None
        if old is not None and edits is not None:
            site = old.snapshot()
            changed = _updated(site, *edits)
        if site is None or changed is None:
            site = Recommender.from_articles(
                given, k=self._k, policy=self._policy, editors=self._rules(site), encoder=self._encoder
            )
            changed = tuple(site)
        self._store(site)
        if old is not None and is_present:  # else what has expired is shown of the lists before no more
            changed = shown_anew(old, site, changed)
        return KeptLists(site, changed, before)

    def _stored(self) -> Recommender | None:
        """Return the site in the folder, if there is a whole one."""
        own = None if isinstance(self._encoder, str) else self._encoder
        try:
            site = Recommender.load(self.path, encoder=own)
            site.site  # noqa: B018, checks its files
            return site
        except ArtifactError:
            with suppress(ArtifactError):
                check_place(self.path)  # a folder of somebody else holds no site
                if self.path.is_dir() and any(self.path.iterdir()):
                    said = "the site of the last run is damaged or of another version, and is built anew"
                    warnings.warn(f"{self.path}: {said}", stacklevel=3)
            return None

    def _rules(self, site: Recommender | None) -> EditorRules:
        """Return the rules of these settings with those that were decided at a desk."""
        return self._editors if site is None else site.editors.with_given(self._editors)

    def _made(self, site: Recommender) -> bool:
        """Return whether a site was made by these settings."""
        if (site.k, site.policy, site.editors) != (self._k, self._policy, self._rules(site)):
            return False
        facts = site.model.neural
        if self._encoder is None:  # the table of words may have been added, see `Encoders`
            wanted = None if facts is None else facts["name"]
            return wanted is None or (wanted == MULTILINGUAL and self._policy.cross_language)
        if facts is None or self._encoder == "lexical":
            return facts is None and self._encoder == "lexical"
        if isinstance(self._encoder, str) and facts["settings"].get("model") != self._encoder:
            return False
        try:
            return site.neural_encoder is not None  # compares fingerprints
        except ArtifactError:
            return False

    def _store(self, site: Recommender) -> None:
        """Store a site. If that fails, the next run starts from what is there."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            site.save(self.path)
        except (ArtifactError, OSError) as error:
            warnings.warn(f"the site was not kept for the next run: {error}", stacklevel=3)
            return
        if site.needs_compaction or len(site) <= _SMALL:
            with suppress(ArtifactError):  # the updates stay as they are
                site.compact()


def _edits(site: Recommender, given: Sequence[Article]) -> tuple[list[Article], list[str]] | None:
    """Return the articles that are new or differ and the ids that are gone. None if the site must be built."""
    ids = {each.article_id for each in given}
    if len(ids) < len(given) or not ids:
        return None  # a build names the articles with one id
    digests = dict(zip(site, map(int, site.collection.digests), strict=True))
    return [each for each in given if digests.get(each.article_id) != each.digest()], sorted(
        digests.keys() - ids
    )


def _is_present(site: Recommender) -> bool:
    """Return whether no article of the lists has expired since they were made."""
    return not site.site.expiry.is_over(clock(site.policy))


def _updated(site: Recommender, edited: Sequence[Article], gone: Sequence[str]) -> tuple[str, ...] | None:
    """Update a site. Return the ids of the lists that changed, None if its model no longer fits the articles."""
    from recommender.updating.drift import may_be_advised, quick_advice

    may_drift = may_be_advised(site.site, len(edited), len(gone))
    changes = site.update(edited, gone)
    return None if may_drift and quick_advice(site.site) is not None else changes.lists
