"""A bound on how many requests are served, whoever sends them: no address is looked at or kept."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["TokenBucket"]


class TokenBucket:
    """Gives at most `rate` tokens a second, and up to `burst` at once.

    Parameters
    ----------
    rate : float
        Above 0.
    burst : float
        1 or more.
    clock : callable
        Returns seconds.

    Examples
    --------
    >>> now = [0.0]
    >>> bucket = TokenBucket(2, 3, lambda: now[0])
    >>> [bucket.take() for _ in range(4)]
    [True, True, True, False]
    >>> now[0] = 0.5
    >>> bucket.take(), bucket.take()
    (True, False)
    """

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._tokens, self._at = burst, clock()

    def take(self) -> bool:
        """Return whether there is a token, and take it."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
