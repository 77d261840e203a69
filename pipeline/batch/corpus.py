"""The documents of a corpus, in the order in which every run writes them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

ENDINGS = (".md", ".txt")


class CorpusError(ValueError):
    """There is nothing to read; the message says where it was looked for and what is allowed."""


class Input(NamedTuple):
    """One file to read; `path` is relative to the corpus root, with forward slashes."""

    doc_id: str
    path: str
    file: Path


def find_inputs(corpus: Path) -> list[Input]:
    """Return the documents of a folder, by path, or the one document of a file.

    A document is called by its path without the ending. Files that would share a name (a.txt, a.md) keep their endings.
    Hidden files and folders are left out.

    Raises:
        CorpusError: where there is no such file or folder, or no document in it.
    """
    if corpus.is_file():
        files = {corpus.name: corpus}
    elif corpus.is_dir():
        files = {_printable(path.relative_to(corpus)): path for path in corpus.rglob("*") if path.is_file()}
        files = {name: path for name, path in files.items() if not any(p.startswith(".") for p in name.split("/"))}
    else:
        raise CorpusError(
            f"{corpus}: no such file or folder; give a folder of {' or '.join(ENDINGS)} files, or one file"
        )
    names = sorted(name for name in files if name.casefold().endswith(ENDINGS))
    if not names:
        raise CorpusError(f"{corpus}: nothing to read here; documents are files that end in {' or '.join(ENDINGS)}")
    return [Input(doc_id, name, files[name]) for name, doc_id in zip(names, _doc_ids(names), strict=True)]


def _printable(path: Path) -> str:
    # A file name that is not UTF-8 could not be written to JSON.
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _doc_ids(names: list[str]) -> list[str]:
    """Drop the endings where the names stay distinct.

    >>> _doc_ids(["a.md", "a.txt", "a.txt.md", "b.txt"])
    ['a.md', 'a.txt', 'a.txt.md', 'b']
    """
    ids = [name.rpartition(".")[0] for name in names]
    while shared := {doc_id for doc_id, count in Counter(ids).items() if count > 1}:
        ids = [name if doc_id in shared else doc_id for name, doc_id in zip(names, ids, strict=True)]
    return ids
