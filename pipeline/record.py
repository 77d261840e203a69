"""Doc -> the records of one document, with every offset turned back to the source text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

import msgspec
from spacy.tokens import Doc

from pipeline import model
from pipeline.extract.context import Hit, find_context
from pipeline.extract.items import Member
from pipeline.extract.reading import Reading
from pipeline.extract.statistics import Found, find_statistics
from pipeline.normalise import Normalised
from pipeline.normalise.offsets import Citation
from pipeline.spans import spans_of

# Who did a study: 王某等, Smith et al.
_NAMED = re.compile(r"(?:等人?|et al\.?|[A-Z][a-z]+)\s*$")
# What stands between two citation marks of one statement.
_JOINED = re.compile(r"\s*(?:和|与|及|以及|、|,)\s*(?:[A-Z][A-Za-z \-]{0,20}|[\u4e00-\u9fff]{0,4})(?:等人?)?\s*")
_SEMICOLON = re.compile("[；;]")
_CHANGES: dict[int, model.Change] = {1: "increased", -1: "decreased"}


class Told(NamedTuple):
    """What the records of a sentence's triples share: its source offsets, text, circumstances, numbers, semicolons (source offsets)."""

    start: int
    end: int
    text: str
    context: model.Context
    places: frozenset[tuple[int, int]]
    statistics: list[model.Statistic]
    breaks: list[int]


