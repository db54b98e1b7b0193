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
    shard_size : int, default 10,000
        Articles of a shard, about. The lists do not depend on it.
    fit_on : int, default 50,000
        Articles that the model is fitted on: all, or those with the least hashes of their ids. The lists depend on it
        where a site has more.
    """

    work: str
    shard_size: int = 10_000
    fit_on: int = 50_000

    def __post_init__(self) -> None:
        for name in ("shard_size", "fit_on"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be 1 or more, got {getattr(self, name)}")
