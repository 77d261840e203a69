"""Cut the annotated passages out of their papers: their gold names offsets, for the papers' sentences are not ours to copy.

    python benchmarks/passages.py PAPERS OUT

PAPERS is a folder of NAME.md; OUT gets a NAME.txt for each row of `corpora/papers/passages.tsv` (name, paper, start and end: code points).
`corpora/papers/*.gold` give their triples, with the evidence as offsets of those texts.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.tables import read_table

PASSAGES = Path(__file__).parents[1] / "corpora" / "papers" / "passages.tsv"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    rows = read_table(PASSAGES, ("name", "paper", "start", "end"), key=("name",))
    for row in rows:
        text = (args.papers / f"{row['paper']}.md").read_text(encoding="utf-8")
        (args.out / f"{row['name']}.txt").write_text(text[int(row["start"]) : int(row["end"])], encoding="utf-8")
    print(f"{len(rows)} passages in {args.out}")


if __name__ == "__main__":
    main()
