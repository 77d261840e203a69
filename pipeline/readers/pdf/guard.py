"""What would make pdfium swell: streams that inflate beyond the limit, and forms that draw themselves or draw too much.

pdfium has no such limits and ends the process where memory runs out, so these are found in the file's bytes before it is opened. Images
are not looked at: no text is read from them, so they are not decoded.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.readers.error import ReadError
from pipeline.readers.limits import Limits

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_OBJECT = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+obj\b")
_DEFLATED = re.compile(rb"/(?:FlateDecode|Fl)\b")
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")
_FORM = re.compile(rb"/Subtype\s*/Form\b")
_HOLDER = re.compile(rb"/Type\s*/ObjStm\b")
_FIRST = re.compile(rb"/First\s+(\d{1,10})")
_RESOURCES = re.compile(rb"/Resources\s+(\d{1,10})\s+\d+\s+R\b")
_DRAWABLE = re.compile(rb"/XObject\s*(?:<<(.*?)>>|(\d{1,10})\s+\d+\s+R\b)", re.DOTALL)
_REFERENCE = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+R\b")
_DRAWN = re.compile(rb"\bDo\b")
_PIECE = 1_000_000
_LONGEST_DICTIONARY = 20_000
# The drawings of the fullest vector figure, many times over.
_MOST_DRAWINGS = 1_000_000


@dataclass
class _Seen:
    """The dictionaries of a file's objects by number, and how often each form draws something."""

    dictionaries: dict[int, bytes] = field(default_factory=dict)
    forms: dict[int, int] = field(default_factory=dict)


def check(data: bytes, name: str, limits: Limits) -> None:
    """Refuse a file that would swell.

    Raises:
        ReadError: where its streams inflate to more than `limits.expanded` bytes, or its forms draw themselves.
    """
    seen = _Seen()
    for match in _OBJECT.finditer(data):
        seen.dictionaries[int(match[1])] = _dictionary(data, match.end())
    left = limits.expanded
    for match in _STREAM.finditer(data):
        before = data[max(0, match.start() - _LONGEST_DICTIONARY) : match.start()]
        opened = list(_OBJECT.finditer(before))
        if not opened or _IMAGE.search(before, opened[-1].end()):
            continue
        number, head = int(opened[-1][1]), before[opened[-1].end() :]
        end = data.find(b"endstream", match.end())
        left -= _look(number, head, data[match.end() : end if end >= 0 else len(data)], left, seen)
        if left < 0:
            raise ReadError(
                f"{name}: the streams of this PDF inflate to more than the limit of {limits.expanded:,} bytes; "
                "print it anew to PDF, or raise the limit `expanded`"
            )
    if _drawings(seen) > _MOST_DRAWINGS:
        raise ReadError(
            f"{name}: the forms of this PDF draw themselves, or one another without end; print it anew to PDF"
        )


def _dictionary(data: bytes, start: int) -> bytes:
    end = data.find(b"endobj", start, start + _LONGEST_DICTIONARY)
    return data[start : end if end >= 0 else start + _LONGEST_DICTIONARY].partition(b"stream")[0]


def _look(number: int, head: bytes, content: bytes, left: int, seen: _Seen) -> int:
    """Inflate a stream, no further than `left`; note what it holds, and return how many bytes it is."""
    pieces: Iterable[bytes] = [content]
    for _ in _DEFLATED.findall(head):
        pieces = _inflated(pieces)
    is_form, is_holder = bool(_FORM.search(head)), bool(_HOLDER.search(head))
    size, drawn, kept = 0, 0, []
    for piece in pieces:
        size += len(piece)
        if size > left:
            break
        drawn += len(_DRAWN.findall(piece)) if is_form else 0
        kept += [piece] if is_holder else []
    if is_form:
        seen.forms[number] = drawn
    first = _FIRST.search(head)
    if kept and first:
        _unpack(b"".join(kept), int(first[1]), seen)
    return size


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Inflate piece by piece; what is damaged ends there, as it does in pdfium."""
    engine = zlib.decompressobj()
    for piece in pieces:
        rest = piece
        while rest and not engine.eof:
            try:
                yield engine.decompress(rest, _PIECE)
            except zlib.error:
                return
            rest = engine.unconsumed_tail


def _unpack(content: bytes, first: int, seen: _Seen) -> None:
    """Note the objects of an object stream: pairs of number and offset, and what they are from `first` on."""
    table = [int(word) for word in content[:first].split() if word.isdigit() and len(word) <= 10]
    starts = table[1::2]
    for number, start, end in zip(table[::2], starts, [*starts[1:], len(content)], strict=False):
        seen.dictionaries[number] = content[first + start : first + end]


def _drawings(seen: _Seen) -> int:
    """Count the drawings of the form that draws the most, those of the forms that it draws among them; at most one above the limit."""
    totals: dict[int, int] = {}
    for root in seen.forms:
        # Depth first without recursion: a form stands on the path until all that it draws is counted.
        path, on_path = [root], set()
        while path:
            number = path[-1]
            if number in totals:
                path.pop()
                continue
            inner = [one for one in _drawable(seen.dictionaries.get(number, b""), seen) if one in seen.forms]
            waiting = [one for one in inner if one not in totals]
            if number in on_path and waiting:
                return _MOST_DRAWINGS + 1
            if not waiting:
                most = max((totals[one] for one in inner), default=0)
                totals[number] = min(1 + seen.forms[number] * most, _MOST_DRAWINGS + 1)
                on_path.discard(number)
                continue
            if any(one in on_path for one in waiting):
                return _MOST_DRAWINGS + 1
            on_path.add(number)
            path += waiting
    return max(totals.values(), default=0)


def _drawable(dictionary: bytes, seen: _Seen) -> list[int]:
    """List the objects that a form may draw by the names of its resources."""
    if match := _RESOURCES.search(dictionary):
        dictionary += seen.dictionaries.get(int(match[1]), b"")
    found = []
    for inline, reference in _DRAWABLE.findall(dictionary):
        names = seen.dictionaries.get(int(reference), b"") if reference else inline
        found += [int(number) for number in _REFERENCE.findall(names)]
    return found
