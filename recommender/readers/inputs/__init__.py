"""Input streams: opening, decompressing, decoding and splitting sources."""
