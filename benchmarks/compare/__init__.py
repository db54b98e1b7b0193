"""Contenders against each other, on the same vectors and the same number of threads.

Each index is built and searched in a process of its own (`child`), round by round (`rounds`); the harness works out
recall from the rows that come back, and nothing else. `front` chooses, `tables` and `plots` show.
"""
