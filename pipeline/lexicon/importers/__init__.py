"""Vocabularies of others, read into concept tables: one file a family of formats, `READERS` names them all."""

from pipeline.lexicon.importers.babelon import read_babelon
from pipeline.lexicon.importers.hgnc import read_hgnc
from pipeline.lexicon.importers.job import Fault, FormatError, Job, Reader
from pipeline.lexicon.importers.mesh import read_mesh
from pipeline.lexicon.importers.obo import read_obo
from pipeline.lexicon.importers.sssom import read_sssom
from pipeline.lexicon.importers.thuocl import read_thuocl
from pipeline.lexicon.importers.tsv import read_tsv
from pipeline.lexicon.importers.write import import_file

READERS: dict[str, Reader] = {
    "hpo-babelon": read_babelon,
    "obo": read_obo,
    "hgnc": read_hgnc,
    "mesh": read_mesh,
    "sssom": read_sssom,
    "thuocl": read_thuocl,
    "tsv": read_tsv,
}

__all__ = ["READERS", "Fault", "FormatError", "Job", "import_file"]
