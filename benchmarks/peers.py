"""The whole pipeline beside what others would put together, on the same text in the same process, document by document in turn.

    python benchmarks/peers.py CORPUS [--documents N]

The peers are `jieba.lcut` alone, and spaCy for Chinese (its jieba tokenizer, a sentencizer), a PhraseMatcher over all Chinese names
of our lexicon, and negspaCy's ConText-like component over our negation cues. They do less: no identifiers, no typing, no
normalisation, no relations. Needs `pip install negspacy`.
"""

from __future__ import annotations

import argparse
import logging
import time
import warnings
from collections import Counter
from pathlib import Path

import jieba
import spacy
from negspacy.negation import Negex  # noqa: F401 - it registers `negex`
from negspacy.termsets import termset
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from pipeline import model
from pipeline.batch.corpus import find_inputs, open_input
from pipeline.batch.worker import ready
from pipeline.build import Pipeline
from pipeline.lexicon import Lexicon
from pipeline.tables import read_table, resource


@Language.factory("names")
class Names:
    """Sets the names of the lexicon as entities."""

    def __init__(self, nlp: Language, name: str) -> None:
        del name
        self.matcher = PhraseMatcher(nlp.vocab)
        names = {zh for concept in Lexicon.load().concepts for zh in concept.zh}
        self.matcher.add("name", [nlp.make_doc(zh) for zh in sorted(names)])

    def __call__(self, doc: Doc) -> Doc:
        spans = filter_spans(Span(doc, start, end, "name") for _, start, end in self.matcher(doc))
        doc.ents = spans
        return doc


def peer() -> Language:
    """Build spaCy's pipeline."""
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    nlp.add_pipe("sentencizer", config={"punct_chars": ["。", "！", "？"]})
    nlp.add_pipe("names")
    cues = [
        row["word"]
        for row in read_table(resource("cues.tsv"), ("word", "class"), key=("word", "class"))
        if row["class"] == "negation"
    ]
    empty = {name: [] for name in termset("en").get_patterns()}
    patterns = empty | {"preceding_negations": cues, "termination": ["，", "；", "但"]}
    nlp.add_pipe("negex", config={"neg_termset": patterns, "ent_types": ["name"]}, last=True)
    return nlp


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, help="read the first N only")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    jieba.setLogLevel(logging.WARNING)
    began = time.perf_counter()
    ours = ready(Pipeline)
    built = time.perf_counter()
    nlp = peer()
    print(f"ready after {built - began:.1f} s (ours), {time.perf_counter() - built:.1f} s (spaCy)")
    jieba.lcut("骨吸收")
    spent: Counter[str] = Counter()
    characters = names = ends = 0
    for item in find_inputs(args.corpus)[: args.documents]:
        source = open_input(item).source
        clock = time.perf_counter()
        jieba.lcut(source.text)
        tokens = time.perf_counter()
        doc = nlp(source.text)
        peers = time.perf_counter()
        read = ours.read(model.Source(source.text, "text", "utf-8"), doc_id=item.doc_id, path=item.path, sha256="")
        spent.update({"jieba.lcut": tokens - clock, "spaCy": peers - tokens, "ours": time.perf_counter() - peers})
        characters += len(source.text)
        names += len(doc.ents)
        ends += len(read.mentions)
    print(f"{characters:,} characters; {names:,} names by spaCy, {ends:,} mentions by ours\n")
    print(f"{'':14}{'seconds':>9}{'characters/s':>14}{'x jieba.lcut':>14}")
    for name, seconds in spent.items():
        print(f"{name:14}{seconds:9.2f}{characters / seconds:14,.0f}{seconds / spent['jieba.lcut']:14.2f}")


if __name__ == "__main__":
    main()
