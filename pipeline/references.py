"""The numbered reference list of a paper: its entries by number, and what each says of the work it names.

Entries are found by their labels, whatever form these have (`[1]`, `[1`, `(1)`, `1)`, `1.`, `1、`); a list without
numbers has none to be cited by. The parts of an entry are read in the forms of GB/T 7714 (`作者. 题名[J]. 刊名, 年, 卷(期): 页`),
Vancouver (`Authors. Title. Journal. Year;Volume(Issue):Pages`) and those that print the year behind the authors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.model import Reference, Section
from pipeline.normalise import Block, Normalised
from pipeline.normalise.characters import HAN

_FOREIGN = frozenset({"heading", "image", "table", "caption", "running_head", "front"})
# A layout model may read the closing bracket as a letter, or lose it; a line's number may stand before the label.
_BRACKETED = re.compile(r"(?:\d{1,3} ?)?[\[【] ?(?P<number>\d{1,3}) ?[\]】)lJI|\"”’']?[ .]*")
_OTHERS = (
    re.compile(r"\((?P<number>\d{1,3})\)[ .]*"),
    re.compile(r"(?P<number>\d{1,3})[\])】][ .]*"),
    re.compile(rf"(?P<number>\d{{1,3}})(?:[.、．] ?| +|(?=[{HAN}]|[A-Z][a-z]))(?=[A-Z{HAN}a-z])"),
)
# What stands before and behind the number of a label inside a block: an entry's end, and the beginning of the next.
_BEFORE = (
    re.compile(rf"(?<=[\d.\])}}。\"”a-zA-Z{HAN}])[ \d]{{0,5}}(?P<label>(?P<open>[\[【] ?)?)\Z"),
    re.compile(r"(?:(?<=[.。])|(?<=\d) )[ ]*(?P<label>\(?)\Z"),
)
_OPENED = re.compile(rf" ?[\]】)lJI|\"”’']?(?=[ .]{{0,2}}[A-Z{HAN}])")
_CLOSED = re.compile(rf" ?\](?=[ .]{{0,2}}[A-Z{HAN}])")
_DOTTED = re.compile(rf"(?:[.、．)\]] ?| ?(?=[A-Z][a-z]|[A-Z]{{2}}|[A-Z] |[{HAN}]))(?=[A-Z{HAN}])")
_ABSTRACT = re.compile(r"(?:\d{1,3} ?)?[\[【(]?(?:Abstract|ABSTRACT|摘 ?要|Key ?words)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# What stands behind the last entry: the editor's name, a line's number.
_TAIL = re.compile(
    r"[ ]*(?:https?://www\.[\w.]+[ ]*$|[(\[](?:责任|本文)?(?:编辑|责编|编校|校对)[:：][^()]*[)\]]?|(?<=[.。]) ?\d{1,3}[ ]*$)"
)
# Where one work of a stretch without labels ends, and the next begins, maybe behind a label that was misread.
_NEXT = rf"(?= ?(?:[\[\dlIioO.()]{{0,5}}[\]”\"’)] ?)?[A-Z{HAN}]|$)"
_WORK = re.compile(
    rf"(?:19|20)\d\d[,;] ?[\dA-Z()./ ]{{0,20}}[:：] ?[\dA-Za-z\-~,]+[.。]?{_NEXT}"
    rf"|\[D\][^\[\]]{{4,40}}?(?:19|20)\d\d(?:[:：][\d\-]+)?[.。]?{_NEXT}"
)
_MISREAD = re.compile(r"[ .]*(?:[\[\dlIioO.()]{0,5}[\]”\"’)] ?)?")
# An entry of the usual form.
_WHOLE = re.compile(r"[^\n]{20,600}?(?:19|20)\d\d[,;] ?[\dA-Z()./ ]{0,20}: ?[\dA-Z\-~,]+\.?")
_MOST = 500
_LONGEST_REST = 400


class _Label(NamedTuple):
    """The label of an entry inside a block."""

    number: int
    start: int
    end: int


class _Entry(NamedTuple):
    """A labelled entry; `spans` are its stretches of the normalised text, one a block."""

    number: int
    spans: list[tuple[int, int]]


def find_references(normalised: Normalised, sections: Sequence[Section], source: str) -> dict[str, tuple[str, str]]:
    """Return the entries of the reference list by number: each as printed in `source`, in one line, and normalised.

    `sections` have offsets in the normalised text.
    """
    found: dict[str, tuple[str, str]] = {}
    for entry in sorted(_entries(normalised, sections), key=lambda entry: entry.number):
        spans = [(start, end) for start, end in entry.spans if end > start]
        printed = [source[slice(*normalised.source_span(*span))] for span in spans]
        text = " ".join(normalised.text[start:end] for start, end in spans).strip()
        if text and str(entry.number) not in found:
            found[str(entry.number)] = (" ".join(" ".join(printed).split()), text)
    return found


def _entries(normalised: Normalised, sections: Sequence[Section]) -> list[_Entry]:
    """Read the list block by block; the first list of a paper that prints two is taken."""
    entries: list[_Entry] = []
    seen: set[int] = set()
    loose: list[tuple[int, int]] = []
    for block in _candidates(normalised, sections):
        text = normalised.text[block.start : block.end]
        current = entries[-1].number if entries else 0
        is_bracketed = not entries or _is_bracketed(normalised, entries)
        label = _label(text, current, seen, is_bracketed=is_bracketed)
        if label is None and not _ABSTRACT.match(text):
            following = _inside(text, 0, current, seen, is_bracketed=is_bracketed) or (
                None if entries else _inside(text, 0, current, seen, is_bracketed=False)
            )
            if following:
                loose += [(block.start, block.start + following.start)] if entries else []
                label = following.number, following.end
            elif entries and (len(text) <= _LONGEST_REST or _WORK.search(text)):
                loose.append((block.start, block.end))
        if label is None:
            continue
        number, length = label
        if entries:
            entries[-1].spans.extend(loose)
        loose = []
        parts = list(_split(text, number, length, seen))
        entries += [_Entry(part, [(block.start + start, block.start + end)]) for part, start, end in parts]
        seen.update(part for part, _, _ in parts)
    if loose and entries and not _YEAR.search(_text(normalised.text, entries[-1])):
        entries[-1].spans.append(loose[0])
    entries = list(_share_out(normalised.text, entries))
    for entry in entries:
        start, end = entry.spans[-1]
        if entry is entries[-1] and (whole := _WHOLE.match(normalised.text, start, end)):
            # What runs on behind the last entry is another text, unless it is the same work in English.
            is_other = end - whole.end() > _LONGEST_REST or not _YEAR.search(normalised.text, whole.end(), end)
            end = whole.end() if is_other else end
        tail = _TAIL.search(normalised.text, start, end)
        entry.spans[-1] = (start, tail.start() if tail else end)
    return entries


def _candidates(normalised: Normalised, sections: Sequence[Section]) -> Iterator[Block]:
    """Yield the blocks that may hold entries: those of the list's sections, and those that look like one elsewhere."""
    lists = [(section.start, section.end) for section in sections if section.kind == "references"]
    for block in normalised.blocks:
        in_list = any(start <= block.start < end for start, end in lists)
        # The ends of entries may look alike enough to be taken for a running head.
        is_end = block.kind == "running_head" and _YEAR.search(normalised.text, block.start, block.end)
        if block.kind == "reference" or (in_list and (block.kind not in _FOREIGN or is_end)):
            yield block


