"""Two policies side by side: which of them makes the list that is asked for, and how they are told apart in clicks."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from typing import Self

from recommender.lists.related import RelatedList
from recommender.rules.policy import Policy
from recommender.service.compared_lists import ComparedLists
from recommender.service.policy_split import PolicySplit
from recommender.service.served_site import ServedSite
from recommender.service.service_settings import ServiceSettings

__all__ = ["Comparing"]


class Comparing:
    """The comparison that a service runs.

    Parameters
    ----------
    split : PolicySplit

    Raises
    ------
    InputError
        If its policy cannot be compared.
    """

    def __init__(self, split: PolicySplit) -> None:
        self.split = split
        self._lists = ComparedLists(split.policy)

    @classmethod
    def of(cls, settings: ServiceSettings) -> Self | None:
        """Return the comparison of the settings, None if there is none."""
        if settings.compare is None:
            return None
        return cls(PolicySplit(Policy.from_dict(settings.compare), settings.compare_seed))

    async def related(
        self, served: ServedSite, article_id: str, k: int, exclude: Sequence[str]
    ) -> tuple[int, RelatedList, str]:
        """Return the list of an article by the policy whose turn it is: version, list, and the arm for clicks.

        Raises
        ------
        RecommenderError
            As `ServedSite.call` does.
        """
        name = self.split.arm(article_id, time.time())
        arm = f"{self.split.name(served.now.policy)}.{name}"
        if name == "a" and not exclude and k <= served.now.k:
            return served.now.version or 0, served.now.related(article_id, k), arm
        if name == "a":
            version, found = await served.call(lambda site: site.related(article_id, k, exclude=exclude))
        else:
            call = partial(self._lists.related, article_id=article_id, k=k, exclude=exclude)
            version, found = await served.call(call)
        return version, found, arm
