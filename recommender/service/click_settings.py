"""The settings of the click log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

__all__ = ["ClickSettings"]


@dataclass(frozen=True, slots=True)
class ClickSettings:
    """Where clicks are logged, and how many.

    Parameters
    ----------
    folder : str
        A file for each day is written there.
    share : float, default 1
        Share of the lists shown that pages report, 0 to 1.
    a_second : float, default 100
        Most reports a second that a process takes, above 0. Ten times as many may come at once.
    bytes_a_day : int, default 256 MiB
        Most bytes of one day.
    days : int, default 90
        How many days are kept, 1 or more.

    Raises
    ------
    ValueError
        Naming every invalid setting.
    """

    folder: str
    share: float = 1.0
    a_second: float = 100.0
    bytes_a_day: int = 256 * 2**20
    days: int = 90

    def __post_init__(self) -> None:
        wrong = []
        if not 0 <= self.share <= 1:
            wrong.append(f"share must be from 0 to 1, got {self.share}")
        if not self.a_second > 0:
            wrong.append(f"a_second must be above 0, got {self.a_second}")
        for name in ("bytes_a_day", "days"):
            if getattr(self, name) < 1:
                wrong.append(f"{name} must be 1 or more, got {getattr(self, name)}")
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
            If a setting is unknown or out of range, or the folder is missing.
        """
        known = [each.name for each in fields(cls)]
        if "folder" not in settings or not settings.keys() <= set(known):
            raise ValueError(
                f"wanted a folder, and no more than {', '.join(known)}, got {', '.join(settings)}"
            )
        return cls(**settings)
