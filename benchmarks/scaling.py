"""How the time of a document grows with its length: each kind of text at four lengths, and the ratio to the length before.

    python benchmarks/scaling.py

Twice the length should cost about twice the time, also where it is one sentence or one list. Each time is the best of three.
"""

from __future__ import annotations

import time

from pipeline.build import Pipeline
from pipeline.model import Source

KINDS = {
    "sentences": ("", "研究表明雌激素降低IL-6的表达[3]。随后骨密度升高，破骨细胞凋亡增加。", ""),
    "one sentence": (
        "",
        "TNF-α可促进破骨细胞分化，抑制成骨细胞的形成，从而导致骨丢失，雌激素能够降低IL-6和RANKL的表达，",
        "骨密度升高。",
    ),
    "one list": ("雌激素抑制", "白细胞介素-6、TNF-α、骨密度、NF-κB、", "骨吸收。"),
    "open brackets": ("骨吸收增加", "[", "。"),
    "empty line": ("骨吸收增加。\n\n", " ", "\n\n骨密度升高。"),
    "one clause": ("TNF-α", "在破骨细胞和成骨细胞中与雌激素的水平及骨密度的变化和炎症的程度", "有关。"),
}
LENGTHS = (5_000, 10_000, 20_000, 40_000)


def text_of(kind: str, length: int) -> str:
    head, unit, tail = KINDS[kind]
    return head + unit * (length // len(unit)) + tail


def main() -> None:
    pipeline = Pipeline()

    def seconds(text: str) -> float:
        source = Source(text=text, format="text", encoding="utf-8")
        times = []
        for _ in range(3):
            began = time.process_time()
            pipeline.read(source, doc_id="a", path="a", sha256="")
            times.append(time.process_time() - began)
        return min(times)

    seconds(text_of("sentences", 1_000))
    for kind in KINDS:
        before = None
        for length in LENGTHS:
            took = seconds(text_of(kind, length))
            print(f"{kind:14} {length:7,} characters {took:6.2f} s" + (f"  x {took / before:.2f}" if before else ""))
            before = took


if __name__ == "__main__":
    main()
