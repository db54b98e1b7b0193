"""Compiled kernels of the indexes: loops over plain arrays, by numba."""
