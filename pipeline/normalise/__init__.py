"""Normalisation: a printed text in one form of characters, lines and script, with the way back to the source."""

from __future__ import annotations

from pipeline.normalise.characters import fold, fold_beside, punctuate, unknown_glyphs
from pipeline.normalise.citations import citations
from pipeline.normalise.latex import unfold_latex
from pipeline.normalise.layout import blocks_of, lay_out
from pipeline.normalise.offsets import Block, Citation, Normalised, Traced
from pipeline.normalise.repair import last_repairs, repair_glyphs, repair_lines
from pipeline.normalise.script import simplify

__all__ = ["Block", "Citation", "Normalised", "normalise"]


def normalise(text: str) -> Normalised:
    """Normalise a source text without losing it: every character of the result knows its source offsets (code points).

    A stretch of the source that stands for a span inside one sentence comes out by itself as it does in the whole text.

    >>> result = normalise("一氧化氮（ｎｉｔｒｉｃ\\nｏｘｉｄｅ）促进骨　吸收［３］。")
    >>> result.text
    '一氧化氮(nitric oxide)促进骨吸收[3]。'
    >>> result.source_span(5, 17), result.citations[0].numbers
    ((5, 17), ('3',))
    """
    traced = repair_glyphs(unfold_latex(fold_beside(fold(Traced.of(text)))))
    glyphs = unknown_glyphs(traced)
    traced, kinds = lay_out(traced, text)
    traced, script = simplify(punctuate(traced))
    traced = repair_lines(traced)
    blocks = blocks_of(traced.text, kinds)
    marks, repairs = citations(traced.text, blocks), last_repairs(traced.repairs)
    return Normalised(traced.text, traced.starts, traced.ends, blocks, marks, glyphs, script, repairs)
