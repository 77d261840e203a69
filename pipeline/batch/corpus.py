"""The documents of a corpus, in the order in which every run writes them."""

from __future__ import annotations

import glob
import re
import sys
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from pipeline.batch.archives import MAGIC
from pipeline.batch.containers import (
    ARCHIVES,
    COLUMNS,
    LINES,
    TABLES,
    Columns,
    Found,
    Step,
    fetch,
    kind_of,
    list_container,
    short,
)
from pipeline.model import Source
from pipeline.readers import ENDINGS, LIMITS, Limits, ReadError, read_file, read_source, too_large

STDIN = Path("-")
_WHAT = (
    f"give a folder of papers ({' '.join(ENDINGS)}) or of archives ({' '.join(ARCHIVES)}) and {' '.join(LINES)} files, one such file, "
    f"a {' or '.join(TABLES)} table, a pattern such as 'papers/*.txt', @LIST for the files that a list names, or - for standard input"
)


class CorpusError(ValueError):
    """There is nothing to read; the message says where it was looked for and what is allowed."""


class Shard(NamedTuple):
    """One of several parts of a corpus: a paper belongs to the same one whatever other papers there are."""

    number: int
    of: int

    def holds(self, doc_id: str) -> bool:
        """Tell whether a paper is in it."""
        return crc32(doc_id.encode()) % self.of == self.number - 1

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read `3/8`.

        Raises:
            CorpusError: where it is no such part.

        >>> Shard.parse("3/8")
        Shard(number=3, of=8)
        """
        match = re.fullmatch(r"([1-9]\d{0,6})/([1-9]\d{0,6})", text)
        if not match or int(match[1]) > int(match[2]):
            raise CorpusError(f"--shard is {text!r}; give a part and how many there are, such as 3/8")
        return cls(int(match[1]), int(match[2]))


class Input(NamedTuple):
    """One paper to read; `path` is relative to the corpus root, with forward slashes, that of a line with its number.

    `steps` lead from `file` to a paper in a container; `fault` says why it cannot be read.
    """

    doc_id: str
    path: str
    file: Path
    steps: tuple[Step, ...] = ()
    fault: str | None = None


def find_inputs(corpus: Path, limits: Limits = LIMITS, columns: Columns = COLUMNS) -> list[Input]:
    """Return the papers of a folder and of the containers in it, of one file, of a pattern, of the files that a list names
    (`@LIST`, a path a line, relative to its folder), or of standard input (`-`).

    Files come by path, the papers of a container in its order. A paper is called by its path without the ending, a line or row
    by its id below the path of its file; where the container is the corpus, without its path. Papers that would share a
    name (a.txt, a.md) keep their endings. Hidden files and folders are left out, and in folders tables, too.

    Raises:
        CorpusError: where there is no such file or folder, or no paper in it.
    """
    if corpus == STDIN:
        return [Input("stdin", "stdin", STDIN)]
    found: list[tuple[Found, Path]] = []
    for path, file, kind, prefix in _files(corpus):
        if kind == "paper":
            found.append((Found(path, short(path), ()), file))
        else:
            found += ((each, file) for each in list_container(file, kind, path, prefix, limits, columns))
    if not found:
        raise CorpusError(f"{corpus}: nothing to read here; {_WHAT}")
    ids = _doc_ids([(each.path, each.short) for each, _ in found])
    return [
        Input(doc_id, each.path, file, each.steps, each.fault) for doc_id, (each, file) in zip(ids, found, strict=True)
    ]


def _files(corpus: Path) -> Iterator[tuple[str, Path, str, str]]:
    """Yield (path below the root, file, kind, what stands before the paths of its papers)."""
    if str(corpus).startswith("@"):
        yield from _listed(Path(str(corpus)[1:]))
        return
    if corpus.is_file():
        name = _printable(Path(corpus.name))
        yield name, corpus, kind_of(name) or _kind_by_content(corpus), ""
        return
    kinds = ["paper", "archive", "lines"]
    root, pattern = corpus, "**/*"
    if glob.has_magic(str(corpus)) and not corpus.exists():
        fixed = next(index for index, part in enumerate(corpus.parts) if glob.has_magic(part))
        root, pattern = Path(*corpus.parts[:fixed]), "/".join(corpus.parts[fixed:])
        kinds.append("table")
    if not root.is_dir():
        raise CorpusError(f"{corpus}: no such file or folder; {_WHAT}")
    named = {_printable(path.relative_to(root)): path for path in root.glob(pattern) if path.is_file()}
    for name in sorted(named):
        kind = kind_of(name)
        if kind in kinds and not any(part.startswith(".") for part in name.split("/")):
            yield name, named[name], kind, f"{name}/"


def _listed(file: Path) -> Iterator[tuple[str, Path, str, str]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(
            f"{file}: this list cannot be read ({error}); give a UTF-8 file with a path a line"
        ) from error
    for name in dict.fromkeys(line.strip() for line in lines):
        if name:
            path = file.parent / name
            yield name, path, kind_of(name) or _kind_by_content(path), f"{name}/"


def _kind_by_content(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return "archive" if stream.read(6).startswith(MAGIC) else "paper"
    except OSError:
        return "paper"


def _printable(path: Path) -> str:
    # A file name that is not UTF-8 could not be written to JSON.
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _doc_ids(names: list[tuple[str, str]]) -> list[str]:
    """Take the short name of (path, short name) where these stay distinct, else the path, which always is.

    >>> _doc_ids([("a.md", "a"), ("a.txt", "a"), ("a.txt.md", "a.txt"), ("b.txt", "b")])
    ['a.md', 'a.txt', 'a.txt.md', 'b']
    """
    ids = [name for _, name in names]
    while shared := {doc_id for doc_id, count in Counter(ids).items() if count > 1}:
        full = [path if doc_id in shared else doc_id for (path, _), doc_id in zip(names, ids, strict=True)]
        if full == ids:
            break
        ids = full
    return ids


class Opened(NamedTuple):
    """A paper that was read, and the digest of its bytes."""

    source: Source
    sha256: str


def load(item: Input, limits: Limits = LIMITS) -> bytes | str:
    """Return the bytes of a paper, or the text of a line or row.

    Raises:
        ReadError: where it cannot be got; the message names the reason and the remedy.
    """
    if item.fault:
        raise ReadError(item.fault)
    if item.file == STDIN:
        data = sys.stdin.buffer.read(limits.size + 1)
        if len(data) > limits.size:
            raise ReadError(too_large(item.path, len(data), limits))
        return data
    return fetch(item.file, item.steps, item.path, limits) if item.steps else read_file(item.file, item.path, limits)


def digest_of(data: bytes | str) -> str:
    """Return the digest of what `load` returned."""
    return sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def open_loaded(item: Input, data: bytes | str, limits: Limits = LIMITS) -> Source:
    """Read what `load` returned with the reader of its format; the text of a line or row is taken as it is.

    Raises:
        ReadError: where it cannot be read; the message names the reason and the remedy.
    """
    if isinstance(data, bytes):
        return read_source(data, item.path, limits)
    return Source(text=data, format="text", encoding="utf-8")


def open_input(item: Input, limits: Limits = LIMITS) -> Opened:
    """Load and read a paper.

    Raises:
        ReadError: where it cannot be read; the message names the reason and the remedy.
    """
    data = load(item, limits)
    return Opened(open_loaded(item, data, limits), digest_of(data))
