"""The one paper that is written in every format: a sample's text, and what `paper.toml` adds to it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_NUMBERED = re.compile(r"(\d+(?:\.\d+)*) \S")
_REFERENCE = re.compile(r"\[(\d+)\] (.+)")
# Citation marks and the P of a probability are what a typesetter sets apart.
_PIECE = re.compile(r"(?P<citation>\[\d+(?:[,-]\d+)*\])|(?P<italic>\bP)(?=[<=>])")


@dataclass(frozen=True)
class Block:
    """A heading (`level` from 1), a paragraph, the table or the figure, which have a caption for text."""

    kind: str
    text: str
    level: int = 0


@dataclass(frozen=True)
class Paper:
    """`extra` is what `paper.toml` holds; `references` maps the number to the entry."""

    title: str
    abstract: str
    keywords: tuple[str, ...]
    body: tuple[Block, ...]
    references: dict[str, str]
    extra: dict[str, Any]

    @property
    def authors(self) -> list[str]:
        """The names in full."""
        return [author["surname"] + author["given"] for author in self.extra["authors"]]

    @property
    def rows(self) -> list[list[str]]:
        """The table, its heading first."""
        rows: list[list[str]] = self.extra["table"]["rows"]
        return rows


def read_paper(path: Path) -> Paper:
    """Read `paper.toml` and the sample that it names."""
    extra = tomllib.loads(path.read_text(encoding="utf-8"))
    lines = (path.parent / extra["text"]).read_text(encoding="utf-8").split("\n")
    title, *lines = [line for line in lines if line]
    end = lines.index("参考文献")
    abstract, keywords = (line.partition("：")[2] for line in lines[:2])
    return Paper(
        title=title,
        abstract=abstract,
        keywords=tuple(keywords.split("；")),
        body=tuple(_blocks(lines[2:end], extra)),
        references=dict(match.groups() for line in lines[end + 1 :] if (match := _REFERENCE.fullmatch(line))),
        extra=extra,
    )


def _blocks(lines: list[str], extra: dict[str, Any]) -> Iterator[Block]:
    """Yield the blocks; the table and the figure stand at the end of the sections that they are put after."""
    number = ""
    for line in lines:
        if match := _NUMBERED.match(line):
            yield from _floats(number, extra)
            number = match[1]
            yield Block("heading", line, number.count(".") + 1)
        elif "。" in line:
            yield Block("paragraph", line)
        else:
            yield Block("heading", line, 1)
    yield from _floats(number, extra)


def _floats(number: str, extra: dict[str, Any]) -> Iterator[Block]:
    for kind in ("table", "figure"):
        if extra[kind]["after"] == number:
            yield Block(kind, extra[kind]["caption"])


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Part a paragraph into (kind, text): `citation` with its brackets, `italic` and `text`.

    >>> list(pieces("降低[4,5]（P<0.001）"))
    [('text', '降低'), ('citation', '[4,5]'), ('text', '（'), ('italic', 'P'), ('text', '<0.001）')]
    """
    at = 0
    for match in _PIECE.finditer(text):
        if match.start() > at:
            yield "text", text[at : match.start()]
        yield str(match.lastgroup), match[0]
        at = match.end()
    if at < len(text):
        yield "text", text[at:]


def cited(mark: str) -> list[str]:
    """Part a citation mark into numbers and what stands between them.

    >>> cited("[10,11]")
    ['[', '10', ',', '11', ']']
    """
    return re.findall(r"\d+|\D", mark)
