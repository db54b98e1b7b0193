"""Nearest-neighbour indexes of unit vectors: `fit` and `kneighbors`, as in scikit-learn."""
