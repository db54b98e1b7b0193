"""Sites and models in folders."""

from __future__ import annotations

from pathlib import Path

from recommender.errors import ArtifactError
from recommender.lists.site import Site
from recommender.scoring.model import Model
from recommender.store.artifact_folder import open_folder, save_folder
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
    if "vectors_fingerprint" not in facts:
        raise ArtifactError(
            f"{path}: holds a model and no site; build one with: recommender build ARTICLES -o {path}"
        )
    try:
        holds, made_by = facts["model"]["encoder"]["fingerprint"], facts["vectors_fingerprint"]
        if holds != made_by:
            raise ArtifactError(
                f"{path}: holds the encoder {holds}, but {made_by} made its vectors; build it again"
            )
        return site_of(arrays, facts, arrays.verify)
    except (KeyError, TypeError, ValueError) as error:
        raise ArtifactError(f"{path}: its parts do not fit together ({error}); build it again") from error


def load_model(path: str | Path) -> Model:
    """Open the model of a saved site, or one that was saved by itself.

    Raises
    ------
    ArtifactError
        If there is none, or it is damaged or of another schema.
    """
    arrays, facts = open_folder(Path(path))
    arrays.verify("model_")
    try:
        return model_of(arrays, facts)
    except (KeyError, TypeError, ValueError) as error:
        raise ArtifactError(f"{path}: its parts do not fit together ({error}); build it again") from error
