"""The import table of ARCHITECTURE.md is true."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Row:
    module: str
    ours: tuple[str, ...]
    third_party: tuple[str, ...]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _rows() -> list[Row]:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    table = text.split("| module | may import | third-party |")[1].split("\n\n")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    return [Row(module, _names(ours), _names(third)) for module, ours, third in map(_cells, lines)]


def _names(cell: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in cell.split(",") if name.strip())


ROWS = _rows()
FILES = sorted(path for folder in ("bot", "storage") for path in (ROOT / folder).rglob("*.py"))


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def _row(module: str) -> Row | None:
    found = [row for row in ROWS if _within(module, row.module)]
    return max(found, key=lambda row: len(row.module), default=None)


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for name in node.names:
                whole = f"{node.module}.{name.name}"
                is_module = (ROOT / whole.replace(".", "/")).with_suffix(".py").exists() or (ROOT / whole.replace(".", "/")).is_dir()
                yield whole if is_module else node.module or ""


def _allowed(module: str, row: Row, name: str) -> bool:
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names or name == "bot":
        return True
    if top in {"bot", "storage"}:
        return _within(name, row.module) or any(_within(name, allowed) for allowed in row.ours)
    return top in row.third_party


@pytest.mark.parametrize("path", FILES, ids=_module)
def test_a_module_imports_only_what_its_row_names(path: Path) -> None:
    module = _module(path)
    if module == "bot":
        return
    row = _row(module)
    assert row is not None, f"ARCHITECTURE.md has no row for {module}"
    wrong = sorted({name for name in _imported(path) if not _allowed(module, row, name)})
    assert wrong == [], f"{module} must not import {', '.join(wrong)}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.module)
def test_every_row_is_about_a_module_that_exists(row: Row) -> None:
    assert any(_row(_module(path)) == row for path in FILES)


def test_the_check_sees_a_wrong_import() -> None:
    row = _row("bot.views.projects")
    assert row is not None
    assert not _allowed("bot.views.projects", row, "sqlalchemy.orm")
    assert not _allowed("bot.views.projects", row, "storage.store")
    assert _allowed("bot.views.projects", row, "bot.message")
