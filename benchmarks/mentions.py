"""How many ends of the triples in gold files are recognised as mentions, and with which borders.

    python benchmarks/mentions.py --texts FOLDER GOLD... [--without METHOD...] [--leave-out SHARE] [--show CLASS]

An end counts once an evidence. Its classes, the first that holds:

    right     a mention of the evidence bears an accepted name, change words folded as the scorer does
    joined    so does a mention with the tail that the extractor reads as its aspect (乳腺癌细胞 + 的迁移)
    tail      a mention begins an accepted name that goes on after it, otherwise
    head      a mention ends an accepted name that begins before it (细胞 of 肿瘤细胞)
    within    a mention stands inside an accepted name
    longer    a mention holds an accepted name and more (血清IL-6 of IL-6)
    crossing  a mention shares some characters with an accepted name
    none      nothing of an accepted name is a mention
    absent    no accepted name is printed in the evidence: it speaks of the end by a pronoun or not at all

Shares are of the ends that are printed. `--leave-out` takes that share of the concepts out of the lexicon, chosen by a digest
of their names: an estimate of what word forms and chunks do for names that nobody listed.
"""

from __future__ import annotations

import argparse
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from spacy.tokens import Doc

from pipeline import build
from pipeline.build import RECOGNISERS, Pipeline
from pipeline.evaluate.gold import GoldTriple, read_gold
from pipeline.evaluate.names import Variants, key_offsets, signs, variants
from pipeline.extract.items import Member, make_items
from pipeline.extract.lists import join_lists
from pipeline.extract.nouns import join_nouns
from pipeline.frames import Grammar
from pipeline.lexicon import Lexicon
from pipeline.model import Mention
from pipeline.readers import open_source
from pipeline.record import Recorder
from pipeline.spans import spans_of

CLASSES = ("right", "joined", "tail", "head", "within", "longer", "crossing", "none", "absent")
PRINTED = CLASSES[:-1]


class Spot(NamedTuple):
    """A mention with its place in the key text of its document, its names, and the name with its tail."""

    start: int
    end: int
    method: str
    names: Variants
    joined: Variants


class Text(NamedTuple):
    """A parsed text: key text, the source offset of each of its characters, mentions in order."""

    key: str
    offsets: list[int]
    spots: list[Spot]


class Judged(NamedTuple):
    """An end, its class, the method of the mention it was judged by, and a picture of name and mention."""

    kind: str
    method: str
    picture: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--texts", type=Path, required=True, help="folder of NAME.txt")
    parser.add_argument("--without", nargs="+", default=[], choices=RECOGNISERS, help="switch off these recognisers")
    parser.add_argument("--leave-out", type=float, default=0.0, help="share of concepts to leave out, 0 to 1")
    parser.add_argument("--show", nargs="+", default=[], choices=CLASSES, help="list the ends of these classes")
    args = parser.parse_args()
    sources = {path.stem: open_source(path).text for path in sorted(args.texts.glob("*.txt"))}
    pipeline = make_pipeline(tuple(args.without), args.leave_out)
    rows = []
    for path in args.gold:
        docs, triples = read_gold(path, sources)
        texts = {doc: parse(pipeline, doc, sources[doc]) for doc in docs}
        judged = [judge(end, triple, texts[triple.doc]) for end, triple in ends(triples)]
        rows.append((path.stem, judged, sum(len(text.spots) for text in texts.values())))
    print_classes(rows)
    print_methods(rows)
    for kind in args.show:
        for name, judged, _ in rows:
            print_pictures(name, kind, judged)


def make_pipeline(disable: tuple[str, ...], share: float) -> Pipeline:
    """Return a pipeline whose lexicon lacks a share of its concepts."""
    if not share:
        return Pipeline(disable)
    whole = Lexicon.load

    def load(*, guards: Sequence[str]) -> Lexicon:
        lexicon = whole(guards=guards)
        kept = [each for each in lexicon.concepts if crc32(each.names[0].encode()) % 1000 >= 1000 * share]
        return Lexicon(kept, ambiguous=lexicon.ambiguous, guards=guards)

    build.Lexicon = type("Partial", (), {"load": staticmethod(load)})  # type: ignore[misc, assignment]
    return Pipeline(disable)


def parse(pipeline: Pipeline, doc_id: str, source: str) -> Text:
    normalised, sections, doc = pipeline.parse(source)
    folded, offsets = key_offsets(source)
    place = partial(bisect_left, offsets)
    recorder = Recorder(doc, normalised, source, doc_id, sections)
    tails = {m.mention: recorder.printed(*m.tail)[2] for m in members(pipeline.grammar, doc) if m.tail}
    written = {mention.mention_id for mention in recorder.mentions()}
    spots = [
        Spot(place(m.start), place(m.end), m.method, named(m), variants([m.norm + tails[i]] if i in tails else []))
        for i, m in enumerate(recorder.every_mention())
        if m.mention_id in written
    ]
    return Text(folded, offsets, spots)


