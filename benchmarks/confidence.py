"""Measure how often each frame is right, and write resources/frames/confidence.tsv.

    meo run TEXTS --out RUN --disable judge
    python benchmarks/confidence.py RUN GOLD...

The confidence of a frame is (right + 2) / (right + wrong + 4) over the gold files, so that a rare frame stays near 0.5.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.evaluate.report import evaluate
from pipeline.tables import resource


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("gold", type=Path, nargs="+")
    args = parser.parse_args()
    rules = evaluate(args.run, args.gold).rules
    rows = [f"{rule}\t{(f.right + 2) / (f.right + f.wrong + 4):.2f}" for rule, f in sorted(rules.items())]
    resource("frames/confidence.tsv").write_text("\n".join(["rule\tconfidence", *rows]) + "\n", encoding="utf-8")
    print(f"{len(rows)} frames measured on {', '.join(path.name for path in args.gold)}")


if __name__ == "__main__":
    main()
