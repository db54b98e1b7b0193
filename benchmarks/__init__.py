"""Measurements of the cost of the engine and of the quality of its lists: ``python -m benchmarks run`` and ``report``.

Uses only public names of `recommender`. Each measurement is a module, listed in `measurements`.
"""
