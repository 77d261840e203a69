"""Parquet: nested columns as in the records; what has no fixed form (`metadata`) is a string of JSON.

Objects whose keys are data (`references`) are maps. Files are read by pandas, DuckDB, Spark and others; a folder of parts reads as
one table.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import msgspec.inspect as inspect

# Rows that are turned into columns at once.
_ROWS = 2_000


def open_part(path: Path, record: type[msgspec.Struct]) -> Rows:
    """Open a file to write lines to."""
    return Rows(path, record)


class Rows:
    """Takes lines and writes them in groups of rows."""

    def __init__(self, path: Path, record: type[msgspec.Struct]) -> None:
        """Begin a file with the columns of a record."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._table = pa.Table
        self._type = inspect.type_info(record)
        self._schema = pa.schema(list(_arrow(self._type)))
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[Any] = []

    def write(self, lines: bytes) -> None:
        """Take whole lines of JSON."""
        self._rows += [_plain(self._type, msgspec.json.decode(line)) for line in lines.splitlines()]
        if len(self._rows) >= _ROWS:
            self._flush()

    def _flush(self) -> None:
        self._writer.write_table(self._table.from_pylist(self._rows, self._schema))
        self._rows.clear()

    def close(self) -> None:
        """Write what is left, and close the file."""
        if self._rows:
            self._flush()
        self._writer.close()


def _arrow(kind: inspect.Type) -> Any:
    """Return the Arrow type of a type of a record."""
    import pyarrow as pa

    match kind:
        case inspect.StructType():
            return pa.struct([pa.field(field.encode_name, _arrow(field.type)) for field in kind.fields])
        case inspect.ListType() | inspect.VarTupleType():
            return pa.list_(_arrow(kind.item_type))
        case inspect.DictType() if not isinstance(kind.value_type, inspect.AnyType):
            return pa.map_(pa.string(), _arrow(kind.value_type))
        case inspect.UnionType():
            (known,) = (each for each in kind.types if not isinstance(each, inspect.NoneType))
            return _arrow(known)
        case inspect.IntType():
            return pa.int64()
        case inspect.FloatType():
            return pa.float64()
        case inspect.BoolType():
            return pa.bool_()
        case _:
            return pa.string()


def _plain(kind: inspect.Type, value: Any) -> Any:
    """Return a decoded value as its Arrow type takes it."""
    if value is None:
        return None
    match kind:
        case inspect.StructType():
            return {field.encode_name: _plain(field.type, value.get(field.encode_name)) for field in kind.fields}
        case inspect.ListType() | inspect.VarTupleType():
            return [_plain(kind.item_type, each) for each in value]
        case inspect.DictType() if not isinstance(kind.value_type, inspect.AnyType):
            return [(key, _plain(kind.value_type, each)) for key, each in value.items()]
        case inspect.UnionType():
            (known,) = (each for each in kind.types if not isinstance(each, inspect.NoneType))
            return _plain(known, value)
        case inspect.StrType() | inspect.LiteralType() | inspect.IntType() | inspect.FloatType() | inspect.BoolType():
            return value
        case _:
            return msgspec.json.encode(value, order="deterministic").decode()
