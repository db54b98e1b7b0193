"""Puts pinned articles at their positions in a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["placed"]


def placed(entries: Iterable[int], pins: Sequence[tuple[int, int]], k: int) -> list[tuple[int, bool]]:
    """Put pinned rows at their positions among the entries of a list.

    Parameters
    ----------
    entries : iterable of int
        Distinct rows in order. May include pinned rows.
    pins : sequence of (int, int)
        Position from 1 and row, as in `Resolved.pins`. Of several pins at one position, the first keeps it.
    k : int
        Length of the list, at least 1.

    Returns
    -------
    list of (int, bool)
        At most k rows, each with a flag that is true for pins. Pins take precedence over entries, and of more
        than k pins the first k by position remain. Entries keep their order. A pin past the end of the list
        moves to the last position that the later pins leave free.

    Raises
    ------
    ValueError
        If ``k < 1``.

    Examples
    --------
    >>> placed([7, 8, 9], [(2, 5)], k=3)
    [(7, False), (5, True), (8, False)]
    >>> placed([7, 8], [(1, 8), (9, 5)], k=10)
    [(8, True), (7, False), (5, True)]
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    positions: dict[int, int] = {}
    for position, row in sorted(pins, key=lambda pin: pin[0]):
        positions.setdefault(row, position)
    pinned = list(positions.items())[:k]
    others = [row for row in entries if row not in positions][: k - len(pinned)]
    after = len(others) + 1  # the last position of the first pin; each earlier pin adds one
    slots: dict[int, int] = {}
    last = 0
    for before, (row, position) in enumerate(pinned):
        last = max(position, last + 1)
        slots[min(last, after + before)] = row
    rest = iter(others)
    length = len(others) + len(pinned)
    return [(slots[slot], True) if slot in slots else (next(rest), False) for slot in range(1, length + 1)]
