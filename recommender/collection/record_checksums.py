"""Checksums of records: of what is read of an article or of a list at once.

Whole files are compared with the manifest of the artifact. On a large site that takes too long for a look-up, which
compares the few records that it reads.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.errors import ArtifactError

__all__ = ["RecordChecksums", "Verify", "checksum", "unstored"]

Verify: TypeAlias = Callable[..., None]
"""Called with beginnings of names of arrays, or with none for all: raises `ArtifactError` if their files are damaged.
Reads each once."""


def unstored(*_groups: str) -> None:
    """Verify arrays that are in memory, which needs nothing."""


def checksum(parts: Iterable[Any]) -> int:
    """Return the CRC-32 of some parts, bytes or contiguous arrays, one after the other."""
    value = 0
    for part in parts:
        value = zlib.crc32(part, value)
    return value


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

    def check(self, row: int, parts: Iterable[Any]) -> None:
        """Compare a record with its checksum. Takes about a microsecond.

        Raises
        ------
        ArtifactError
            If they differ.
        """
        if checksum(parts) != self.values[row]:
            self.verify(self.group)  # names the file
            raise ArtifactError(f"the record {row} of {self.group} is damaged; build the artifact again")
