"""Reader of `.gold` files: the triples that people say a text states."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from pipeline.evaluate.names import Variants, key, key_offsets, variants
from pipeline.model import Relation

RELATIONS = frozenset(get_args(Relation))
_SIGNED = re.compile(r"(.*)\{([+-])\}")


class GoldError(ValueError):
    """A gold file does not follow its rules; the message names every bad line as file:line."""


@dataclass(frozen=True, slots=True)
class GoldTriple:
    """One line of a gold file; `start`, `end` are its evidence in the source text (0, 0 where there is no text)."""

    doc: str
    start: int
    end: int
    mediator: Variants
    relations: tuple[str, ...]
    outcome: Variants
    optional: bool
    hedged: bool
    citations: frozenset[str]
    line: str


@dataclass
class _Reading:
    """Where the reader stands in a file."""

    path: Path
    texts: Mapping[str, str]
    docs: dict[str, None] = field(default_factory=dict)
    triples: list[GoldTriple] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    doc: str | None = None
    span: tuple[int, int] | None = None
    key_text: str = ""
    offsets: list[int] = field(default_factory=list)

    def take(self, line: str) -> str | None:
        """Read one line; return what is wrong with it."""
        if line.startswith("doc "):
            self.doc, self.span = line[4:].strip(), None
            self.docs[self.doc] = None
            self.key_text, self.offsets = key_offsets(self.texts.get(self.doc, ""))
            return None
        if self.doc is None:
            return "stands before the first `doc NAME` line"
        if line.startswith("@ "):
            return self._take_offsets(line[2:].split())
        if line.startswith("= "):
            return self._take_evidence(key(line[2:]))
        return self._take_triple(line)

    def _take_offsets(self, words: list[str]) -> str | None:
        if len(words) != 2 or not all(word.isdecimal() for word in words):
            return "want `@ start end`, two character offsets"
        self.span = int(words[0]), int(words[1])
        return None

    def _take_evidence(self, snippet: str) -> str | None:
        if self.doc not in self.texts:
            self.span = 0, 0
            return None
        at = self.key_text.find(snippet)
        if at < 0 or not snippet:
            self.span = 0, 0
            return f"evidence is not in the text of {self.doc}; copy it from the text, or give `@ start end`"
        self.span = self.offsets[at], self.offsets[at + len(snippet) - 1] + 1
        return None

    def _take_triple(self, line: str) -> str | None:
        body, _, flags = line.partition(" ; ")
        parts = [part.strip() for part in body.split(" > ")]
        if len(parts) != 3:
            return "want `mediator > relation > outcome ; flags`"
        relations = tuple(parts[1].split("|"))
        if unknown := sorted(set(relations) - RELATIONS):
            return f"unknown relation {', '.join(unknown)}; allowed: {', '.join(sorted(RELATIONS))}"
        if self.doc is None or self.span is None:
            return "stands before its evidence: a line `= text` or `@ start end`"
        self.triples.append(
            GoldTriple(
                self.doc,
                *self.span,
                _read_end(parts[0]),
                relations,
                _read_end(parts[2]),
                "?" in flags,
                "~" in flags,
                frozenset(re.findall(r"\d+", flags)),
                line,
            )
        )
        return None


def read_gold(path: Path, texts: Mapping[str, str]) -> tuple[list[str], list[GoldTriple]]:
    """Read a gold file: its documents and its triples; `texts` gives the source text of each document, by its name.

    Raises:
        GoldError: naming every bad line at once.
    """
    reading = _Reading(path, texts)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if line and not line.startswith("#") and (fault := reading.take(line)):
            reading.faults.append(f"{path}:{number}: {fault}: {line[:60]}")
    if reading.faults:
        raise GoldError("\n".join(reading.faults))
    return list(reading.docs), reading.triples


def _read_end(text: str) -> Variants:
    found: frozenset[tuple[str, int]] = frozenset()
    for part in text.split("|"):
        part = part.strip()
        signed = _SIGNED.fullmatch(part)
        found |= variants([signed[1]], 1 if signed[2] == "+" else -1) if signed else variants([part])
    return found
