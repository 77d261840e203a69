"""Plain text and Markdown, in whichever encoding: found by content, decoded strictly."""

from __future__ import annotations

import codecs
import re
from functools import cache
from itertools import islice
from typing import NamedTuple

from pipeline.model import Source
from pipeline.readers.error import ReadError
from pipeline.readers.limits import LIMITS, Limits
from pipeline.tables import read_table, resource

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    # UTF-32 before UTF-16: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Those that `sniff` has no reader for.
_MAGIC = (
    (b"\xd0\xcf\x11\xe0", "an old Microsoft Office file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
)
_REMEDY = "save it as plain text in UTF-8"
_CANDIDATES = ("gb18030", "big5", "cp950", "big5hkscs", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_TEXT_ENCODINGS = ("big5", "cp9", "euc", "iso-8859", "latin", "shift", "windows-", "koi8")
_SAMPLE = 20_000
# Of running Chinese text nine characters in ten are common; of a wrong decode, one in ten.
_ENOUGH = 0.4
_SURE = 0.9
_NOT_ASCII = re.compile("[^\x00-\x7f]{1,1000}")
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")


class Decoded(NamedTuple):
    """A text, and the encoding that its bytes were in."""

    text: str
    encoding: str


def read(data: bytes, name: str, limits: Limits = LIMITS) -> Source:  # noqa: ARG001 - all readers are called alike
    """Decode a text file; `text` is exactly what it decodes to, without its byte order mark.

    Raises:
        ReadError: for an empty, a binary or an undecodable file; `name` stands in the message.
    """
    if not data:
        raise ReadError(f"{name}: the file is empty; give one that holds text")
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise ReadError(f"{name}: this is {kind}, whatever its ending says; {_REMEDY}")
    found = decode(data, name)
    if not found.text.strip():
        raise ReadError(f"{name}: there is nothing but white space in the file; give one that holds text")
    return Source(text=found.text, format="text", encoding=found.encoding)


def decode(data: bytes, name: str, declared: str | None = None) -> Decoded:
    """Decode strictly: by the byte order mark, as UTF-8, as what reads most like Chinese, or as Latin text.

    `declared` is the encoding that the file itself names: it wins where it reads as well as the best.

    Raises:
        ReadError: where no encoding fits; `name` stands in the message.
    """
    named = _named(declared)
    found = (
        _by_mark(data, name) or _utf8(data) or _by_content(data, named) or _as_named(data, named) or _by_chardet(data)
    )
    if found is not None:
        return found
    if b"\0" in data:
        raise ReadError(f"{name}: this is binary data (it holds NUL bytes); {_REMEDY}")
    raise ReadError(f"{name}: {_why_not_utf8(data)}, nor is it GB18030, Big5 or UTF-16 text; {_REMEDY}")


def _named(declared: str | None) -> str | None:
    """Return the codec for an encoding's declared name: none for UTF-16 and UTF-8, which show by themselves.

    >>> _named("gb2312"), _named("x-gbk"), _named("Big5"), _named("utf-8"), _named("rot13")
    ('gb18030', 'gb18030', 'big5', None, None)
    """
    label = (declared or "").casefold().removeprefix("x-")
    if label.startswith(("gb", "cp936")):
        # GB18030 holds all that GB2312 and GBK do.
        return "gb18030"
    try:
        return codecs.lookup(label).name if label.startswith(_TEXT_ENCODINGS) else None
    except LookupError:
        return None


def _as_named(data: bytes, named: str | None) -> Decoded | None:
    text = None if named is None else _decode(data, named)
    return None if text is None or named is None else Decoded(text, named)


def _by_mark(data: bytes, name: str) -> Decoded | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return Decoded(data[len(mark) :].decode(encoding), encoding)
            except UnicodeDecodeError as error:
                raise ReadError(
                    f"{name}: its byte order mark says {encoding}, but byte {error.start + len(mark)} is not; {_REMEDY}"
                ) from error
    return None


def _utf8(data: bytes) -> Decoded | None:
    # Valid UTF-8 with NUL bytes is UTF-16 or UTF-32 without a mark, or no text.
    if b"\0" in data:
        return None
    text = _decode(data, "utf-8")
    return None if text is None else Decoded(text, "utf-8")


def _decode(data: bytes, encoding: str) -> str | None:
    """Decode strictly; None also where control characters say that the encoding is wrong."""
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    odd = sum(1 for _ in islice(_NOT_TEXT.finditer(text), len(text) // 50 + 1))
    return text if "\0" not in text and odd <= len(text) // 50 else None


@cache
def _common() -> frozenset[str]:
    return frozenset(
        row["character"] for row in read_table(resource("encodings.tsv"), ("character",), key=("character",))
    )


def _score(text: str) -> float:
    """Share of common Chinese characters and marks among all that is not ASCII."""
    # A web page may begin with many thousands of letters of script.
    stretches = islice(_NOT_ASCII.finditer(text), _SAMPLE)
    rest = "".join(match[0] for match in stretches)[:_SAMPLE]
    common = _common()
    return sum(char in common for char in rest) / len(rest) if rest else 0.5


def _by_content(data: bytes, named: str | None) -> Decoded | None:
    """Take the encoding whose strict decode reads most like Chinese; the named one, else the first, of equals."""
    best, most = None, _ENOUGH
    for encoding in (*([named] if named else []), *_CANDIDATES):
        text = _decode(data, encoding)
        if text is not None and (score := _score(text)) > most:
            best, most = Decoded(text, encoding), score
    return best


def _by_chardet(data: bytes) -> Decoded | None:
    """Ask chardet for what is left, such as Latin text in a code page of its own."""
    import chardet

    if b"\0" in data:
        return None
    guess = chardet.detect(data)
    encoding, confidence = guess["encoding"], guess["confidence"]
    if encoding is None or confidence is None or confidence < _SURE:
        return None
    text = _decode(data, encoding)
    return None if text is None else Decoded(text, codecs.lookup(encoding).name)


def _why_not_utf8(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"byte {error.start} (0x{data[error.start]:02X}) is not UTF-8"
    return "it holds control characters that no text has"
