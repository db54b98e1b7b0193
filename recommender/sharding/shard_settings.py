"""How a build is cut into tasks."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ShardSettings"]


@dataclass(frozen=True)
class ShardSettings:
    """How a build is cut into tasks.

    Parameters
    ----------
    work : str
        Folder for the parts that tasks write, or an address that fsspec opens. A second run goes on from what is there.
    shard_mb : float, default 16
        Megabytes (10^6 bytes) of articles in a shard, about. The lists do not depend on it.
    fit_on : int, default 50,000
        Articles that the model is fitted on: all, or those with the least hashes of their ids. The lists depend on it
        where a site has more.
    memory : int or None
        Bytes that all processes together may use. A build that needs more is refused before its first task.

    Raises
    ------
    ValueError
        If a number is out of range.
    """

    work: str
    shard_mb: float = 16.0
    fit_on: int = 50_000
    memory: int | None = None

    def __post_init__(self) -> None:
        if not self.shard_mb > 0 or self.fit_on < 1 or (self.memory is not None and self.memory < 1):
            raise ValueError(
                "shard_mb must be above 0, fit_on and memory 1 or more, got "
                f"{self.shard_mb}, {self.fit_on} and {self.memory}"
            )

    @property
    def shard_bytes(self) -> int:
        """Bytes of a shard, about."""
        return max(1, round(1e6 * self.shard_mb))
