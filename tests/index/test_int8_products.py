"""Tests of products of bytes against numpy, with and without AVX-512 VNNI."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numba import njit

from recommender.index.join import join_all, join_codes
from recommender.index.kernels.array_layout import aligned
from recommender.index.kernels.int8_products import COLUMNS, ROWS, STEP, Tile, dot, tile
from recommender.index.kernels.machine_instructions import acquire, lowest_bit, release
from recommender.index.kernels.neighbour_lists import empty_nearest, offer, product_of, row_of
from recommender.index.kernels.tile_join import NEVER
from recommender.index.quantised import quantise

KEPT = 9


@njit
def tile_of(arrays):
    rows, columns, biases, row_bars, column_bars, out, masks = arrays
    return tile(
        Tile(
            rows.ctypes.data, columns.ctypes.data, rows.shape[0], biases.ctypes.data,
            row_bars.ctypes.data, column_bars.ctypes.data, out.ctypes.data, masks.ctypes.data,
        )
    )  # fmt: skip


@njit
def dot_of(unsigned, signed):
    return dot(unsigned.ctypes.data, signed.ctypes.data, unsigned.shape[0])


@njit
def lowest_bit_of(bits):
    return lowest_bit(bits)


@njit
def locked(lock):
    """Return the state of a lock at the first attempt, at the second, and after its release."""
    at = lock.ctypes.data
    first, second = acquire(at), acquire(at)
    release(at)
    return first, second, acquire(at)


@njit(nogil=True)
def offer_all(lists, products, rows, nearest):
    for i in range(lists.shape[0]):
        offer(nearest, lists[i], products[i], rows[i])


def codes(kind, shape, random):
    """Return signed codes from -127 to 127."""
    if kind == "extreme":
        return random.choice([-127, 127], shape)
    if kind == "all at one end":
        return np.full(shape, random.choice([-127, 127]))
    return random.integers(-127, 128, shape)


KINDS = pytest.mark.parametrize("kind", ["random", "extreme", "all at one end"])


class Tiled:
    """Rows and columns in the layout of `tile`, with the true products."""

    def __init__(self, rows, columns):
        steps = rows.shape[1] // STEP
        self.products = rows.astype(np.int64) @ columns.T.astype(np.int64)
        self.rows = rows.reshape(ROWS, steps, STEP).transpose(1, 0, 2).astype(np.int8).copy()
        self.columns = aligned((steps, COLUMNS, STEP), np.uint8)
        self.columns[:] = (columns + 128).reshape(COLUMNS, steps, STEP).transpose(1, 0, 2)
        self.biases = (-128 * rows.sum(axis=1)).astype(np.int32)
        self.out = aligned((ROWS, COLUMNS), np.int32)
        self.masks = aligned((ROWS * COLUMNS // 64,), np.uint64)

    def seen(self, row_bars, column_bars):
        """Return whether any product reached a bar, and which did."""
        bars = np.asarray(row_bars, dtype=np.int32), np.asarray(column_bars, dtype=np.int32)
        any_seen = tile_of((self.rows, self.columns, self.biases, *bars, self.out, self.masks))
        bits = np.unpackbits(self.masks.view(np.uint8), bitorder="little").reshape(ROWS, COLUMNS)
        return any_seen != 0, bits.astype(bool)


@KINDS
@pytest.mark.parametrize("steps", [1, 2, 3, 15, 16, 17, 64, 96])
def test_a_tile_is_the_product_of_its_rows_and_columns(steps, kind):
    random = np.random.default_rng(steps)
    tiled = Tiled(codes(kind, (ROWS, steps * STEP), random), codes(kind, (COLUMNS, steps * STEP), random))
    any_seen, seen = tiled.seen([NEVER] * ROWS, [NEVER] * COLUMNS)
    np.testing.assert_array_equal(tiled.out, tiled.products)
    assert not any_seen
    assert not seen.any()


def test_a_tile_marks_products_that_reach_the_bar_of_row_or_column():
    random = np.random.default_rng(0)
    tiled = Tiled(codes("random", (ROWS, 64), random), codes("random", (COLUMNS, 64), random))
    rows, columns = (
        random.choice(tiled.products.ravel(), n) for n in (ROWS, COLUMNS)
    )  # some bars are just reached
    rows[::3], columns[::2] = NEVER, NEVER
    any_seen, seen = tiled.seen(rows, columns)
    np.testing.assert_array_equal(
        seen, (tiled.products >= rows[:, None]) | (tiled.products >= columns[None, :])
    )
    assert any_seen
    highest = tiled.products.max()
    assert tiled.seen([highest] * ROWS, [NEVER] * COLUMNS)[1].sum() == (tiled.products == highest).sum()
    assert tiled.seen([highest + 1] * ROWS, [highest + 1] * COLUMNS)[0] is False


@KINDS
@pytest.mark.parametrize("width", [64, 128, 256, 1_024])
def test_a_dot_is_an_inner_product(width, kind):
    random = np.random.default_rng(width)
    for _ in range(20):
        a, b = codes(kind, width, random), codes(kind, width, random)
        found = dot_of((a + 128).astype(np.uint8), b.astype(np.int8))
        assert found == (a + 128) @ b


def test_the_lowest_bit_is_found_in_any_word():
    assert lowest_bit_of(np.uint64(0)) == 64
    for place in range(64):
        assert lowest_bit_of(np.uint64(1) << np.uint64(place)) == place
        assert lowest_bit_of(np.uint64(2**64 - 2**place)) == place


def test_a_lock_is_held_until_it_is_released():
    assert locked(np.zeros(1, dtype=np.uint8)) == (0, 1, 0)


def test_concurrent_offers_lose_and_duplicate_nothing():
    """Two threads offer common entries in different orders, and some of their own, worse entries first."""
    random = np.random.default_rng(1)
    n = 50_000
    parts = []
    for number in range(2):
        rows = np.append(np.arange(n), np.arange(n) + (number + 1) * n)
        products = np.arange(2 * n) // 3 % n
        order = np.argsort(products + random.integers(0, 100, 2 * n))
        parts.append((rows % 2, products, rows))
        parts[-1] = tuple(each[order].astype(np.int32) for each in parts[-1])
    offer_all(*(each[:1] for each in parts[0]), empty_nearest(2, KEPT))  # compiles
    best = [best_of(list_, parts, 200) for list_ in range(2)]
    for _ in range(5):
        nearest = empty_nearest(2, 200)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda part, to: offer_all(*part, to), parts, [nearest] * 2))
        assert [[(product_of(key), row_of(key)) for key in keys] for keys in nearest.keys] == best
        assert nearest.bars.tolist() == [entries[-1][0] for entries in best]


def best_of(list_, parts, kept):
    """Return the best entries of a list by sorting."""
    entries = set()
    for lists_of, products, rows in parts:
        mine = lists_of == list_
        entries |= set(zip(products[mine].tolist(), rows[mine].tolist(), strict=True))
    return sorted(entries, key=lambda entry: (-entry[0], entry[1]))[:kept]


def lists():
    """Return the lists of a set with copies and zero rows as bytes, from every kind of product."""
    random = np.random.default_rng(2)
    vectors = random.standard_normal((1_100, 70))
    vectors[random.integers(0, 1_100, 50)] = vectors[7]
    vectors[random.integers(0, 1_100, 20)] = 0
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    quantised = quantise(vectors.astype(np.float32))
    of_pairs = join_all(quantised, KEPT, 2).keys
    of_queries = join_codes(quantised, quantised.codes[:100], KEPT, 1).keys
    dots = np.array([dot_of(each, (each ^ 128).view(np.int8)) for each in quantised.codes])
    return b"".join(each.tobytes() for each in (quantised.codes, of_pairs, of_queries, dots))


def test_a_processor_without_the_instruction_gives_the_same_bytes(tmp_path):
    environment = {
        **os.environ, "NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(["tests/index", "."]),
    }  # fmt: skip
    code = "import sys, test_int8_products as t; sys.stdout.buffer.write(t.lists())"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert len(done.stdout) > 1_100 * (128 + 8 * KEPT)
    assert done.stdout == lists()
