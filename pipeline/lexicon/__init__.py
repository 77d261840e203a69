"""Concepts and their names, found in text."""

from pipeline.lexicon.concept import Concept
from pipeline.lexicon.lexicon import PART, SURE, UNCLEAR, Lexicon, Match

__all__ = ["PART", "SURE", "UNCLEAR", "Concept", "Lexicon", "Match"]
