"""The account of a reading: how many rows became articles, were left out, cost a warning, and where the fields came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from recommender.articles import Article
from recommender.errors import Problem
from recommender.readers.records.field_names import Renamed
from recommender.readers.records.rows import Caution

__all__ = ["KEPT", "Cautions", "SourceAccount"]

KEPT = 1_000  # places kept of each kind of thing; the rest are counted


class Cautions:
    """Warnings by what they are about: how many there are, and the first 1,000."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.first: list[Problem] = []

    def add(self, caution: Problem) -> None:
        """Count one, and keep it while there are few."""
        self.counts[caution.what] += 1
        if len(self.first) < KEPT:
            self.first.append(caution)

    def lines(self) -> Iterator[str]:
        """Yield a line for each kind, with its count and the first of it."""
        for what, count in self.counts.items():
            first = next((each for each in self.first if each.what == what), None)
            if first is None:
                yield f"{count:,} times {what}"
            else:
                yield str(first) if count == 1 else f"{count:,} times {what}; the first is {first}"


class SourceAccount:
    """What the rows of one source had, so that a field under a name nobody knows is not missed in silence."""

    def __init__(self) -> None:
        self.n_rows = self.n_texts = self.n_dates = 0
        self._names: dict[str, None] = {}
        self._aliases: Counter[tuple[str, str]] = Counter()

    def see_names(self, row: Renamed) -> None:
        """Note which fields were found under names that are not our own."""
        for field, name in row.aliases.items():
            self._aliases[field, name] += 1
        if len(self._names) < 50 and not self._names.keys() >= row.fields.keys():
            self._names.update(dict.fromkeys(row.fields))

    def see(self, article: Article) -> None:
        """Count an article, and what it has."""
        self.n_rows += 1
        self.n_texts += bool(article.body)
        self.n_dates += article.published is not None

    def note(self) -> str:
        """Return a sentence on the fields that were read under other names; empty where there are none."""
        found = [f"{field} from {name!r}" for (field, name), _ in self._aliases.most_common(8)]
        return f"fields are read under other names: {', '.join(found)}" if found else ""

    def cautions(self) -> Iterator[Caution]:
        """Yield a warning where no article of the source has a text."""
        if self.n_rows and not self.n_texts:
            seen = ", ".join(map(repr, list(self._names)[:20]))
            without = "no article has a text" + ("" if self.n_dates else ", and none a date")
            got = f"only titles; the fields are {seen}" if seen else "only titles"
            yield Caution(without, got, "rename the field with the text to 'text'")
