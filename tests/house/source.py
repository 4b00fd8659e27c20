"""The project's own files, read once for all house rules."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# From the top down: an app imports only from those that stand after it.
APPS = (
    "anning_clinic",
    "portal",
    "reports",
    "evaluations",
    "consultations",
    "cases",
    "inquiries",
    "appointments",
    "sessions_app",
    "deadlines",
    "departments",
    "notifications",
    "core",
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Source:
    """One Python file of ours."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def app(self) -> str:
        return self.name.split("/")[0]

    @property
    def module(self) -> str:
        """The dotted name inside the app: "views.form", "services" for a package, "" for the app itself."""
        parts = list(self.path.relative_to(ROOT / self.app).with_suffix("").parts)
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def text(self) -> str:
        return _text(self.path)

    @property
    def tree(self) -> ast.Module:
        return _tree(self.path)

    def at(self, node: ast.AST) -> str:
        return f"{self.name}:{getattr(node, 'lineno', 0)}"


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(_text(path), filename=str(path))


def python_files(*folders: str, migrations: bool = False) -> list[Source]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [Source(path) for path in found if migrations or "migrations" not in path.parts]


@cache
def project_files() -> tuple[Source, ...]:
    """Everything of the apps but migrations."""
    return tuple(python_files(*[app for app in APPS if (ROOT / app).is_dir()]))


def templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt", ".xml", ".svg"})


def template_name(path: Path) -> str:
    return path.relative_to(ROOT / "templates").as_posix()


def module_exists(dotted: str) -> bool:
    path = ROOT.joinpath(*dotted.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


@dataclass(frozen=True)
class Import:
    """A module of ours that is imported, as "app" and the dotted name inside it."""

    source: Source
    line: int
    app: str
    module: str

    def __str__(self) -> str:
        return f"{self.source.name}:{self.line} imports {self.app}.{self.module}".rstrip(".")


def imports_of(source: Source) -> Iterator[Import]:
    """Every import of a module of ours, also those inside functions and `if TYPE_CHECKING`."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = _imported_from(source, node)
        else:
            continue
        for name in names:
            app, _dot, module = name.partition(".")
            if app in APPS:
                yield Import(source, node.lineno, app, module)


def _imported_from(source: Source, node: ast.ImportFrom) -> list[str]:
    base = node.module or ""
    if node.level:
        package = source.path.relative_to(ROOT).parent.parts
        base = ".".join([*package[: len(package) - node.level + 1], *([base] if base else [])])
    whole = (f"{base}.{alias.name}" for alias in node.names)
    return [name if module_exists(name) else base for name in whole]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def docstrings(tree: ast.AST) -> set[int]:
    """The ids of the nodes that are docstrings."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found
