"""The concept tables against the vocabularies that their identifiers come from, and against each other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.lexicon import Concept, Lexicon
from pipeline.lexicon.concept import read_concepts
from pipeline.lexicon.families import read_families, read_members
from pipeline.lexicon.fold import key
from pipeline.lexicon.ground import clashes, wrong
from pipeline.lexicon.index import Vocabularies
from pipeline.normalise import normalise
from pipeline.tables import resource

FOLDER = os.environ.get("MEO_VOCABULARIES")
TABLES = sorted(resource("concepts").glob("*.tsv"))
CONCEPTS = [concept for table in TABLES for concept in read_concepts(table)]
needs_vocabularies = pytest.mark.skipif(not FOLDER, reason="MEO_VOCABULARIES names no folder of vocabularies")


@pytest.fixture(scope="module")
def vocabularies() -> Vocabularies:
    return Vocabularies(Path(FOLDER or ""))


@needs_vocabularies
@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_every_identifier_exists_and_bears_the_english_name(table: Path, vocabularies: Vocabularies) -> None:
    assert not [fault for concept in read_concepts(table) if (fault := wrong(concept, vocabularies))]


@needs_vocabularies
def test_every_member_of_a_family_exists_under_its_name(vocabularies: Vocabularies) -> None:
    members = [member for member in read_members(resource("family_members.tsv")) if member.curie]
    found = {member.curie: vocabularies.term(member.curie) for member in members}
    assert not [member for member in members if (term := found[member.curie]) is None or term[0] != member.name]


def test_a_name_of_several_concepts_is_decided_by_form_or_stands_among_the_ambiguous() -> None:
    lexicon = Lexicon(CONCEPTS, ambiguous=Lexicon.load().ambiguous)
    ambiguous = {key(name) for name in lexicon.ambiguous}
    undecided = {
        name
        for concept in CONCEPTS
        for name in concept.names
        if key(name) not in ambiguous and len(lexicon.lookup(name)) > 1
    }
    assert not undecided


def test_no_chinese_name_belongs_to_two_concepts() -> None:
    notes = clashes([concept._replace(en=()) for concept in CONCEPTS if concept.zh])
    assert not [note for note in notes if note.startswith("one name")]


def test_chinese_names_are_written_as_the_normalised_text_has_them() -> None:
    names = [name for concept in CONCEPTS for name in concept.zh]
    names += [name.replace("{n}", "1") for family in read_families(resource("families.tsv")) for name in family.zh]
    assert not [name for name in names if normalise(name).text != name]


def test_enough_concepts_have_chinese_names_and_identifiers() -> None:
    named = [concept for concept in Lexicon.load().concepts if any(map(_chinese, concept.zh))]
    assert len(named) >= 12_000
    assert sum(_chinese(name) for concept in named for name in concept.zh) >= 25_000
    assert sum(concept.curie is not None for concept in named) / len(named) >= 0.85


def _chinese(name: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in name)


def test_clashes_count_a_concept_once() -> None:
    concept = Concept(None, "drug", ("ABT-737",), ("ABT-737",), "team")
    assert not clashes([concept])
