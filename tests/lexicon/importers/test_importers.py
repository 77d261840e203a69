"""Every importer on a small file of its format."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pipeline.lexicon.concept import COLUMNS, TYPES, Concept, read_concepts
from pipeline.lexicon.importers import READERS, Fault, FormatError, Job, import_file
from pipeline.lexicon.importers.job import CURIE, kinds
from pipeline.lexicon.layers import read_user

BABELON = """\
source_language\ttranslation_language\tsubject_id\tpredicate_id\tsource_value\ttranslation_value\ttranslation_status
en\tzh\tHP:0000939\trdfs:label\tOsteoporosis\t骨质疏松\tOFFICIAL
en\tzh\tHP:0001007\trdfs:label\tHirsutism\t多毛症；女性多毛症\tOFFICIAL
en\tzh\tHP:0000939\toboInOwl:hasExactSynonym\tPorous bones\t骨質疏鬆症\tCANDIDATE
en\tfr\tHP:0000939\trdfs:label\tOsteoporosis\tOstéoporose\tOFFICIAL
en\tzh\tHP:0000002\tIAO:0000115\tDeviation from the norm of height\t身高偏离正常\tOFFICIAL
en\tzh\tHP:0000003\trdfs:label\tMulticystic kidney dysplasia\t\tNOT_TRANSLATED
en\tzh\tHP 0000004\trdfs:label\tSplit\t裂\tOFFICIAL
"""
OBO = """\
format-version: 1.2
ontology: hp

[Term]
id: HP:0000939
name: Osteoporosis
synonym: "Porous bones" EXACT layperson []
synonym: "Osteopenia \\"thin\\" bones" BROAD []

[Term]
id: GO:0045453
name: bone resorption
namespace: biological_process

[Term]
id: HP:0000057
name: obsolete Clitoromegaly
is_obsolete: true

[Term]
id: HP:0000001

[Term]
id: EFO:0000001
name: experimental factor