def _is_bracketed(normalised: Normalised, entries: list[_Entry]) -> bool:
    """Tell whether the labels of this list are in square brackets."""
    start = entries[0].spans[0][0]
    return bool(re.search(r"[\[【]\s?\d{1,3}[^\d]?[ .]*\Z", normalised.text[max(0, start - 8) : start]))


def _label(text: str, current: int, seen: set[int], *, is_bracketed: bool) -> tuple[int, int] | None:
    """Return the number that a block's label gives and the label's length.

    In brackets any new number counts, for columns may be read in another order; else only the next one.
    """
    if (match := _BRACKETED.match(text)) and 1 <= int(match["number"]) <= _MOST:
        number = int(match["number"])
        return (number, match.end()) if number not in seen else None
    if current and is_bracketed:
        return None
    for pattern in _OTHERS:
        if (match := pattern.match(text)) and int(match["number"]) in (current + 1, current + 2):
            return int(match["number"]), match.end()
    return None


def _inside(text: str, at: int, number: int, seen: set[int], *, is_bracketed: bool) -> _Label | None:
    """Find the label that follows `number` inside a block, from `at` on; one or two may have been lost before it."""
    for following in range(number + 1, number + (4 if is_bracketed else 3)):
        if following in seen:
            continue
        printed = str(following)
        place = text.find(printed, at)
        while place >= 0:
            end = place + len(printed)
            if before := _BEFORE[not is_bracketed].search(text, max(at, place - 8), place):
                is_open = is_bracketed and before["open"]
                behind = (_OPENED if is_open else _CLOSED if is_bracketed else _DOTTED).match(text, end)
                if behind:
                    return _Label(following, before.start("label"), behind.end())
            place = text.find(printed, place + 1)
    return None


