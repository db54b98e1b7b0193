"""Sites and models in folders."""

from __future__ import annotations

from pathlib import Path

from recommender.errors import ArtifactError
from recommender.lists.site import Site
from recommender.scoring.model import Model
from recommender.store.artifact_folder import open_folder, save_folder
from recommender.store.layout import model_of, model_parts, site_of, site_parts

__all__ = ["load_model", "load_site", "save_model", "save_site"]


def save_site(path: Path, site: Site) -> None:
    """Write a site as an artifact, in place of an artifact that is there. Raises `ArtifactError`."""
    save_folder(path, *site_parts(site))


def save_model(path: Path, model: Model) -> None:
    """Write a model as an artifact, in place of an artifact that is there. Raises `ArtifactError`."""
    save_folder(path, *model_parts(model))


def load_site(path: Path, *, check: bool = False) -> Site:
    """Open a site. With `check`, read all arrays and compare checksums.

    Raises
    ------
    ArtifactError
        If there is no site, or it is damaged, of another schema, or its vectors are another encoder's.
    """
    arrays, facts = open_folder(path)
    if check:
        arrays.check(contents=True)
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
