"""Plain text and Markdown in any encoding that Chinese papers come in.

The encoding is found by content: byte order mark, strict UTF-8, UTF-16 without a mark, then whichever of GB18030 and
Big5 gives the more common Chinese characters; `chardet` has the last word. No byte is ever replaced.
"""

from __future__ import annotations

import codecs
from functools import cache

import chardet

from pipeline.model import Source
from pipeline.tables import read_table, resource

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or Office document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "an RTF document"),
)
_LEGACY = ("gb18030", "big5")
# A text in the right encoding has at least this share of common characters among its Chinese ones.
_ENOUGH = 0.5


class ReadError(ValueError):
    """A document cannot be read; the message says why and what to do."""


def read_text(data: bytes) -> Source:
    """Decode a text file.

    Raises:
        ReadError: for empty, binary and undecodable input.
    """
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise ReadError(f"is {kind}, not a text file; convert it to plain text (UTF-8) first")
    text, encoding = decode(data)
    if not text.strip():
        raise ReadError("is empty; there is nothing to read")
    return Source(text=text, format="text", encoding=encoding)


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of some bytes and the Python name of their encoding.

    >>> decode("骨吸收".encode("gb18030"))
    ('骨吸收', 'gb18030')

    Raises:
        ReadError: where no encoding fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding), encoding
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if "\x00" not in text:
            return text, "utf-8"
    if wide := _utf16(data):
        return wide
    if b"\x00" in data:
        raise ReadError(f"is binary (a zero byte at offset {data.index(0)}); only text files are read")
    return _legacy(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(
            f"begins with the mark of {encoding} but byte {error.start} does not fit ({error.reason}); "
            "the file is damaged or cut off: get it again or save it as UTF-8"
        ) from None


def _utf16(data: bytes) -> tuple[str, str] | None:
    """Return UTF-16 text that has no mark: the common characters tell the byte order."""
    if len(data) % 2 or not data:
        return None
    best: tuple[float, str, str] | None = None
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            continue
        score = _common(text)
        if score >= _ENOUGH and (best is None or score > best[0]):
            best = score, text, encoding
    return (best[1], best[2]) if best else None


def _legacy(data: bytes) -> tuple[str, str]:
    best: tuple[float, str, str] | None = None
    failures = []
    for encoding in _LEGACY:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            failures.append(f"{encoding} fails at byte {error.start}")
            continue
        score = _common(text)
        if best is None or score > best[0]:
            best = score, text, encoding
    if best and best[0] >= _ENOUGH:
        return best[1], best[2]
    guess = chardet.detect(data)
    name, confidence = guess["encoding"], guess["confidence"] or 0.0
    if name and confidence > 0.8 and name.lower() not in ("ascii", "utf-8"):
        try:
            text = data.decode(name)
        except (LookupError, UnicodeDecodeError):
            text = ""
        if text and _common(text) >= _ENOUGH:
            return text, codecs.lookup(name).name
    failures = failures or ["no encoding gives Chinese text"]
    raise ReadError(
        f"cannot be decoded: no valid UTF-8 or UTF-16, and {', '.join(failures)}; save the file as UTF-8 and try again"
    )


@cache
def _common_characters() -> frozenset[str]:
    rows = read_table(resource("common_characters.tsv"), ("script", "characters"), key=("script",))
    return frozenset("".join(row["characters"] for row in rows))


def _common(text: str) -> float:
    """Return the share of common characters among the non-ASCII ones of the first 20,000; 0 where there is none."""
    others = [char for char in text[:20_000] if ord(char) > 127]
    common = _common_characters()
    return sum(char in common for char in others) / len(others) if others else 0.0
