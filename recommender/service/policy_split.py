"""Which of two policies makes the list of an article at a moment.

Time is divided into hours. Of every two hours, each article has one under policy a and one under policy b; which comes
first is drawn by a seed. So an article is compared with itself, an address has one answer at a time that any cache may
keep, and nothing has to be known of a reader. A cache that keeps an answer longer does no harm, because the answer
names its policy and the click carries that name.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from recommender.evaluation.arm_counts import ARMS
from recommender.rules.policy import Policy

__all__ = ["HOUR_S", "PolicySplit"]

HOUR_S = 3600
"""Seconds after which an article may change to the other policy."""


@dataclass(frozen=True)
class PolicySplit:
    """The split of a site between its own policy and another one.

    Parameters
    ----------
    policy : Policy
        Policy b. Policy a is that of the site.
    seed : str
        Another seed makes another comparison.

    Examples
    --------
    >>> split = PolicySplit(Policy(diversity=0.3), "spring")
    >>> [split.arm("rain-in-may", hour * HOUR_S) for hour in range(6)]
    ['a', 'b', 'a', 'b', 'b', 'a']
    """

    policy: Policy
    seed: str = ""

    def arm(self, article_id: str, moment: float) -> str:
        """Return "a" or "b" for an article at a moment, in seconds of the Unix time."""
        pair, half = divmod(int(moment // HOUR_S), 2)
        first = (
            blake2b(
                f"{self.seed}\0{pair}\0{article_id}".encode(errors="surrogatepass"), digest_size=1
            ).digest()[0]
            % 2
        )
        return ARMS[first ^ half]

    def name(self, site_policy: Policy) -> str:
        """Return the name of the comparison, 8 hexadecimal digits: other policies or another seed have another."""
        return _name(site_policy, self.policy, self.seed)


@lru_cache(8)
def _name(*parts: Policy | str) -> str:
    plain = [each if isinstance(each, str) else each.to_dict() for each in parts]
    return blake2b(json.dumps(plain, sort_keys=True).encode(), digest_size=4).hexdigest()
