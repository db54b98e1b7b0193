"""Sites and models in folders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from recommender.collection.record_checksums import Verify
from recommender.errors import ArtifactError
from recommender.lists.entry_sources import SOURCES
from recommender.lists.site import Site
from recommender.scoring.model import Model
from recommender.store.array_checks import CheckedArrays
from recommender.store.array_folder import ArrayFolder
from recommender.store.artifact_folder import open_folder, save_folder
from recommender.store.fact_rules import check_facts
from recommender.store.layout import model_of, model_parts, site_of
from recommender.store.site_store import Base

__all__ = ["load_model", "save_model", "site_of_base"]


def save_model(path: Path, model: Model) -> None:
    """Write a model as an artifact, in place of an artifact that is there. Raises `ArtifactError`."""
    save_folder(path, *model_parts(model))


def site_of_base(path: Path, base: Base) -> Site:
    """Return the site that a base holds.

    Raises
    ------
    ArtifactError
        If it is no site, or its vectors are another encoder's.
    """
    arrays, facts = base.arrays, base.facts
    if isinstance(facts, dict) and "vectors_fingerprint" not in facts:
        raise ArtifactError(
            f"{path}: holds a model and no site; build one with: recommender build ARTICLES -o {path}"
        )
    with _parts_of(path):
        check_facts(facts, is_site=True)
        holds, made_by = facts["model"]["encoder"]["fingerprint"], facts["vectors_fingerprint"]
        if holds != made_by:
            raise ArtifactError(
                f"{path}: holds the encoder {holds}, but {made_by} made its vectors; build it again"
            )
        checked = CheckedArrays(arrays, _sizes(facts))
        return site_of(checked, facts, _verify(path, arrays, checked))


def load_model(path: str | Path) -> Model:
    """Open the model of a saved site, or one that was saved by itself.

    Raises
    ------
    ArtifactError
        If there is none, or it is damaged or of another schema.
    """
    path = Path(path)
    arrays, facts = open_folder(path)
    with _parts_of(path):
        check_facts(facts, is_site=False)
        checked = CheckedArrays({name: arrays[name] for name in arrays if name.startswith("model_")}, {})
        _verify(path, arrays, checked)("model_")
        return model_of(checked, facts)


def _sizes(facts: Mapping[str, Any]) -> dict[str, int]:
    """Return the dimensions of arrays that the facts give."""
    return {
        "n": facts["n_articles"], "trees": len(facts["trees"]), "sources": len(SOURCES),
        "languages": len(facts["model"]["language"]["names"]),
    }  # fmt: skip


def _verify(path: Path, arrays: ArrayFolder, checked: CheckedArrays) -> Verify:
    """Return what compares files with their checksums, and then their values with what they may be."""

    def verify(*groups: str) -> None:
        arrays.verify(*groups)
        with _parts_of(path):
            arrays.release(checked.check(*groups))

    if arrays.is_verified:
        verify()
    return verify


@contextmanager
def _parts_of(path: Path) -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        raise ArtifactError(f"{path}: its parts do not fit together ({error}); build it again") from error
