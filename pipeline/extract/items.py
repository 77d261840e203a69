"""The units that frames read: one sentence's tokens as items with class codes.

Adverbs, modal verbs, brackets and citation marks leave no item; negation and hedges leave a mark on the next item.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline.frames import TRIGGERS, Grammar

# Classes whose words say nothing about who acts on what.
DROPPED = frozenset({"adverb", "time", "particle", "quantity", "conjunction"})
CUES = frozenset({"negation", "hedge"})
_DROPPED_BESIDE_CUES = DROPPED | CUES
_WORD, _NOTHING, _NOUN = frozenset({"word"}), frozenset[str](), frozenset({"noun"})
# What else a name's word may be where a noun follows.
_VERBS = frozenset({"aspect", "administer", *TRIGGERS})
CLOSING = {"(": ")", "[": "]", "（": "）"}
# A word in several lists is read by the first of these classes that it has and by all trigger classes.
NOUNISH = frozenset({"noun", "word", "aspect", "bearer", "generic", "adjective", "possessive", "pronoun"})


class Member(NamedTuple):
    """One noun: a mention with what is said of it; offsets are token indices.

    `change` is 1, -1 or 0; `tail` is what follows the name in the noun phrase (表达, 的水平); `owners` are the mentions
    before it (X患者的, 肝脏); `bearer` says that the phrase names who has or gets the mention (X患者, X组).
    """

    start: int
    end: int
    mention: int
    type: str
    change: int = 0
    tail: tuple[int, int] | None = None
    aspect: str | None = None
    owners: tuple[Member, ...] = ()
    bearer: bool = False
    antecedent: tuple[int, int] | None = None


class Item(NamedTuple):
    """A word, or a noun group with its coordinated members, with its class code."""

    code: str
    start: int
    end: int
    classes: frozenset[str]
    members: tuple[Member, ...] = ()
    negated: bool = False
    hedged: bool = False
    reference: str = ""


def make_items(
    words: Sequence[str],
    start: int,
    end: int,
    mentions: Mapping[int, tuple[int, int, str]],
    cues: Mapping[int, str],
    grammar: Grammar,
) -> list[Item]:
    """Return the items of the tokens `start:end`.

    `mentions` gives, by first token, end token, index and type; `cues` gives the tokens that are negation or hedge cues.
    """
    codes, read_as = grammar.code_of, grammar.read_as
    items: list[Item] = []
    negated = hedged = False
    token = start
    while token < end:
        if token in mentions and not _is_number(words[token : mentions[token][0]]):
            stop, index, kind = mentions[token]
            member = Member(token, stop, index, kind)
            classes = _name_classes(words, token, stop, end, mentions, grammar)
            items.append(Item(codes[classes], token, stop, classes, (member,), negated, hedged))
            negated = hedged = False
            token = stop
            continue
        text = words[token]
        if text in CLOSING:
            token = _after_bracket(words, token, end)
            continue
        if cue := cues.get(token):
            negated, hedged = negated or cue == "negation", hedged or cue == "hedge"
        if text == "等" and token + 1 < end and words[token + 1] in ("[", "("):
            # Smith BJ等[2]: authors, not what acts.
            while items and "noun" in items[-1].classes and words[items[-1].start][0].isascii():
                items.pop()
        classes = read_as.get(text) or (_WORD if text[0].isalpha() else _NOTHING)
        if classes <= (_DROPPED_BESIDE_CUES if cue else DROPPED) and "reporting" not in classes:
            token += 1
            continue
        if negated and classes <= {"comma", "colon"} and cues.get(token - 1) == "negation":
            _negate_last(items)
            negated = False
        if _goes_on(items, classes, words):
            del items[-2:]
        items.append(Item(codes[classes], token, token + 1, classes, (), negated, hedged))
        if not classes <= {"comma", "list", "of"}:
            negated = hedged = False
        token += 1
    if negated:
        _negate_last(items)
    return items


def _negate_last(items: list[Item]) -> None:
    """Negate the effect that stands before: 影响不明显."""
    if items and not items[-1].classes.isdisjoint({"effect", "action", "change"}):
        items[-1] = items[-1]._replace(negated=True)


def _goes_on(items: Sequence[Item], classes: frozenset[str], words: Sequence[str]) -> bool:
    """Whether a verb shares the object of the one before it: 抑制并减少X."""
    return (
        "effect" in classes
        and len(items) > 1
        and items[-1].classes == {"comma"}
        and words[items[-1].start].isalpha()
        and "effect" in items[-2].classes
        and "aspect" not in items[-2].classes
        and not (len(items) > 2 and "of" in items[-3].classes)
    )


def _name_classes(
    words: Sequence[str],
    token: int,
    stop: int,
    end: int,
    mentions: Mapping[int, tuple[int, int, str]],
    grammar: Grammar,
) -> frozenset[str]:
    """Return the classes of a name: 凋亡 and 分泌 are also aspects, 损伤 and 感染 before a noun are verbs."""
    classes = grammar.classes.get(words[token])
    if classes is None or stop - token > 1 or classes.isdisjoint(_VERBS):
        return _NOUN
    if "aspect" in classes:
        return classes
    if stop < end and (stop in mentions or (words[stop][0].isalpha() and words[stop] not in grammar.classes)):
        return classes
    return _NOUN


def without_modifiers(items: Sequence[Item]) -> list[Item]:
    """Drop what says against or where: 较对照组, 外周血中的; and relative verbs that name no effect: 可以探查到的."""
    out: list[Item] = []
    at = 0
    while at < len(items):
        stop = at
        classes = items[at].classes
        if "compare" in classes:
            stop = next((i + 1 for i in range(at + 1, min(at + 5, len(items))) if "bearer" in items[i].classes), at)
        elif "generic" in classes and at + 1 < len(items) and "among" in items[at + 1].classes and out:
            stop = at + 2
        elif "noun" in classes and at + 3 < len(items) and "among" in items[at + 1].classes and out:
            stop = at + 3 if "of" in items[at + 2].classes and "noun" in items[at + 3].classes else at
        elif _says_which(items, at) and out:
            stop = at + 2
        if stop > at:
            at = stop
        else:
            out.append(items[at])
            at += 1
    return out


def _says_which(items: Sequence[Item], at: int) -> bool:
    """Whether a word with 的 only says which: 可以探查到的, 培养的 (not X处理的)."""
    if at + 1 == len(items) or "of" not in items[at + 1].classes:
        return False
    classes = items[at].classes
    given = "administer" in classes and bool(at) and "noun" not in items[at - 1].classes
    return classes <= {"other", "adjective"} or (given and classes == {"administer"})


def _is_number(words: Sequence[str]) -> bool:
    """Whether a name has no letter: 41.8 is none."""
    return not (words[0][0].isalpha() or any(c.isalpha() for word in words for c in word))


def _after_bracket(words: Sequence[str], token: int, end: int) -> int:
    """Return the token after the bracket that opens at `token`; a bracket that never closes is one token."""
    close = CLOSING[words[token]]
    depth = 0
    for i in range(token, end):
        if words[i] == words[token]:
            depth += 1
        elif words[i] == close:
            depth -= 1
            if depth == 0:
                return i + 1
    return token + 1
