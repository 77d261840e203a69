"""Attaches identifiers to concept tables, by the first English name of each row.

`python -m pipeline.lexicon.ground TABLE... [--vocabularies FOLDER]` fills the column `curie`, merges rows that say the
same, sorts the table and reports what a person should look at; of `families.tsv` it writes the members that exist.
`meo lexicon check` looks at the tables without writing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.lexicon.concept import COLUMNS, Concept, cells, read_concepts
from pipeline.lexicon.families import MEMBER_COLUMNS, Family, Member, numbers, read_families
from pipeline.lexicon.fold import keys
from pipeline.lexicon.index import Hit, Vocabularies, loose
from pipeline.lexicon.terms import ALIAS, SYNONYM
from pipeline.model import ConceptType
from pipeline.tables import TableError

FAMILIES = "families.tsv"


class Place(NamedTuple):
    """A vocabulary, and the parts of its tree (prefixes of tags) that may ground a type; no parts means all."""

    vocabulary: str
    tags: tuple[str, ...] = ()

    def holds(self, hit: Hit) -> bool:
        """Tell whether a hit comes from here."""
        if hit.vocabulary != self.vocabulary:
            return False
        return not self.tags or any(tag.startswith(self.tags) for tag in hit.tag.split(" "))


def _places(text: str) -> tuple[Place, ...]:
    pairs = (word.partition(":") for word in text.split())
    return tuple(Place(name, tuple(tags.split(",")) if tags else ()) for name, _, tags in pairs)


_CHEMICAL = _places("chebi:entity mesh:D mesh_supplement:D chebi:role mesh efo")
PLACES: dict[ConceptType, tuple[Place, ...]] = {
    "gene_or_protein": _places("hgnc mesh:D12,D08,D13,D23 mesh_supplement:D12,D08,D13 mesh_supplement chebi:entity"),
    "complex_or_family": _places(
        "fplx mesh:D go:cellular_component go:molecular_function mesh_supplement:D mesh chebi:entity"
    ),
    "pathway": _places("go:biological_process fplx mesh"),
    "chemical": _CHEMICAL,
    "drug": (*_CHEMICAL, *_places("mesh_supplement ncbitaxon uberon")),
    "cell": _places("cl mesh:A11 mesh:A efo go:cellular_component"),
    "anatomy": _places("uberon mesh:A go:cellular_component cl mesh"),
    "disease": _places("mesh:C,F03 mondo doid mesh_supplement:C hp efo mesh"),
    "phenotype": _places("hp mesh:C,E,F,G mondo efo mesh uberon"),
    "process": _places("go:biological_process mesh:G,F,C,E go efo mesh hp"),
    "organism": _places("ncbitaxon mesh:B mesh_supplement:B mesh"),
    "procedure": _places("mesh:E mesh efo"),
    "measurement": _places("mesh efo hp go:molecular_function"),
    "exposure": _places("mesh efo chebi:entity hp"),
}
"""Where a type finds its identifiers, best first."""


class Grounding(NamedTuple):
    """What became of a row: the concept with its identifier, the term behind it, or why there is none."""

    concept: Concept
    hit: Hit | None
    reason: str = ""


def _rank(hit: Hit, kind: ConceptType) -> tuple[bool, int, int, int] | None:
    """Order hits for a type, best least: exact before tolerant, then vocabulary, then what the name is to the term.

    For substances a preferred name of a later vocabulary goes before a synonym of an earlier one.
    """
    position = next((place for place, known in enumerate(PLACES[kind]) if known.holds(hit)), None)
    if position is None:
        return None
    by_name = int(hit.kind >= SYNONYM) if kind in ("chemical", "drug") else 0
    # `Bacillus <walking sticks>`: the animal that shares its name with a better known genus is not meant by the bare name.
    homonym = hit.vocabulary == "ncbitaxon" and hit.name.endswith(">")
    return hit.loose or homonym, by_name, position, hit.kind


def ground(concept: Concept, vocabularies: Vocabularies) -> Grounding:
    """Find the identifier of a concept by its first English name, in the vocabularies of its type."""
    bare = concept._replace(curie=None)
    if not concept.en:
        return Grounding(bare, None, "no English name")
    hits = vocabularies.look_up(concept.en[0])
    ranked = sorted((rank, not hit.exact_case, hit) for hit in hits if (rank := _rank(hit, concept.type)))
    if not ranked:
        other = sorted({f"{hit.curie} {hit.name}" for hit in hits if not hit.loose})
        return Grounding(bare, None, f"only outside its type: {', '.join(other[:4])}" if other else "not found")
    rank, case, best = ranked[0]
    rivals = sorted({hit.curie for same, size, hit in ranked if (same, size) == (rank, case)})
    if len(rivals) > 1:
        return Grounding(bare, None, f"ambiguous: {', '.join(rivals[:4])}")
    if best.kind == ALIAS and best.vocabulary == "hgnc":
        rivals = sorted({hit.curie for same, _, hit in ranked if same[:3] == rank[:3]})
        if len(rivals) > 1:
            return Grounding(bare, None, f"alias of several genes: {', '.join(rivals[:4])}")
    return Grounding(concept._replace(curie=best.curie), best)


def merge(concepts: Iterable[Concept]) -> tuple[list[Concept], list[str]]:
    """Join rows of one type that share an identifier or the first English name; return the rows, sorted, and what was joined."""
    kept: dict[tuple[str, str], Concept] = {}
    notes = []
    for concept in concepts:
        label = concept.en[0] if concept.en else concept.zh[0]
        key = (concept.type, concept.curie or label)
        if (first := kept.get(key)) is None:
            kept[key] = concept
            continue
        zh, en = (tuple(dict.fromkeys(old + new)) for old, new in ((first.zh, concept.zh), (first.en, concept.en)))
        kept[key] = first._replace(zh=zh, en=en)
        notes.append(f"{concept.type} {label!r} joined with {(first.en or first.zh)[0]!r} ({concept.curie})")
    return sorted(kept.values(), key=lambda concept: (cells(concept)[1], cells(concept)[3], cells(concept)[2])), notes


def wrong(concept: Concept, vocabularies: Vocabularies) -> str | None:
    """Return what is wrong with a filled identifier, or None."""
    if concept.curie is None:
        return None
    label = f"{concept.type} {concept.en[0] if concept.en else concept.zh[0]!r}"
    if vocabularies.term(concept.curie) is None:
        return f"{label}: {concept.curie} stands in no vocabulary"
    if not concept.en or loose(concept.en[0]) not in map(loose, vocabularies.names(concept.curie)):
        official = vocabularies.names(concept.curie)[0]
        return f"{label}: the first English name is no name of {concept.curie} ({official})"
    return None


def clashes(concepts: Sequence[Concept]) -> list[str]:
    """Return what the names of the concepts, taken together, should not do."""
    notes = []
    bearers: dict[str, list[Concept]] = {}
    for concept in concepts:
        first: dict[str, str] = {}
        for name, key in zip(concept.names, keys(concept.names), strict=True):
            if key in first and not {name, first[key]} & set(concept.en[:1]):
                notes.append(f"the same to the matcher: {first[key]} = {name} ({concept.type} {concept.names[0]})")
            if key not in first:
                bearers.setdefault(key, []).append(concept)
            first.setdefault(key, name)
    for key, group in bearers.items():
        if len(group) > 1:
            who = "; ".join(f"{each.type} {each.en[0] if each.en else each.zh[0]}" for each in group)
            notes.append(f"one name, several concepts: {key}: {who}")
    return notes


def _write(path: Path, concepts: Iterable[Concept]) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    comments = [line for line in lines if line.startswith("#")]
    rows = ["\t".join(cells(concept)) for concept in concepts]
    scratch = path.with_suffix(".tmp")
    scratch.write_text("\n".join(["\t".join(COLUMNS), *comments, *rows]) + "\n", encoding="utf-8")
    scratch.replace(path)


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def _fill(path: Path, vocabularies: Vocabularies, verbose: bool) -> list[Concept]:
    done = [ground(concept, vocabularies) for concept in read_concepts(path, ordered=False)]
    concepts, joined = merge(each.concept for each in done)
    _write(path, concepts)
    failed = [each for each in done if each.hit is None]
    _say(f"{path}: {len(done)} rows, {len(done) - len(failed)} grounded, {len(failed)} not, {len(joined)} joined")
    _say(*(f"  joined: {note}" for note in joined))
    for each in failed:
        concept = each.concept
        places = {place.vocabulary for place in PLACES[concept.type]}
        close = vocabularies.suggest(concept.en[0], sorted(places)) if concept.en else []
        label = f"{concept.type} {concept.en[0] if concept.en else ''} ({concept.zh[0] if concept.zh else ''})"
        _say(f"  not grounded: {label}: {each.reason}" + (f"; close: {' | '.join(close)}" if close else ""))
    if verbose:
        for each in done:
            if each.hit:
                _say(f"  {each.concept.type} {each.concept.en[0]} = {each.hit.curie} {each.hit.name}")
    return concepts


def find_members(families: Iterable[Family], vocabularies: Vocabularies) -> list[Member]:
    """Return the numbers of the families that exist: by symbol in HGNC, as a group of paralogs, or by unambiguous alias.

    Paralogs come before an alias: MIR1 is that of FSD1, and nobody's name for it beside MIR1-1 and MIR1-2.
    """
    symbols = vocabularies.official("hgnc")
    found = []
    for family in families:
        for n in numbers(family, symbols):
            symbol = family.symbol.replace("{n}", n.upper())
            if family.group and symbol not in symbols:
                hits = {(hit.curie, hit.name) for hit in vocabularies.look_up(family.group.replace("{n}", n))}
                curie, name = hits.pop() if len(hits) == 1 else ("", symbol)
                found.append(Member(family.symbol, n, curie, name))
                continue
            hit = ground(Concept(None, "gene_or_protein", (), (symbol,), ""), vocabularies).hit
            if hit and hit.vocabulary == "hgnc" and not hit.loose and hit.tag != "pseudogene":
                found.append(Member(family.symbol, n, hit.curie, hit.name))
    return sorted(found)


def _fill_members(path: Path, vocabularies: Vocabularies) -> None:
    found = find_members(read_families(path), vocabularies)
    rows = ["\t".join(row) for row in (MEMBER_COLUMNS, *found)]
    (path.parent / "family_members.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    _say(f"{path}: {len(found)} members, {sum(not member.curie for member in found)} of them without an identifier")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.lexicon.ground", description=__doc__)
    parser.add_argument("tables", nargs="+", type=Path, metavar="TABLE", help="concept tables, changed in place")
    parser.add_argument("--vocabularies", type=Path, help="folder of the vocabularies (else $MEO_VOCABULARIES)")
    parser.add_argument("--verbose", action="store_true", help="say for every row which term it was given")
    options = parser.parse_args(arguments)
    try:
        vocabularies = Vocabularies.open(options.vocabularies)
        tables = [path for path in options.tables if path.name != FAMILIES]
        concepts = [each for path in tables for each in _fill(path, vocabularies, options.verbose)]
        for path in set(options.tables) - set(tables):
            _fill_members(path, vocabularies)
    except (TableError, FileNotFoundError) as error:
        _say(str(error))
        return 2
    _say(*clashes(concepts))
    faults = [fault for concept in concepts if (fault := wrong(concept, vocabularies))]
    _say(*(f"wrong: {fault}" for fault in faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
