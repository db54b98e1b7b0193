"""Counts kept while reading: warnings by kind, and per source the articles, texts, dates and field names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from recommender.articles import Article
from recommender.errors import Problem
from recommender.readers.records.field_names import Renamed
from recommender.readers.records.rows import Caution

__all__ = ["KEPT", "Cautions", "SourceAccount"]

KEPT = 1_000  # problems, warnings and rows kept in full; the rest are only counted
_WORDS = 5  # words of a field that are shown, the most frequent ones


class Cautions:
    """Counts of warnings by kind, and the first 1,000 warnings."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.first: list[Problem] = []

    def add(self, caution: Problem) -> None:
        """Count a warning. Keep it if fewer than 1,000 are kept."""
        self.counts[caution.what] += 1
        if len(self.first) < KEPT:
            self.first.append(caution)

    def lines(self) -> Iterator[str]:
        """Yield a line for each kind of warning, with its count and its first occurrence."""
        for what, count in self.counts.items():
            first = next((each for each in self.first if each.what == what), None)
            if first is None:
                yield f"{count:,} times {what}"
            else:
                yield str(first) if count == 1 else f"{count:,} times {what}; the first is {first}"


class SourceAccount:
    """Counts and field names of one source. They reveal texts or dates stored under an unknown field name."""

    def __init__(self) -> None:
        self.n_rows = self.n_texts = self.n_dates = 0
        self._names: dict[str, None] = {}
        self._aliases: Counter[tuple[str, str]] = Counter()
        self._words: Counter[tuple[str, str]] = Counter()

    def record_names(self, row: Renamed) -> None:
        """Record the original names of renamed fields."""
        for field, name in row.aliases.items():
            self._aliases[field, name] += 1
        if len(self._names) < 50 and not self._names.keys() >= row.fields.keys():
            self._names.update(dict.fromkeys(row.fields))

    def record(self, article: Article) -> None:
        """Count an article, its text and its date."""
        self.n_rows += 1
        self.n_texts += bool(article.body)
        self.n_dates += article.published is not None

    def record_words(self, words: Iterable[tuple[str, str]]) -> None:
        """Count what fields of publication say that is not understood, by field and word."""
        if len(self._words) < KEPT:
            self._words.update(words)

    def note(self) -> str:
        """Return a sentence that lists renamed fields. It is empty if there are none."""
        found = [f"{field} from {name!r}" for (field, name), _ in self._aliases.most_common(8)]
        return f"fields are read under other names: {', '.join(found)}" if found else ""

    def cautions(self) -> Iterator[Caution]:
        """Yield a warning if no article of the source has a text, and one of what may say that articles are unpublished."""
        if self._words:
            shown = ", ".join(
                f"{name}: {word!r} ({n:,})" for (name, word), n in self._words.most_common(_WORDS)
            )
            more = f", and {len(self._words) - _WORDS:,} more" if len(self._words) > _WORDS else ""
            (name, word), _ = self._words.most_common(1)[0]
            move = f"if these are not published, remove them, or keep them out of lists: --where-not {name}={word}"
            yield Caution("articles are kept whose status is not understood", shown + more, move)
        if self.n_rows and not self.n_texts:
            seen = ", ".join(map(repr, list(self._names)[:20]))
            without = "no article has a text" + ("" if self.n_dates else " or a date")
            got = f"only titles; the fields are {seen}" if seen else "only titles"
            yield Caution(
                without, got, "rename the field with the text to 'text', or name it: --field text=NAME"
            )
