"""Text that is none, in encodings that are none, and files of other kinds that call themselves text."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping

from making.broken.case import Case, given

_SENTENCE = "白细胞介素-6促进破骨细胞的形成，抑制成骨细胞的增殖与分化。"
_LONE = "\ud800".encode("utf-16-le", "surrogatepass")
_OTHERS = {
    "rtf": b"{\\rtf1\\ansi text}",
    "png": b"\x89PNG\r\n\x1a\n" + bytes(40),
    "jpeg": b"\xff\xd8\xff\xe0" + bytes(40),
    "gif": b"GIF89a" + bytes(40),
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1528),
    "elf": b"\x7fELF\x02\x01\x01" + bytes(60),
    "sqlite": b"SQLite format 3\0" + bytes(100),
    "parquet": b"PAR1" + bytes(40) + b"PAR1",
    "7z": b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(40),
    "rar": b"Rar!\x1a\x07\x01\x00" + bytes(40),
    "pickle": b"\x80\x04\x95" + bytes(40),
}


def cases(formats: Mapping[str, bytes]) -> Iterator[Case]:
    """Yield the cases of this module."""
    utf16, utf32 = _SENTENCE.encode("utf-16-le"), _SENTENCE.encode("utf-32-le")
    yield given("text/lone-surrogate.utf16.txt", "error", codecs.BOM_UTF16_LE + utf16 + _LONE + utf16)
    yield given("text/lone-surrogate-without-mark.utf16.txt", "either", utf16 + _LONE + utf16)
    yield given("text/lone-surrogate.utf8.txt", "error", _SENTENCE.encode() + "\udc80".encode("utf-8", "surrogatepass"))
    line = json.dumps({"id": "1", "text": _SENTENCE + "\ud800"})
    yield given("text/lone-surrogate.jsonl", "either", line + "\n" + line + "\n")
    yield given("text/lone-surrogate.jsonl.txt", "either", line + "\n")
    yield given("text/not-json.jsonl", "either", '{"id": "1", "text": \n[1, 2\n')
    yield given("text/nested.jsonl", "either", '{"text": ' + "[" * 20_000 + "]" * 20_000 + "}\n")
    yield given("text/odd-length.utf16.txt", "error", codecs.BOM_UTF16_LE + utf16 + b"\x30")
    yield given("text/out-of-range.utf32.txt", "error", codecs.BOM_UTF32_LE + utf32 + b"\xff\xff\xff\x7f")
    yield given("text/overlong.utf8.txt", "either", _SENTENCE.encode() + b"\xc0\xaf\xe0\x80\xaf")
    yield given("text/null-bytes.txt", "error", _SENTENCE.encode() + b"\0" + _SENTENCE.encode())
    yield given("text/null-bytes-only.txt", "error", bytes(2000))
    yield given("text/mark-only.utf8.txt", "error", codecs.BOM_UTF8)
    yield given("text/mark-only.utf16.txt", "error", codecs.BOM_UTF16_LE)
    yield given("text/control-characters.txt", "either", bytes(range(1, 32)) * 40)
    yield given("text/zero-width.txt", "either", "\u200b\u200c\u2060\ufeff" * 40)
    yield given("text/combining.txt", "either", "\u0301" * 4000)
    yield given("text/right-to-left.txt", "read", f"\u202e{_SENTENCE}\u202c\u2066{_SENTENCE}")
    yield given("text/private-use.txt", "either", "\U001001b0\ue000" * 400)
    yield given("text/not-characters.txt", "either", "\ufffe\uffff\ufdd0" * 100)
    yield given("text/replacement.txt", "either", "\ufffd" * 400)
    yield given("text/utf7.txt", "either", _SENTENCE.encode("utf-7"))
    yield given("text/ebcdic.txt", "either", b"\xc1\xc2\xc3\x40\xd1\xd2\x25" * 40)
    yield given(
        "text/latin1.txt", "either", "Der Einfluß der Entzündung auf den Knochen – größer".encode("cp1252") * 20
    )
    yield given("text/shift-jis.txt", "either", "骨の形成は炎症により抑制される。".encode("shift_jis") * 20)
    yield given("text/two-encodings.txt", "either", formats["paper.txt"] + formats["paper.gb18030.txt"])
    yield given("text/newlines.txt", "error", b"\n" * 5000)
    yield given("text/brackets.txt", "read", _SENTENCE + "(" * 5000 + "[" * 5000)
    yield given("text/dollars.txt", "read", _SENTENCE + "$\\frac{" * 2000)
    yield given("text/tables.md", "read", _SENTENCE + "\n\n" + "<table><tr><td>" * 2000)
    yield given("text/headings.md", "read", _SENTENCE + "\n" + "#" * 5000 + "\n" + "# \n" * 2000)
    yield Case("text/one-line.txt", "read", lambda: _SENTENCE.encode() * 200_000)
    yield Case("text/one-word.txt", "read", lambda: b"A" * 20_000_000)
    yield Case("text/too-large.txt", "error", lambda: b"\xe9\xaa\xa8" * 34_000_000)
    for kind, data in _OTHERS.items():
        yield given(f"others/{kind}.txt", "error", data)
        yield given(f"others/{kind}.pdf", "error", data)
