"""A cache for what is costly to make: compiled once, read back at the next start.

It lies in the folder that the environment variable MEO_CACHE names, else in `meo` under the user's cache folder
($XDG_CACHE_HOME, ~/.cache). A file holds typed data only, no code, and its name holds the digest of all that its content
depends on. So nothing there has to be trusted: what is missing, damaged or out of date is made anew, and where nothing can
be written it is made at every start.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from pipeline import __version__

T = TypeVar("T")
# How many files of a kind stay: those of other lexicons and versions that were used last.
_KEPT = 4
_SUM = 4
# A scratch file that is older than this many seconds was left by a process that died.
_STALE = 3600


def cache_folder() -> Path | None:
    """Return the folder of the cache, or None where the user has none."""
    if named := os.environ.get("MEO_CACHE"):
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME", "")
    if Path(base).is_absolute():
        return Path(base) / "meo"
    try:
        return Path.home() / ".cache" / "meo"
    except RuntimeError:
        return None


def digest_of(parts: Iterable[str | bytes]) -> str:
    """Return a digest of parts, each with its length, so that no two lists of parts have the same."""
    digest = sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(b"%d\0" % len(data) + data)
    return digest.hexdigest()


def cached(kind: str, parts: Iterable[str | bytes], form: type[T], make: Callable[[], T]) -> T:
    """Return what `make` returns, from the cache where it was made before.

    `parts` are all that it depends on but this package and Python; `form` is its type, which msgspec must know.
    """
    folder = cache_folder()
    if folder is None:
        return make()
    digest = digest_of((__version__, "{}.{}".format(*sys.version_info), *_sources(), *parts))
    path = folder / f"{kind}-{digest[:32]}.msgpack"
    try:
        return _read(path, form)
    except (OSError, ValueError, msgspec.MsgspecError):
        made = make()
    # A full disk, or a folder that is not ours: no reason to stop, nor to tell at every start.
    with suppress(OSError):
        _write(path, msgspec.msgpack.encode(made))
        _prune(path, kind)
    return made


def _sources() -> Iterable[bytes]:
    """Yield the code of this room, so that who changes it needs no new version."""
    return (path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))


def _read(path: Path, form: type[T]) -> T:
    data = path.read_bytes()
    body = memoryview(data)[_SUM:]
    if int.from_bytes(data[:_SUM], "big") != zlib.crc32(body):
        raise ValueError(f"{path} is damaged")
    # What is read stays: to look for garbage in it meanwhile takes as long as to read it.
    collecting = gc.isenabled()
    gc.disable()
    try:
        found = msgspec.msgpack.decode(body, type=form)
    finally:
        if collecting:
            gc.enable()
    with suppress(OSError):
        os.utime(path)
    return found


def _write(path: Path, body: bytes) -> None:
    """Put a file in its place at once: who reads at the same time sees all of it or none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f"{path.stem}-", suffix=".part", dir=path.parent)
    scratch = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(zlib.crc32(body).to_bytes(_SUM, "big"))
            file.write(body)
        scratch.replace(path)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def _prune(new: Path, kind: str) -> None:
    """Remove the files of a kind that were not used of late, and what was left half written."""
    used = {path: path.stat().st_mtime for path in new.parent.glob(f"{kind}-*.msgpack") if path != new}
    old = sorted(used, key=used.__getitem__, reverse=True)[_KEPT - 1 :]
    left = [path for path in new.parent.glob(f"{kind}-*.part") if time.time() - path.stat().st_mtime > _STALE]
    for path in (*old, *left):
        path.unlink(missing_ok=True)
