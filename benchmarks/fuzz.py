"""Mutated papers for every reader: each must be read, or refused with its reason, in time and in bounds.

    python benchmarks/fuzz.py [--seconds 600] [--seed 1] [--format NAME...] [--out FOLDER]

Samples of each format are flipped, cut, doubled, spliced and salted with what breaks parsers; archives are packed again around a
mutated member. Each input is opened as `meo run` opens it, normalised, and searched for its reference list, in a worker process
under a time and a memory limit. Whatever is neither read nor refused is a finding: it is kept in `--out` under a name from which
`--seed` makes it again. Exits with 1 where there is one.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import re
import sys
import tarfile
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from pipeline import model
from pipeline.batch.corpus import CorpusError, Input, find_inputs, open_input
from pipeline.batch.engine import Workers
from pipeline.batch.work import Answer, Bounds, Job, Task
from pipeline.normalise import normalise
from pipeline.readers import ReadError
from pipeline.references import find_references, parse_reference
from pipeline.sections import find_sections

SAMPLES = Path(__file__).parents[1] / "corpora" / "samples" / "formats"
BOUNDS = Bounds(seconds=20, memory=1000)
BLANK = model.Document(
    doc_id="",
    path="",
    sha256="",
    format="text",
    encoding=None,
    title=None,
    language="zh",
    script="simplified",
    metadata={},
    source_text="",
    text="",
    sections=[],
    sentences=[],
    references={},
    unknown_glyphs=[],
)
# Of an archive, no more papers than these are opened.
MOST = 40
UNEXPECTED = re.compile(r"[A-Z]\w*: .*\(in .+, line \d+\)", re.S)
SALT = (
    *(
        b"\0",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"\r",
        b"\x1a",
        b"\xe2\x80\xae",
        b"\xf0\x9f\xa7\xac",
        b"]]>",
        b"-->",
        b"%%EOF",
        b"\\",
    ),
    *(
        b"99999999999999999999",
        b"-1",
        b"1e999",
        b"0x",
        b"NaN",
        b"[1-9999999]",
        b"[" * 300,
        b"(" * 3000,
        b"$" * 99,
        b"|" * 500,
    ),
    *(
        b"<table><tr><td>" * 200,
        b"<div>" * 2000,
        b"<p",
        b"<!--",
        b"<![CDATA[",
        b"&#x110000;",
        b"&#0;",
        b"&lol;",
        b"%s%n",
    ),
    *(
        b"<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d '&b;&b;'>]>",
        b"<?xml version='1.1' encoding='utf-7'?>",
        b"charset=utf-16",
    ),
    *(
        b"stream\r\n",
        b"endobj",
        b"/Length 99999999",
        b"/Kids [1 0 R]",
        b"1 0 obj",
        b"/Filter /FlateDecode",
        b"/Rotate 45",
    ),
    *(
        b"\\frac{" * 200,
        b"$\\mathrm{" * 50,
        b"# " * 50,
        b"![](",
        b'{"id":',
        b'"',
        b"id,text\n",
        b"\xa1\xa1",
        "参考文献\n[1]".encode(),
    ),
)


@dataclass
class Opening:
    """Opens the file that a text names, and all papers in it."""

    timings: dict[str, float] = field(default_factory=dict)
    lexicon_digest: str = ""

    def read(self, source: model.Source, *, doc_id: str, path: str, sha256: str) -> model.DocumentResult:
        """Return a blank document; raise `ReadError` where no paper could be opened, and whatever a reader may not raise."""
        try:
            opened = [self._opens(item) for item in find_inputs(Path(source.text))[:MOST]]
            if not any(opened):
                raise ReadError("no paper can be read")
        except CorpusError as error:
            raise ReadError(str(error)) from error
        return model.DocumentResult(msgspec.structs.replace(BLANK, doc_id=doc_id, path=path, sha256=sha256), [], [])

    def _opens(self, item: Input) -> bool:
        try:
            self._look(open_input(item).source)
        except ReadError as error:
            if not str(error).strip():
                raise ValueError("an error without a message") from error
            return False
        return True

    @staticmethod
    def _look(source: model.Source) -> None:
        source.text.encode()
        normalised = normalise(source.text)
        for _, entry in find_references(normalised, find_sections(normalised), source.text).values():
            parse_reference(entry)


@dataclass(frozen=True)
class Build:
    """Makes the reader of a worker."""

    def __call__(self) -> Opening:
        return Opening()


def samples() -> dict[str, bytes]:
    """Return a sample of each format, those of containers made of the others."""
    found = {path.name.partition(".")[2]: path.read_bytes() for path in sorted(SAMPLES.iterdir()) if path.is_file()}
    text = next(data for name, data in found.items() if name.endswith("txt"))
    rows = [{"id": f"a{n}", "text": part} for n, part in enumerate(text.decode("utf-8", "replace").split("\n\n")[:20])]
    table = io.StringIO()
    writer = csv.DictWriter(table, ["id", "text"])
    writer.writeheader()
    writer.writerows(rows)
    small = {f"{n}.{name}": data for n, (name, data) in enumerate(found.items())}
    return found | {
        "jsonl": "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode(),
        "csv": table.getvalue().encode(),
        "zip": zipped(small),
        "tar.gz": tarred(small, "w:gz"),
        "tar": tarred(small, "w"),
    }


def zipped(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def tarred(members: dict[str, bytes], mode: str) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            told = tarfile.TarInfo(name)
            told.size = len(data)
            archive.addfile(told, io.BytesIO(data))
    return made.getvalue()


def mutated(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Return bytes that went through one to four accidents; of an archive, mostly one of its members did."""
    if data.startswith(b"PK") and chance.random() < 0.7:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        name = chance.choice(sorted(members))
        members[name] = mutated(members[name], others, chance)
        return zipped(members)
    is_text = chance.random() < 0.7 and not data.startswith((b"%PDF", b"PK", b"\x1f\x8b"))
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(ACCIDENTS)(data, others, chance)
    # Bytes that are no characters end most readers before they begin.
    return data.decode("utf-8", "ignore").replace("\0", "").encode() if is_text else data


