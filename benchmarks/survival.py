"""What a run survives: it is killed, stopped, starved of disk and of workers, and fed hostile documents.

    python benchmarks/survival.py CORPUS [--kills 50] [--documents 1000] [--only NAME ...]

Every disturbed run is given again until it is finished; its tables must have the bytes of an undisturbed one. The hostile documents
are a twentieth of `--documents`; the others are the papers of the corpus under other names. A full disk is a small tmpfs
where this may mount one, else a limit of the size of files. Needs Linux: memory is read from /proc.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline import model
from pipeline.batch.corpus import find_inputs
from pipeline.batch.events import DocumentRead, Event
from pipeline.batch.run import run_corpus
from pipeline.batch.status import read_status
from pipeline.batch.work import Bounds
from pipeline.build import Pipeline
from pipeline.readers import limits_for
from pipeline.schema import TABLES, RunError, is_run, read_records

WORKERS = 2
LONG_LINE = 200_000_000
HOSTILE = ("hang", "crash", "long line", "garbage")


class Obedient(Pipeline):
    """The pipeline, but for texts that tell it to hang or to crash."""

    def read(self, source: model.Source, *, doc_id: str, path: str, sha256: str) -> model.DocumentResult:
        if source.text == "hang":
            # In C, with the interpreter locked.
            re.match(r"(a+)+b", "a" * 64)
        if source.text == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        return super().read(source, doc_id=doc_id, path=path, sha256=sha256)


@dataclass(frozen=True)
class BuildObedient:
    def __call__(self) -> Obedient:
        return Obedient()


class Bench:
    """A corpus, and the bytes of its undisturbed run."""

    def __init__(self, corpus: Path, folder: Path) -> None:
        self.corpus, self.folder, self.out = corpus, folder, folder / "run"
        began = time.monotonic()
        self.finish(folder / "undisturbed")
        self.seconds = time.monotonic() - began
        self.tables = tables(folder / "undisturbed")

    def start(self, out: Path, before: Callable[[], None] | None = None) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "pipeline", "run", str(self.corpus), "--out", str(out), "--quiet"]
        return subprocess.Popen([*command, "--workers", str(WORKERS)], preexec_fn=before, stderr=subprocess.DEVNULL)

    def finish(self, out: Path) -> None:
        if code := self.start(out).wait():
            raise SystemExit(f"the run in {out} ended with {code}")

    def verdict(self, out: Path) -> str:
        return "the same bytes" if tables(out) == self.tables else "OTHER BYTES"

    def wait_for_some(self, run: subprocess.Popen[bytes], done: int) -> None:
        """Wait until some documents are done."""
        while run.poll() is None:
            # There may be no ledger yet.
            with suppress(RunError):
                if read_status(self.out).done >= done:
                    return
            time.sleep(0.05)


def tables(run: Path) -> dict[str, bytes]:
    return {table: (run / f"{table}.jsonl").read_bytes() for table in TABLES}


def children(process: int) -> list[int]:
    try:
        listed = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        return [int(child) for child in listed if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
    except OSError:
        return []


def kills(bench: Bench, times: int) -> str:
    """Kill runs at random moments; where one is finished meanwhile, begin anew."""
    chance, moments, verdicts = random.Random(), Counter[str](), Counter[str]()
    while moments.total() < times:
        run = bench.start(bench.out)
        try:
            run.wait(chance.uniform(0.2, min(20.0, bench.seconds)))
        except subprocess.TimeoutExpired:
            moments[moment(bench.out)] += 1
            run.kill()
            run.wait()
            continue
        verdicts[bench.verdict(bench.out)] += 1
        shutil.rmtree(bench.out)
    bench.finish(bench.out)
    verdicts[bench.verdict(bench.out)] += 1
    return f"{counts(moments)}; runs finished: {counts(verdicts)}"


def killed_writing(bench: Bench, times: int) -> str:
    """Kill a run that has read all: while it writes its tables, and, every second time, while it puts them in their place."""
    bench.finish(bench.out)
    states = Counter[str]()
    for number in range(times):
        if not is_run(bench.out):
            bench.finish(bench.out)
        run = bench.start(bench.out)
        moment = is_run if number % 2 else lambda out: not any(out.glob(".*.part"))
        while run.poll() is None and moment(bench.out):
            pass
        run.kill()
        run.wait()
        states[bench.verdict(bench.out) if is_run(bench.out) else "no run.json"] += 1
    bench.finish(bench.out)
    return f"it left {counts(states)}; then {bench.verdict(bench.out)}"


def counts(counter: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counter.most_common())


def moment(out: Path) -> str:
    if any(out.glob(".*.part")):
        return "while writing"
    try:
        return "while reading" if read_status(out).in_hand else "while starting"
    except RunError:
        return "while starting"


def stopped(bench: Bench) -> str:
    run = bench.start(bench.out)
    bench.wait_for_some(run, 10)
    run.terminate()
    code = run.wait()
    done = read_status(bench.out).done
    bench.finish(bench.out)
    return f"exit code {code} after {done} documents; {bench.verdict(bench.out)}"


def workers_killed(bench: Bench) -> str:
    run = bench.start(bench.out)
    killed = 0
    for done in range(5, 30, 5):
        bench.wait_for_some(run, done)
        for worker in children(run.pid)[:1]:
            os.kill(worker, signal.SIGKILL)
            killed += 1
    code = run.wait()
    return f"{killed} workers killed, exit code {code}; {bench.verdict(bench.out)}"


def full_disk(bench: Bench) -> str:
    size = 4_000_000
    bench.out.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(bench.out)], check=False, capture_output=True
    )
    try:
        if tmpfs := mounted.returncode == 0:
            code = bench.start(bench.out).wait()
            done = read_status(bench.out).done
            subprocess.run(["mount", "-o", "remount,size=4g", str(bench.out)], check=True)
        else:
            code = bench.start(bench.out, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))).wait()
            done = read_status(bench.out).done
        bench.finish(bench.out)
        told = bench.verdict(bench.out)
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", str(bench.out)], check=True)
    how = "tmpfs" if tmpfs else "limit of the size of files"
    return f"exit code {code} after {done} documents ({how}, {size:,} bytes); {told}"


def hostile(bench: Bench, documents: int) -> str:
    corpus = bench.folder / "hostile"
    bad = hostile_corpus(bench, corpus, documents)
    began = time.monotonic()
    memory = Memory()
    run = run_corpus(
        BuildObedient(),
        corpus,
        bench.out,
        limits=limits_for(size=2 * LONG_LINE),
        bounds=Bounds(seconds=10),
        workers=WORKERS,
        hear=memory.hear,
    ).run
    failures = list(read_records(bench.out, "failures", model.Failure))
    kinds = Counter(each.error.partition(":")[0] if each.stage == "batch" else each.stage for each in failures)
    wrong = {each.doc_id for each in failures} ^ bad
    return (
        f"{run.counts.documents} processed, {run.counts.failures} failed ({counts(kinds)}), {len(wrong)} of them wrongly or not; "
        f"{time.monotonic() - began:.0f} s; {memory}"
    )


def hostile_corpus(bench: Bench, corpus: Path, documents: int) -> set[str]:
    """Make a corpus in which every twentieth document is hostile; return the names of these."""
    corpus.mkdir()
    papers = [item.file for item in find_inputs(bench.corpus)]
    line = bench.folder / "line.txt"
    with line.open("w", encoding="utf-8") as file:
        for _ in range(LONG_LINE // 30_000):
            file.write("雌激素抑制骨吸收，" * 1_111)
    bad, chance = set(), random.Random(1)
    for number in range(documents):
        path = corpus / f"{number:05}.txt"
        if number % 20 != 10:
            path.symlink_to(papers[number % len(papers)])
            continue
        bad.add(path.stem)
        kind = HOSTILE[number // 20 % len(HOSTILE)]
        if kind == "long line":
            path.symlink_to(line)
        else:
            path.write_bytes(chance.randbytes(100_000) if kind == "garbage" else kind.encode())
    return bad


class Memory:
    """What this process and its smaller worker hold, each time that a document is done."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, int]] = []

    def hear(self, event: Event) -> None:
        if isinstance(event, DocumentRead) and event.state == "done":
            workers = [resident(child) for child in children(os.getpid())]
            # The larger one may have a hostile document in hand.
            self.seen.append((resident(os.getpid()), min(workers)))

    def __str__(self) -> str:
        quarter = len(self.seen) // 4
        told = []
        for place, name in enumerate(("this process", "a worker")):
            first, last = (sorted(pair[place] for pair in part)[quarter // 2] for part in self.quarters(quarter))
            told.append(f"{name} {first} MB in the first quarter, {last} MB in the last")
        return ", ".join(told)

    def quarters(self, quarter: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        return self.seen[:quarter], self.seen[-quarter:]


def resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize() >> 20
    except OSError:
        return 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--documents", type=int, default=1000, help="of the corpus with hostile ones")
    parser.add_argument("--only", nargs="+", help="kill, write, stop, worker, disk, hostile")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(args.corpus, Path(folder))
        print(f"{len(find_inputs(args.corpus))} documents, undisturbed in {bench.seconds:.0f} s, {WORKERS} workers\n")
        trials: dict[str, tuple[str, Callable[[], str]]] = {
            "kill": (f"kill -9 at {args.kills} random moments", lambda: kills(bench, args.kills)),
            "write": ("kill -9 while the tables are written, 10 times", lambda: killed_writing(bench, 10)),
            "stop": ("SIGTERM", lambda: stopped(bench)),
            "worker": ("workers killed", lambda: workers_killed(bench)),
            "disk": ("a full disk", lambda: full_disk(bench)),
            "hostile": (f"{args.documents} documents, every twentieth hostile", lambda: hostile(bench, args.documents)),
        }
        for name, (what, trial) in trials.items():
            if not args.only or name in args.only:
                print(f"{what}: {trial()}", flush=True)
                shutil.rmtree(bench.out)


if __name__ == "__main__":
    main()
