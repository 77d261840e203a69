"""What a run got right, what it missed and why, and what it made up: a record that prints as JSON or as tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from pipeline.evaluate.gold import GoldTriple, read_gold
from pipeline.evaluate.names import Variants, signs, variants
from pipeline.evaluate.score import HEADLINE, Level, ReadTriple, score
from pipeline.schema import RunError, read_records

_BINS = 10


class Figures(msgspec.Struct, frozen=True):
    """Precision, recall and F1, rounded to four places, and the counts behind them."""

    precision: float
    recall: float
    f1: float
    right: int
    wrong: int
    gold: int


class Agreement(msgspec.Struct, frozen=True):
    """On how many of the matched triples the two sides agree."""

    agree: int
    of: int


class Bin(msgspec.Struct, frozen=True):
    """The predictions with a confidence from `low` up to `high`, their mean confidence, and the share of them that is right."""

    low: float
    high: float
    confidence: float
    right: int
    wrong: int
    precision: float


class Miss(msgspec.Struct, frozen=True):
    """A gold triple that the run lacks; `start`, `end` are its evidence in the source text."""

    doc_id: str
    start: int
    end: int
    evidence: str
    triple: str
    cause: str


class Mistake(msgspec.Struct, frozen=True):
    """A triple of the run that the gold does not have; `start`, `end` are its evidence in the source text."""

    doc_id: str
    start: int
    end: int
    evidence: str
    triple: str
    rule: str
    confidence: float | None
    cause: str


class Report(msgspec.Struct, frozen=True):
    """A run against gold. `levels` are the benchmark's figures; all the rest is of the headline level.

    `negation` is told of the pairs that match, whatever the direction; `ends` counts the ends of required gold triples that some
    mention in their evidence names. `calibration_error` is the expected calibration error over the bins of `confidence` (Naeini et
    al., AAAI 2015). `absent` are gold documents that the run does not have: all their triples are missed.
    """

    levels: dict[str, Figures]
    certainty: Agreement
    negation: Agreement
    citations: Agreement
    ends: Agreement
    documents: dict[str, Figures]
    relations: dict[str, Figures]
    rules: dict[str, Figures]
    confidence: list[Bin]
    calibration_error: float
    causes: dict[str, int]
    missed: list[Miss]
    wrong: list[Mistake]
    absent: list[str]


class _Text(msgspec.Struct, frozen=True):
    doc_id: str
    source_text: str


class _Name(msgspec.Struct, frozen=True):
    doc_id: str
    start: int
    end: int
    text: str
    norm: str | None = None
    zh: str | None = None
    en: str | None = None


def evaluate(run: Path, gold_files: Iterable[Path], texts: Path | None = None) -> Report:
    """Score the run in `run` against the gold files.

    `texts` is a folder of NAME.txt for gold documents that the run lacks, so that their evidence is checked, too.

    Raises:
        RunError: where `run` is no run folder, or has none of the gold's documents.
        GoldError: where a gold file is not well formed.
    """
    source = {record.doc_id: record.source_text for record in read_records(run, "documents", _Text)}
    known = source
    if texts:
        known = {path.stem: path.read_text(encoding="utf-8") for path in sorted(texts.glob("*.txt"))} | source
    docs: dict[str, None] = {}
    golds: list[GoldTriple] = []
    for path in gold_files:
        names, triples = read_gold(path, known)
        docs |= dict.fromkeys(names)
        golds += triples
    if not docs.keys() & source.keys():
        raise RunError(
            f"{run} has none of the gold's {len(docs)} documents ({', '.join(list(docs)[:3])} …); "
            "run meo over the texts that the gold was made from, and keep their file names"
        )
    predicted = [triple for triple in read_records(run, "triples", ReadTriple) if triple.doc_id in docs]
    mentions = [mention for mention in read_records(run, "mentions", _Name) if mention.doc_id in docs]
    return _report(golds, predicted, mentions, known, [doc for doc in docs if doc not in source])


def _report(
    golds: Sequence[GoldTriple],
    predicted: Sequence[ReadTriple],
    mentions: Sequence[_Name],
    texts: dict[str, str],
    absent: list[str],
) -> Report:
    levels = score(golds, predicted)
    head = levels[HEADLINE]
    pairs = levels["pairs only"]
    named = _Named(mentions)
    missed = [_miss(golds[i], texts, named, i in pairs.taken.values()) for i in head.missed()]
    wrong = [_mistake(predicted[j], texts, j in pairs.taken) for j in head.errors()]
    matched = [(golds[i], predicted[j]) for j, i in head.taken.items()]
    paired = [(golds[i], predicted[j]) for j, i in pairs.taken.items()]
    bins = reliability(head)
    found = [end for g in golds if not g.optional for end in named.ends(g)]
    return Report(
        levels={name: _figures(level.right, level.wrong, level.gold) for name, level in levels.items()},
        certainty=_agreement(g.hedged == (p.effect.certainty != "asserted") for g, p in matched if not g.optional),
        negation=_agreement(_denied(p) in _denials(g) for g, p in paired if not g.optional),
        citations=_agreement(g.citations <= set(map(str, p.citations)) for g, p in matched if g.citations),
        ends=_agreement(found),
        documents=_grouped(head, lambda g: g.doc, lambda p: p.doc_id),
        relations=_grouped(head, lambda g: g.relations[0], lambda p: p.effect.relation),
        rules=_by_rule(head),
        confidence=bins,
        calibration_error=calibration_error(bins),
        causes=dict(Counter(miss.cause for miss in missed).most_common()),
        missed=missed,
        wrong=wrong,
        absent=absent,
    )


class _Named:
    """Whether the ends of a gold triple are named by mentions of the run within its evidence."""

    def __init__(self, mentions: Iterable[_Name]) -> None:
        self._by_doc: dict[str, list[_Name]] = defaultdict(list)
        for mention in mentions:
            self._by_doc[mention.doc_id].append(mention)

    def ends(self, gold: GoldTriple) -> tuple[bool, bool]:
        """Tell it of the mediator and of the outcome."""
        near = [
            variants([name for name in (m.text, m.norm, m.zh, m.en) if name])
            for m in self._by_doc[gold.doc]
            if m.start < gold.end and gold.start < m.end
        ]
        return _named(gold.mediator, near), _named(gold.outcome, near)


def _named(end: Variants, names: Iterable[Variants]) -> bool:
    return any(signs(end, name, True) for name in names)


def _miss(gold: GoldTriple, texts: dict[str, str], named: _Named, paired: bool) -> Miss:
    causes = {
        (True, True): "ends found, not related",
        (True, False): "no mention of the outcome",
        (False, True): "no mention of the mediator",
        (False, False): "no mention of either end",
    }
    cause = "related in another way" if paired else causes[named.ends(gold)]
    evidence = texts.get(gold.doc, "")[gold.start : gold.end]
    return Miss(gold.doc, gold.start, gold.end, evidence, gold.line, cause)


def _mistake(triple: ReadTriple, texts: dict[str, str], paired: bool) -> Mistake:
    start, end = triple.evidence.start, triple.evidence.end
    evidence = texts[triple.doc_id][start:end]
    cause = "related in another way" if paired else "not in the gold"
    return Mistake(triple.doc_id, start, end, evidence, triple.line, triple.rule, triple.confidence, cause)


def _denied(triple: ReadTriple) -> bool:
    return bool(triple.effect.negated) or triple.effect.relation == "causes_no_change"


def _denials(gold: GoldTriple) -> set[bool]:
    return {relation == "causes_no_change" for relation in gold.relations}


def _figures(right: int, wrong: int, gold: int) -> Figures:
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / gold if gold else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Figures(round(precision, 4), round(recall, 4), round(f1, 4), right, wrong, gold)


def _agreement(agreeing: Iterable[bool]) -> Agreement:
    votes = list(agreeing)
    return Agreement(sum(votes), len(votes))


def _grouped(
    level: Level, of_gold: Callable[[GoldTriple], str], of_predicted: Callable[[ReadTriple], str]
) -> dict[str, Figures]:
    """Figures by what the gold says; a wrong triple has only its own word."""
    right = Counter(of_gold(level.golds[i]) for i in level.taken.values() if not level.golds[i].optional)
    wrong = Counter(of_predicted(level.predicted[j]) for j in level.errors())
    gold = Counter(of_gold(g) for g in level.golds if not g.optional)
    return {group: _figures(right[group], wrong[group], gold[group]) for group in sorted(right | wrong | gold)}


def _by_rule(level: Level) -> dict[str, Figures]:
    """Figures by the rule that read the triple; its recall is its share of all gold triples."""
    right = Counter(level.predicted[j].rule for j, i in level.taken.items() if not level.golds[i].optional)
    wrong = Counter(level.predicted[j].rule for j in level.errors())
    ranked = sorted(right | wrong, key=lambda rule: (-right[rule], -wrong[rule], rule))
    return {rule: _figures(right[rule], wrong[rule], level.gold) for rule in ranked}


def reliability(level: Level) -> list[Bin]:
    """Return the predictions of a level in ten bins of confidence; those that match optional gold are in none."""
    outcomes = [(level.predicted[j].confidence, True) for j, i in level.taken.items() if not level.golds[i].optional]
    outcomes += [(level.predicted[j].confidence, False) for j in level.errors()]
    binned: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, good in outcomes:
        if confidence is not None:
            binned[min(int(confidence * _BINS), _BINS - 1)].append((confidence, good))
    bins = []
    for number, votes in sorted(binned.items()):
        right, mean = sum(good for _, good in votes), sum(confidence for confidence, _ in votes) / len(votes)
        low, high = number / _BINS, (number + 1) / _BINS
        bins.append(Bin(low, high, round(mean, 4), right, len(votes) - right, round(right / len(votes), 4)))
    return bins


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the mean distance of confidence and share right, weighed by the bins' sizes."""
    sizes = [row.right + row.wrong for row in bins]
    apart = (size * abs(row.precision - row.confidence) for size, row in zip(sizes, bins, strict=True))
    return round(sum(apart) / max(1, sum(sizes)), 4)
