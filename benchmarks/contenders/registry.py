"""The contenders by name. A new one is a module of its own and a line here."""

from __future__ import annotations

from benchmarks.contenders import (
    annoy,
    faiss,
    hnswlib,
    ngt,
    ours,
    pynndescent,
    scann,
    scikit_learn,
    svs,
    usearch,
    voyager,
)
from benchmarks.contenders.contract import Contender

__all__ = ["CONTENDERS"]

CONTENDERS: dict[str, type[Contender]] = {
    contender.name: contender
    for contender in (
        ours.Exact,
        ours.Clustered,
        ours.Graph,
        scikit_learn.BruteForce,
        faiss.Flat,
        faiss.IVF,
        faiss.IVFPQ,
        faiss.HNSW,
        hnswlib.HNSW,
        usearch.HNSW,
        voyager.HNSW,
        annoy.Trees,
        pynndescent.NeighbourDescent,
        scann.ScaNN,
        svs.Vamana,
        ngt.NGT,
    )
}
