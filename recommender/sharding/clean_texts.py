"""The clean texts of a collection, made again from its plain texts when they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recommender.collection.article_texts import ArticleTexts
from recommender.text.text_model import TextModel

__all__ = ["CleanTexts"]

_RUN = 2**21  # characters


class CleanTexts:
    """Title and clean body of each article.

    Parameters
    ----------
    plain : ArticleTexts
    model : TextModel
        Knows the boilerplate.
    """

    def __init__(self, plain: ArticleTexts, model: TextModel) -> None:
        self._plain, self._model = plain, model

    def __len__(self) -> int:
        return len(self._plain)

    def titles(self, rows: Iterable[int]) -> Iterator[str]:
        """Yield the titles of some articles."""
        return map(self._plain.title, rows)

    def runs(self, rows: Iterable[int]) -> Iterator[list[tuple[int, str, str]]]:
        """Yield row, title and body of some articles, in lists of about two million characters."""
        run, size = list[tuple[int, str, str]](), 0
        for row in rows:
            title, body = self._plain[row]
            body = self._model.clean(title, body)
            run.append((row, title, body))
            size += len(title) + len(body)
            if size >= _RUN:
                yield run
                run, size = [], 0
        if run:
            yield run
