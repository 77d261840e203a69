"""What would make pdfium swell: streams that expand beyond the limit, and forms that draw themselves or draw too much.

pdfium has no such limits and ends the process where memory runs out, so these are found in the file's bytes before it is opened. Images
are not looked at: no text is read from them, so they are not decoded; but those inside the drawing itself are, to find their end, and
what only calls itself an image is looked at as what it is used for.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from pipeline.readers.error import ReadError
from pipeline.readers.limits import Limits
from pipeline.readers.pdf.filters import expanded, plain

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_OBJECT = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+obj\b")
_FILTER = re.compile(rb"/Filter\s*(?:\[[^\]]*\]|\d{1,10}\s+\d{1,5}\s+R\b)")
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")
_FORM = re.compile(rb"/Subtype\s*/Form\b")
_HOLDER = re.compile(rb"/Type\s*/ObjStm\b")
_FIRST = re.compile(rb"/First\s+(\d{1,10})")
_RESOURCES = re.compile(rb"/Resources\s+(\d{1,10})\s+\d+\s+R\b")
_DRAWABLE = re.compile(rb"/XObject\s*(?:<<(.*?)>>|(\d{1,10})\s+\d+\s+R\b)", re.DOTALL)
_REFERENCE = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+R\b")
_DRAWN = re.compile(rb"\bDo\b")
# Behind these keys stand streams that are decoded for the text.
_TEXT = re.compile(
    rb"/(?:Contents|ToUnicode|Encoding|UseCMap|CIDToGIDMap|FontFile[23]?)\s*(\[[^\]]*\]|\d{1,10}\s+\d{1,5}\s+R\b)"
)
_INLINE = re.compile(rb"BI(?<!\wBI)\s([^\0-\x08]{1,500}?)\bID\s")
_LONGEST_DICTIONARY = 20_000
_LONGEST_FILTER = 300
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
        ReadError: where its streams expand to more than `limits.expanded` bytes, or its forms draw themselves.
    """
    seen = _Seen()
    objects = list(_OBJECT.finditer(data))
    begins = [match.end() for match in objects]
    for match, end in zip(objects, [*(each.start() for each in objects[1:]), len(data)], strict=False):
        seen.dictionaries[int(match[1])] = _dictionary(data, match.end(), end)
    left = limits.expanded
    view, end = memoryview(data), -1
    images = []
    for match in _STREAM.finditer(data):
        index = bisect(begins, match.start()) - 1
        if index < 0 or match.start() - begins[index] > _LONGEST_DICTIONARY:
            continue
        number, head = int(objects[index][1]), plain(data[begins[index] : match.start()])
        if end < match.end():
            end = data.find(b"endstream", match.end())
            end = end if end >= 0 else len(data)
        content = view[match.end() : end]
        if _IMAGE.search(head):
            images.append((number, head, content))
        else:
            left = _less(left, _look(number, head, content, left, seen), name, limits)
    decoded = _decoded(seen) if images else set()
    for number, head, content in images:
        if number in decoded:
            left = _less(left, _look(number, head, content, left, seen), name, limits)
    if _drawings(seen) > _MOST_DRAWINGS:
        raise ReadError(
            f"{name}: the forms of this PDF draw themselves, or one another without end; print it anew to PDF"
        )


def _less(left: int, size: int, name: str, limits: Limits) -> int:
    """Return what is left of the limit."""
    if size > left:
        raise ReadError(
            f"{name}: the streams of this PDF expand to more than the limit of {limits.expanded:,} bytes; "
            "print it anew to PDF, or raise the limit `expanded`"
        )
    return left - size


def _dictionary(data: bytes, start: int, end: int) -> bytes:
    end = min(end, start + _LONGEST_DICTIONARY)
    return plain(data[start:end].partition(b"endobj")[0].partition(b"stream")[0])


def _look(number: int, head: bytes, content: memoryview, left: int, seen: _Seen) -> int:
    """Expand a stream, no further than `left`; note what it holds, and return how many bytes it is."""
    is_form, is_holder = bool(_FORM.search(head)), bool(_HOLDER.search(head))
    size, drawn, kept = 0, 0, []
    for value in _FILTER.findall(head):
        # A filter, or a list of them, may be an object of its own.
        head += b" ".join(seen.dictionaries.get(int(each), b"")[:_LONGEST_FILTER] for each in _REFERENCE.findall(value))
    for piece, following in _with_next(expanded(content, head)):
        size += len(piece)
        size += _inline(piece, following, left - size)
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


def _decoded(seen: _Seen) -> set[int]:
    """Return the numbers of the streams that are decoded for the text."""
    found: set[int] = set()
    for dictionary in seen.dictionaries.values():
        for value in _TEXT.findall(dictionary):
            for number in {int(each) for each in _REFERENCE.findall(value)}:
                found.add(number)
                # A list of streams may be an object of its own.
                inner = seen.dictionaries.get(number, b"").lstrip()
                found.update(int(each) for each in _REFERENCE.findall(inner) if inner.startswith(b"["))
    return found


def _with_next(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    before = b""
    for piece in chain(pieces, (b"",)):
        if before:
            yield before, piece
        before = piece


def _inline(piece: bytes, following: bytes, left: int) -> int:
    """Return to how many bytes the images expand that begin in a piece of a drawing; pdfium expands them to find where they end."""
    found = list(_INLINE.finditer(piece))
    both = piece + following if found else b""
    ends = [*(each.start() for each in found[1:]), len(both)]
    size = 0
    for match, end in zip(found, ends, strict=False):
        for part in expanded(both[match.end() : end], match[1]):
            size += len(part)
            if size > left:
                return size
    return size


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
