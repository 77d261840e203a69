"""ZIP and tar archives, and single compressed files: their members listed in order and read one by one, under limits.

Nothing is unpacked to disk, and no size that an archive declares is trusted.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import stat
import tarfile
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, NamedTuple, Protocol, cast

from pipeline.readers import Limits, ReadError

_COMPRESSED: tuple[tuple[bytes, Callable[[BinaryIO], object]], ...] = (
    (b"\x1f\x8b", gzip.open),
    (b"BZh", bz2.open),
    (b"\xfd7zXZ", lzma.open),
)
MAGIC = (b"PK\x03\x04", b"PK\x05\x06", *(magic for magic, _ in _COMPRESSED))
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
# What the whole of an archive may expand to beside `Limits.expanded`: papers shrink to a tenth at best, bombs to a thousandth.
_RATIO = 10
_OUTSIDE = re.compile(r"/|[A-Za-z]:|(?:.*/)?\.\.(?:/|\Z)")
_UTF8_FLAG = 0x800


class Member(NamedTuple):
    """A file in an archive: its path there ("" in a compressed single file), how it is found again, and why it cannot be read."""

    name: str
    at: int
    size: int
    fault: str | None = None


class Archive(Protocol):
    """An opened archive."""

    def members(self) -> Iterator[Member]:
        """Yield the files in the order of the archive, without hidden ones, folders, links and devices."""
        ...

    def read(self, at: int, size: int, most: int, /) -> bytes:
        """Return a member, at most `most` + 1 bytes of it."""
        ...


class OfficeFileError(ValueError):
    """A ZIP file is a document, no archive of documents."""


def open_archive(stream: BinaryIO, size: int, limits: Limits) -> Archive:
    """Open an archive by its content; `size` is its own, by which what it expands to is measured. It closes the stream.

    Raises:
        OfficeFileError: for a DOCX or another Office file.
        ReadError: where it is damaged from the start.
    """
    try:
        with broken():
            return _opened(stream, allowance(size, limits))
    except BaseException:
        stream.close()
        raise


def allowance(size: int, limits: Limits) -> int:
    """Return how many bytes an archive of `size` bytes may expand to."""
    return max(limits.expanded, _RATIO * size)


def _opened(stream: BinaryIO, most: int) -> Archive:
    head = stream.read(6)
    stream.seek(0)
    if head.startswith(b"PK"):
        return _Zip(stream, most)
    opener = next((each for magic, each in _COMPRESSED if head.startswith(magic)), None)
    plain = cast(BinaryIO, opener(stream)) if opener else stream
    bounded = _Bounded(plain, stream, most)
    if _is_tar(bounded):
        return _Tar(bounded)
    if plain is stream:
        raise ReadError("this is no ZIP, tar or compressed archive, whatever its ending says")
    return _Single(bounded)


@contextmanager
def broken() -> Iterator[None]:
    """Tell in one kind of error all that a damaged archive gives rise to."""
    try:
        yield
    except (ReadError, OfficeFileError):
        raise
    except _BROKEN as error:
        raise ReadError(f"the archive is cut short or damaged ({error}); get it again") from error


class _Zip:
    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._zip = zipfile.ZipFile(stream)
        weakref.finalize(self, stream.close)
        self._infos = self._zip.infolist()
        self._most = most
        if any(info.filename == "[Content_Types].xml" for info in self._infos):
            raise OfficeFileError

    def members(self) -> Iterator[Member]:
        total = 0
        for at, info in enumerate(self._infos):
            mode = info.external_attr >> 16
            if info.is_dir() or (stat.S_IFMT(mode) and not stat.S_ISREG(mode)):
                continue
            total += info.file_size
            if total > self._most:
                raise too_much(self._most)
            name = _zip_name(info).replace("\\", "/")
            fault = "it is encrypted; unpack the archive with its password" if info.flag_bits & 1 else None
            if not _is_hidden(name):
                yield Member(name.removeprefix("./"), at, info.file_size, fault or _leaves(name))

    def read(self, at: int, _size: int, most: int, /) -> bytes:
        with broken(), self._zip.open(self._infos[at]) as member:
            return member.read(most + 1)


class _Bounded(io.BufferedIOBase):
    """What a stream expands to, refused beyond a number of bytes."""

    def __init__(self, plain: BinaryIO, file: BinaryIO, most: int) -> None:
        self._plain, self._file, self._most = plain, file, most

    def read(self, size: int | None = -1, /) -> bytes:
        left = self._most - self._plain.tell()
        wanted = left + 1 if size is None or size < 0 else size
        data = self._plain.read(min(wanted, left + 1))
        if len(data) > left:
            raise too_much(self._most)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        if whence == io.SEEK_SET and offset > self._most:
            raise too_much(self._most)
        return self._plain.seek(offset, whence)

    def tell(self) -> int:
        return self._plain.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        super().close()
        self._plain.close()
        self._file.close()


def _is_tar(stream: _Bounded) -> bool:
    block = stream.read(tarfile.BLOCKSIZE)
    stream.seek(0)
    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.TarError:
        return False
    return True


class _Tar:
    def __init__(self, stream: _Bounded) -> None:
        weakref.finalize(self, stream.close)
        self._stream = stream

    def members(self) -> Iterator[Member]:
        with broken():
            self._stream.seek(0)
            archive = tarfile.TarFile(fileobj=cast(IO[bytes], self._stream), encoding="utf-8", errors="surrogateescape")
        while True:
            with broken():
                info = archive.next()
            if info is None:
                break
            name = _named(info.name.encode("utf-8", "surrogateescape"))
            if info.isreg() and not info.issparse() and not _is_hidden(name):
                yield Member(name.removeprefix("./"), info.offset_data, info.size, _leaves(name))
        # tarfile takes a damaged header for the end, which is a block of zeros.
        with broken():
            self._stream.seek(archive.offset)
            if any(self._stream.read(tarfile.BLOCKSIZE)):
                raise ReadError("the archive is damaged after its last readable member; get it again")

    def read(self, at: int, size: int, most: int, /) -> bytes:
        with broken():
            self._stream.seek(at)
            data = self._stream.read(min(size, most + 1))
        if len(data) < min(size, most + 1):
            raise ReadError("the archive is cut short inside this member; get it again")
        return data


class _Single:
    def __init__(self, stream: _Bounded) -> None:
        weakref.finalize(self, stream.close)
        self._stream = stream

    def members(self) -> Iterator[Member]:
        yield Member("", 0, 0)

    def read(self, _at: int, _size: int, most: int, /) -> bytes:
        with broken():
            self._stream.seek(0)
            return self._stream.read(most + 1)


def too_much(most: int) -> ReadError:
    """Say that an archive expands beyond the limit."""
    return ReadError(f"the archive expands to more than {most:,} bytes; unpack it, or raise --max-bytes")


def _leaves(name: str) -> str | None:
    return "its path leaves the archive; pack it anew with plain relative paths" if _OUTSIDE.match(name) else None


def _is_hidden(name: str) -> bool:
    parts = name.split("/")
    return not name or any(part == "__MACOSX" or (part.startswith(".") and part not in (".", "..")) for part in parts)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Decode a name that does not say that it is UTF-8: it is, or is GB18030 where Chinese Windows packed it."""
    if info.flag_bits & _UTF8_FLAG:
        return info.filename
    try:
        return _named(info.filename.encode("cp437"))
    except UnicodeEncodeError:
        return info.filename


def _named(name: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("utf-8", "backslashreplace")
