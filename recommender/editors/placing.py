"""One list with its pins: who stands where in the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["placed"]


def placed(entries: Iterable[int], pins: Sequence[tuple[int, int]], k: int) -> list[tuple[int, bool]]:
    """Put pinned rows at their positions among the entries of a list.

    Parameters
    ----------
    entries : iterable of int
        Rows in order, each once; those that are pinned may be among them.
    pins : sequence of (int, int)
        Position from 1 and row, as `Resolved.pins` has them. Of pins at one position the first stays there.
    k : int
        Length of the list, at least 1.

    Returns
    -------
    list of (int, bool)
        At most k rows, each with whether it is pinned. Pins win over entries, and the first k of them over the others;
        the entries keep their order. A pin whose position is past the end stands as near to the end as the pins after
        it allow.

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
    wanted = list(positions.items())[:k]
    others = [row for row in entries if row not in positions][: k - len(wanted)]
    after = len(others) + 1  # a pin may stand no further than this, plus the pins before it
    slots: dict[int, int] = {}
    last = 0
    for before, (row, position) in enumerate(wanted):
        last = max(position, last + 1)
        slots[min(last, after + before)] = row
    rest = iter(others)
    length = len(others) + len(wanted)
    return [(slots[slot], True) if slot in slots else (next(rest), False) for slot in range(1, length + 1)]