def _split(text: str, number: int, at: int, seen: set[int]) -> Iterator[tuple[int, int, int]]:
    """Yield (number, start, end) of the entries in a block whose first is `number`, its text beginning at `at`."""
    is_bracketed = not set("[]【】").isdisjoint(text[max(0, at - 8) : at])
    while following := _inside(text, at, number, seen, is_bracketed=is_bracketed):
        yield number, at, following.start
        number, at = following.number, following.end
        at += len(text[at:]) - len(text[at:].lstrip(" ."))
    yield number, at, len(text)


def _share_out(text: str, entries: list[_Entry]) -> Iterator[_Entry]:
    """Yield the entries; one that holds just as many works as numbers were lost behind it gives each its own."""
    for entry, following in zip(entries, (*entries[1:], None), strict=bool(entries)):
        lost = following.number - entry.number if following else 1
        works: list[list[tuple[int, int]]] = [[]]
        for start, end in entry.spans:
            if works[0] and lost > 1 and (label := _MISREAD.match(text, start, end)):
                start = label.end()
            for match in _WORK.finditer(text, start, end) if lost > 1 else ():
                works[-1].append((start, match.end()))
                label = _MISREAD.match(text, match.end(), end)
                start = label.end() if label else match.end()
                works.append([])
            if text[start:end].strip():
                works[-1].append((start, end))
        works = [work for work in works if work]
        if lost > 1 and len(works) == lost:
            yield from (_Entry(number, work) for number, work in enumerate(works, entry.number))
        else:
            yield entry


def _text(text: str, entry: _Entry) -> str:
    return " ".join(text[start:end] for start, end in entry.spans)


