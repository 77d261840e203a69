"""Clauses: where they begin and end, what is set aside in them, and what can be a cause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.extract.items import Item, Member

# What may stand as the cause in 在X患者中，Y升高: a bearer's disease, a change, or one of these types.
CAUSES = frozenset({"disease", "drug", "chemical", "exposure", "procedure", "phenotype", "process"})


def as_cause(member: Member, *, wide: bool = False) -> Member | None:
    """Return what of a topic can be the cause of a change: X of X患者, a changed thing, a disease or substance.

    `wide` takes all but cells, places and organisms: 热应激下, X作用后.
    """
    for owner in member.owners:
        if owner.bearer and (owner.type in CAUSES or owner.change):
            return owner
    if wide and member.type not in {"cell", "anatomy", "organism", ""}:
        return member
    if member.bearer or member.change or member.type in CAUSES - {"process", "phenotype"}:
        return member
    return None


# In items. No sentence that was written has a longer clause; what has lost its commas is cut, so that its cost stays linear.
_LONGEST = 400


def take_topic(clause: Sequence[Item]) -> tuple[list[Item], tuple[Member, ...], tuple[Member, ...]]:
    """Take 在X中, X后, 随着X out of a clause.

    Return the rest, what can be the cause of what follows, and everything that stood in there.
    """
    if clause and "among" in clause[-1].classes and len(clause) > 1 and not any("be" in i.classes for i in clause):
        inside = [m for item in clause for m in item.members]
        return [], tuple(cause for m in inside if (cause := as_cause(m, wide=True))), tuple(inside)
    out: list[Item] = []
    inside = []
    wide = False
    at = 0
    while at < len(clause):
        item = clause[at]
        stop = 0
        if "at" in item.classes:
            stop = next((i + 1 for i in range(at + 1, len(clause)) if "among" in clause[i].classes), 0)
            if not stop and at + 1 < len(clause) and "noun" in clause[at + 1].classes:
                stop = at + 2
        elif _is_given(clause, at):
            stop, wide = at + 3, True
        elif "noun" in item.classes and at + 1 < len(clause) and "among" in clause[at + 1].classes:
            if out and takes_object(out[-1]):
                if not any("noun" in i.classes for i in clause[at + 2 : at + 4]):
                    out.append(item)
                at += 2
                continue
            stop = at + 2
        elif "of" in item.classes and at and "among" in clause[at - 1].classes and out and takes_object(out[-1]):
            # 抑制肝脏中的X: X is what is acted on.
            at += 1
            continue
        if stop:
            if not any(i.negated for i in clause[at:stop]):
                inside += [m for i in clause[at:stop] for m in i.members]
            wide = wide or clause[stop - 1].classes >= {"under"}
            at = stop
        else:
            out.append(item)
            at += 1
    return out, tuple(cause for m in inside if (cause := as_cause(m, wide=wide))), tuple(inside)


def _is_given(clause: Sequence[Item], at: int) -> bool:
    """Whether 注射X后 stands at `at`: what is given is the cause of what follows."""
    if at + 2 >= len(clause) or "administer" not in clause[at].classes:
        return False
    is_verb = clause[at].classes.isdisjoint({"aspect", "effect"})
    return is_verb and "noun" in clause[at + 1].classes and clause[at + 2].classes >= {"among", "under"}


def without_comparison(clause: Sequence[Item]) -> list[Item]:
    """Drop 较对照组, 比X, 与X相比: what something is compared with is neither end of a triple."""
    out: list[Item] = []
    at = 0
    while at < len(clause):
        classes = clause[at].classes
        if "compare" in classes and at + 1 < len(clause) and "noun" in clause[at + 1].classes:
            at += 2
        elif (
            "with" in classes
            and at + 2 < len(clause)
            and "noun" in clause[at + 1].classes
            and "compared" in clause[at + 2].classes
        ):
            at += 3
        else:
            out.append(clause[at])
            at += 1
    return out


def without_modals(clause: Sequence[Item]) -> list[Item]:
    """Drop modal verbs; what negates or hedges them holds for what follows."""
    out: list[Item] = []
    negated = hedged = False
    for item in clause:
        if item.classes == {"modal"}:
            negated, hedged = negated or item.negated, hedged or item.hedged
            continue
        if negated or hedged:
            item = item._replace(negated=item.negated or negated, hedged=item.hedged or hedged)
            negated = hedged = False
        out.append(item)
    return out


def split_clauses(items: Sequence[Item]) -> Iterator[tuple[list[Item], bool]]:
    """Yield the clauses of a sentence, and whether a semicolon or colon stands before."""
    clause: list[Item] = []
    begins = False
    for item in items:
        if item.classes <= {"comma", "colon"} or len(clause) == _LONGEST:
            if clause:
                yield clause, begins
                begins = False
            clause = []
            begins = begins or "colon" in item.classes
        if not item.classes <= {"comma", "colon"}:
            clause.append(item)
    if clause:
        yield clause, begins


def after_report(clause: Sequence[Item]) -> tuple[Sequence[Item], Sequence[Item]]:
    """Split a clause after its reporting word: 研究发现, X等证实."""
    says = {"effect", "change", "correlate"}
    for i in range(len(clause) - 1, -1, -1):
        if "reporting" in clause[i].classes:
            is_object = any(not item.classes.isdisjoint(says) for item in clause[:i])
            if is_object and not any(not item.classes.isdisjoint(says | {"action"}) for item in clause[i + 1 :]):
                continue
            return clause[:i], clause[i + 1 :]
    return [], clause


def takes_object(item: Item) -> bool:
    """Whether a noun right after an item is its object and no subject of what follows."""
    return not item.classes.isdisjoint(
        {"other", "be", "have", "administer", "such", "via", "cause", "effect", "change", "with", "toward", "by"}
    )
