"""The grammar: word classes and effect frames, read from resources.

Every word class and every combination of classes gets one code character, so that a sentence becomes a short string
and a frame becomes a regular expression over it (finite-state cascades: Abney 1996, "Partial parsing via finite-state
cascades"; Hobbs et al. 1997, FASTUS).
"""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.tables import TableError, read_table, resource

SIGNS = {"increases": 1, "decreases": -1}
# 改善, 控制: the sign depends on whether the outcome is good or bad (bad.tsv).
BY_VALUE = {"improves": "increases", "controls": "regulates"}
# Classes that the reader gives to what is no listed word.
STRUCTURAL = ("noun", "word", "of", "comma", "list", "colon", "other", "number")
# A noun that names what something works against: 抗炎, 抗肿瘤活性.
AGAINST = frozenset({"noun", "against"})
# The class of a sign or particle, whatever the tables say of it.
SEPARATORS = {
    "，": "comma",
    "；": "colon",
    ",": "comma",
    ";": "colon",
    "：": "colon",
    ":": "colon",
    "、": "list",
    "/": "list",
    "的": "of",
    "之": "of",
}
TRIGGERS = ("effect", "change", "correlate", "bind", "involve", "induce", "depend", "than", "role", "action", "perturb")
_FIRST_CODE = 0xE000
_ELEMENT = re.compile(r"(?P<look>[!&~@])?(?:<(?P<slot>\w+)>|(?P<classes>[\w|]+))(?:=(?P<mark>[tu]))?(?P<repeat>[?*+]?)")
_LOOKS = {"!": "?!", "&": "?=", "~": "?<!", "@": "?<="}


class Frame(NamedTuple):
    """One construction: a pattern over word classes, and what it says.

    `relation` is a relation's name, or "trigger" for the one of the trigger word marked `=t`; a second trigger `=u`
    multiplies its sign. `mediator` and `outcome` name the slot or the state (`subject`, `topic`, `place`, `nearest`) that
    fills them. `changed` wants a topic and outcomes that bear a change of their own, which is the effect then.
    """

    name: str
    pattern: str
    relation: str
    mediator: str
    outcome: str
    level: str
    changed: bool
    doc: str
    examples: tuple[tuple[str, tuple[str, ...]], ...]


class Rule(NamedTuple):
    """A frame with its compiled pattern and the codes it can begin with."""

    frame: Frame
    regex: re.Pattern[str]
    begins: frozenset[str]


class Grammar:
    """Word classes, trigger relations, aspects and frames of one resources folder."""

    def __init__(self, folder: Path | None = None, disable: tuple[str, ...] = ()) -> None:
        """Read the tables; `disable` names frames to leave out.

        Raises:
            TableError: naming every bad row.
        """
        root = folder or resource(".")
        self.relations = _triggers(root / "frames" / "triggers.tsv")
        self.aspects = {row["word"]: row["aspect"] for row in read_table(root / "aspects.tsv", ("word", "aspect"))}
        self.classes = _classes(root, self.relations, self.aspects)
        self.bad = tuple(row["word"] for row in read_table(root / "bad.tsv", ("word",), key=("word",)))
        # Words that begin with a trigger but are none: 启动子, 表达式.
        self.whole = tuple(row["word"] for row in read_table(root / "whole.tsv", ("word",), key=("word",)))
        # The share of right readings of each frame, as measured on gold.
        trust = read_table(root / "frames" / "confidence.tsv", ("rule", "confidence"), key=("rule",))
        self.trust = {row["rule"]: float(row["confidence"]) for row in trust}
        frames = read_frames(root / "frames")
        known = {frame.name for frame in frames}
        self.frames = tuple(frame for frame in frames if frame.name not in disable)
        self.unknown_disabled = tuple(name for name in disable if name not in known)

    @cached_property
    def combinations(self) -> tuple[frozenset[str], ...]:
        """Every combination of classes that some word has, in a fixed order."""
        found = {frozenset({name}) for name in STRUCTURAL} | {AGAINST, *self.classes.values()}
        return tuple(sorted(found, key=sorted))

    @cached_property
    def read_as(self) -> dict[str, frozenset[str]]:
        """The classes that a word has for the frames: separators and 的 have their own, words that split are commas."""
        found = dict(self.classes)
        for word, classes in self.classes.items():
            if "split" in classes:
                found[word] = frozenset({"comma"})
            elif len(classes) == 1 and classes <= {"verb", "locative", "preposition"}:
                found[word] = frozenset({"other"})
        return found | {sign: frozenset({name}) for sign, name in SEPARATORS.items()}

    @cached_property
    def code_of(self) -> dict[frozenset[str], str]:
        """The code character of each combination of classes."""
        return {classes: chr(_FIRST_CODE + i) for i, classes in enumerate(self.combinations)}

    @cached_property
    def codes(self) -> dict[str, str]:
        """The code character of each listed word."""
        return {word: self.code_of[classes] for word, classes in self.classes.items()}

    @cached_property
    def relation_of(self) -> dict[str, str]:
        """The relation of each trigger word; of a word in several classes, that of the first of `TRIGGERS`."""
        found: dict[str, str] = {}
        for name in reversed(TRIGGERS):
            found.update((word, relation) for word, relation in self.relations[name].items() if relation)
        return found

    def any_of(self, *names: str) -> str:
        """Return the regular expression of one code whose word has any of the classes `names`."""
        chars = [self.code_of[c] for c in self.combinations if not c.isdisjoint(names)]
        if not chars:
            raise TableError(f"no word has the class {' or '.join(names)}")
        return "[" + "".join(chars) + "]"

    def compile(self, pattern: str) -> re.Pattern[str]:
        """Compile a frame pattern to a regular expression over codes.

        Elements are separated by spaces: `class`, `class|class`, `<slot>` (a noun group), each with `?`, `*` or `+`;
        `!class` forbids and `&class` wants what follows, `~class` forbids and `@class`
        wants what goes before; `=t` and `=u` mark the triggers; `^` and `$` are the clause's start
        and end.

        Raises:
            TableError: for an element that does not parse or a class that no word has.
        """
        out = []
        for element in pattern.split():
            if element in "^$":
                out.append(element)
                continue
            found = _ELEMENT.fullmatch(element)
            if not found:
                raise TableError(f"pattern {pattern!r}: cannot read {element!r}")
            body = self.any_of("noun") if found["slot"] else self.any_of(*found["classes"].split("|"))
            if found["look"]:
                out.append(f"({_LOOKS[found['look']]}{body})")
            elif group := found["slot"] or found["mark"]:
                out.append(f"(?P<{group}>{body}){found['repeat']}")
            else:
                out.append(body + found["repeat"])
        return re.compile("".join(out))

    def _begins(self, pattern: str) -> frozenset[str]:
        """Return the codes that a match of a pattern can begin with."""
        codes: set[str] = set()
        for element in pattern.split():
            found = _ELEMENT.fullmatch(element)
            if found is None or found["look"]:
                continue
            names = {"noun"} if found["slot"] else set(found["classes"].split("|"))
            codes.update(self.code_of[classes] for classes in self.combinations if not classes.isdisjoint(names))
            if found["repeat"] not in ("?", "*"):
                break
        return frozenset(codes)

    @cached_property
    def rules(self) -> dict[str, tuple[Rule, ...]]:
        """The compiled frames of each level (`embedded`, `clause`), in the order of the files."""
        levels: dict[str, list[Rule]] = {}
        for frame in self.frames:
            rule = Rule(frame, self.compile(frame.pattern), self._begins(frame.pattern))
            levels.setdefault(frame.level, []).append(rule)
        return {level: tuple(rules) for level, rules in levels.items()}


