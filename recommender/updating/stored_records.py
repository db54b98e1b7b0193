"""Records of updates as the store keeps them: one step may hold several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from recommender.errors import ArtifactError
from recommender.store.site_store import Part, Update

if TYPE_CHECKING:
    from recommender.updating.record import UpdateRecord

__all__ = ["joined", "records_of", "unfit"]


def joined(records: Sequence[UpdateRecord]) -> tuple[Part, Part]:
    """Return several records as the payload and the head of one step."""
    parts = [record.to_parts() for record in records]
    return (
        (_numbered([part.payload[0] for part in parts]), {"records": [part.payload[1] for part in parts]}),
        (_numbered([part.head[0] for part in parts]), {"heads": [part.head[1] for part in parts]}),
    )


def _numbered(arrays: Sequence[Mapping[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    return {f"{at}_{name}": array for at, some in enumerate(arrays) for name, array in some.items()}


def records_of(path: Path, update: Update) -> list[UpdateRecord]:
    """Return the records that an update holds."""
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
            records.append(UpdateRecord.of_parts(arrays, facts))
        return records
    except (KeyError, TypeError, ValueError) as error:
        raise unfit(path, update, error) from error


def unfit(path: Path, update: Update, error: Exception) -> ArtifactError:
    """Return the error for an update that another version wrote."""
    return ArtifactError(
        f"{path}: update {update.version} does not fit this version ({error}); build the site again"
    )
