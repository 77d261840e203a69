"""Look-up keys and the way back to the text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicon.fold import cased, fold, key, keys

SAME = [
    ("TNF-alpha", "TNF-α", "TNFα", "tnf alpha", "TNFalpha", "TNF-ALPHA"),
    ("NF-κB", "NFkappaB", "NF-kB", "nf-kb", "NF kappa B", "NF-KB"),
    ("IκBα", "IkBα", "IkappaB-alpha"),
    ("IFN-γ", "IFNgamma", "IFN gamma"),
    ("β-catenin", "beta-catenin", "Beta catenin"),
    ("TGF-β1", "TGF-ß1", "TGFbeta1"),
    ("II型胶原", "2型胶原", "II 型胶原"),
    ("血管紧张素II", "血管紧张素-2", "血管紧张素 2"),
    ("Crohn's disease", "Crohn’s disease", "crohns disease"),
    ("白细胞介素-6", "白细胞介素6", "白细胞介素 6"),
    ("PKCζ", "PKCzeta", "PKC-zeta"),
]
DIFFERENT = [
    ("IL-1", "IL-10"),
    ("microbiota", "microbι"),
    ("HIV", "H4"),
    ("IκBα", "1κBα"),
    ("metal", "mηl"),
    ("CD4", "CDIV"),
]
TEXT = st.text(alphabet=st.sampled_from("TNFkKBIVXabetlphgmsr -'’αβκσ6210、细胞型的\n"), max_size=40)


@pytest.mark.parametrize("names", SAME, ids=lambda names: names[0])
def test_the_same_key(names: tuple[str, ...]) -> None:
    assert len({key(name) for name in names}) == 1


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_key(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_case_is_kept_where_it_is_asked_for() -> None:
    assert cased("NF-kB") == cased("NFkappaB")
    assert cased("no") != cased("NO")


@given(TEXT)
def test_every_character_of_the_key_has_its_place(text: str) -> None:
    folded = fold(text)
    assert folded.key == key(text)
    spans = [(folded.source_start(i), folded.source_end(i + 1)) for i in range(len(folded.key))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    for (start, end), character in zip(spans, folded.key, strict=True):
        assert character == text[start:end].lower() or end - start > 1 or character in "κ15βσμφ"


@given(TEXT, TEXT)
def test_a_line_has_its_key_wherever_it_stands(before: str, after: str) -> None:
    assert key(f"{before}\nNF-kappaB\n{after}") == f"{key(before)}\nnfκb\n{key(after)}"
    assert keys([before.replace("\n", ""), after.replace("\n", "")]) == [
        key(before.replace("\n", "")),
        key(after.replace("\n", "")),
    ]