def stretch(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + int(chance.expovariate(1 / 200)))


def flip(data: bytes, _: list[bytes], chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(min(len(data), chance.choice((1, 4, 30)))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(data: bytes, _: list[bytes], chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def drop(data: bytes, _: list[bytes], chance: random.Random) -> bytes:
    start, end = stretch(data, chance)
    return data[:start] + data[end:]


def double(data: bytes, _: list[bytes], chance: random.Random) -> bytes:
    start, end = stretch(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 2, 50, 1000)) + data[end:]


def salt(data: bytes, _: list[bytes], chance: random.Random) -> bytes:
    start, end = stretch(data, chance)
    return data[:start] + chance.choice(SALT) + data[chance.choice((start, end)) :]


def splice(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    other = chance.choice(others)
    start, end = stretch(other, chance)
    at, _ = stretch(data, chance)
    return data[:at] + other[start : chance.choice((end, len(other)))] + data[at:]


ACCIDENTS: tuple[Callable[[bytes, list[bytes], random.Random], bytes], ...] = (
    flip,
    cut,
    drop,
    double,
    salt,
    salt,
    splice,
)


def tasks(formats: dict[str, bytes], seed: int, folder: Path, until: float) -> Iterator[Task]:
    """Yield inputs, one of each format in turn, until the time is over."""
    others = list(formats.values())
    number = 0
    while time.monotonic() < until:
        for name, data in formats.items():
            file = folder / f"{number}.{name}"
            file.write_bytes(mutated(data, others, random.Random(f"{seed} {name} {number}")))
            order = folder / f"{file.name}.order"
            order.write_text(str(file), encoding="utf-8")
            yield Task(Input(file.name, "order.txt", order))
        number += 1


def verdict(answer: Answer) -> str:
    """Say whether an input was opened, refused, or what it did that it should not."""
    if answer.state == "lost":
        return f"LOST {answer.error}"
    if answer.state == "failed":
        return f"RAISED {answer.error}" if UNEXPECTED.fullmatch(answer.error or "") else "refused"
    return "opened"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", nargs="*", help="of the samples; all if left out")
    parser.add_argument("--out", type=Path, default=Path("outputs/fuzz"))
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    formats = {name: data for name, data in samples().items() if not args.format or name in args.format}
    counts: Counter[tuple[str, str]] = Counter()
    slowest = ("", 0.0)
    findings = 0
    with tempfile.TemporaryDirectory() as folder, Workers(Job(Build(), bounds=BOUNDS), args.workers) as workers:
        workers.ready()
        until = time.monotonic() + args.seconds
        for answer in workers.run(tasks(formats, args.seed, Path(folder), until)):
            file = Path(folder) / answer.doc_id
            said = verdict(answer)
            counts[answer.doc_id.partition(".")[2], said if said.islower() else "finding"] += 1
            slowest = max(slowest, (answer.doc_id, answer.seconds), key=lambda pair: pair[1])
            if not said.islower():
                findings += 1
                args.out.mkdir(parents=True, exist_ok=True)
                (args.out / f"{args.seed}-{file.name}").write_bytes(file.read_bytes())
                print(f"{args.seed}-{file.name}: {said}", flush=True)
            file.unlink()
            file.with_name(f"{file.name}.order").unlink()
    print(f"{'':24}{'opened':>10}{'refused':>10}{'findings':>10}")
    for name in formats:
        print(f"{name:24}" + "".join(f"{counts[name, each]:10,}" for each in ("opened", "refused", "finding")))
    print(
        f"{counts.total():,} inputs, {findings} findings; the slowest took {slowest[1]:.1f} s ({args.seed}-{slowest[0]})"
    )
    sys.exit(bool(findings))


if __name__ == "__main__":
    main()