class Recorder:
    """Makes the records of one document."""

    def __init__(
        self, doc: Doc, normalised: Normalised, source: str, doc_id: str, sections: Sequence[model.Section]
    ) -> None:
        """Keep the document; `sections` have offsets in the normalised text."""
        self.doc = doc
        self.normalised = normalised
        self.source = source
        self.doc_id = doc_id
        self.sections = sections
        self.words: list[str] = doc.user_data["words"]
        self.starts: list[int] = doc.to_array("IDX").tolist()
        self.ends = [start + len(word) for start, word in zip(self.starts, self.words, strict=True)]
        self.facts = doc.user_data["mentions"]
        self.spans = spans_of(doc, "mentions")
        self.firsts = [span.start for span in self.spans]
        self.sentences = [(s.start, s.end) for s in spans_of(doc, "sentences")]

        self.marks = normalised.citations
        self.mark_starts = [mark.start for mark in self.marks]
        self._told: dict[int, Told] = {}

    def printed(self, first: int, last: int) -> tuple[int, int, str]:
        """Return source offsets and normalised text of the tokens `first:last`."""
        a, b = self.normalised.whole(self.starts[first], self.ends[last - 1])
        return *self.normalised.source_span(a, b), self.normalised.text[a:b]

    def mentions(self) -> list[model.Mention]:
        """Return the mention records, by start: an unlisted name that is hardly one only where a statement is about it."""
        told: set[int] = set()
        for _, reading in self.doc.user_data["readings"]:
            told.update(member.mention for member in (reading.mediator, reading.outcome, *reading.via))
        doubtful = set(self.doc.user_data["doubtful"]) - told
        return [mention for i, mention in enumerate(self.every_mention()) if i not in doubtful]

    def every_mention(self) -> list[model.Mention]:
        """Return the records of all mentions of the Doc, in its order."""
        out = []
        for i, (span, (method, score, zh, en, candidates)) in enumerate(zip(self.spans, self.facts, strict=True)):
            start, end, norm = self.printed(span.start, span.end)
            out.append(
                model.Mention(
                    mention_id=self.mention_id(i),
                    doc_id=self.doc_id,
                    start=start,
                    end=end,
                    text=self.source[start:end],
                    norm=norm,
                    type=span.label,  # type: ignore[arg-type]
                    curie=span.kb_id or None,
                    zh=zh,
                    en=en,
                    candidates=[model.Candidate(curie, score) for curie, score in candidates],
                    method=method,
                    score=score,
                )
            )
        return out

    def mention_id(self, index: int) -> str:
        """Return the identifier of the mention `index`."""
        return f"{self.doc_id}#m{index}"

    def triples(self) -> list[model.Triple]:
        """Return the triple records: one for each statement, by evidence, then ends."""
        found: dict[str, model.Triple] = {}
        for number, reading in self.doc.user_data["readings"]:
            triple = self.triple(number, reading)
            found.setdefault(triple.triple_id, triple)
        return sorted(
            found.values(),
            key=lambda t: (t.evidence.start, t.effect.start, t.mediator.start, t.outcome.start, t.triple_id),
        )

    def triple(self, number: int, reading: Reading) -> model.Triple:
        """Return the record of a reading in the sentence `number`."""
        sentence = self.sentence(number)
        start, end = sentence.start, sentence.end
        mediator, outcome = self.end(reading.mediator), self.end(reading.outcome)
        told = (self.doc_id, start, end, mediator.start, mediator.end, mediator.change, reading.relation)
        stated = (outcome.start, outcome.end, outcome.change, outcome.aspect_text, reading.negated)
        t_start, t_end, _ = self.printed(*reading.trigger)
        return model.Triple(
            triple_id=sha256(repr((told, stated)).encode()).hexdigest()[:16],
            doc_id=self.doc_id,
            mediator=mediator,
            effect=model.Effect(
                relation=reading.relation,  # type: ignore[arg-type]
                trigger=self.source[t_start:t_end],
                start=t_start,
                end=t_end,
                negated=reading.negated,
                certainty="speculated" if reading.hedged else "asserted",
                direct=self.direct(reading),
            ),
            outcome=outcome,
            evidence=model.Evidence(
                text=sentence.text, start=start, end=end, section=self.section(self.sentences[number][0])
            ),
            context=_without(sentence, mediator, outcome),
            statistics=_beside(sentence, t_start),
            citations=self.citations(number, reading),
            via=[self.end(member) for member in reading.via],
            confidence=reading.confidence,
            rule=reading.rule,
        )

    def end(self, member: Member) -> model.End:
        """Return the record of a triple's end."""
        start, end, norm = self.printed(member.start, member.end)
        span = self.spans[member.mention]
        _, _, zh, en, _ = self.facts[member.mention]
        antecedent = None
        if member.antecedent:
            a, b, _ = self.printed(*member.antecedent)
            antecedent = model.Span(a, b)
        return model.End(
            mention_id=self.mention_id(member.mention),
            text=self.source[start:end],
            norm=norm,
            start=start,
            end=end,
            type=span.label,  # type: ignore[arg-type]
            curie=span.kb_id or None,
            zh=zh,
            en=en,
            change=_CHANGES.get(member.change),
            aspect=member.aspect,
            aspect_text=self.printed(*member.tail)[2] if member.tail else None,
            antecedent=antecedent,
        )

    def sentence(self, number: int) -> Told:
        """Return what the triples of a sentence share, read once however many there are."""
        if number not in self._told:
            first, last = self.sentences[number]
            base, stop = self.starts[first], self.ends[last - 1]
            text = self.normalised.text[base:stop]
            inside = self.spans[bisect_left(self.firsts, first) : bisect_left(self.firsts, last)]
            mentions = [
                (self.starts[s.start] - base, self.ends[s.end - 1] - base, s.label, s.kb_id or None) for s in inside
            ]
            context = {
                field: [self._context_item(base, hit) for hit in hits]
                for field, hits in find_context(text, mentions).items()
            }
            start, end, printed = self.printed(first, last)
            self._told[number] = Told(
                start,
                end,
                printed,
                model.Context(**context),
                frozenset((item.start, item.end) for items in context.values() for item in items),
                [self._statistic(base, found) for found in find_statistics(text)],
                [start + match.start() for match in _SEMICOLON.finditer(self.source[start:end])],
            )
        return self._told[number]

    def _context_item(self, base: int, hit: Hit) -> model.ContextItem:
        start, end = self.normalised.source_span(base + hit.start, base + hit.end)
        return model.ContextItem(text=hit.value or self.source[start:end], curie=hit.curie, start=start, end=end)

    def _statistic(self, base: int, found: Found) -> model.Statistic:
        start, end = self.normalised.source_span(base + found.start, base + found.end)
        facts = found._asdict() | {"start": start, "end": end, "text": self.source[start:end]}
        return model.Statistic(**facts)

    def direct(self, reading: Reading) -> bool | None:
        """Whether the text says 直接 or 间接 right before the effect."""
        before = "".join(self.words[max(0, reading.trigger[0] - 3) : reading.trigger[0]])
        return True if "直接" in before else False if "间接" in before else None

    def section(self, token: int) -> str | None:
        """Return the title of the section that a token stands in."""
        at = self.starts[token]
        return next((s.title for s in self.sections if s.start <= at < s.end), None)

    def citations(self, number: int, reading: Reading) -> list[str]:
        """Return the numbers of the citation marks that a statement bears.

        They are the mark right after an end, the next mark after the statement in its sentence, else the last before it; in a sentence
        without marks, those of the study that a sentence before it in its paragraph begins to tell of.
        """
        first, last = self.sentences[number]
        a, b = self.starts[first], self.ends[last - 1]
        inside = self.marks[bisect_left(self.mark_starts, a) : bisect_right(self.mark_starts, b)]
        if not inside:
            return self._study(number)
        told = max(
            self.ends[reading.trigger[1] - 1], *(self.ends[m.end - 1] for m in (reading.mediator, reading.outcome))
        )
        ends = {self.ends[m.end - 1] for m in (reading.mediator, reading.outcome)}
        close = [mark for mark in inside if mark.start in ends]
        after = [mark for mark in inside if mark.start >= told]
        chosen = close + (after[:1] or ([] if close else list(inside[-1:])))
        chosen = self._joined(inside, chosen)
        return list(dict.fromkeys(n for mark in chosen for n in mark.numbers))

    def _joined(self, inside: Sequence[Citation], chosen: list[Citation]) -> list[Citation]:
        """Add the marks that a list joins to a chosen one: Gazzah等[46]和Kang等[47]."""
        text = self.normalised.text
        out: list[Citation] = []
        for mark in chosen:
            at = inside.index(mark)
            first = last = at
            while first and _JOINED.fullmatch(text, inside[first - 1].end, inside[first].start):
                first -= 1
            while last + 1 < len(inside) and _JOINED.fullmatch(text, inside[last].end, inside[last + 1].start):
                last += 1
            out += inside[first : last + 1]
        return out

    def _study(self, number: int) -> list[str]:
        """Return the citation of the study that is told of where a sentence names none: 王某等[15]发现…。结果表明…。"""
        at = self.starts[self.sentences[number][0]]
        # The sentences that are read lie in blocks.
        block = self.normalised.blocks[bisect_right(self.normalised.blocks, at, key=lambda block: block.start) - 1]
        before = bisect_left(self.mark_starts, at) - 1
        if before < 0 or (mark := self.marks[before]).start < block.start:
            return []
        named = _NAMED.search(self.normalised.text, max(block.start, mark.start - 24), mark.start)
        return list(mark.numbers) if named else []


def _without(sentence: Told, *ends: model.End) -> model.Context:
    """Return the circumstances that a sentence names, without the triple's own ends."""
    own = {(end.start, end.end) for end in ends}
    if sentence.places.isdisjoint(own):
        return sentence.context
    items = msgspec.structs.asdict(sentence.context)
    return model.Context(**{f: [i for i in listed if (i.start, i.end) not in own] for f, listed in items.items()})


def _beside(sentence: Told, trigger: int) -> list[model.Statistic]:
    """Return the numbers of a sentence, of the part between semicolons that holds the trigger."""
    part = bisect_left(sentence.breaks, trigger)
    return [s for s in sentence.statistics if bisect_left(sentence.breaks, s.start) == part]
