"""The settings of the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from recommender.service.click_settings import ClickSettings

__all__ = ["LOGGED", "PUBLIC_FILTERS", "ServiceSettings"]

LOGGED = ("all", "errors", "none")
"""Which requests are logged. Errors are answers with a status of 500 or more."""

PUBLIC_FILTERS = ("language", "section", "tags")
"""Fields that everybody may filter by."""


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """The settings of the service. Tokens are none of them: they come from the environment.

    Parameters
    ----------
    max_k : int, default 100
        Most entries of a list that can be asked for, `limit` and `offset` together.
    max_body_bytes : int, default 10 MiB
        Longest body of a request, also without compression.
    max_batch : int, default 1,000
        Most articles and ids of one write.
    timeout_s : float, default 10
        Longest time for the body of a request to arrive, and for an answer other than that of a write.
    write_wait_s : float, default 5
        How long a write waits for another writer of the site.
    write_timeout_s : float, default 120
        Longest time for the answer of a write, those before it included.
    refresh_s : float, default 0.1
        How often the service looks for a new version of the site.
    max_age_s, stale_s : int, default 60 and 86,400
        How long caches may keep an answer, and give it while they ask for the next one.
    cors : tuple of str
        Origins whose pages may ask, such as ``https://example.org``; ``*`` for all.
    filters : tuple of str
        More fields that requests without a token may filter by, besides `PUBLIC_FILTERS`.
    prepared_bytes : int, default 512 MiB
        Most bytes of answers that are kept ready.
    log : str, default "all"
        One of `LOGGED`.
    compacts : bool, default True
        Whether updates are made part of the base of the site when they are many.
    clicks : ClickSettings or None
        Where clicks are logged. None logs none.
    compare : mapping or None
        The policy that is compared with that of the site, `Policy.to_dict`.
    compare_seed : str
        Another seed draws anew which policy an article has at which time.
    run_folder : str or None
        Folder that the processes of one service share. None for a process alone.
    """

    max_k: int = 100
    max_body_bytes: int = 10 * 2**20
    max_batch: int = 1_000
    timeout_s: float = 10.0
    write_wait_s: float = 5.0
    write_timeout_s: float = 120.0
    refresh_s: float = 0.1
    max_age_s: int = 60
    stale_s: int = 86_400
    cors: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    prepared_bytes: int = 512 * 2**20
    log: str = "all"
    compacts: bool = True
    clicks: ClickSettings | None = None
    compare: Mapping[str, Any] | None = None
    compare_seed: str = ""
    run_folder: str | None = None

    def __post_init__(self) -> None:
        least = {
            "max_k": 1,
            "max_body_bytes": 1,
            "max_batch": 1,
            "max_age_s": 0,
            "stale_s": 0,
            "prepared_bytes": 0,
        }
        wrong = [
            f"{name} must be {low} or more, got {getattr(self, name)}"
            for name, low in least.items()
            if getattr(self, name) < low
        ]
        wrong += [
            f"{name} must be above 0, got {getattr(self, name)}"
            for name in ("timeout_s", "refresh_s", "write_timeout_s")
            if not getattr(self, name) > 0
        ]
        if not self.write_wait_s >= 0:
            wrong.append(f"write_wait_s must be 0 or more, got {self.write_wait_s}")
        if self.log not in LOGGED:
            wrong.append(f"log must be one of {', '.join(LOGGED)}, got {self.log!r}")
        if wrong:
            raise ValueError("; ".join(wrong))

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as JSON can hold them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any]) -> Self:
        """Return the settings that `to_dict` gave.

        Raises
        ------
        ValueError
            If a setting is unknown or out of range.
        """
        known = {each.name for each in fields(cls)}
        unknown = settings.keys() - known
        if unknown:
            raise ValueError(
                f"no such setting: {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}"
            )
        given = dict(settings)
        given |= {name: tuple(given[name]) for name in ("cors", "filters") if name in given}
        if isinstance(given.get("clicks"), Mapping):
            given["clicks"] = ClickSettings.from_dict(given["clicks"])
        return cls(**given)
