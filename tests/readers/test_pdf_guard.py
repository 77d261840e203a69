"""The guard before pdfium: what swells is refused, what only looks so is not."""

from __future__ import annotations

import zlib

import pytest

from pipeline.readers import LIMITS, ReadError
from pipeline.readers.pdf import guard

FORM = b"<< /Type /XObject /Subtype /Form %s /Length 9 >>\nstream\n%s\nendstream"
LIMIT = LIMITS._replace(expanded=10_000)


def objects(*bodies: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, body) for n, body in enumerate(bodies, 1))


def deflated(content: bytes, entries: bytes = b"/Filter /FlateDecode") -> bytes:
    return b"<< %s >>\nstream\n%s\nendstream" % (entries, zlib.compress(content))


@pytest.mark.parametrize(
    "data",
    [
        objects(deflated(b" " * 20_000)),
        objects(deflated(b" " * 6_000), deflated(b" " * 6_000)),
        objects(deflated(zlib.compress(b" " * 20_000), b"/Filter [/FlateDecode /FlateDecode]")),
        objects(b"<< >>\nstream\n" + b" " * 20_000),
    ],
)
def test_streams_that_swell(data: bytes) -> None:
    with pytest.raises(ReadError, match="limit of 10,000 bytes"):
        guard.check(data, "a.pdf", LIMIT)


@pytest.mark.parametrize(
    "data",
    [
        objects(FORM % (b"/Resources << /XObject << /X 1 0 R >> >>", b"/X Do")),
        objects(FORM % (b"/Resources 2 0 R", b"/X Do"), b"<< /XObject 3 0 R >>", b"<< /X 1 0 R >>"),
        objects(
            FORM % (b"/Resources << /XObject << /X 2 0 R >> >>", b"/X Do"),
            FORM % (b"/Resources << /XObject << /Y 1 0 R >> >>", b"/Y Do"),
        ),
        objects(
            FORM % (b"/Resources 5 0 R", b"/X Do"),
            deflated(b"5 0 << /XObject << /X 1 0 R >> >>", b"/Type /ObjStm /First 4 /Filter /FlateDecode"),
        ),
    ],
    ids=["itself", "by reference", "one another", "in an object stream"],
)
def test_forms_without_end(data: bytes) -> None:
    with pytest.raises(ReadError, match="forms of this PDF"):
        guard.check(data, "a.pdf", LIMIT)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7\n",
        objects(deflated(b" " * 9_000)),
        objects(
            b"<< /Subtype /Image /Filter /FlateDecode >>\nstream\n" + zlib.compress(bytes(90_000)) + b"\nendstream"
        ),
        objects(b"<< /Filter /FlateDecode >>\nstream\nnot deflated\nendstream"),
        objects(
            FORM % (b"/Resources << /XObject << /X 2 0 R /Y 3 0 R >> >>", b"/X Do /Y Do"),
            FORM % (b"/Resources << /XObject << /Y 3 0 R >> >>", b"/Y Do"),
            FORM % (b"", b""),
        ),
    ],
    ids=["empty", "header", "small", "image", "damaged", "shared form"],
)
def test_what_does_not_swell(data: bytes) -> None:
    guard.check(data, "a.pdf", LIMIT)
