"""The run folder on disk: nobody ever sees half a run."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from pipeline.schema import MANIFEST, TABLES, Run, is_run, table_path


class OutputError(ValueError):
    """The run cannot be written there; the message says why and what to do."""


class RunWriter:
    """Takes the tables of a run in order; nothing shows at `out` before `finish`."""

    def __init__(self, out: Path, folder: Path, files: Mapping[str, BinaryIO]) -> None:
        """Write to `folder` for now."""
        self._out = out
        self._folder = folder
        self._files = files

    def add(self, tables: dict[str, bytes]) -> None:
        """Append encoded lines to the tables."""
        for table, lines in tables.items():
            self._files[table].write(lines)

    def finish(self, run: Run) -> None:
        """Write run.json and put the run in its place.

        A new folder appears at once. In an old one only the files of a run are replaced, and run.json is missing in
        between, so that a broken run is not taken for a whole one.
        """
        for file in self._files.values():
            file.close()
        manifest = msgspec.json.format(msgspec.json.encode(run), indent=2)
        (self._folder / MANIFEST).write_bytes(manifest + b"\n")
        if not self._out.exists():
            self._folder.rename(self._out)
            return
        (self._out / MANIFEST).unlink(missing_ok=True)
        for path in [*(table_path(self._folder, table) for table in TABLES), self._folder / MANIFEST]:
            path.replace(self._out / path.name)


def check_output(out: Path, *, force: bool) -> None:
    """Tell whether a run may be written to `out`.

    Raises:
        OutputError: where `out` is a file, or a folder with other things than a run in it and not `force`.
    """
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; give a folder for --out")
    if out.is_dir() and any(out.iterdir()) and not is_run(out) and not force:
        raise OutputError(
            f"{out} holds other things than a run; give another --out, or --force to write the run's files among them"
        )


@contextmanager
def open_run(out: Path, *, force: bool) -> Iterator[RunWriter]:
    """Give a writer for a run at `out`; on any error the place stays as it was.

    Raises:
        OutputError: see `check_output`.
    """
    check_output(out, force=force)
    out = out.absolute()
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent))
    try:
        # A temporary folder is private; a run is as open as the user's other folders.
        folder.chmod(0o777 & ~_umask())
        with ExitStack() as stack:
            files = {table: stack.enter_context(table_path(folder, table).open("wb")) for table in TABLES}
            yield RunWriter(out, folder, files)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
