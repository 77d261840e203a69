"""PDF files whose objects loop, lie, are missing or swell."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterator

from making.broken.case import Case, given, swollen

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_DRAWN = b"BT /F 12 Tf 72 700 Td (IL-6 increases bone resorption.) Tj ET"
_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
Objects = dict[int, bytes]


def stream(content: bytes, entries: bytes = b"", *, length: int | None = None) -> bytes:
    """Return a stream object; `length` is what it says of itself."""
    size = len(content) if length is None else length
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (size, entries, content)


def sound() -> Objects:
    """Return the objects of a file of one page that is in order."""
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: _PAGE,
        4: stream(_DRAWN),
        5: _FONT,
    }


def pdf(objects: Objects, *, trailer: bytes = b"", shift: int = 0) -> bytes:
    """Write the objects with their table; `shift` makes its offsets wrong."""
    data = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    offsets = {}
    for number, content in objects.items():
        offsets[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    size = max(objects) + 1
    table = b"".join(
        b"%010d 00000 n \n" % (offsets[number] + shift) if number in offsets else b"0000000000 65535 f \n"
        for number in range(size)
    )
    end = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
    return data + b"xref\n0 %d\n" % size + table + end % (size, trailer, len(data))


def _pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(10, 10 + count))
    tree = {2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)}
    return pdf(sound() | tree | dict.fromkeys(range(10, 10 + count), _PAGE))


def _swollen(size: int, times: int = 1) -> bytes:
    """Return a page whose content is a sound drawing and then `size` spaces, deflated `times` times."""
    content = swollen(_DRAWN, size)
    for _ in range(times - 1):
        content = zlib.compress(content, 9)
    filters = b"/Filter [%s]" % (b"/FlateDecode " * times)
    return pdf(sound() | {4: stream(content, filters)})


def cases() -> Iterator[Case]:
    """Yield the cases of this module."""
    yield given("pdf/sound.pdf", "read", pdf(sound()))
    yield from _trees()
    yield from _tables()
    yield from _streams()
    yield from _fonts()


def _trees() -> Iterator[Case]:
    trees = {
        "loop": {2: b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"},
        "long-loop": {
            2: b"<< /Type /Pages /Kids [6 0 R] /Count 1 >>",
            6: b"<< /Type /Pages /Parent 2 0 R /Kids [7 0 R] /Count 1 >>",
            7: b"<< /Type /Pages /Parent 6 0 R /Kids [2 0 R] /Count 1 >>",
        },
        "page-twice": {2: b"<< /Type /Pages /Kids [3 0 R 3 0 R 3 0 R] /Count 3 >>"},
        "parent-loop": {3: _PAGE.replace(b"/Parent 2 0 R", b"/Parent 3 0 R").replace(b"/MediaBox [0 0 595 842]", b"")},
        "no-kids": {2: b"<< /Type /Pages /Kids [] /Count 0 >>"},
        "kids-missing": {2: b"<< /Type /Pages /Kids [90 0 R 91 0 R] /Count 2 >>"},
        "count-too-large": {2: b"<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>"},
        "count-negative": {2: b"<< /Type /Pages /Kids [3 0 R] /Count -5 >>"},
        "catalog-is-page": {1: b"<< /Type /Catalog /Pages 3 0 R >>"},
        "no-catalog": {1: b"null"},
        "catalog-of-itself": {1: b"1 0 R"},
        "no-box": {3: _PAGE.replace(b"/MediaBox [0 0 595 842]", b"")},
        "empty-box": {3: _PAGE.replace(b"[0 0 595 842]", b"[0 0 0 0]")},
        "upside-down-box": {3: _PAGE.replace(b"[0 0 595 842]", b"[595 842 0 0]")},
        "endless-box": {3: _PAGE.replace(b"[0 0 595 842]", b"[-1e30 -1e30 1e30 1e30]")},
        "box-of-words": {3: _PAGE.replace(b"[0 0 595 842]", b"[/A (b) null true]")},
        "turned": {3: _PAGE.replace(b"/Contents", b"/Rotate 90 /Contents")},
        "no-contents": {3: _PAGE.replace(b"/Contents 4 0 R", b"")},
        "outline-loop": {
            1: b"<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R >>",
            6: b"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>",
            7: b"<< /Title (loop) /Parent 6 0 R /Next 7 0 R /First 6 0 R /Dest [3 0 R /Fit] >>",
        },
        "script": {
            1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (while\\(true\\){}) >> >>",
        },
    }
    for name, objects in trees.items():
        yield given(f"pdf/tree-{name}.pdf", "either", pdf(sound() | objects))
    yield Case("pdf/tree-3000-pages.pdf", "error", lambda: _pages(3000))
    yield Case("pdf/tree-deep.pdf", "either", _deep)


def _deep() -> bytes:
    depth = 5000
    tree = {n: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (n + 1) for n in range(10, 10 + depth)}
    return pdf(sound() | {2: b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>"} | tree | {10 + depth: _PAGE})


def _tables() -> Iterator[Case]:
    good = pdf(sound())
    at = int(good.rpartition(b"startxref\n")[2].split()[0])
    yield given("pdf/table-shifted.pdf", "either", pdf(sound(), shift=7))
    yield given("pdf/table-of-itself.pdf", "either", pdf(sound(), trailer=b"/Prev %d" % at))
    yield given("pdf/table-missing.pdf", "either", good[:at])
    yield given(
        "pdf/table-far-away.pdf", "either", good.replace(b"startxref\n%d" % at, b"startxref\n99999999999999999999")
    )
    yield given("pdf/table-too-large.pdf", "either", good.replace(b"xref\n0 6", b"xref\n0 2147483647", 1))
    yield given("pdf/root-missing.pdf", "either", good.replace(b"/Root 1 0 R", b""))
    yield given("pdf/header-only.pdf", "error", b"%PDF-1.7\n")
    yield given("pdf/header-and-end.pdf", "error", b"%PDF-1.7\n%%EOF\n")
    yield given("pdf/begins-late.pdf", "either", b"\n" * 900 + good)
    yield given("pdf/encrypted-by-nobody.pdf", "error", pdf(sound(), trailer=b"/Encrypt << /Filter /Nobody /V 1 >>"))
    locked = b"/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]"
    yield given("pdf/encrypted.pdf", "error", pdf(sound(), trailer=locked % (b"ab" * 32, b"cd" * 32)))
    yield given("pdf/arrays.pdf", "either", pdf(sound() | {6: b"[" * 100_000 + b"]" * 100_000}, trailer=b"/Info 6 0 R"))
    yield given("pdf/dictionaries.pdf", "either", pdf(sound() | {6: b"<</A " * 50_000}, trailer=b"/Info 6 0 R"))


def _forms(page: bytes, *, depth: int, times: int) -> Objects:
    """Return forms from number 6 on, each of which draws the next several times, and a page that draws the first."""
    objects = {
        3: page,
        4: stream(_DRAWN + b" /X Do"),
        6 + depth: stream(_DRAWN, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]"),
    }
    for number in range(6, 6 + depth):
        inner = b"/Resources << /XObject << /X %d 0 R >> >>" % (number + 1)
        form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] " + inner
        objects[number] = stream(b"/X Do " * times, form)
    return objects


def _streams() -> Iterator[Case]:
    holder = stream(b"3 0 " + _PAGE, b"/Type /ObjStm /N 1 /First 4 /Extends 6 0 R")
    yield given(
        "pdf/object-stream-of-itself.pdf", "either", pdf({n: o for n, o in sound().items() if n != 3} | {6: holder})
    )
    two = {6: stream(b"7 0 8 0 R", b"/Type /ObjStm /N 1 /First 4 /Extends 7 0 R")}
    two[7] = stream(b"6 0 7 0 R", b"/Type /ObjStm /N 1 /First 4 /Extends 6 0 R")
    yield given("pdf/object-streams-of-each-other.pdf", "either", pdf(sound() | two))
    itself = {4: b"<< /Length 4 0 R >>\nstream\n" + _DRAWN + b"\nendstream"}
    yield given("pdf/stream-length-of-itself.pdf", "either", pdf(sound() | itself))
    for length in (0, 5, 10**9, -1):
        yield given(f"pdf/stream-length-says-{length}.pdf", "either", pdf(sound() | {4: stream(_DRAWN, length=length)}))
    yield given("pdf/stream-not-deflated.pdf", "either", pdf(sound() | {4: stream(_DRAWN, b"/Filter /FlateDecode")}))
    yield given("pdf/stream-unknown-filter.pdf", "either", pdf(sound() | {4: stream(_DRAWN, b"/Filter /NoSuchDecode")}))
    yield given("pdf/stream-of-100-filters.pdf", "either", _swollen(0, 100))
    yield Case("pdf/bomb.pdf", "error", lambda: _swollen(600_000_000))
    yield Case("pdf/bomb-of-bombs.pdf", "error", lambda: _swollen(600_000_000, 2))
    yield from _bombs()
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X 6 0 R >> /Font << /F 5 0 R >> >>"
    page = _PAGE.replace(b"/Font", b"/XObject << /X 6 0 R >> /Font")
    again = {3: page, 4: stream(_DRAWN + b" /X Do"), 6: stream(b"/X Do /X Do " + _DRAWN, form)}
    yield given("pdf/form-of-itself.pdf", "error", pdf(sound() | again))
    yield given("pdf/forms-of-forms.pdf", "error", pdf(sound() | _forms(page, depth=12, times=10)))
    yield given("pdf/forms-within-forms.pdf", "read", pdf(sound() | _forms(page, depth=3, times=2)))
    image = stream(
        b"\0" * 100, b"/Type /XObject /Subtype /Image /Width 10 /Height 10 /ColorSpace /DeviceGray /BitsPerComponent 8"
    )
    scanned = {3: page, 4: stream(b"q 595 0 0 842 0 0 cm /X Do Q"), 6: image}
    yield given("pdf/scanned.pdf", "error", pdf(sound() | scanned))
    huge = image.replace(b"/Width 10 /Height 10", b"/Width 2000000000 /Height 2000000000")
    yield given("pdf/image-too-large.pdf", "error", pdf(sound() | scanned | {6: huge}))
    yield given("pdf/unclosed-text.pdf", "either", pdf(sound() | {4: stream(b"BT /F 12 Tf (IL-6 ((( Tj")}))
    yield given("pdf/saved-states.pdf", "either", pdf(sound() | {4: stream(b"q " * 50_000 + _DRAWN)}))
    yield given("pdf/endless-numbers.pdf", "either", pdf(sound() | {4: stream(_DRAWN.replace(b"12 Tf", b"9e99 Tf"))}))
    yield given("pdf/no-size.pdf", "either", pdf(sound() | {4: stream(_DRAWN.replace(b"12 Tf", b"0 Tf"))}))
    yield Case(
        "pdf/one-line.pdf", "either", lambda: pdf(sound() | {4: stream(_DRAWN.replace(b"IL-6", b"IL-6 " * 100_000))})
    )


def lzw(rounds: int) -> bytes:
    """Return LZW data that a decoder expands to seven million spaces a round: each code is the one that it has just learnt."""
    codes = [(256, 9)]
    for _ in range(rounds):
        codes += [(32, 9), *((code, max((code + 1).bit_length(), 9)) for code in range(258, 4094)), (256, 12)]
    bits = "".join(f"{code:0{width}b}" for code, width in [*codes, (257, 9)])
    return int(bits + "0" * (-len(bits) % 8), 2).to_bytes((len(bits) + 7) // 8, "big")


def _bombs() -> Iterator[Case]:
    """Yield bombs behind every filter, and those that call themselves or stand beside something else."""
    size = 600_000_000

    def bomb(contents: Callable[[], bytes], entries: bytes, other: bytes = b"null", number: int = 4) -> bytes:
        return pdf(sound() | {number: stream(contents(), entries), 6: other})

    def flate() -> bytes:
        return swollen(_DRAWN, size)

    def runs() -> bytes:
        return b"\x81 " * (size // 128) + b"\x80"

    def inline() -> bytes:
        return _DRAWN + b" BI /W 24000 /H 24000 /BPC 8 /CS /G /F /Fl ID " + swollen(b"", size) + b" EI"

    bombs = {
        "lzw": lambda: bomb(lambda: lzw(size // 7_000_000), b"/Filter /LZWDecode"),
        "runs": lambda: bomb(runs, b"/Filter /RunLengthDecode"),
        "hexadecimal": lambda: bomb(lambda: flate().hex().encode() + b">", b"/Filter [/ASCIIHexDecode /FlateDecode]"),
        "base-85": lambda: bomb(lambda: base64.a85encode(flate()) + b"~>", b"/Filter [/A85 /Fl]"),
        "called-an-image": lambda: bomb(flate, b"/Subtype /Image /Filter /FlateDecode"),
        "image-inside": lambda: bomb(inline, b""),
        "filter-by-reference": lambda: bomb(flate, b"/Filter 6 0 R", b"[/FlateDecode]"),
        "filter-with-escapes": lambda: bomb(flate, b"/Filter /Fl#61teDecode"),
        "map": lambda: pdf(
            sound() | {5: _FONT[:-2] + b"/ToUnicode 6 0 R >>", 6: stream(flate(), b"/Filter /FlateDecode")}
        ),
    }
    for name, make in bombs.items():
        yield Case(f"pdf/bomb-{name}.pdf", "error", make)
    drawn = stream(_DRAWN + b" q 500 0 0 500 0 0 cm /X Do Q")
    page = _PAGE.replace(b"/Font", b"/XObject << /X 6 0 R >> /Font")
    image = b"/Type /XObject /Subtype /Image /Width 24000 /Height 24000 /ColorSpace /DeviceGray /BitsPerComponent 8"
    printed = {3: page, 4: drawn}
    yield Case(
        "pdf/image-large.pdf",
        "read",
        lambda: pdf(sound() | printed | {6: stream(swollen(b"", size), image + b" /Filter /FlateDecode")}),
    )
    title = {6: b"<< /Title <FEFF9AA8D83D> >>"}
    yield given("pdf/title-half-a-character.pdf", "read", pdf(sound() | title, trailer=b"/Info 6 0 R"))
    odd = {6: b"<< /Title <FEFF9AA89A> >>"}
    yield given("pdf/title-half-a-unit.pdf", "read", pdf(sound() | odd, trailer=b"/Info 6 0 R"))
    again = b"10 0 obj\n<< /Filter /FlateDecode /Length 9 >>\nstream\n"
    yield Case("pdf/streams-that-do-not-end.pdf", "read", lambda: pdf(sound() | {9: again * 5000}))
    yield Case("pdf/objects-that-do-not-end.pdf", "read", lambda: pdf(sound() | {9: _objects(300_000)}))


def _objects(count: int) -> bytes:
    return b"".join(b"%d 0 obj\n<< /A " % number for number in range(100, 100 + count))


def _fonts() -> Iterator[Case]:
    drawn = b"BT /F 12 Tf 72 700 Td <0001000200030004FFFFD800DC00> Tj ET"
    child = b"/DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) "
    child += b"/Ordering (Identity) /Supplement 0 >> >>]"
    wide = b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H %s >>"
    maps = {
        "without-map": b"",
        "map-missing": b"/ToUnicode 90 0 R",
        "map-of-noise": b"/ToUnicode 6 0 R",
        "map-of-surrogates": b"/ToUnicode 7 0 R",
        "map-of-nulls": b"/ToUnicode 8 0 R",
        "map-endless": b"/ToUnicode 9 0 R",
    }
    head = b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange "
    objects = {
        4: stream(drawn),
        6: stream(bytes(range(256))),
        7: stream(head + b"1 beginbfrange <0000> <FFFF> <D800> endbfrange endcmap"),
        8: stream(head + b"1 beginbfrange <0000> <00FF> <0000> endbfrange endcmap"),
        9: stream(head + b"2000000000 beginbfchar " + b"<0001> <9AA8> " * 100),
    }
    for name, entry in maps.items():
        font = wide % (child + b" " + entry)
        yield given(f"pdf/font-{name}.pdf", "either", pdf(sound() | objects | {5: font}))
    others = {
        "missing": b"null",
        "of-itself": b"5 0 R",
        "descends-from-itself": wide % b"/DescendantFonts [5 0 R]",
        "program-of-noise": wide % child.replace(b"/BaseFont /A", b"/BaseFont /A /FontDescriptor 6 0 R"),
        "not-embedded": wide.replace(b"Identity-H", b"UniGB-UCS2-H") % child.replace(b"Identity", b"GB1"),
        "of-drawings": b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /CharProcs << >> "
        b"/Encoding << /Differences [0 /a] >> /FirstChar 0 /LastChar 0 /Widths [1] >>",
    }
    program = {
        6: b"<< /Type /FontDescriptor /FontName /A /FontFile2 7 0 R /Flags 4 >>",
        7: stream(bytes(range(256)) * 9),
    }
    for name, font in others.items():
        yield given(f"pdf/font-{name}.pdf", "either", pdf(sound() | {4: stream(drawn)} | program | {5: font}))
