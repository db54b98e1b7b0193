"""The tokens of the service, which come from the environment."""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

__all__ = ["READ", "WRITE", "Tokens"]

READ = "RECOMMENDER_READ_TOKEN"
WRITE = "RECOMMENDER_WRITE_TOKEN"
_SECOND = "_2"
_SCHEME = b"bearer"


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """What a request must bear to read and to write. Digests of tokens are kept, not the tokens.

    Parameters
    ----------
    reading, writing : tuple of bytes
        Without one for reading everybody may read. Without one for writing nobody may write.
    """

    reading: tuple[bytes, ...] = ()
    writing: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, *, reading: tuple[str, ...] = (), writing: tuple[str, ...] = ()) -> Self:
        """Return the tokens of some texts. Blank ones count as none."""
        return cls(
            *(
                tuple(_digest(each.strip().encode()) for each in given if each.strip())
                for given in (reading, writing)
            )
        )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Return the tokens of the environment: `READ`, `WRITE`, and the same names with ``_2`` for rotation."""
        found = os.environ if environment is None else environment
        reading, writing = ((found.get(name, ""), found.get(name + _SECOND, "")) for name in (READ, WRITE))
        return cls.of(reading=reading, writing=writing)

    def may_read(self, authorization: bytes) -> bool:
        """Return whether a request with this header ``Authorization`` may read. A token to write suffices."""
        return not self.reading or _is_one(authorization, (*self.reading, *self.writing))

    def may_edit(self, authorization: bytes) -> bool:
        """Return whether a request may see what editors see: unlisted articles, and who decided what.

        Any token suffices. Without tokens everybody may.
        """
        tokens = (*self.reading, *self.writing)
        return not tokens or _is_one(authorization, tokens)

    def may_write(self, authorization: bytes) -> bool:
        """Return whether a request with this header ``Authorization`` may write."""
        return _is_one(authorization, self.writing)


def _is_one(authorization: bytes, digests: tuple[bytes, ...]) -> bool:
    """Return whether a header bears one of some tokens, in a time that depends on none of them."""
    scheme, _, token = authorization.partition(b" ")
    found = _digest(token.strip())
    matches = [hmac.compare_digest(found, each) for each in digests]
    return scheme.lower() == _SCHEME and any(matches)


def _digest(token: bytes) -> bytes:
    return sha256(token).digest()
