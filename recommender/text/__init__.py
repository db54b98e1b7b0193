"""The text stage: raw bodies to plain text, and what recurs all over a site taken out of it."""

from recommender.text.boilerplate import Boilerplate, find_boilerplate
from recommender.text.normalise import plain_text

__all__ = ["Boilerplate", "find_boilerplate", "plain_text"]
