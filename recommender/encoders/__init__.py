"""Texts into vectors: sparse lexical ones, and dense ones made from them."""
