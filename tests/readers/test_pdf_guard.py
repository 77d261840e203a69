"""The guard before pdfium: what swells is refused, what only looks so is not."""

from __future__ import annotations

import base64
import sys
import zlib
from pathlib import Path

import pytest

from pipeline.readers import LIMITS, ReadError
from pipeline.readers.pdf import guard
from pipeline.readers.pdf.filters import expanded

sys.path.insert(0, str(Path(__file__).parents[2] / "corpora"))

from making.broken.pdf import lzw

FORM = b"<< /Type /XObject /Subtype /Form %s /Length 9 >>\nstream\n%s\nendstream"
LIMIT = LIMITS._replace(expanded=10_000)


def objects(*bodies: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, body) for n, body in enumerate(bodies, 1))


def deflated(content: bytes, entries: bytes = b"/Filter /FlateDecode") -> bytes:
    return b"<< %s >>\nstream\n%s\nendstream" % (entries, zlib.compress(content))


def filtered(content: bytes, entries: bytes) -> bytes:
    return b"<< %s >>\nstream\n%s\nendstream" % (entries, content)


@pytest.mark.parametrize(
    "data",
    [
        objects(deflated(b" " * 20_000)),
        objects(deflated(b" " * 6_000), deflated(b" " * 6_000)),
        objects(deflated(zlib.compress(b" " * 20_000), b"/Filter [/FlateDecode /FlateDecode]")),
        objects(b"<< >>\nstream\n" + b" " * 20_000),
        objects(filtered(lzw(1), b"/Filter /LZWDecode")),
        objects(filtered(b"\x81 " * 200, b"/Filter /RunLengthDecode")),
        objects(filtered(zlib.compress(b" " * 20_000).hex().encode(), b"/Filter [/AHx /Fl]")),
        objects(filtered(b"z" * 5_000 + b"~>", b"/Filter /ASCII85Decode")),
        objects(deflated(b" " * 20_000, b"/Filter 2 0 R"), b"/FlateDecode"),
        objects(deflated(b" " * 20_000, b"/Filter /Flate#44ecode")),
        objects(deflated(b" " * 20_000, b"/Subtype /Image /Filter /FlateDecode"), b"<< /Contents [1 0 R] >>"),
        objects(deflated(b" " * 20_000, b"/Subtype /Image /Filter /FlateDecode"), b"[1 0 R]", b"<< /Contents 2 0 R >>"),
        objects(filtered(b"q BI /W 9 /H 9 /F /Fl ID " + zlib.compress(b" " * 20_000) + b" EI Q", b"")),
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


TEXT = "白细胞介素-6促进骨吸收。".encode() * 3 + bytes(9) + bytes(range(256))


def run_length(content: bytes) -> bytes:
    parts = [content[at : at + 100] for at in range(0, len(content), 100)]
    return b"".join(bytes([len(part) - 1]) + part for part in parts) + b"\x80"


@pytest.mark.parametrize(
    ("content", "dictionary"),
    [
        (TEXT, b""),
        (zlib.compress(TEXT), b"/Filter /FlateDecode"),
        (TEXT.hex().encode() + b">", b"/Filter /ASCIIHexDecode"),
        (base64.a85encode(TEXT, wrapcol=60) + b"~>", b"/Filter /ASCII85Decode"),
        (base64.a85encode(zlib.compress(TEXT), adobe=True), b"/Filter [/A85 /Fl]"),
        (run_length(TEXT), b"/Filter /RunLengthDecode"),
        (zlib.compress(run_length(TEXT)), b"/Filter [/FlateDecode /RunLengthDecode]"),
    ],
)
def test_filters_give_back_what_was_written(content: bytes, dictionary: bytes) -> None:
    assert b"".join(expanded(content, dictionary)) == TEXT


def test_lzw_of_the_standard() -> None:
    """The example of ISO 32000-1, 7.4.4.2, and a table that is filled and begun anew."""
    sequence = bytes.fromhex("800B6050220C0C8501")
    assert b"".join(expanded(sequence, b"/Filter /LZWDecode")) == bytes((45, 45, 45, 45, 45, 65, 45, 45, 45, 66))
    assert b"".join(expanded(lzw(2), b"/Filter /LZWDecode")) == b" " * 2 * 7_363_203
