"""What a web page says about its paper in <meta> elements and in JSON-LD."""

from __future__ import annotations

import json
import re
from typing import Any

from pipeline.readers.citing import clean

Element = Any
_HAN = re.compile(r"[\u3400-\u9fff]")
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_SEPARATOR = re.compile(r"\s*[;；]\s*")
_KEYWORDS = re.compile(r"\s*[;；,，、]\s*")
_SITE = re.compile(r"\s+[-–—|_·]+\s+|[_|]+")
_ARTICLES = ("ScholarlyArticle", "MedicalScholarlyArticle", "Article", "NewsArticle", "BlogPosting")
# The first of several names of <meta> that has a value counts.
_TITLE = ("citation_title", "dc.title", "dcterms.title", "prism.title", "og:title")
_AUTHORS = ("citation_author", "citation_authors", "dc.creator", "dcterms.creator", "dc.contributor")
_DATES = ("dc.date", "dcterms.issued", "dc.date.issued", "prism.publicationdate", "article:published_time")
_FIELDS = {
    "doi": ("citation_doi", "prism.doi", "dc.identifier", "dc.identifier.doi", "dcterms.identifier"),
    "pmid": ("citation_pmid",),
    "pmcid": ("citation_pmcid", "citation_pmc"),
    "journal": ("citation_journal_title", "prism.publicationname", "dc.source", "dcterms.ispartof"),
    "year": ("citation_year", "citation_publication_date", "citation_date", "citation_online_date", *_DATES),
    "volume": ("citation_volume", "prism.volume", "dc.citation.volume"),
    "issue": ("citation_issue", "prism.number", "dc.citation.issue"),
    "license": ("dc.rights", "dcterms.license", "dcterms.rights"),
}
_PAGES = (("first", "prism.startingpage"), ("last", "prism.endingpage"))
_WORDS = ("citation_keywords", "citation_keyword", "dc.subject", "keywords")


def front(root: Element) -> tuple[str | None, dict[str, Any]]:
    """Return the title and the metadata of a page; of several languages the Chinese."""
    said = _meta(root)
    linked = _json_ld(root)
    found: dict[str, Any] = {}
    for key, names in _FIELDS.items():
        values = [value for name in names for value in said.get(name, [])] + linked.get(key, [])
        found[key] = _value(key, values)
    pages = [_first(said.get(f"citation_{which}page", []) + said.get(prism, [])) for which, prism in _PAGES]
    found["pages"] = "-".join(dict.fromkeys(filter(None, pages))) or _first(said.get("citation_pages", []))
    found["authors"] = _authors(said) or linked.get("authors", [])
    words = next((said[name] for name in _WORDS if name in said), linked.get("keywords", []))
    found["keywords"] = [word for one in words for word in _KEYWORDS.split(one.strip()) if word]
    titles = [title for name in _TITLE for title in said.get(name, [])] + linked.get("title", [])
    page = root.find(".//title")
    if not titles and page is not None:
        titles = [part for part in _SITE.split(" ".join("".join(page.itertext()).split())) if part][:1]
    return _chinese(titles), {key: value for key, value in found.items() if value}


def _meta(root: Element) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").strip().casefold()
        value = " ".join((element.get("content") or "").split())
        if name and value:
            said.setdefault(name.replace("dc:", "dc."), []).append(value)
    return said


def _first(values: list[str]) -> str | None:
    return values[0] if values else None


def _chinese(values: list[str]) -> str | None:
    return next((value for value in values if _HAN.search(value)), _first(values))


def _value(key: str, values: list[str]) -> str | int | None:
    if key in ("doi", "year"):
        pattern = _DOI if key == "doi" else _YEAR
        found = next((match[0] for value in values if (match := pattern.search(value))), None)
        return int(found) if found and key == "year" else found
    return _chinese(values) if key == "journal" else _first(values)


def _authors(said: dict[str, list[str]]) -> list[str]:
    values = next((said[name] for name in _AUTHORS if name in said), [])
    names = [name for value in values for name in _SEPARATOR.split(value)]
    if len(names) == 1 and _HAN.search(names[0]):
        names = _KEYWORDS.split(names[0])
    return _one_script(names)


def _one_script(names: list[str]) -> list[str]:
    """Return the names once: the Chinese ones where there are any, written together."""
    names = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    chinese = [re.sub(r"[\s,，]", "", name) for name in names if _HAN.search(name)]
    return chinese or names


def _json_ld(root: Element) -> dict[str, list[str]]:
    """Return what the first article of the page's JSON-LD says; what cannot be read as such is passed over."""
    for script in root.iter("script"):
        if (script.get("type") or "").strip().casefold() != "application/ld+json":
            continue
        try:
            data = json.loads("".join(script.itertext()))
        except (ValueError, RecursionError):
            continue
        for item in _items(data):
            if _is_article(item):
                return _of_article(item)
    return {}


def _items(data: Any) -> list[dict[str, Any]]:
    several = data if isinstance(data, list) else [data]
    items = [item for item in several if isinstance(item, dict)]
    return items + [item for one in items for item in _list(one.get("@graph")) if isinstance(item, dict)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _is_article(item: dict[str, Any]) -> bool:
    return any(kind in _ARTICLES for kind in _list(item.get("@type")) if isinstance(kind, str))


def _texts(value: Any) -> list[str]:
    """Return strings, or the names of things that have one."""
    texts = [one.get("name") or one.get("@id") if isinstance(one, dict) else one for one in _list(value)]
    return [" ".join(clean(text).split()) for text in texts if isinstance(text, str) and text.strip()]


def _of_article(item: dict[str, Any]) -> dict[str, list[str]]:
    found = {
        "title": _texts(item.get("headline")) + _texts(item.get("name")),
        "authors": _one_script(_texts(item.get("author"))),
        "year": _texts(item.get("datePublished")),
        "journal": _texts(item.get("isPartOf")) + _texts(item.get("publication")),
        "doi": [text for key in ("identifier", "sameAs", "@id", "url") for text in _texts(item.get(key))],
        "keywords": _texts(item.get("keywords")),
        "license": _texts(item.get("license")),
        "volume": _texts(item.get("volumeNumber")),
        "issue": _texts(item.get("issueNumber")),
    }
    return {key: values for key, values in found.items() if values}
