"""Reading: files, folders, feeds and standard input in, articles out, every row accounted for."""

from recommender.readers.reading import ArticleReader, read_articles

__all__ = ["ArticleReader", "read_articles"]
