"""How fast the readers open a paper, beside `jieba.lcut` over the text that they draw from it, in the same process.

    python benchmarks/readers.py [--megabytes 4] [--pages 120]

The project's own sample stands in each format as it is, and in long ones: the markup repeats its body, the PDF its pages.
Seconds are of processor time, which a busy machine changes less.
Peak memory is that of this process so far.
"""

from __future__ import annotations

import argparse
import io
import logging
import re
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import jieba
import pypdfium2 as pdfium

from pipeline.readers import Limits, read_source

SAMPLES = Path(__file__).parents[1] / "corpora" / "samples" / "formats"
LIMITS = Limits(size=1 << 30, pages=100_000)
BODIES = {"html": rb"<body[^>]*>(.*)</body>", "jats.xml": rb"<body>(.*)</body>"}


def papers(megabytes: float, pages: int) -> Iterator[tuple[str, str, bytes]]:
    """Yield name, format and bytes of what is opened."""
    for path in sorted(SAMPLES.iterdir()):
        name = path.name.partition(".")[2]
        data = path.read_bytes()
        yield name, name, data
        if name in BODIES:
            yield f"{name}, long", name, repeated(data, BODIES[name], int(megabytes * 1e6))
        elif name in ("md", "txt"):
            yield f"{name}, long", name, (data + b"\n\n") * (1 + int(megabytes * 1e6) // len(data))
        elif name.endswith("column.pdf"):
            yield f"{name}, long", name, many_pages(data, pages)


def repeated(data: bytes, body: bytes, size: int) -> bytes:
    found = re.search(body, data, re.S)
    assert found
    inside = re.sub(rb' id="[^"]*"', b"", found[1])
    return data[: found.end(1)] + inside * (size // len(inside)) + data[found.end(1) :]


def many_pages(data: bytes, pages: int) -> bytes:
    sample, made = pdfium.PdfDocument(data), pdfium.PdfDocument.new()
    while len(made) < pages:
        made.import_pages(sample)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=4)
    parser.add_argument("--pages", type=int, default=120)
    args = parser.parse_args()
    jieba.setLogLevel(logging.WARNING)
    jieba.lcut("骨")
    print(f"{'':26}{'MB':>8}{'pages':>7}{'seconds':>9}{'MB/s':>8}{'pages/s':>9}{'x jieba.lcut':>14}{'peak MB':>9}")
    for name, form, data in papers(args.megabytes, args.pages):
        # Once to warm up, and then the best of three, or what a long one takes.
        times = 1 if "long" in name else 3
        took = []
        for _ in range(times + 1):
            began = time.process_time()
            source = read_source(data, f"paper.{form}", LIMITS)
            took.append(time.process_time() - began)
        seconds = min(took[1:])
        began = time.process_time()
        jieba.lcut(source.text)
        alone = time.process_time() - began
        pages = len(pdfium.PdfDocument(data)) if form.endswith("pdf") else 0
        shown = f"{pages:7}", f"{pages / seconds:9.1f}" if pages else f"{'':9}"
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
        size = len(data) / 1e6
        print(
            f"{name:26}{size:8.2f}{shown[0] if pages else '':7}{seconds:9.3f}{size / seconds:8.2f}{shown[1]}"
            f"{seconds / alone:14.2f}{memory:9,.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
