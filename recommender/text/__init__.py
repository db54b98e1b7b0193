"""The text stage: converts raw bodies to plain text and removes the site's boilerplate."""

from recommender.text.boilerplate import Boilerplate, find_boilerplate
from recommender.text.cleaning import clean_articles
from recommender.text.links import SiteLinks
from recommender.text.normalise import plain_text
from recommender.text.spool import TextSpool

__all__ = ["Boilerplate", "SiteLinks", "TextSpool", "clean_articles", "find_boilerplate", "plain_text"]