def members(grammar: Grammar, doc: Doc) -> Iterator[Member]:
    """Yield the nouns that the extractor makes of the mentions."""
    words = [token.text for token in doc]
    mentions = {span.start: (span.end, i, span.label) for i, span in enumerate(spans_of(doc, "mentions"))}
    cues = {span.start: span.label for span in spans_of(doc, "cues")}
    for sentence in spans_of(doc, "sentences"):
        items = make_items(words, sentence.start, sentence.end, mentions, cues, grammar)
        for item in join_lists(join_nouns(items, words, grammar)):
            yield from item.members


def named(mention: Mention) -> Variants:
    return variants(name for name in (mention.text, mention.norm, mention.zh, mention.en) if name)


def ends(triples: Sequence[GoldTriple]) -> Iterator[tuple[Variants, GoldTriple]]:
    """Yield every end of a required triple, once an evidence."""
    seen = set()
    for triple in triples:
        for end in (triple.mediator, triple.outcome):
            mark = (triple.doc, triple.start, frozenset(name for name, _ in end))
            if not triple.optional and mark not in seen:
                seen.add(mark)
                yield end, triple


def judge(end: Variants, triple: GoldTriple, text: Text) -> Judged:
    first, last = bisect_left(text.offsets, triple.start), bisect_left(text.offsets, triple.end)
    spots = [spot for spot in text.spots if spot.end > first and spot.start < last]
    for spot in spots:
        if signs(end, spot.names, False):
            return Judged("right", spot.method, text.key[spot.start : spot.end])
    for spot in spots:
        if signs(end, spot.joined, False):
            return Judged("joined", spot.method, text.key[spot.start : spot.end])
    best = Judged("absent", "", "|".join(sorted({name for name, _ in end})))
    for start, stop in printed(end, text.key, first, last):
        for spot in spots:
            kind = borders(start, stop, spot)
            if CLASSES.index(kind) < CLASSES.index(best.kind):
                best = Judged(kind, spot.method if kind != "none" else "", picture(text.key, start, stop, spot, kind))
        if best.kind == "absent":
            best = Judged("none", "", text.key[start:stop])
    return best


def printed(end: Variants, text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield where an accepted name stands in the evidence, the longest name first."""
    for name in sorted({name for name, _ in end if len(name) > 1}, key=lambda name: (-len(name), name)):
        at = text.find(name, first, last)
        while at >= 0:
            yield at, at + len(name)
            at = text.find(name, at + 1, last)


def borders(start: int, stop: int, spot: Spot) -> str:
    if spot.end <= start or stop <= spot.start:
        return "none"
    if spot.start <= start and stop <= spot.end:
        return "longer"
    if start <= spot.start and spot.end <= stop:
        return "tail" if spot.start == start else "head" if spot.end == stop else "within"
    return "crossing"


def picture(text: str, start: int, stop: int, spot: Spot, kind: str) -> str:
    """Return the printed name in its surroundings with the mention in brackets, the name between bars."""
    if kind == "none":
        return text[start:stop]
    marks = {start: "|", stop: "|"}
    marks[spot.start] = marks.get(spot.start, "") + "["
    marks[spot.end] = "]" + marks.get(spot.end, "")
    low, high = min(start, spot.start), max(stop, spot.end)
    return "".join(marks.get(i, "") + (text[i] if i < high else "") for i in range(low, high + 1))


def print_classes(rows: Sequence[tuple[str, list[Judged], int]]) -> None:
    print(f"{'gold':8}{'ends':>6}{'printed':>9}" + "".join(f"{kind:>15}" for kind in CLASSES) + f"{'mentions':>10}")
    for name, judged, mentions in rows:
        counts = Counter(item.kind for item in judged)
        total = max(1, sum(counts[kind] for kind in PRINTED))
        cells = "".join(f"{counts[kind]:7} {100 * counts[kind] / total:5.1f} %" for kind in PRINTED)
        print(f"{name[:8]:8}{len(judged):6}{total:9}{cells}{counts['absent']:15}{mentions:10}")


def print_methods(rows: Sequence[tuple[str, list[Judged], int]]) -> None:
    print(f"\n{'right, by method':24}" + "".join(f"{method:>18}" for method in RECOGNISERS))
    for name, judged, _ in rows:
        total = max(1, sum(item.kind in PRINTED for item in judged))
        counts = Counter(item.method for item in judged if item.kind == "right")
        print(f"{name[:24]:24}" + "".join(f"{counts[m]:9} {100 * counts[m] / total:5.1f} %" for m in RECOGNISERS))


def print_pictures(name: str, kind: str, judged: Sequence[Judged]) -> None:
    counts = Counter((item.picture, item.method) for item in judged if item.kind == kind)
    print(f"\n{name}: {kind}")
    for (shown, method), count in sorted(counts.items(), key=lambda row: (-row[1], row[0])):
        print(f"{count:5}  {method[:12]:12}  {shown}")


if __name__ == "__main__":
    main()