def _triggers(path: Path) -> dict[str, dict[str, str]]:
    """Read the trigger table: class -> word -> relation."""

    def check(row: dict[str, str]) -> str | None:
        return None if row["class"] in TRIGGERS else f"class {row['class']!r}; allowed: {', '.join(TRIGGERS)}"

    relations: dict[str, dict[str, str]] = {name: {} for name in TRIGGERS}
    for row in read_table(path, ("word", "class", "relation"), key=("word", "class"), check=check):
        relations[row["class"]][row["word"]] = row["relation"]
    return relations


def _classes(root: Path, relations: dict[str, dict[str, str]], aspects: dict[str, str]) -> dict[str, frozenset[str]]:
    """Merge all word lists; cues and triggers win over the general words."""
    classes: dict[str, set[str]] = {}
    for row in read_table(root / "cues.tsv", ("word", "class"), key=("word", "class")):
        classes.setdefault(row["word"], set()).add(row["class"])
    for name, words in relations.items():
        for word in words:
            classes.setdefault(word, set()).add(name)
    for word in aspects:
        classes.setdefault(word, set()).add("aspect")
    frozen = {word: frozenset(names) for word, names in classes.items()}
    single: dict[str, frozenset[str]] = {}
    for row in read_table(root / "words.tsv", ("word", "class"), key=("word",)):
        name = row["class"]
        frozen.setdefault(row["word"], single.setdefault(name, frozenset({name})))
    return frozen


def read_frames(folder: Path) -> tuple[Frame, ...]:
    """Read every frame file of a folder, in file name order.

    Raises:
        TableError: naming every frame that does not follow the rules.
    """
    frames: list[Frame] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["frame"]:
            try:
                frames.append(_frame(entry))
            except (KeyError, TypeError, ValueError) as error:
                faults.append(f"{path}: frame {entry.get('name', '?')!r}: {error}")
    names = [frame.name for frame in frames]
    faults += [f"{folder}: two frames are called {name!r}" for name in sorted({n for n in names if names.count(n) > 1})]
    if faults:
        raise TableError("\n".join(faults))
    return tuple(frames)


def _frame(entry: dict[str, Any]) -> Frame:
    examples = tuple((text, tuple(triples)) for text, *triples in entry.pop("examples"))
    return Frame(
        name=entry.pop("name"),
        pattern=entry.pop("pattern"),
        relation=entry.pop("relation", "trigger"),
        mediator=entry.pop("mediator", "subject"),
        outcome=entry.pop("outcome", "o"),
        level=entry.pop("level", "clause"),
        changed=entry.pop("changed", False),
        doc=entry.pop("doc"),
        examples=examples,
    )
