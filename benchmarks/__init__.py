"""What the engine costs and what its lists are worth, measured: ``python -m benchmarks run`` and ``report``.

Uses public names of `recommender` only. A file a measurement; `measurements` is the table of them.
"""
