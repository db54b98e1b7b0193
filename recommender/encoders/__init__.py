"""Encoders: sparse lexical vectors of texts, dense vectors derived from them, and dense vectors of pretrained models."""
