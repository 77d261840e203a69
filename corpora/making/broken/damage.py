"""What can befall any file: cut off, overwritten, zeroed, doubled, misnamed, and what never was one."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

from making.broken.case import Case, Expected, given

_PAPERS = (
    "paper.txt",
    "paper.gb18030.txt",
    "paper.big5.txt",
    "paper.md",
    "paper.jats.xml",
    "paper.html",
    "paper.docx",
    "paper.two-column.pdf",
)
_ENDINGS = (".txt", ".md", ".pdf", ".docx", ".xml", ".html", ".htm")
_MAGIC = {
    "pdf": b"%PDF-1.7\n",
    "zip": b"PK\x03\x04",
    "xml": b'<?xml version="1.0"?>',
    "html": b"<!DOCTYPE html><html>",
    "utf8": b"\xef\xbb\xbf",
    "utf16le": b"\xff\xfe",
    "utf16be": b"\xfe\xff",
}


def cases(formats: Mapping[str, bytes]) -> Iterator[Case]:
    """Yield the cases of this module."""
    for name in _PAPERS:
        yield from _cut(name, formats[name])
        yield from _overwritten(name, formats[name])
        yield given(f"doubled/{name}", "either", formats[name] * 2)
    yield from _misnamed(formats)
    for ending in _ENDINGS:
        yield given(f"nothing/empty{ending}", "error", b"")
        yield given(f"nothing/white{ending}", "error", b" \r\n\t" * 50 + "\u3000\n".encode() * 50)
        yield given(f"noise/random{ending}", "error", random.Random(ending).randbytes(4000))
    for kind, magic in _MAGIC.items():
        yield given(f"noise/begins-as-{kind}.bin.txt", "error", magic + random.Random(kind).randbytes(3001))


def _cut(name: str, data: bytes) -> Iterator[Case]:
    yield given(f"cut/1-byte.{name}", "either", data[:1])
    yield given(f"cut/10-bytes.{name}", "either", data[:10])
    for percent in (1, 25, 50, 75, 99):
        yield given(f"cut/{percent}-percent.{name}", "either", data[: len(data) * percent // 100])
    yield given(f"cut/last-byte.{name}", "either", data[:-1])
    yield given(f"cut/first-byte.{name}", "either", data[1:])


def _overwritten(name: str, data: bytes) -> Iterator[Case]:
    for seed in (1, 2, 3):
        rng = random.Random(seed)
        spoilt = bytearray(data)
        for _ in range(10):
            at = int(rng.random() * (len(data) - 16))
            spoilt[at : at + 16] = rng.randbytes(16)
        yield given(f"overwritten/{seed}.{name}", "either", bytes(spoilt))
    half = len(data) // 2
    yield given(f"zeroed/{name}", "either", data[:half] + bytes(1000) + data[half + 1000 :])


def _misnamed(formats: Mapping[str, bytes]) -> Iterator[Case]:
    for name in ("paper.txt", "paper.jats.xml", "paper.html", "paper.docx", "paper.two-column.pdf"):
        for ending in (".txt", ".pdf", ".docx", ".xml", ".html"):
            if not name.endswith(ending):
                # Text that calls itself a web page may be taken at its word.
                expected: Expected = "either" if name == "paper.txt" else "read"
                yield given(f"misnamed/{name.replace('.', '-')}{ending}", expected, formats[name])