_ZERO = re.compile(r"(?<=\d)[Oo]+(?=[\d(:,.\-) ]|$)|(?<=[(:\-])[Oo](?=\d)")
_DOI = re.compile(
    r"(?:(?:https?://)?(?:dx\.)?doi(?:\.org/|[ :：.])? ?)?(?P<doi>10\.\d{4,9}/[!-~]*[A-Za-z0-9])", re.IGNORECASE
)
_TYPE = re.compile(
    r" ?\[ ?(?P<type>[JMDCPSRNAGZ]|EB|DB|J/OL|EB/OL|DB/OL|C/OL|M/OL)(?:/[A-Z]{2})? ?(?:[\]})|l]|(?=\.))[ .,。]*(?://)? ?"
)
# A Chinese work is often printed a second time, in English.
_AGAIN = re.compile(_MISREAD.pattern + r"[A-Z][A-Za-z\-]*[ ,]?[A-Za-z].{30}")
_BROKEN_TYPE = re.compile(rf"(?<=[a-z{HAN}?])\[?J[\]l}}]\.(?=[A-Z{HAN} ])")
_REPLY = re.compile(r"[;,] ?(?:author reply|discussion|quiz).{0,30}$|[.,; ]*\[?in press\]?\.?$", re.IGNORECASE)
_BOOKS = frozenset("MDPSRGZ") | {"EB", "EB/OL", "DB", "DB/OL", "M/OL"}
_VOLUME = r"(?:(?P<volume>[A-Z]?\d{1,4}(?:[/-]\d{1,4})?) ?)?(?:\((?P<issue>[^()]{1,24})\))?"
_PAGES = (
    r"(?:pp?\. ?)?(?P<pages>[A-Za-z]{0,4} ?\d[\dA-Za-z]*(?: \d{1,3})?"
    r"(?: ?[-~+,]{1,2} ?[A-Za-z]{0,4}\d[\dA-Za-z]*(?:\.e\d+)?(?: \d{1,2})?)*)"
)
_MONTH = r"(?:[, ]?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z.]*(?: ?\d{1,2}(?:-\d{1,2})?)?)?"
_TAILS = (
    re.compile(rf"(?P<year>(?:19|20)\d\d) ?: ?{_PAGES}[ .;,]*$"),
    # 2013,47(12):1027-1035; 2012;35(3):583; 2014: 385352; 2008,29(20).
    re.compile(rf"(?P<year>(?:19|20)\d\d)[a-z]?{_MONTH} ?[,;.:]? ?{_VOLUME}(?:(?P<sign> ?[:.,;]) ?{_PAGES})?[ .;,]*$"),
    # 47(12):1027-1035, 2013.
    re.compile(rf"(?<![\dA-Za-z]){_VOLUME} ?[:,] ?{_PAGES}[ ,.;]*\(?(?P<year>(?:19|20)\d\d)\)?[ .;]*$"),
    # 37(2):202-208, its year behind the authors.
    re.compile(
        rf"(?<![\dA-Za-z(])(?P<volume>[A-Z]?\d{{1,4}}) ?(?:\((?P<issue>[^()]{{1,24}})\))? ?[:,] ?{_PAGES}[ .;]*$"
    ),
)
_YEAR_ON = re.compile(r"[,.;( ]+(?:19|20)\d\d(?!\d).*$")
_EARLY_YEAR = re.compile(r"[,. ]{0,2}\(?(?P<year>(?:19|20)\d\d)[a-z]?\)?[.,:]? ?")
_AUTHORS_END = re.compile(
    rf"(?:\bet ?al\b[ .,:：]*|(?<=[{HAN}, ])等[ .,:：]+|(?<=[A-Z{HAN}a-z])\.(?! ?[,;&]| ?[A-Z](?:[.,;]| [A-Z][.,])|-[A-Z]\.) ?|: (?=[A-Z]))"
)
_AND = re.compile(r" ?[,;，、；] ?(?:and |& ?)?| and | ?& ?")
_INITIALS = re.compile(r"(?:[A-Z][a-z]?\.?[ -]?){1,4}(?:Jr\.?|I{2,3})?")
_LAST_STOP = re.compile(r"[.?!] ?(?=[A-Z{han}][^.?!]*$)".replace("{han}", HAN))
_ABBREVIATED = re.compile(
    r"(?:(?<=[.?!\]])|^) ?(?P<journal>(?:[A-Z][A-Za-z&()\-]*\.? ?|(?:of|and|the|in|et|de|for|&|der|und) ){1,9})$"
)


