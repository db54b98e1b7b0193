"""Comparison of contenders on the same vectors with the same number of threads.

Each index is built and searched in a process of its own (`child`), in several rounds (`rounds`). The harness computes
recall from the rows returned. `front` selects points; `tables` and `plots` show them.
"""
