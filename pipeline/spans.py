"""Span groups of a Doc as plain tuples: spaCy makes a Span anew each time that a group is read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from spacy.tokens import Doc, Span


class Plain(NamedTuple):
    """A span by token indices, with its label and identifier."""

    start: int
    end: int
    label: str = ""
    kb_id: str = ""


def set_spans(doc: Doc, key: str, spans: Iterable[Plain]) -> None:
    """Set `doc.spans[key]`, for users of spaCy, and what `spans_of` gives."""
    plain = list(spans)
    doc.spans[key] = [Span(doc, start, end, label, kb_id=kb_id) for start, end, label, kb_id in plain]
    doc.user_data[f"spans {key}"] = plain


def spans_of(doc: Doc, key: str) -> list[Plain]:
    """Return the spans that `set_spans` set."""
    spans: list[Plain] = doc.user_data[f"spans {key}"]
    return spans
