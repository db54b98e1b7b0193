"""The largest products of one query with the codes of all rows."""

from __future__ import annotations

import numpy as np
from numba import njit

from recommender.index.kernels.int8_codes import encode_query
from recommender.index.kernels.link_choice import code_product
from recommender.index.kernels.neighbour_lists import key_of, product_of, row_of

__all__ = ["largest_products"]


@njit(nogil=True, cache=True)
def largest_products(query, codes, signs, scale, kept):  # type: ignore[no-untyped-def]
    """Return the `kept` rows with the largest products, and the smallest of these products."""
    width = codes.shape[1]
    signed, out, spare = np.empty(width, np.int8), np.empty(width, np.float32), np.empty(width, np.float32)
    encode_query(query, signs, scale, signed, out, spare)
    excess = 128 * np.int64(signed.sum())
    keys = np.empty(4 * kept, np.uint64)
    bar, n = np.int64(-(2**31)), 0
    for row in range(codes.shape[0]):
        product = code_product(codes, row, signed) - excess
        if product <= bar:
            continue
        keys[n] = key_of(np.int32(product), row)
        n += 1
        if n == keys.shape[0]:
            keys.sort()
            keys[:kept] = keys[-kept:].copy()
            bar, n = np.int64(product_of(keys[0])), kept
    best = np.sort(keys[:n])[::-1][:kept]
    rows = np.empty(best.shape[0], np.int32)
    for place in range(best.shape[0]):
        rows[place] = row_of(best[place])
    return rows, np.int64(product_of(best[-1]))
