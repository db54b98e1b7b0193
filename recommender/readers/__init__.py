"""Readers turn files, folders, feeds and standard input into articles and account for every row."""

from recommender.readers.article_reader import ArticleReader, LeftOut
from recommender.readers.reading import read_articles
from recommender.readers.recognise import FORMATS
from recommender.readers.records.publication import KEEPABLE, REASONS

__all__ = ["FORMATS", "KEEPABLE", "REASONS", "ArticleReader", "LeftOut", "read_articles"]
