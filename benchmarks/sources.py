"""Bring the row counts of resources/SOURCES.tsv up to date; a file without a row is named.

python benchmarks/sources.py
"""

from __future__ import annotations

from pathlib import Path

RESOURCES = Path(__file__).parents[1] / "resources"
COLUMNS = ("file", "origin", "version", "licence", "rows")


def rows_of(path: Path) -> int:
    """Count a table's rows without header and comments, or the frames of a frame file; 1 for any other file."""
    if path.suffix not in (".tsv", ".toml"):
        return 1
    lines = path.read_text(encoding="utf-8").splitlines()
    if path.suffix == ".tsv":
        return sum(bool(line) and not line.startswith("#") for line in lines[1:])
    return sum(line == "[[frame]]" for line in lines)


def listed() -> list[Path]:
    """Return every resource that needs a row."""
    files = [path for path in RESOURCES.rglob("*") if path.suffix in (".tsv", ".toml", ".json", ".npz")]
    return sorted(path for path in files if path.name != "SOURCES.tsv")


if __name__ == "__main__":
    table = RESOURCES / "SOURCES.tsv"
    known = {line.split("\t")[0]: line.split("\t") for line in table.read_text(encoding="utf-8").splitlines()[1:]}
    out = ["\t".join(COLUMNS)]
    for path in listed():
        name = path.relative_to(RESOURCES).as_posix()
        cells = known.get(name, [name, "?", "?", "?", ""])
        out.append("\t".join([*cells[:4], str(rows_of(path))]))
    table.write_text("\n".join(out) + "\n", encoding="utf-8")
    print(f"{len(out) - 1} files; without a source: {[line for line in out if '?' in line.split(chr(9))[1:4]]}")
