"""The records that a run writes, one type a table.

Offsets (`start`, `end`) count Unicode code points of the source text, half open. Unknown is `None`.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

SCHEMA_VERSION = "1"

ConceptType = Literal[
    "gene_or_protein",
    "complex_or_family",
    "pathway",
    "chemical",
    "drug",
    "cell",
    "anatomy",
    "disease",
    "phenotype",
    "process",
    "organism",
    "procedure",
    "measurement",
    "exposure",
]
Relation = Literal[
    "increases",
    "decreases",
    "causes_no_change",
    "regulates",
    "association",
    "positive_correlation",
    "negative_correlation",
    "binds",
]
Change = Literal["increased", "decreased"]
Certainty = Literal["asserted", "speculated"]
Method = Literal["dictionary", "abbreviation", "morphology", "pattern"]
SectionKind = Literal[
    "front", "abstract", "introduction", "methods", "results", "discussion", "conclusion", "body", "references", "other"
]

RepairKind = Literal["bracket", "character", "digit", "glue", "glyph", "name"]


class Section(Struct, frozen=True):
    """A stretch of the paper under one heading."""

    title: str | None
    kind: SectionKind
    start: int
    end: int


class Span(Struct, frozen=True):
    """A stretch of the source text."""

    start: int
    end: int


class Place(Struct, frozen=True):
    """Where a stretch of the source text is printed: page from 1; box left, top, right, bottom in points from the page's top left."""

    start: int
    end: int
    page: int
    box: list[float]


class UnknownGlyph(Struct, frozen=True):
    """A private-use character that the glyph table does not know; it is kept as it is."""

    codepoint: str
    count: int
    first: int


class Reference(Struct, frozen=True):
    """What an entry of the reference list says of the work that it names; None is what it does not print."""

    authors: list[str]
    title: str | None
    journal: str | None
    year: int | None
    volume: str | None
    issue: str | None
    pages: str | None
    doi: str | None


class Repair(Struct, frozen=True):
    """A stretch of the source text that was damaged: what is wrong with it, and the form that it was given.

    `character`: a Chinese character read as another; `digit`: a letter for a digit; `name`: a sign of a name read as another;
    `glyph`: a font's sign; `bracket`: of a citation mark; `glue`: words run together.
    """

    kind: RepairKind
    start: int
    end: int
    text: str


class Document(Struct, frozen=True):
    """One line of documents.jsonl."""

    doc_id: str
    path: str
    sha256: str
    format: str
    encoding: str
    title: str | None
    language: str
    script: Literal["simplified", "traditional"]
    metadata: dict[str, Any]
    source_text: str
    text: str
    sections: list[Section]
    sentences: list[Span]
    references: dict[str, str]
    unknown_glyphs: list[UnknownGlyph]
    places: list[Place] = []
    bibliography: dict[str, Reference] = {}
    repairs: list[Repair] = []


class Candidate(Struct, frozen=True):
    """Another concept that a name could stand for."""

    curie: str
    score: float


class Mention(Struct, frozen=True):
    """One line of mentions.jsonl: a span that names a concept."""

    mention_id: str
    doc_id: str
    start: int
    end: int
    text: str
    norm: str
    type: ConceptType
    curie: str | None
    zh: str | None
    en: str | None
    candidates: list[Candidate]
    method: Method
    score: float


class End(Struct, frozen=True):
    """Mediator or outcome of a triple."""

    mention_id: str | None
    text: str
    norm: str
    start: int
    end: int
    type: ConceptType
    curie: str | None
    zh: str | None
    en: str | None
    change: Change | None
    aspect: str | None
    aspect_text: str | None
    antecedent: Span | None


class Effect(Struct, frozen=True):
    """What the mediator does to the outcome, and the words that say it."""

    relation: Relation
    trigger: str
    start: int
    end: int
    negated: bool
    certainty: Certainty
    direct: bool | None


class Evidence(Struct, frozen=True):
    """The sentence that states a triple, normalised."""

    text: str
    start: int
    end: int
    section: str | None


class ContextItem(Struct, frozen=True):
    """A word that says under which circumstances a triple holds."""

    text: str
    curie: str | None
    start: int
    end: int


class Context(Struct, frozen=True):
    """The circumstances under which a triple is stated."""

    species: list[ContextItem]
    population: list[ContextItem]
    cell: list[ContextItem]
    anatomy: list[ContextItem]
    condition: list[ContextItem]
    dose: list[ContextItem]
    duration: list[ContextItem]
    system: list[ContextItem]
    comparator: list[ContextItem]


class Statistic(Struct, frozen=True):
    """A printed number that backs a triple."""

    measure: str | None
    value: float | None
    ci_low: float | None
    ci_high: float | None
    ci_level: float | None
    p_operator: str | None
    p_value: float | None
    n: int | None
    text: str
    start: int
    end: int


class Triple(Struct, frozen=True):
    """One line of triples.jsonl."""

    triple_id: str
    doc_id: str
    mediator: End
    effect: Effect
    outcome: End
    evidence: Evidence
    context: Context
    statistics: list[Statistic]
    citations: list[str]
    via: list[End]
    confidence: float
    rule: str


class Failure(Struct, frozen=True):
    """One line of failures.jsonl."""

    doc_id: str
    path: str
    stage: str
    error: str


class DocumentResult(Struct, frozen=True):
    """All that one document gives."""

    document: Document
    mentions: list[Mention]
    triples: list[Triple]


class Source(Struct, frozen=True):
    """What a reader draws from a file."""

    text: str
    format: str
    encoding: str
    title: str | None = None
    metadata: dict[str, Any] = {}
    sections: list[Section] = []
    references: dict[str, str] = {}
    places: list[Place] = []
