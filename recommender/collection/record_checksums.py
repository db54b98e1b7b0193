"""Checksums of records: of what is read of an article or of a list at once.

Whole files are compared with the manifest of the artifact. On a large site that takes too long for a look-up, which
compares the few records that it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.errors import ArtifactError

__all__ = ["RecordChecksums", "Verify", "damaged", "unstored"]

Verify: TypeAlias = Callable[..., None]
"""Called with beginnings of names of arrays, or with none for all: raises `ArtifactError` if their files are damaged.
Reads each once."""


def unstored(*_groups: str) -> None:
    """Verify arrays that are in memory, which needs nothing."""


def damaged(what: str) -> ArtifactError:
    """Return the error for what is read of an artifact and no writer of this package wrote."""
    return ArtifactError(f"the artifact is damaged: {what}; build it again or copy it anew")


@dataclass(frozen=True, eq=False)
class RecordChecksums:
    """CRC-32 of each record.

    Parameters
    ----------
    values : ndarray of uint32, shape (n,)
    verify : Verify
    group : str
        Beginning of the names of the arrays that hold the records.
    """

    values: NDArray[np.uint32]
    verify: Verify
    group: str

    def check(self, rows: Sequence[int], found: Sequence[int]) -> None:
        """Compare the CRC-32 of some records, as they were read, with those that were written.

        Raises
        ------
        ArtifactError
            If one differs.
        """
        if list(rows) and not 0 <= min(rows) <= max(rows) < len(self.values):
            raise damaged(
                f"records of {self.group} name article {max(rows, key=abs)} of {len(self.values):,}"
            )
        if self.values[rows].tolist() != found:
            self.verify(self.group)  # names the file
            raise damaged(f"records of {self.group} differ from their checksums")
