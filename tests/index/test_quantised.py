"""Tests of codes: the error of their products on many kinds of vectors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.index.kernels.random_rotation import rotate
from recommender.index.quantised import quantise

WIDTHS = [1, 2, 3, 63, 64, 65, 128, 200, 256, 384, 768]


def unit(vectors):
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def made(kind, n, d, seed):
    """Return dense or sparse rows, near-equal rows, some zero rows, or rows of any length."""
    random = np.random.default_rng(seed)
    vectors = random.standard_normal((n, d))
    if kind == "few":
        vectors = np.zeros((n, d))
        places = random.integers(0, d, (n, 2))
        np.put_along_axis(vectors, places, random.choice([-1.0, 1.0], (n, 2)), axis=1)
    elif kind == "one":
        vectors = np.eye(d)[random.integers(0, d, n)]
    elif kind == "near":
        vectors = vectors[:1] + 0.01 * vectors
    elif kind == "zeros":
        vectors[random.random(n) < 0.3] = 0
    elif kind == "long":
        return (unit(vectors) * random.uniform(0, 50, (n, 1))).astype(np.float32)
    return unit(vectors)


def signed(codes):
    return codes.astype(np.int64) - 128


def errors(vectors, quantised):
    """Return the error of each product of codes."""
    products = signed(quantised.codes) @ signed(quantised.codes).T * quantised.scale**2
    return products - vectors.astype(np.float64) @ vectors.T.astype(np.float64)


def rotated(vectors, signs):
    out, spare = np.empty((2, signs.shape[1]), np.float32)
    rows = []
    for vector in vectors:
        rotate(vector, signs, out, spare)
        rows.append(out.copy())
    return np.array(rows)


kinds = st.sampled_from(["dense", "few", "one", "near", "zeros", "long"])


@settings(deadline=None, max_examples=80)
@given(kind=kinds, n=st.integers(1, 120), d=st.sampled_from(WIDTHS), seed=st.integers(0, 10_000))
def test_no_product_is_off_by_more_than_the_margin(kind, n, d, seed):
    vectors = made(kind, n, d, seed)
    quantised = quantise(vectors)
    assert np.abs(errors(vectors, quantised)).max() <= quantised.margin


@pytest.mark.parametrize("d", [1_024, 2_048])
@pytest.mark.parametrize("kind", ["one", "few"])
def test_errors_of_sparse_vectors_are_not_all_equal(kind, d):
    """Without the angles of pairs, rotated components take few values with equal errors: products are off by 5 margins."""
    vectors = made(kind, 200, d, seed=1)
    quantised = quantise(vectors)
    assert np.abs(errors(vectors, quantised)).max() <= quantised.margin


@pytest.mark.parametrize("kind", ["dense", "few"])
@pytest.mark.parametrize("d", [64, 65, 256, 384])
def test_sigma_bounds_the_standard_deviation_of_errors_closely(kind, d):
    """A sigma many times too large would prove too few lists."""
    vectors = made(kind, 400, d, seed=2)
    quantised = quantise(vectors)
    off = errors(vectors, quantised)[np.triu_indices(400, 1)]
    assert abs(off.mean()) <= 0.1 * quantised.sigma
    assert 0.5 * quantised.sigma <= off.std() <= quantised.sigma


@pytest.mark.parametrize("d", [1, 2, 64, 65, 200, 1_024])
def test_the_rotation_preserves_lengths_and_inner_products(d):
    vectors = np.random.default_rng(3).standard_normal((20, d)).astype(np.float32)
    turned = rotated(vectors, quantise(vectors).signs)
    assert turned.shape[1] % 64 == 0
    np.testing.assert_allclose(turned @ turned.T, vectors @ vectors.T, rtol=1e-5, atol=1e-5 * d)


@pytest.mark.parametrize("d", [1, 64, 65, 300])
def test_encode_gives_the_codes_that_quantise_gives(d):
    vectors = made("dense", 50, d, seed=4)
    quantised = quantise(vectors, n_jobs=2)
    assert quantised.codes.shape == (50, -(-d // 64) * 64)
    assert quantised.encode(vectors[10:]).tobytes() == quantised.codes[10:].tobytes()
    assert (quantised.taken(np.array([7, 3, 7], dtype=np.int32)).codes == quantised.codes[[7, 3, 7]]).all()


def test_many_threads_give_the_same_codes():
    vectors = made("dense", 10_000, 70, seed=5)
    one, two = (quantise(vectors, n_jobs) for n_jobs in (1, 2))
    assert one.codes.tobytes() == two.codes.tobytes()
    assert one.sigma == two.sigma


def test_clipping_counts_in_sigma():
    """A vector rotated onto a single axis is clipped far below its length."""
    signs = quantise(np.ones((1, 64), dtype=np.float32)).signs
    onto_one = rotated(np.eye(64, dtype=np.float32), signs)[:, 5]  # rotated, it is component 5
    quantised = quantise(unit(np.vstack([onto_one, np.ones(64)])))
    assert signed(quantised.codes)[0].max() == 127
    cut = 1 - 127 * quantised.scale
    assert cut > 0.25
    assert quantised.sigma >= np.sqrt(2 * cut**2 / 64) * 0.999


@pytest.mark.parametrize("n", [0, 1])
def test_no_vector_and_a_zero_vector_have_no_error(n):
    quantised = quantise(np.zeros((n, 10), dtype=np.float32))
    assert quantised.margin == 0
    assert (quantised.codes == 128).all()
