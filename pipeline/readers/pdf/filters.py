"""What the streams of a PDF expand to, piece by piece: the filters that text may lie behind (ISO 32000-1, 7.4), without predictors.

What is damaged ends there, as it does in pdfium. No piece is much longer than a million bytes, so that a bomb is seen as it grows.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

_PIECE = 1_000_000
_NAME = re.compile(
    rb"/(?:(FlateDecode|Fl)|(LZWDecode|LZW)|(RunLengthDecode|RL)|(ASCIIHexDecode|AHx)|(ASCII85Decode|A85))(?![A-Za-z0-9])"
)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_LATE_CHANGE = re.compile(rb"/EarlyChange\s+0\b")
_HEX = b"0123456789ABCDEFabcdef"
_NOT_HEX = bytes(sorted(set(range(256)) - set(_HEX)))
_NOT_85 = bytes(sorted(set(range(256)) - set(range(ord("!"), ord("u") + 1)) - set(b"z")))
_CLEAR, _END, _FULL = 256, 257, 4096
_LAST_RUN = 128

Pieces = Iterable[bytes]


def plain(dictionary: bytes) -> bytes:
    """Return a dictionary with the escapes of its names as what they stand for.

    >>> plain(b"/Fl#61teDecode")
    b'/FlateDecode'
    """
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), dictionary) if b"#" in dictionary else dictionary


def expanded(content: bytes | memoryview, dictionary: bytes) -> Iterator[bytes]:
    """Expand the content of a stream by all filters that its dictionary names, in order.

    >>> b"".join(expanded(b"789C F3F4D1350300029C00F9 >", b"/Filter [/ASCIIHexDecode /FlateDecode]"))
    b'IL-6'
    """
    names = list(_NAME.finditer(dictionary))
    # zlib reads a view as it is, so that a stream that seems to reach to the file's end is not copied.
    pieces: Iterable[Any] = [content if names and names[0].lastindex == 1 else bytes(content)]
    for match in names:
        filters: tuple[Callable[[Pieces], Iterator[bytes]], ...] = (
            _inflated,
            _lzw_late if _LATE_CHANGE.search(dictionary) else _lzw,
            _run_length,
            _hex,
            _base85,
        )
        pieces = filters[(match.lastindex or 1) - 1](pieces)
    yield from pieces


def _inflated(pieces: Pieces) -> Iterator[bytes]:
    """Inflate."""
    engine = zlib.decompressobj()
    for piece in pieces:
        rest = piece
        while rest and not engine.eof:
            try:
                yield engine.decompress(rest, _PIECE)
            except zlib.error:
                return
            rest = engine.unconsumed_tail


def _lzw_late(pieces: Pieces) -> Iterator[bytes]:
    return _lzw(pieces, early=0)


def _lzw(pieces: Pieces, early: int = 1) -> Iterator[bytes]:
    """Expand LZW; codes grow `early` before the table needs it."""
    fresh = [*(bytes([byte]) for byte in range(256)), b"", b""]
    table, last, size = list(fresh), b"", 0
    out: list[bytes] = []
    bits = held = 0
    width = 9
    for piece in pieces:
        for byte in piece:
            bits, held = bits << 8 | byte, held + 8
            if held < width:
                continue
            held -= width
            code, bits = bits >> held, bits & ((1 << held) - 1)
            if code == _CLEAR:
                table, last, width = list(fresh), b"", 9
                continue
            if code == _END or code > len(table) or (code == len(table) and not last):
                yield b"".join(out)
                return
            entry = table[code] if code < len(table) else last + last[:1]
            if last and len(table) < _FULL:
                table.append(last + entry[:1])
            last = entry
            width = min(max((len(table) + early).bit_length(), 9), 12)
            out.append(entry)
            size += len(entry)
            if size >= _PIECE:
                yield b"".join(out)
                out, size = [], 0
    yield b"".join(out)


def _run_length(pieces: Pieces) -> Iterator[bytes]:
    rest, out, size = b"", list[bytes](), 0
    for piece in pieces:
        data, at = rest + piece, 0
        while at < len(data) and data[at] != _LAST_RUN:
            count = data[at]
            step = count + 2 if count < _LAST_RUN else 2
            if at + step > len(data):
                break
            out.append(data[at + 1 : at + step] if count < _LAST_RUN else data[at + 1 : at + 2] * (257 - count))
            at += step
            size += len(out[-1])
            if size >= _PIECE:
                yield b"".join(out)
                out, size = [], 0
        rest = data[at:]
        if rest.startswith(bytes([_LAST_RUN])):
            break
    yield b"".join(out)


def _hex(pieces: Pieces) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        head, end, _ = piece.partition(b">")
        digits = rest + head.translate(None, _NOT_HEX)
        even = len(digits) // 2 * 2
        yield bytes.fromhex(digits[:even].decode("ascii"))
        rest = digits[even:]
        if end:
            break
    if rest:
        yield bytes.fromhex(f"{rest.decode('ascii')}0")


def _base85(pieces: Pieces) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        head, end, _ = piece.removeprefix(b"<~").partition(b"~")
        # A z is a group of zeros.
        digits = rest + head.translate(None, _NOT_85).replace(b"z", b"!!!!!")
        whole = len(digits) if end else len(digits) // 5 * 5
        try:
            yield base64.a85decode(digits[:whole])
        except ValueError:
            return
        rest = digits[whole:]
        if end:
            return
    try:
        yield base64.a85decode(rest)
    except ValueError:
        return