def parse_reference(text: str) -> Reference:
    """Read the parts that an entry prints; what it does not print, or what cannot be told apart, is None.

    `text` is the entry without its label, in half-width characters as normalisation leaves it.

    >>> entry = parse_reference("张三，李四，等。骨吸收的机制[J].生理学报，2014,44(3):45-46.")
    >>> entry.authors, entry.title, entry.journal, entry.year, entry.volume, entry.issue, entry.pages
    (['张三', '李四'], '骨吸收的机制', '生理学报', 2014, '44', '3', '45-46')
    >>> entry = parse_reference("Smith BJ, Lerner MR. Systemic effects. Bone. 2006;38:378-86. doi:10.1000/b.1")
    >>> entry.authors, entry.title, entry.journal, entry.pages, entry.doi
    (['Smith BJ', 'Lerner MR'], 'Systemic effects', 'Bone', '378-86', '10.1000/b.1')
    """
    text = _ZERO.sub(
        lambda match: "0" * len(match[0]),
        text.replace("。", ".").replace("，", ",").replace("；", ";").replace("：", ":"),
    )
    text = _REPLY.sub("", _BROKEN_TYPE.sub("[J].", text))
    if (first := _WORK.search(text)) and _AGAIN.match(text, first.end()):
        text = text[: first.end()]
    doi = _DOI.search(text)
    if doi:
        text = (text[: doi.start()] + text[doi.end() :]).strip(" .,;[]()")
    text, tail = _tail(text)
    kind = _TYPE.search(text)
    authors, rest, early = _authors(text[: kind.start()] if kind else text)
    journal: str | None
    if kind:
        title, journal = rest, (None if kind["type"] in _BOOKS else text[kind.end() :])
        year = tail.get("year") or early or _last_year(text[kind.end() :])
    else:
        title, journal = _apart(rest) if tail else (rest, None)
        year = tail.get("year") or early or _last_year(text)
    return Reference(
        authors=authors,
        title=_bare(title),
        journal=_bare(_YEAR_ON.sub("", journal or "")),
        year=int(year) if year else None,
        volume=tail.get("volume"),
        issue=tail.get("issue"),
        pages=tail.get("pages"),
        doi=doi["doi"] if doi else None,
    )


def _tail(text: str) -> tuple[str, dict[str, str]]:
    """Take year, volume, issue and pages from the end of an entry."""
    for pattern in _TAILS:
        if match := pattern.search(text):
            groups = {name: value.strip() for name, value in match.groupdict().items() if value and name != "sign"}
            if "pages" in groups:
                groups["pages"] = groups["pages"].replace(" ", "").replace("~", "-")
            return text[: match.start()], groups
    return text, {}


def _authors(head: str) -> tuple[list[str], str, str | None]:
    """Part the authors from what follows, and take the year that may stand between."""
    match = _AUTHORS_END.search(head)
    early = _EARLY_YEAR.search(head)
    if early and 0 < early.start() < (match.end() + 2 if match else 100):
        names, rest, year = head[: early.start()], head[early.end() :], early["year"]
    elif match:
        names, rest, year = head[: match.start()], head[match.end() :], None
    else:
        return [], head, None
    if (following := _EARLY_YEAR.match(rest)) and year is None:
        rest, year = rest[following.end() :], following["year"]
    return _names(names), rest, year


def _names(text: str) -> list[str]:
    """List the names; initials that a comma parts from their surname are put back."""
    names: list[str] = []
    for name in _AND.split(re.sub(r"\bet ?al\b\.?|等$", "", text)):
        name = name.strip(" .*")
        if names and _INITIALS.fullmatch(name) and not re.search(r" [A-Z]{1,3}$", names[-1]):
            names[-1] = f"{names[-1]} {name}"
        elif name:
            names.append(name)
    return names


def _apart(rest: str) -> tuple[str, str | None]:
    """Part a title from the journal behind it where no type of document stands between."""
    rest = rest.rstrip(" .,;")
    if (match := _ABBREVIATED.search(rest)) and match.start() > 5:
        return rest[: match.start()], match["journal"]
    stops = list(_LAST_STOP.finditer(rest))
    return (rest[: stops[-1].start()], rest[stops[-1].end() :]) if stops else (rest, None)


def _last_year(text: str) -> str | None:
    years = _YEAR.findall(text)
    return years[-1] if years else None


def _bare(text: str | None) -> str | None:
    return (text or "").lstrip("?").strip(" .,;:-/[]") or None
