"""Vectors like those of articles, any number of them: what an index is measured on where no site is large enough.

An article belongs to a section, and has a few aspects. An aspect is a path down a tree of subjects, of the article's section
or now and then of another one: two articles are as close as their paths run together, weighted by what each aspect
is worth to each. On top come noise of its own, a direction that all share, and articles that retell another one.
`python -m benchmarks run difficulty` compares the outcome with real vectors; the presets were fitted that way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

__all__ = ["PRESETS", "Preset", "generate"]

_CHUNK = 16_384  # rows drawn from one stream of chance
_DIRECTIONS = 32_768  # a node of a tree is one of these, by its hash
_BRANCHES, _DEPTH = 4, 11  # of the tree of an aspect
_ASPECTS = 3
_GOLDEN, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)


@dataclass(frozen=True, slots=True)
class Preset:
    """What vectors look like; energies are shares of the squared length.

    Parameters
    ----------
    n_sections : int
        Sections of the site.
    section_skew : float
        1 for sections of one size; above, the first are the larger.
    section_energy : float
        What the section alone says, 0 (nothing) to 1.
    elsewhere : float
        Chance that an aspect is of another section than the article, 0 to 1.
    evenness : float
        Above 0. Small: one aspect is nearly everything; large: all are worth the same.
    skew : float
        Of the four branches at each node: at 1 they are of one size, above the first are the larger.
    dimensions : float
        Above 0. Intrinsic dimension of an aspect: within a part of its tree with 1 / 4 of the articles, distances are
        ``4 ** (-1 / dimensions)`` times as large.
    roughness : float
        How much that factor differs from node to node: standard deviation of its logarithm's logarithm. At 0 all
        parts are equally dense.
    noise, noise_spread : float
        Median energy of an article's own noise, and the standard deviation of its logarithm: some fit nowhere.
    shared : float
        Energy of the direction that all have, 0 to below 1: about the cosine of two unrelated articles.
    decay : float
        Power at which variances fall off from one dimension to the next; 0 is flat.
    retold : float
        Share of articles that retell another, 0 to below 1.
    retold_from : float
        Least cosine of the two; angles from 0 up to its own are equally likely.
    rotated : bool
        Whether variances are spread over all coordinates, or fall off along them.
    """

    n_sections: int
    section_skew: float
    section_energy: float
    elsewhere: float
    evenness: float
    skew: float
    dimensions: float
    roughness: float
    noise: float
    noise_spread: float
    shared: float
    decay: float
    retold: float
    retold_from: float
    rotated: bool


PRESETS = {
    "lsa": Preset(
        n_sections=21, section_skew=0.8, section_energy=0.025, elsewhere=0.18, evenness=1.6, skew=2.7,
        dimensions=6.0, roughness=0.15, noise=0.14, noise_spread=0.8, shared=0.11, decay=0.65,
        retold=0.002, retold_from=0.9, rotated=False,
    ),
    "sentence": Preset(
        n_sections=11, section_skew=1.6, section_energy=0.1, elsewhere=0.16, evenness=0.42, skew=2.75,
        dimensions=10.1, roughness=0.085, noise=0.1, noise_spread=1.55, shared=0.12, decay=0.9,
        retold=0.27, retold_from=0.35, rotated=True,
    ),
}  # fmt: skip
"""Of arXiv abstracts in LSA of 256 dimensions, and of news in all-MiniLM-L6-v2 of 384."""


def generate(n: int, n_dimensions: int, preset: Preset, seed: int = 0) -> Iterator[NDArray[np.float32]]:
    """Yield `n` unit rows in chunks, in no order; a longer run begins with a shorter one.

    Parameters
    ----------
    n : int
        Rows; memory does not depend on it.
    n_dimensions : int
    preset : Preset
    seed : int

    Yields
    ------
    ndarray of float32, shape (at most 16,384, n_dimensions)

    Examples
    --------
    >>> [chunk.shape for chunk in generate(20_000, 8, PRESETS["lsa"])]
    [(16384, 8), (3616, 8)]
    """
    site = _Site(n_dimensions, preset, np.random.default_rng([seed, 0]))
    for number, start in enumerate(range(0, n, _CHUNK)):
        rows = site.articles(np.random.default_rng([seed, 1, number]))
        yield rows[: n - start]


class _Site:
    """What all chunks have in common: a direction and a density for each node, and how coordinates vary."""

    def __init__(self, n_dimensions: int, preset: Preset, chance: np.random.Generator) -> None:
        self.preset = preset
        scales = np.arange(3, n_dimensions + 3) ** (-preset.decay / 2)
        self.scales = (scales / np.linalg.norm(scales)).astype(np.float32)
        self.directions = _unit(self._normal(_DIRECTIONS, chance))
        densities = np.exp(preset.roughness * chance.standard_normal(_DIRECTIONS))
        self.kept = _BRANCHES ** (-2 / preset.dimensions * densities)  # of the energy, below a node
        shared = self._normal(1, chance)
        self.shared = shared * np.float32(np.sqrt(preset.shared) / np.linalg.norm(shared))
        square = chance.standard_normal((n_dimensions, n_dimensions))
        self.rotation = np.linalg.qr(square)[0].astype(np.float32) if preset.rotated else None

    def articles(self, chance: np.random.Generator) -> NDArray[np.float32]:
        """Return a chunk of articles, unit rows."""
        nodes, energies, rest = self._subjects(chance)
        starts = np.arange(0, nodes.size + 1, nodes.shape[1])
        weights = np.sqrt(energies).astype(np.float32).ravel()
        rows = csr_matrix((weights, nodes.ravel(), starts), (_CHUNK, _DIRECTIONS)) @ self.directions
        spread = np.exp(self.preset.noise_spread * chance.standard_normal(_CHUNK))
        own = np.sqrt(rest + self.preset.noise * spread).astype(np.float32)
        rows = _unit(rows + own[:, None] * self._normal(_CHUNK, chance))
        self._retell(rows, chance)
        rows = _unit(rows * np.float32(np.sqrt(1 - self.preset.shared)) + self.shared)
        return rows if self.rotation is None else _unit(rows @ self.rotation)

    def _subjects(self, chance: np.random.Generator) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Return the nodes that each article stands on, their energies in it, and what is left below the trees."""
        preset = self.preset
        home = _draw(preset.n_sections, preset.section_skew, chance)
        nodes, energies = [_hashed(home)], [np.full(_CHUNK, preset.section_energy)]
        worth = chance.gamma(preset.evenness, size=(_ASPECTS, _CHUNK))
        left = (1 - preset.section_energy) * worth / worth.sum(axis=0)
        for aspect in range(_ASPECTS):
            other = _draw(preset.n_sections, preset.section_skew, chance)
            section = np.where(chance.random(_CHUNK) < preset.elsewhere, other, home)
            node = _child(_hashed(section), np.uint64(aspect))
            for _ in range(_DEPTH):
                node = _child(node, _draw(_BRANCHES, preset.skew, chance))
                kept = self.kept[_direction(node)]
                nodes.append(node)
                energies.append(left[aspect] * (1 - kept))
                left[aspect] *= kept
        return _direction(np.stack(nodes, axis=1)), np.stack(energies, axis=1), left.sum(axis=0)

    def _retell(self, rows: NDArray[np.float32], chance: np.random.Generator) -> None:
        """Make some articles near copies of others of the chunk that are none themselves."""
        again = chance.random(_CHUNK) < self.preset.retold
        copies = np.flatnonzero(again)
        sources = chance.choice(np.flatnonzero(~again), len(copies))
        angles = np.arccos(self.preset.retold_from) * chance.random((len(copies), 1), dtype=np.float32)
        changes = np.sin(angles) * self._normal(len(copies), chance)
        rows[copies] = _unit(np.cos(angles) * rows[sources] + changes)

    def _normal(self, n: int, chance: np.random.Generator) -> NDArray[np.float32]:
        """Return rows of length about 1 whose coordinates vary as the preset says."""
        return chance.standard_normal((n, len(self.scales)), dtype=np.float32) * self.scales


def _draw(n: int, skew: float, chance: np.random.Generator) -> NDArray[np.uint64]:
    """Return one of `n` for each article of a chunk."""
    return (n * chance.random(_CHUNK) ** skew).astype(np.uint64)


def _child(node: NDArray[np.uint64], branch: NDArray[np.uint64] | np.uint64) -> NDArray[np.uint64]:
    return _hashed(node ^ _hashed(np.atleast_1d(branch)))


def _hashed(number: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return numbers that look unrelated, one for each number; products wrap around."""
    number = (number + np.uint64(1)) * _GOLDEN
    number = (number ^ (number >> np.uint64(32))) * _MIX
    return number ^ (number >> np.uint64(32))


def _direction(node: NDArray[np.uint64]) -> NDArray[np.int32]:
    return (node % np.uint64(_DIRECTIONS)).astype(np.int32)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
