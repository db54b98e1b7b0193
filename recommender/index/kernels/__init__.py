"""Kernels of the indexes: loops over plain arrays, compiled by numba."""