[Typedef]
id: part_of
name: part of
"""
HGNC = """\
HGNC ID\tApproved symbol\tApproved name\tStatus\tAlias symbols\tNCBI\tUniProt\tMGI\tRGD\tPrevious symbols\tEnsembl\tLocus type\tEC
HGNC:6018\tIL6\tinterleukin 6\tApproved\tIL-6, BSF2\t3569\tP05231\t\t\tIFNB2\tENSG00000136244\tgene with protein product\t
HGNC:1\tA12M1\tsymbol withdrawn\tSymbol Withdrawn\t\t\t\t\t\t\t\t\t
HGNC:2\tcut
"""
MESH = """\
D010024\tOsteoporosis\tBone Loss, Age-Related|Osteoporoses\tC05.116.198.579|C18.452.104.579\t
D007333\tInsulin Resistance\t\tC18.452.394.968.500\t
D015850\tInterleukin-6\tIL6|IL-6\tD12.644.276.374.465.506\t
D000003\tAbattoirs\tSlaughterhouse\tJ01.576.423.200.700.100\t
C002\tbevonium\t\tD001561\t
X1\tnothing\t\t\t
D1\tcut
"""
SSSOM = """\
#curie_map:
#  HP: http://purl.obolibrary.org/obo/HP_
subject_id\tsubject_label\tpredicate_id\tpredicate_modifier\tobject_id\tobject_label\tmapping_justification
MY:1\t骨质疏松\tskos:exactMatch\t\tHP:0000939\tOsteoporosis\tsemapv:ManualMappingCuration
MY:2\tbone loss\tskos:closeMatch\t\tHP:0000939\tOsteoporosis\tsemapv:ManualMappingCuration
MY:3\tporous bones\tskos:exactMatch\t\tHP:0000939\tOsteoporosis\tsemapv:ManualMappingCuration
MY:4\tosteomalacia\tskos:exactMatch\tNot\tHP:0000939\tOsteoporosis\tsemapv:ManualMappingCuration
MY:5\tlost\tskos:exactMatch\t\t\tlost\tsemapv:ManualMappingCuration
"""
THUOCL = "骨质疏松\t3121\n破骨细胞\t 1024\n病\t99\n胃\tmany\n\nDNA\t12\n"
TSV = (
    "名称\tname\tcode\ttype\nⅡ型糖尿病\tType 2 diabetes|T2DM\tE11\t\n霍乱\tCholera\tA00\tinfection\n\t\tA01\t\n糖尿病\n"
)


def job(tmp_path: Path, content: str | bytes, **settings: object) -> Job:
    path = tmp_path / "file.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Job(path, "test", **settings)  # type: ignore[arg-type]


def read(name: str, job: Job) -> list[Concept]:
    return [concept for _, concept in READERS[name](job)]


def test_babelon(tmp_path: Path) -> None:
    babelon = job(tmp_path, BABELON)
    assert read("hpo-babelon", babelon) == [
        Concept("hp:0000939", "phenotype", ("骨质疏松", "骨质疏松症"), ("Osteoporosis", "Porous bones"), "test"),
        Concept("hp:0001007", "phenotype", ("多毛症", "女性多毛症"), ("Hirsutism",), "test"),
    ]
    assert babelon.left_out == {"not into Chinese": 1, "IAO:0000115 is no name": 1, "not translated": 1}
    assert [fault.line for fault in babelon.faults] == [8]
    assert "must be PREFIX:LOCAL" in babelon.faults[0].message


def test_obo(tmp_path: Path) -> None:
    obo = job(tmp_path, OBO)
    assert read("obo", obo) == [
        Concept("hp:0000939", "phenotype", (), ("Osteoporosis", "Porous bones"), "test"),
        Concept("go:0045453", "process", (), ("bone resorption",), "test"),
    ]
    assert obo.faults == [Fault(20, "the term has no name")]
    assert obo.left_out == {"obsolete term": 1, "no type is known for this term of efo; give --type": 1}


def test_obo_with_related_synonyms_and_one_type(tmp_path: Path) -> None:
    concepts = read("obo", job(tmp_path, OBO, related=True, type="disease"))
    assert concepts[0].en == ("Osteoporosis", "Porous bones", 'Osteopenia "thin" bones')
    assert [concept.type for concept in concepts] == ["disease"] * 3


def test_hgnc(tmp_path: Path) -> None:
    hgnc = job(tmp_path, HGNC)
    names = ("IL6", "interleukin 6", "IL-6", "BSF2", "IFNB2")
    assert read("hgnc", hgnc) == [Concept("hgnc:6018", "gene_or_protein", (), names, "test")]
    assert hgnc.left_out == {"withdrawn symbol": 1}
    assert [fault.line for fault in hgnc.faults] == [4]


def test_mesh(tmp_path: Path) -> None:
    mesh = job(tmp_path, MESH)
    found = {concept.curie: concept for concept in read("mesh", mesh)}
    assert found["mesh:D010024"].en == ("Osteoporosis", "Bone Loss, Age-Related", "Osteoporoses")
    assert {curie: concept.type for curie, concept in found.items()} == {
        "mesh:D010024": "disease",
        "mesh:D007333": "disease",
        "mesh:D015850": "gene_or_protein",
    }
    assert mesh.left_out == {"no type is known for this term of mesh; give --type": 2}
    assert [fault.line for fault in mesh.faults] == [6, 7]
    assert [c.curie for c in read("mesh", job(tmp_path, MESH, type="chemical"))][-1] == "mesh:C002"


def test_sssom(tmp_path: Path) -> None:
    sssom = job(tmp_path, SSSOM)
    assert read("sssom", sssom) == [
        Concept("hp:0000939", "phenotype", ("骨质疏松",), ("Osteoporosis", "porous bones"), "test")
    ]
    assert sssom.left_out == {"skos:closeMatch is not the same": 1, "negated mapping": 1}
    assert sssom.faults == [Fault(8, "object_id is empty; a mapping needs the identifier that it maps to")]


def test_sssom_of_bare_names(tmp_path: Path) -> None:
    content = "literal\tpredicate_id\tobject_id\n骨松\toboInOwl:hasExactSynonym\tHP:0000939\n"
    assert [concept.zh for concept in read("sssom", job(tmp_path, content))] == [("骨松",)]


def test_word_list(tmp_path: Path) -> None:
    words = job(tmp_path, THUOCL, type="disease")
    assert [(concept.curie, *concept.names) for concept in read("thuocl", words)] == [
        (None, "骨质疏松"),
        (None, "破骨细胞"),
        (None, "DNA"),
    ]
    assert words.left_out == {"word of one character": 1}
    assert words.faults == [Fault(4, "'many' is no count; a line is a word, or a word, a tab and its count")]


def test_tsv_of_other_columns(tmp_path: Path) -> None:
    columns = {"zh": ["名称"], "en": ["name"], "curie": ["code"]}
    table = job(tmp_path, TSV, type="disease", columns=columns, prefix="icd10")
    assert read("tsv", table) == [
        Concept("icd10:E11", "disease", ("II型糖尿病",), ("Type 2 diabetes", "T2DM"), "test"),
        Concept(None, "disease", ("糖尿病",), (), "test"),
    ]
    assert [fault.line for fault in table.faults] == [3, 4]
    assert "type is 'infection'; it must be one of" in table.faults[0].message
    assert table.faults[1].message == "there is no name here"


def test_tsv_of_our_columns_keeps_what_rows_say(tmp_path: Path) -> None:
    content = "# mine\n" + "\t".join(COLUMNS) + "\n\tdrug\t地舒单抗\tDenosumab\tme\nHGNC:6018\t\t白介素-6\t\t\n"
    table = job(tmp_path, content + "hp:1|hp:2\t\t骨松\t\t\n")
    assert read("tsv", table) == [
        Concept(None, "drug", ("地舒单抗",), ("Denosumab",), "me"),
        Concept("hgnc:6018", "gene_or_protein", ("白介素-6",), (), "test"),
    ]
    assert table.faults == [Fault(5, "there are 2 identifiers: hp:1 hp:2; keep one")]


def test_rows_of_one_concept_are_joined(tmp_path: Path) -> None:
    table = job(tmp_path, "zh\ten\n头痛\tHeadache\n发热\tFever\n头痛\tHead pain\n", type="phenotype")
    assert [concept.names for concept in read("tsv", table)] == [("头痛", "Headache", "Head pain"), ("发热", "Fever")]
    assert table.joined == 1


def test_tsv_of_two_columns_of_names(tmp_path: Path) -> None:
    """The table of `meo lexicon mine` comes back with the abbreviations among the English names."""
    content = "zh\ten\tabbr\n骨保护素\tosteoprotegerin\tOPG\n"
    settings = {"columns": {"en": ["en", "abbr"]}, "type": "gene_or_protein"}
    assert read("tsv", job(tmp_path, content, **settings))[0].en == ("osteoprotegerin", "OPG")


@pytest.mark.parametrize(
    ("name", "content", "settings", "remedy"),
    [
        ("hpo-babelon", "a\tb\n", {}, "the header has no column translation_language"),
        ("sssom", "a\tb\n", {}, "the header has no column predicate_id"),
        ("hgnc", "D1\tname\n", {}, "the header does not begin with HGNC ID"),
        ("obo", "name: x\n", {}, "this is not an OBO file"),
        ("mesh", "D1\n", {}, "line 1: 1 cells"),
        ("mesh", "C1\tx\t\tD1\n", {}, "1 left out: no type is known for this term of mesh; give --type"),
        ("thuocl", "词\t1\n", {}, "--type"),
        ("thuocl", "", {"type": "drug"}, "it is empty"),
        ("tsv", "name\n词语\n", {"type": "drug"}, "--column zh=name"),
        ("tsv", "name\n词语\n", {"columns": {"zh": ["词"]}}, "the header has no column 词"),
        ("tsv", "zh\n词语\n", {"columns": {"cn": ["zh"]}}, "no column cn"),
        ("tsv", "zh\n词语\n", {}, "no type is known for rows without an identifier; give --type"),
    ],
)
def test_a_wrong_file_names_the_remedy(
    name: str, content: str, settings: dict[str, object], remedy: str, tmp_path: Path
) -> None:
    out = tmp_path / "lexicon" / "table.tsv"
    with pytest.raises(FormatError, match=remedy):
        import_file(READERS[name], job(tmp_path, content, **settings), out)
    assert not list(out.parent.iterdir())


def test_what_is_imported_is_a_table_of_the_lexicon(tmp_path: Path) -> None:
    folder = tmp_path / "lexicon"
    for name, content in (("hpo-babelon", BABELON), ("obo", OBO), ("hgnc", HGNC), ("mesh", MESH), ("sssom", SSSOM)):
        import_file(READERS[name], job(tmp_path, content), folder / f"{name}.tsv")
    assert len(read_user(folder)) == 9


def test_a_repeated_identifier_is_a_bad_line(tmp_path: Path) -> None:
    content = HGNC.replace("HGNC:2\tcut", HGNC.split("\n")[1])
    hgnc = job(tmp_path, content)
    assert import_file(READERS["hgnc"], hgnc, tmp_path / "out.tsv") == 1
    assert hgnc.faults == [Fault(4, "hgnc:6018 stands already in line 2; join the two")]
    assert len(read_concepts(tmp_path / "out.tsv")) == 1


def test_bytes_that_are_not_utf_8_spoil_their_line_only(tmp_path: Path) -> None:
    words = job(tmp_path, "\ufeff骨质疏松\t1\r\n".encode() + "骨\n".encode("gbk") + "软骨\n".encode(), type="disease")
    assert [concept.zh for concept in read("thuocl", words)] == [("骨质疏松",), ("软骨",)]
    assert [fault.line for fault in words.faults] == [2]


def test_gzip(tmp_path: Path) -> None:
    path = tmp_path / "hp.obo.gz"
    path.write_bytes(gzip.compress(OBO.encode()))
    assert len(read("obo", Job(path, "test"))) == 2


def test_types_of_vocabularies() -> None:
    assert {kind.type for listed in kinds().values() for kind in listed} <= set(TYPES)
    assert all(CURIE.fullmatch(f"{vocabulary}:1") for vocabulary in kinds())
