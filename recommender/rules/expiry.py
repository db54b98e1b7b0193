"""Which articles have expired, as two moments: the last expiry that lists take into account, and the next one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.collection.summary_table import microseconds
from recommender.listing import ALWAYS, NEVER
from recommender.rules.policy import Policy

__all__ = ["Expiry", "clock"]


class Expiry(NamedTuple):
    """How far the expiry of articles has come. Between two moments of expiry it is the same.

    So lists that are made at different times are the same, unless an article expired in between.

    Attributes
    ----------
    passed : int
        Microseconds since 1970 of the last expiry, `NEVER` for none: articles that may be listed until then or before are
        in no list.
    next : int
        That of the next one, `ALWAYS` for none. From then on the lists hold an article that has expired.
    """

    passed: int = NEVER
    next: int = ALWAYS

    @classmethod
    def at(cls, until: NDArray[np.int64], moment: int) -> Self:
        """Return the expiry of articles at a moment. `until` are `Collection.listed_until`.

        Examples
        --------
        >>> Expiry.at(np.array([NEVER, 5, 7, ALWAYS]), 5)
        Expiry(passed=5, next=7)
        """
        over = until <= moment
        return cls(int(until[over].max(initial=NEVER)), int(until[~over].min(initial=ALWAYS)))

    def is_over(self, moment: int) -> bool:
        """Return whether an article has expired since."""
        return self.next <= moment


def clock(policy: Policy) -> int:
    """Return the moment at which articles have expired or not: that of the policy, or the present."""
    return microseconds(policy.now or _present())


def _present() -> datetime:
    return datetime.now(UTC)
