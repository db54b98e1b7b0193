"""Pages that lie in a translation but were never translated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from recommender.collection.counterparts import Counterparts
from recommender.collection.page_places import Place
from recommender.collection.translations import Translation
from recommender.text.close_languages import are_close
from recommender.text.languages import primary_language

__all__ = ["untranslated_pages"]


def untranslated_pages(
    translations: Sequence[Translation],
    languages: Sequence[str],
    declared: Sequence[str | None],
    counterparts: Counterparts,
) -> list[bool]:
    """Return which pages are in another language than their translation.

    A page counts if it declares the other language, or if it is a copy of its counterpart in that language. A page of
    code alone is in no language, whatever its few words look like.
    """
    found = [False] * len(translations)
    rows_of: dict[tuple[Place, Place], list[int]] = defaultdict(list)
    for row, each in enumerate(translations):
        if each.name is not None:
            rows_of[each.area, each.bare].append(row)
    pairs = []
    for row, (each, language) in enumerate(zip(translations, languages, strict=True)):
        if each.name is None or not language or not each.language or are_close(language, each.language):
            continue
        if declared and are_close(primary_language(declared[row]), language):
            found[row] = True
        else:
            others = (
                other for other in rows_of[each.area, each.bare] if translations[other].language == language
            )
            pairs += [(row, other) for other in others]
    for (row, _), is_copy in zip(pairs, counterparts.copies(pairs), strict=True):
        found[row] = found[row] or is_copy
    return found
