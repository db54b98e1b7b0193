"""Encoders: sparse lexical vectors, dense vectors derived from them, and vectors of pretrained models."""
