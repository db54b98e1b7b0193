"""Records of updates as the store keeps them: one step may hold several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from recommender.errors import ArtifactError, InputError
from recommender.lists.entry_sources import SOURCES
from recommender.lists.site import Site
from recommender.store.array_checks import CheckedArrays
from recommender.store.array_rules import RECORD_RULES
from recommender.store.site_store import Part, Update

if TYPE_CHECKING:
    from recommender.updating.record import UpdateRecord

__all__ = ["UNFIT", "joined", "records_of", "unfit"]

UNFIT = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, InputError)
"""What is raised by parts of an update that are not those that this version writes."""


def joined(records: Sequence[UpdateRecord]) -> tuple[Part, Part]:
    """Return several records as the payload and the head of one step."""
    parts = [record.to_parts() for record in records]
    return (
        (_numbered([part.payload[0] for part in parts]), {"records": [part.payload[1] for part in parts]}),
        (_numbered([part.head[0] for part in parts]), {"heads": [part.head[1] for part in parts]}),
    )


def _numbered(arrays: Sequence[Mapping[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    return {f"{at}_{name}": array for at, some in enumerate(arrays) for name, array in some.items()}


def records_of(path: Path, updates: Iterable[Update], base: Site, first: int) -> list[UpdateRecord]:
    """Return the records that the updates of a base hold. `first` is the number of the next new article.

    Raises
    ------
    ArtifactError
        If they do not fit the base.
    """
    records: list[UpdateRecord] = []
    for update in updates:
        found = _records_of(path, update, base, first)
        first += sum(len(record.new) for record in found)
        records += found
    return records


def _records_of(path: Path, update: Update, base: Site, first: int) -> list[UpdateRecord]:
    from recommender.updating.record import UpdateRecord  # compiled

    try:
        records = []
        both = zip(update.facts["heads"], update.facts["records"], strict=True)
        for at, (head, rest) in enumerate(both):
            begin, facts = f"{at}_", head | rest
            arrays = {
                name.removeprefix(begin): array
                for name, array in update.arrays.items()
                if name.startswith(begin)
            }
            checked = _checked(arrays, base, first)
            records.append(UpdateRecord.of_parts(checked, facts))
            first += len(records[-1].new)
        return records
    except UNFIT as error:
        raise unfit(path, update, error) from error


def _checked(arrays: Mapping[str, NDArray[Any]], base: Site, first: int) -> dict[str, NDArray[Any]]:
    """Return the arrays of a record after a check of each. Raises `ValueError`."""
    begin, model, collection = "new_", base.model, base.collection
    new = {name.removeprefix(begin): each for name, each in arrays.items() if name.startswith(begin)}
    sizes = {
        "n": len(new["articles_published"]), "t": len(model.thresholds), "d": collection.dense.shape[1],
        "e": collection.neural.shape[1], "languages": len(model.languages), "trees": len(collection.trees.names),
        **{field: len(vocabulary.hashes) for field, vocabulary in model.labels.items()},
    }  # fmt: skip
    numbers = {"next": first + sizes["n"], "sources": len(SOURCES)}
    of_new, of_others = CheckedArrays(new, sizes), CheckedArrays(arrays, numbers, RECORD_RULES)
    for each in (of_new, of_others):
        each.check()
    return dict(of_others) | {begin + name: each for name, each in of_new.items()}


def unfit(path: Path, update: Update, error: Exception) -> ArtifactError:
    """Return the error for an update that another version wrote."""
    return ArtifactError(
        f"{path}: update {update.version} does not fit this version ({error}); build the site again"
    )
