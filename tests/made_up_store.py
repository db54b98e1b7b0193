"""Stores with made-up contents, and what a reader sees of them."""

from __future__ import annotations

import tarfile

import numpy as np

from recommender.store.site_store import SiteStore

SAFELY = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
"""How an archive is unpacked. Python has filters from 3.11.4 on."""


def arrays_of(number, size=0):
    """Return arrays that tell their number; `size` makes them larger."""
    return {
        "numbers": np.arange(number, dtype=np.int32),
        "nothing": np.empty((0, 3), np.float32),
        "filling": np.full(size, number, np.int64),
    }


def a_store(path, n_updates=0, size=0):
    """Return a store with a base and some updates, its base and its newest position."""
    store = SiteStore(path)
    base = store.replace(arrays_of(5, size), {"is": 0})
    position = base.position
    for number in range(n_updates):
        position = store.append(base, position, (arrays_of(number), {"is": number}))
    store.close()
    return store, base, position


def seen(store):
    """Return the number of the base and those of its updates, after a check of their arrays."""
    base, updates = store.load()
    for each in updates:
        np.testing.assert_array_equal(each.arrays["numbers"], np.arange(each.facts["is"]))
    assert [each.version for each in updates] == list(
        range(base.version + 1, base.version + 1 + len(updates))
    )
    return base.facts["is"], [each.facts["is"] for each in updates]


def names(path):
    """Return the names in a folder without what differs between versions."""
    return sorted(each.name.partition("-")[0].partition(".")[0] for each in path.iterdir())


WHOLE = (["data", "manifest", "write"], ["data", "manifest", "updates", "write"])
"""What `names` returns where nothing is left over."""
