"""What a JATS article says about itself, and its reference list: metadata, labels, readable entries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

Element = Any
Text = Callable[[Element], str]
_HAN = re.compile(r"[\u3400-\u9fff]")
_LABEL = re.compile(r"[\[［(（]?\s*(\d{1,4})\s*[\]］)）]?\s*[.．、]?")
_CITATIONS = ("mixed-citation", "element-citation", "nlm-citation", "citation")
_XLINK = "{http://www.w3.org/1999/xlink}href"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_IDENTIFIERS = {"doi": "doi", "pmid": "pmid", "pmc": "pmcid", "pmcid": "pmcid"}
_DATES = ("pub-date", "date")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")


def is_chinese(text: str) -> bool:
    """Tell whether a text holds Chinese characters."""
    return bool(_HAN.search(text))


def language(element: Element) -> str:
    """Return the language that an element says it is in, as its two first letters, or an empty string."""
    return (element.get(_LANG) or "")[:2].casefold()


def chinese_first(texts: Iterable[str]) -> str | None:
    """Return the first Chinese text, or the first."""
    found = [text for text in texts if text]
    return next(filter(is_chinese, found), found[0] if found else None)


def article_meta(article: Element) -> Element | None:
    """Return what heads an article, or a translation that is part of one."""
    meta = article.find("front/article-meta")
    return article.find("front-stub") if meta is None else meta


def metadata(article: Element, text: Text) -> dict[str, Any]:
    """Return what the front of an article says; what it leaves out is not there."""
    meta = article_meta(article)
    if meta is None:
        return {}
    found: dict[str, Any] = {}
    for identifier in meta.findall("article-id"):
        key = _IDENTIFIERS.get(identifier.get("pub-id-type") or "")
        if key and (value := text(identifier)):
            found.setdefault(key, f"PMC{value}" if key == "pmcid" and value.isdigit() else value)
    titles = [
        *article.iterfind("front/journal-meta//journal-title"),
        *article.iterfind("front/journal-meta//trans-title"),
    ]
    found["journal"] = chinese_first(map(text, titles))
    years = [_first(date, "year", text) for tag in _DATES for date in meta.iterfind(tag)]
    found["year"] = next((int(year) for year in years if year and _YEAR.fullmatch(year)), None)
    found["volume"], found["issue"] = _first(meta, "volume", text), _first(meta, "issue", text)
    pages = [_first(meta, tag, text) for tag in ("fpage", "lpage")]
    found["pages"] = "-".join(dict.fromkeys(filter(None, pages))) or _first(meta, "elocation-id", text)
    contributors = meta.iterfind("contrib-group/contrib")
    authors = [author(one, text) for one in contributors if one.get("contrib-type", "author") == "author"]
    found["authors"] = [name for name in authors if name]
    found["keywords"] = _keywords(meta, text)
    found["license"] = _license(meta, text)
    return {key: value for key, value in found.items() if value}


def author(contributor: Element, text: Text) -> str:
    """Return a contributor's name; of several the Chinese one, surname first."""
    names = [person(name, text) for name in contributor.iter("name", "string-name")]
    if not names:
        names = [text(name) for name in contributor.iter("collab", "anonymous")]
    return chinese_first(names) or ""


def person(name: Element, text: Text, *, is_cited: bool = False) -> str:
    """Return a name: surname first where it is Chinese, says so or stands in a reference; given names first in a Western one."""
    surname, given = _first(name, "surname", text), _first(name, "given-names", text)
    if surname is None and given is None:
        return text(name)
    if is_chinese(f"{surname}{given}"):
        return f"{surname or ''}{given or ''}"
    parts = (surname, given) if is_cited or name.get("name-style") == "eastern" else (given, surname)
    return " ".join(filter(None, parts))


def _first(element: Element, tag: str, text: Text) -> str | None:
    found = element.find(tag)
    return None if found is None else text(found) or None


def _keywords(meta: Element, text: Text) -> list[str]:
    groups = [[text(word) for word in group.iter("kwd")] for group in meta.iterfind("kwd-group")]
    groups = [[word for word in group if word] for group in groups]
    return next((group for group in groups if is_chinese("".join(group))), groups[0] if groups else [])


def _license(meta: Element, text: Text) -> str | None:
    for found in meta.iterfind("permissions/license"):
        links = [found.get(_XLINK), *(link.get(_XLINK) for link in found.iter("ext-link"))]
        reference = next((text(one) for one in found.iter("license_ref")), None)
        value = reference or next(filter(None, links), None) or text(found)
        if value:
            return str(value)
    return None


def reference_numbers(article: Element, text: Text) -> list[tuple[int, Element]]:
    """Return the entries of the reference lists with their numbers: the labels', or where these are none the positions."""
    parts = article.iterchildren("front", "body", "floats-group")
    entries = list(article.iterfind("back//ref")) or [entry for part in parts for entry in part.iter("ref")]
    labels = []
    for entry in entries:
        label = entry.find("label")
        match = None if label is None else _LABEL.fullmatch(text(label))
        labels.append(int(match[1]) if match else None)
    numbers = [label or position for position, label in enumerate(labels, 1)]
    if len(set(numbers)) < len(numbers):
        numbers = list(range(1, len(numbers) + 1))
    return list(zip(numbers, entries, strict=True))


def reference_text(entry: Element, text: Text) -> str:
    """Return an entry as one line; of the same entry in several languages the first."""
    found: list[str] = []
    for child in entry:
        if child.tag == "citation-alternatives":
            alternatives = [_citation(one, text) for one in child if one.tag in _CITATIONS]
            found += [one for one in alternatives if one][:1]
        elif child.tag in _CITATIONS:
            found.append(_citation(child, text))
        elif child.tag == "note":
            found.append(text(child))
    return "; ".join(filter(None, found)) or " ".join(text(child) for child in entry if child.tag != "label")


def _citation(citation: Element, text: Text) -> str:
    """Return a citation as its publisher punctuated it, or else with plain punctuation."""
    between = [citation.text, *(child.tail for child in citation)]
    if not len(citation) or any(part and part.strip() for part in between):
        return text(citation)
    parts = [_names(citation, text)]
    for tags in (("article-title", "chapter-title", "data-title"), ("source",)):
        parts += [text(one) for one in citation if one.tag in tags]
    place = [_first(citation, tag, text) for tag in ("publisher-loc", "publisher-name")]
    parts.append(": ".join(filter(None, place)))
    volume, issue = _first(citation, "volume", text), _first(citation, "issue", text)
    when = ", ".join(filter(None, (_first(citation, "year", text), volume))) + (f"({issue})" if issue else "")
    pages = [_first(citation, tag, text) for tag in ("fpage", "lpage")]
    where = "-".join(filter(None, pages)) or _first(citation, "elocation-id", text)
    parts.append(": ".join(filter(None, (when, where))))
    parts += [f"{one.get('pub-id-type')}: {text(one)}" for one in citation.iter("pub-id") if one.get("pub-id-type")]
    line = ". ".join(part.strip().rstrip(".") for part in parts if part and part.strip())
    return f"{line}." if line else text(citation)


def _names(citation: Element, text: Text) -> str:
    """Return the names of a citation's people, as many as it gives."""
    names = []
    for name in citation.iter("name", "string-name", "collab", "etal"):
        if name.tag == "etal":
            names.append(text(name) or "et al")
        else:
            names.append(text(name) if name.tag == "collab" else person(name, text, is_cited=True))
    return ", ".join(filter(None, names))
