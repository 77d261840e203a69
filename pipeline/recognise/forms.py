"""Word forms: what the end or the shape of an unlisted name says about its type."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.tables import read_table, resource

_HAN_END = re.compile(r"[\u3400-\u9fff]")
_LATIN_FORMS = (
    ("drug", re.compile(r"[a-z]{3,}(?:mab|nib|statin|sartan|prazole|cillin|mycin|floxacin|gliptin|gliflozin)", re.I)),
    ("gene_or_protein", re.compile(r"(?:hsa-)?(?:let|mi(?:cro)?R(?:NA)?)-?\d+[\w-]*", re.I)),
    ("cell", re.compile(r"(?:[A-Z]{2,}[-\d]+ ?)?cells?", re.I)),
    # LY294002: compounds of a maker; Ser473: a residue; pET-28a: a vector; words in -ine, -ide and the like.
    ("chemical", re.compile(r"(?:[A-Z]{2}-?|[A-Z]{3}-)\d{5,6}")),
    (
        "chemical",
        re.compile(r"(?:Ala|Arg|Asn|Asp|Cys|Gln|Glu|Gly|His|Ile|Leu|Lys|Met|Phe|Pro|Ser|Thr|Trp|Tyr|Val)-?\d{1,4}"),
    ),
    (
        "chemical",
        re.compile(
            r"p(?:ET|cDNA|UC|MD|EGFP|GEX|GL|MAL|QE|PIC|IRES|CMV|LKO|Fast|SUPER|GEM|CAMBIA|Bluescript|Sico)[\w.+-]*"
        ),
    ),
    ("chemical", re.compile(r"[A-Z]?[a-z]{5,}(?:[dmnrz]ine|ide|[ao]ne|oside|olol|azole|ic acid)")),
)
_SYMBOL = re.compile(r"(?=.*[A-ZΑ-Ωα-ω])(?=.{2,})[\w\-/'’+.αβγδεκ]+")
_ROMAN = re.compile("[IVX]+")
# An amount: a unit (no_names.tsv) with its number, with what it is divided by.
_AMOUNT = re.compile(r"(?:[\d.,]*\d(?:[~×-][\d.]+)?)?(?P<unit>[^\W\d]+)(?:[/·].*)?")
_GLUED = re.compile(r"(?:^|(?<=[^\d.]))\d+(?:\.\d+)?(?P<unit>[^\W\d]+)(?:/[^\W\d]+)?$")
# No name holds such a sign: what does is a formula.
_FORMULA = re.compile(r"[<>=≤≥±≈≠%∑Σ]|°C?|[×~].*[×~]|_\{|\\")
# A phase of the cell cycle names something with 期 only.
_PHASE = re.compile("G[0-2]|S|M")
# A Latin name begins with a digit in chemistry only: 5-fluorouracil, 1,25-(OH)2D3.
_LOCANT = re.compile(r"\d+'?(?:,\d+'?)*-")
_STATISTIC = re.compile(r"\(?[A-Za-z]{1,2} ?[<>=≤≥]")
# What is looked up in a databank or a catalogue: accession numbers, standards, antibodies by their number.
_ACCESSION = re.compile(
    r"(?:A[BFJMY]|BC|DQ|E[FU]|FJ|G[QU]|H[MQ]|J[FNQX]|K[CFJMPRTUXY]|M[FGHKNTWZ]|O[KLMNPQR])\d{6}"
    r"|[A-Z]{1,2}\d{5,8}\.\d{1,2}|[NX][CMPRTW]_\d{6,9}(?:\.\d+)?|(?:GSE|GSM|GPL|PRJNA|SRR|SRP|ChiCTR-?|NCT)\d{3,}"
    r"|(?:DB\d\d/T?|GB/?T?|[HNY]Y/?T?)\d+(?:\.\d+)?(?:-\d{4})?|ab\d{4,6}|sc-\d{3,6}|10\.\d{4}/\S+"
)
# A primer: its bases, maybe with what it is called and its ends; a mature microRNA has fewer than such a name has.
_BASES = re.compile(r"(?:[\w-]*:)?(?:[53]['’′]?-?)?[ACGTU]{10,}-?(?:['’′]?-?[53]['’′]?)?", re.I)
_VERSION = re.compile(r"[-_ ]?[vV]?\.?(?:\d+(?:\.[\dxX]+)+|\d{4}|(?<=.{4})\d{1,2})")
# Shorter words are told from symbols by their case only (Stata, STAT).
_CASELESS = 5
# Reasons of no_names.tsv that say a maker or a product, which are written without a space before their number or kind.
_PRODUCTS = frozenset({"company or database", "database", "instrument", "software"})
# A name as long as this begins what it is glued to: GraphPadSoftware.
_GLUING = 6


class Forms:
    """Types of names by their form; the suffix table is read once."""

    def __init__(self, path: Path | None = None, no_names: Path | None = None) -> None:
        """Read the tables of suffixes and of what is no name."""
        none = read_table(no_names or resource("no_names.tsv"), ("word", "place", "reason"), key=("word",))
        self.no_names = frozenset(row["word"] for row in none)
        # Methods and makers of which a piece would be taken for a name: HE染色, 博奥森生物.
        self.chinese_no_names = tuple(
            row["word"] for row in none if row["place"] == "whole" and _HAN_END.search(row["word"])
        )
        self.no_ends = tuple(row["word"] for row in none if row["place"] == "end")
        # Units, statistics and words of prose, which numbers go before: no name begins or ends with them.
        self.units = frozenset(row["word"] for row in none if "unit" in row["place"].split("|"))
        # 化, 性, 症: what is cut off the end of the word before it.
        self.bound = frozenset(row["word"] for row in none if row["place"] == "begin")
        # 公司, 软件: what makes the unlisted Latin name before it that of a maker or tool.
        self.after = frozenset(row["word"] for row in none if row["place"] == "after")
        # and, of, cells: English words that stand between names or after one without being a part of it.
        self.joining = frozenset(row["word"] for row in none if "joining" in row["place"].split("|"))
        # 天根|生化|科技|有限公司: what may stand between the maker's own name and the word that says it is one.
        self.amid = frozenset(row["word"] for row in none if row["place"] == "amid")
        self.makers = frozenset(row["word"] for row in none if row["reason"] == "maker" and row["place"] == "after")
        # 购自: the name after it is that of a maker.
        self.bought = frozenset(row["word"] for row in none if row["place"] == "before")
        latin = {row["word"].casefold() for row in none if row["place"] == "whole" and is_latin(row["word"])}
        self._caseless = frozenset(word for word in latin if len(word) >= _CASELESS)
        # Not the short ones, which may well stand for what is before them: GE, BD.
        self._products = frozenset(
            row["word"].casefold() for row in none if row["reason"] in _PRODUCTS and len(row["word"]) >= _CASELESS
        )
        self._gluing = frozenset(word for word in self._products if len(word) >= _GLUING)
        self._longest_glued = max(map(len, self._gluing), default=0)
        rows = read_table(path or resource("suffixes.tsv"), ("suffix", "type", "head", "alone"), key=("suffix",))
        self.suffixes = {row["suffix"]: row["type"] for row in rows}
        # Words that make the name before them another thing (X受体), not an aspect of it (X基因).
        self.heads = {row["suffix"]: row["type"] for row in rows if row["head"] == "yes"}
        # Words that by themselves are spoken of as a thing (细胞, 启动子); other single words make no open chunk.
        self.alone = {row["suffix"]: row["type"] for row in rows if row["alone"] == "yes"}
        self.longest = max(map(len, self.suffixes))

    def by_suffix(self, name: str) -> str | None:
        """Return the type that the longest known suffix of a Chinese name says, or None.

        The name must be longer than the suffix: 酶 alone names nothing.
        """
        for size in range(min(self.longest, len(name) - 1), 0, -1):
            if kind := self.suffixes.get(name[-size:]):
                return kind
        return None

    def latin_head(self, word: str) -> str | None:
        """Return the type that the last of several Latin words says: HeLa cells."""
        return next((kind for kind, pattern in _LATIN_FORMS if pattern.fullmatch(word)), None)

    def names_nothing(self, text: str) -> bool:
        """Whether an unlisted name is a method, a reagent or the like, which no statement is about.

        >>> forms = Forms()
        >>> [word for word in ("SPSS19.0", "graphpad", "SigmaAldrichUSA", "DNAMAN6", "STAT3") if forms.names_nothing(word)]
        ['SPSS19.0', 'graphpad', 'SigmaAldrichUSA', 'DNAMAN6']
        >>> [word for word in ("AB123456", "NM_000546.6", "ab12345", "GB/T5009", "LY294002") if forms.names_nothing(word)]
        ['AB123456', 'NM_000546.6', 'ab12345', 'GB/T5009']
        >>> [word for word in ("F:5'-ATGGCCATTGTAATGGGC-3'", "miR-21", "TATA") if forms.names_nothing(word)]
        ["F:5'-ATGGCCATTGTAATGGGC-3'"]
        """
        return (
            text in self.no_names
            or text.endswith(self.no_ends)
            or bool(_FORMULA.search(text) or _ACCESSION.fullmatch(text) or _BASES.fullmatch(text))
            or self._is_product(text)
            or self._glued(text)
        )

    def is_of_maker(self, word: str) -> bool:
        """Whether a word in brackets is a maker, a tool or a databank, which stands for nothing before it: 胎牛血清(Gibco)."""
        return word.casefold() in self._products

    def _is_product(self, text: str) -> bool:
        """Whether a text is, or begins with, the name of a maker or a tool in any case, maybe with a version."""
        folded = text.casefold()
        if folded in self._caseless:
            return True
        for size in range(2, len(text)):
            stem = text[:size]
            if (stem in self.no_names or folded[:size] in self._caseless) and _VERSION.fullmatch(text, size):
                return True
            if size <= self._longest_glued and folded[:size] in self._gluing and not text[size].islower():
                return True
        return False

    def _glued(self, text: str) -> bool:
        """Whether a text ends in an amount: 电压2.4kV, AOM10mg/kg."""
        found = _GLUED.search(text)
        return found is not None and len(found["unit"]) > 1 and found["unit"] in self.units

    def is_amount(self, word: str) -> bool:
        """Whether a word is a unit, maybe with its number."""
        found = _AMOUNT.fullmatch(word)
        return found is not None and found["unit"] in self.units

    def is_measure(self, word: str) -> bool:
        """Whether a word is a number or a unit, which no name begins or ends with.

        >>> [word for word in ("16-17", "P<0.05", "mg/kg", "1,25", "CD4", "G1", "细胞") if Forms().is_measure(word)]
        ['16-17', 'P<0.05', 'mg/kg', '1,25']
        """
        if not any(c.isalpha() for c in word):
            return True
        return self.is_amount(word) or bool(_ROMAN.fullmatch(word)) or bool(_STATISTIC.match(word))

    def by_shape(self, word: str) -> str | None:
        """Return the type that a Latin word's shape says, or None where it names nothing."""
        if (
            word in self.no_names
            or self.is_amount(word)
            or _ROMAN.fullmatch(word)
            or _PHASE.fullmatch(word)
            or not any(c.isalpha() for c in word)
        ):
            return None
        if word[0].isdigit() and not _LOCANT.match(word):
            return None
        for kind, pattern in _LATIN_FORMS:
            if pattern.fullmatch(word):
                return kind
        if _SYMBOL.fullmatch(word) and not word[:1].isdigit():
            return "gene_or_protein"
        return "chemical" if len(word) > 3 else None


def is_latin(word: str) -> bool:
    """Whether a token is a Latin or Greek word, maybe with digits (no Chinese in it)."""
    return any(c.isalpha() for c in word) and not _HAN_END.search(word)
