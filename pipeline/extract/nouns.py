"""Noun phrases: runs of names, tails, bearers and 的 become one noun item with its head.

The head of a Chinese noun phrase stands last; 表达, 水平 and the like are aspects of the name before them; 患者, 小鼠, 组
make the name before them the bearer's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.extract.items import NOUNISH, Item, Member
from pipeline.frames import AGAINST, SIGNS, Grammar

# Names of which a following process, phenotype or measurement is an aspect, not another name (破骨细胞 + 凋亡).
ENTITY = frozenset({"cell", "gene_or_protein", "complex_or_family", "chemical", "pathway", "drug"})
OF_ENTITY = frozenset({"process", "measurement"})
# Types of a name such as 抗炎, 抗肿瘤作用 that is a work and no thing.
AIMED_AT = frozenset({"process", "disease", "phenotype", "measurement"})


def join_nouns(items: Sequence[Item], words: Sequence[str], grammar: Grammar) -> list[Item]:
    """Return the items with every noun phrase made one noun item."""
    out: list[Item] = []
    at = 0
    while at < len(items):
        stop = _phrase_end(items, at)
        if stop > at:
            phrase = items[at:stop]
            out.extend(_compose(phrase, words, grammar))
            at = stop
        else:
            out.append(items[at])
            at += 1
    return out


def _phrase_end(items: Sequence[Item], at: int) -> int:
    """Return where the noun phrase that begins at `at` ends; `at` where none begins."""
    if not _is_part(items, at, first=True):
        return at
    stop = at + 1
    while stop < len(items):
        if _is_part(items, stop, first=False):
            stop += 1
        elif _is_changed_bearer(items, stop) or (
            "of" in items[stop].classes and stop + 1 < len(items) and _is_part(items, stop + 1, first=False)
        ):
            stop += 2
        else:
            break
    return stop


def _is_changed_bearer(items: Sequence[Item], at: int) -> bool:
    """Whether 缺陷小鼠, 干预组 stands at `at`: a change or treatment and who has it."""
    return (
        at + 1 < len(items)
        and not items[at].classes.isdisjoint({"perturb", "change", "administer"})
        and ("bearer" in items[at + 1].classes or ("effect" not in items[at].classes and is_bearer(items[at + 1])))
    )


def is_bearer(item: Item) -> bool:
    """Whether an item names who has or gets something: 小鼠, 组, 患者."""
    return "bearer" in item.classes or bool(item.members and item.members[0].type == "organism")


def _is_part(items: Sequence[Item], at: int, *, first: bool) -> bool:
    """Whether an item can be part of a noun phrase; 表达, 分泌 … are verbs where a noun follows them."""
    classes = items[at].classes
    if "role" in classes and classes.isdisjoint({"effect", "change"}):
        # 转录因子Pax3, 分化标志物磷酸酶: the word only says what the name after it is.
        return at + 1 < len(items) and not items[at + 1].classes.isdisjoint({"noun", "word"})
    if classes.isdisjoint(NOUNISH):
        return False
    if "aspect" in classes and "correlate" in classes and any("with" in i.classes for i in items[max(0, at - 6) : at]):
        return False
    if "aspect" in classes and not classes.isdisjoint({"effect", "bind"}):
        following = items[at + 1].classes if at + 1 < len(items) else frozenset()
        if "of" in following and at + 2 < len(items) and "noun" in items[at + 2].classes:
            # 脂多糖活化的p38: a relative clause; 分泌的减少 is none.
            return False
        if first or ("have" in classes and not following.isdisjoint({"action", "effect", "change"})):
            return False
        return following.isdisjoint({"noun", "word", "possessive", "pronoun"})
    return True


def _compose(phrase: Sequence[Item], words: Sequence[str], grammar: Grammar) -> list[Item]:
    """Return the noun item of a phrase; a phrase without a name becomes a reference (它, 其表达) or nothing."""
    head: Member | None = None
    owners: tuple[Member, ...] = ()
    reference = ""
    tail: tuple[int, int] | None = None
    aspect: str | None = None
    for item in phrase:
        classes = item.classes
        if item.members and head is not None and head.change and is_bearer(item):
            owners, head = (*owners, head._replace(bearer=True)), None
        elif item.members:
            member = item.members[0]
            is_aspect = "aspect" in classes or member.type in OF_ENTITY
            if head is not None and head.type in ENTITY and is_aspect and not head.bearer:
                head = head._replace(tail=(head.tail[0] if head.tail else item.start, item.end))
                aspect = grammar.aspects.get("".join(words[item.start : item.end])) or aspect
                head = head._replace(aspect=aspect)
            else:
                if head is not None:
                    owners = (*owners, head)
                head, aspect = member, None
        elif "possessive" in classes or "pronoun" in classes:
            reference = "possessive" if "possessive" in classes else reference or "pronoun"
        elif "role" in classes:
            if head is not None:
                owners, head = (*owners, head), None
        elif "administer" in classes and "aspect" not in classes:
            pass
        elif not classes.isdisjoint({"perturb", "change"}) and "aspect" not in classes:
            sign = SIGNS.get(change_of(grammar, words[item.start]), 0)
            head = head and head._replace(change=sign)
        elif "bearer" in classes:
            if head is not None:
                owners = (*owners, head._replace(bearer=True))
                head = None
            reference = reference or "group"
        elif "aspect" in classes or ("word" in classes and head is not None):
            aspect = grammar.aspects.get(words[item.start], aspect)
            if head is not None and "change" in classes and not head.change:
                head = head._replace(change=SIGNS.get(change_of(grammar, words[item.start]), 0))
            elif head is not None:
                head = head._replace(tail=(head.tail[0] if head.tail else item.start, item.end), aspect=aspect)
            else:
                tail = (tail[0] if tail else item.start, item.end)
    return _noun_item(phrase, words, grammar, _Parts(head, owners, reference, tail, aspect))


class _Parts(NamedTuple):
    """What a noun phrase is made of."""

    head: Member | None
    owners: tuple[Member, ...]
    reference: str
    tail: tuple[int, int] | None
    aspect: str | None


def _noun_item(phrase: Sequence[Item], words: Sequence[str], grammar: Grammar, parts: _Parts) -> list[Item]:
    """Return the noun item of a phrase: its head, the bearer it speaks of, or a placeholder to be filled in."""
    noun = AGAINST if _is_against(parts.head, words) else frozenset({"noun"})
    head, owners, reference, tail, aspect = parts
    start, end = phrase[0].start, phrase[-1].end
    negated, hedged = any(i.negated for i in phrase), any(i.hedged for i in phrase)
    grouped = "grouped" if reference == "group" and head is not None and not any(o.bearer for o in owners) else ""
    if head is not None:
        member = head._replace(owners=owners)
    elif owners and owners[-1].bearer:
        member = owners[-1]._replace(owners=owners[:-1], tail=tail, aspect=aspect)
        if tail:
            member = member._replace(bearer=False)
    elif reference:
        placeholder = Member(start, end, -1, "", 0, tail, aspect, antecedent=(start, end))
        return [Item(grammar.code_of[noun], start, end, noun, (placeholder,), negated, hedged, reference)]
    elif tail:
        placeholder = Member(start, end, -1, "", 0, tail, aspect)
        return [Item(grammar.code_of[noun], start, end, noun, (placeholder,), negated, hedged, "aspect")]
    else:
        return [item._replace(members=()) for item in phrase]
    return [Item(grammar.code_of[noun], start, end, noun, (member,), negated, hedged, grouped)]


def _is_against(head: Member | None, words: Sequence[str]) -> bool:
    """Whether a name says what something works against: 抗炎, 抗肿瘤活性 (not 抗体, 抗菌肽)."""
    return head is not None and head.type in AIMED_AT and words[head.start].startswith("抗")


def change_of(grammar: Grammar, word: str) -> str:
    """Return the relation of a word of change or perturbation."""
    return grammar.relations["perturb"].get(word) or grammar.relations["change"].get(word, "")
