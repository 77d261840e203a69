"""Concepts and their names, found in text."""

from pipeline.lexicon.concept import Concept
from pipeline.lexicon.lexicon import Lexicon, Match

__all__ = ["Concept", "Lexicon", "Match"]
