"""The laws of the house, held by reading the code itself."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "pipeline"
FILES = sorted(PACKAGE.rglob("*.py"))
# From the top of the house to its ground: a room imports from rooms further down only.
ROOMS = (
    "__main__",
    "cli",
    "build",
    "batch",
    "export",
    "review",
    "evaluate",
    "readers",
    "record",
    "extract",
    "qualify",
    "recognise",
    "segment",
    "references",
    "sections",
    "lexicon",
    "frames",
    "spans",
    "normalise",
    "schema",
    "model",
    "tables",
    "__init__",
)
STAGES = {"segment", "recognise", "qualify", "extract"}
# The rooms in which a package may be imported.
DOORS = {
    "jieba": {"segment"},
    "opencc": {"normalise"},
    "ahocorasick_rs": {"lexicon"},
    "numpy": {"extract"},
    "spacy": {"segment", "recognise", "qualify", "extract", "build", "record", "spans"},
    "distributed": {"batch"},
    "pandas": {"batch", "export"},
    "pyarrow": {"export"},
    "zstandard": {"export"},
    "typer": {"cli"},
    "rich": {"cli"},
    "chardet": {"readers"},
    "pypdfium2": {"readers"},
    "lxml": {"readers"},
    "fastapi": {"review"},
    "jinja2": {"review"},
    "uvicorn": {"review"},
}
OTHERS = {"msgspec"}
HEAVY = {
    "spacy",
    "numpy",
    "pandas",
    "jieba",
    "opencc",
    "typer",
    "rich",
    "msgspec",
    "ahocorasick_rs",
    "socket",
    "logging",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Yield the full name of everything that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_imported(path: Path) -> Iterator[str]:
    for name in imports(path):
        if name.split(".")[0] == "pipeline":
            second = name.split(".")[1]
            yield second if second in ROOMS else "__init__"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_run_downwards(path: Path) -> None:
    room = room_of(path)
    assert room in ROOMS, f"{room} is a new room: give it its place in ROOMS"
    above = {name for name in rooms_imported(path) if name != room and ROOMS.index(name) < ROOMS.index(room)}
    assert not above, f"{name_of(path)} imports from above: {', '.join(sorted(above))}"


@pytest.mark.parametrize("path", [path for path in FILES if room_of(path) in STAGES], ids=name_of)
def test_stages_do_not_import_each_other(path: Path) -> None:
    others = set(rooms_imported(path)) & STAGES - {room_of(path)}
    assert not others, f"{name_of(path)} imports the stage {', '.join(sorted(others))}; build.py joins stages"


def test_no_circles() -> None:
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in FILES}
    edges = {
        module: {name if name in modules else name.rpartition(".")[0] for name in imports(path)}
        & modules.keys() - {module}
        for module, path in modules.items()
    }
    left = dict(edges)
    while free := [module for module, targets in left.items() if not targets & left.keys()]:
        for module in free:
            del left[module]
    assert not left, f"these files import each other in a circle: {', '.join(sorted(left))}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_one_door_per_dependency(path: Path) -> None:
    for name in imports(path):
        package = name.split(".")[0]
        if package == "pipeline" or package in sys.stdlib_module_names or package in OTHERS:
            continue
        assert package in DOORS, f"{name_of(path)}: {package} has no door; give it one in DOORS"
        assert room_of(path) in DOORS[package], f"{name_of(path)} imports {package}; its door is {DOORS[package]}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_lengths(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= 400, "no file over 400 lines"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 60, f"{name_of(path)}:{node.lineno} {node.name} has {length} lines; 60 are allowed"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nothing_prints_or_changes_globals(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not isinstance(node, ast.Global), f"{name_of(path)}:{node.lineno} changes a global"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print", f"{name_of(path)}:{node.lineno} prints"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_word_lists_live_in_resources(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict):
            values = node.keys if isinstance(node, ast.Dict) else node.elts
            words = [v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)]
            chinese = [word for word in words if re.search(r"[\u4e00-\u9fff]{2}", word)]
            assert len(chinese) <= 6, f"{name_of(path)}:{node.lineno} is a word list; move it to resources/"


def python(code: str) -> str:
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_importing_the_package_is_light() -> None:
    """No file but its own is read, nothing heavy is loaded, no socket opened, no logging set up."""
    code = """
import sys, time
opened = []
def hear(event, args):
    if event == "socket.__new__" or event == "open" and isinstance(args[0], str):
        opened.append((event, str(args[0])))
sys.addaudithook(hear)
before = set(sys.modules)
began = time.perf_counter()
import pipeline
took = time.perf_counter() - began
new = {name.split(".")[0] for name in set(sys.modules) - before}
strange = [pair for pair in opened if "__pycache__" not in pair[1] and not pair[1].endswith(".py")]
sys.stdout.write(repr((took, sorted(new), strange)))
"""
    took, new, strange = ast.literal_eval(python("exec(" + repr(code) + ")"))
    assert took < 0.1
    assert not HEAVY & set(new)
    assert strange == []


@pytest.mark.parametrize("arguments", ["--help", "--version", "run --help", "lexicon --help", "lexicon import --help"])
def test_the_command_line_loads_no_pipeline_to_say_what_it_does(arguments: str) -> None:
    code = f"""
sys.argv = ["meo", *{arguments.split()!r}]
from pipeline.cli import main
try:
    main()
except SystemExit as end:
    assert end.code in (0, None), end.code
heavy = {{name.split(".")[0] for name in sys.modules}} & {{"spacy", "numpy", "pandas", "jieba", "opencc", "msgspec"}}
assert not heavy, heavy
"""
    assert python("exec(" + repr(code) + ")")
