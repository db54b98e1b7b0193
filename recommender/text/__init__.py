"""The text stage: raw bodies to plain text, and the lines that recur all over a site out of it."""

from recommender.text.normalise import plain_text

__all__ = ["plain_text"]
