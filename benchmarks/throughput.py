"""How fast the pipeline reads, stage by stage, beside `jieba.lcut` alone over the same text in the same process.

    python benchmarks/throughput.py CORPUS [--documents N]

Both are warmed up. Document by document, first one and then the other is timed, so that a busy machine slows both
alike.
Peak memory is that of this process, in which jieba's own dictionary lies beside the pipeline's.
"""

from __future__ import annotations

import argparse
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import jieba

from pipeline import model
from pipeline.batch.corpus import find_inputs, open_input
from pipeline.batch.work import Reader, Task, process, unpack
from pipeline.batch.worker import ready
from pipeline.build import Pipeline
from pipeline.readers import LIMITS

_START = """
import time
began = time.perf_counter()
from pipeline.build import Pipeline
from pipeline.model import Source
Pipeline().read(Source("炎症促进骨吸收。", "text", "utf-8"), doc_id="a", path="a", sha256="")
print(time.perf_counter() - began)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, help="read the first N only")
    args = parser.parse_args()
    inputs = find_inputs(args.corpus)[: args.documents]
    cold, warm = start_up()
    pipeline = warm_up()
    alone = 0.0
    spent: Counter[str] = Counter()
    whole = 0.0
    characters = triples = failures = 0
    for item in inputs:
        text = open_input(item).source.text
        began = time.perf_counter()
        jieba.lcut(text)
        middle = time.perf_counter()
        answer = process(pipeline, Task(item), LIMITS)
        whole += time.perf_counter() - middle
        alone += middle - began
        characters += len(text)
        if answer.state == "failed":
            failures += 1
            continue
        tally = unpack(answer.result).tally
        spent.update(tally.stages)
        triples += tally.triples
    print(f"{len(inputs)} documents, {characters:,} characters, {triples:,} triples, {failures} failures\n")
    print(f"{'':14}{'seconds':>9}{'characters/s':>14}{'x jieba.lcut':>14}")
    rows = [*spent.items(), ("all stages", whole), ("jieba.lcut", alone)]
    for name, seconds in rows:
        speed = characters / seconds if seconds else float("inf")
        print(f"{name:14}{seconds:9.2f}{speed:14,.0f}{seconds / alone:14.2f}")
    # Linux counts in kilobytes, macOS in bytes.
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
    print(f"\npeak memory {memory:,.0f} MB; start-up to the first triple {warm:.2f} s, {cold:.2f} s without a cache")
    helped, alone = help_costs()
    print(f"`meo --help` takes {helped:.2f} s of processor time, the library that draws it {alone:.2f} s")


def start_up(times: int = 3) -> tuple[float, float]:
    """Return seconds to the first triple in a new process: with an empty cache, and the least with a filled one."""
    with tempfile.TemporaryDirectory() as folder:
        command, environment = [sys.executable, "-c", _START], os.environ | {"MEO_CACHE": folder}
        cold, *warm = (float(subprocess.check_output(command, env=environment)) for _ in range(times + 1))
    return cold, min(warm)


def help_costs(times: int = 5) -> tuple[float, float]:
    """Return the least processor seconds of `meo --help`, and of importing what it is drawn with."""
    alone = "import typer, typer.rich_utils, rich.console, rich.table, rich.panel, rich.markdown"
    took: list[list[float]] = [[], []]
    for _ in range(times):
        for spent, arguments in zip(took, (["-m", "pipeline", "--help"], ["-c", alone]), strict=True):
            before = children()
            subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
            spent.append(children() - before)
    return min(took[0]), min(took[1])


def children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def warm_up() -> Reader:
    """Let jieba and the pipeline read their dictionaries."""
    jieba.setLogLevel(logging.WARNING)
    text = "肿瘤坏死因子-α促进破骨细胞分化，抑制成骨细胞功能，从而引起骨丢失。" * 20
    jieba.lcut(text)
    pipeline = ready(Pipeline)
    pipeline.read(model.Source(text, "text", "utf-8"), doc_id="warm", path="warm", sha256="")
    return pipeline


if __name__ == "__main__":
    main()
