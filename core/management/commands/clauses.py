"""`manage.py clauses` writes docs/clauses.md: each clause of the notice, its code and its proofs.

A citation is a clause's number in square brackets in a comment, a string or a docstring. A test proves a clause by its
mark `clause`, on itself, its class or its file, or by a citation in its docstring.
"""

import ast
import io
import re
import tokenize
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

CITATION = re.compile(r"\[\d+(?:\.\d+)*\]")
START = re.compile(r"^(?:## |- )?(?:\*\*)?(\[\d+(?:\.\d+)*\])(?:\*\*)?\s*", re.MULTILINE)
SENTENCE_CHARACTERS = 60
BUILT, NOT_YET, ORGANISATIONAL, HEADING = "built", "not yet", "organisational", "heading"

# What a clause still lacks. Every clause that stands in neither table is built: code cites it and a test proves it.
LACKING: dict[str, str] = {}
OFFICE_WORK = {
    "1": "The aim of the whole; carried out by the clauses below.",
}


@dataclass
class Clause:
    """One numbered piece of the notice."""

    number: str
    text: str
    modules: set[str] = field(default_factory=set)
    tests: set[str] = field(default_factory=set)
    has_parts: bool = False

    @property
    def bare(self) -> str:
        return self.number.strip("[]")

    @property
    def is_heading(self) -> bool:
        """A title over its parts, with nothing of its own to carry out."""
        return self.has_parts and "\n" not in self.text

    @property
    def state(self) -> str:
        if self.is_heading:
            return HEADING
        if self.bare in OFFICE_WORK:
            return ORGANISATIONAL
        return NOT_YET if self.bare in LACKING else BUILT

    @property
    def sentence(self) -> str:
        line = " ".join(self.text.split())
        return line if len(line) <= SENTENCE_CHARACTERS else f"{line[:SENTENCE_CHARACTERS]}…"

    @property
    def note(self) -> str:
        return OFFICE_WORK.get(self.bare) or LACKING.get(self.bare, "")


def read_notice(text: str) -> dict[str, Clause]:
    """The clauses in the order of the notice, by their number in brackets."""
    starts = list(START.finditer(text))
    ends = [*(match.start() for match in starts[1:]), len(text)]
    clauses = {
        match[1]: Clause(match[1], text[match.end() : end].strip()) for match, end in zip(starts, ends, strict=True)
    }
    for clause in clauses.values():
        clause.has_parts = any(other.bare.startswith(f"{clause.bare}.") for other in clauses.values())
    return clauses


def citations(code: str) -> Iterator[tuple[int, str]]:
    """Line and citation, from comments and strings only: `rows[3]` is an index."""
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        for text in _words(token):
            for found in CITATION.findall(text):
                yield token.start[0], found


def _words(token: tokenize.TokenInfo) -> list[str]:
    if token.type == tokenize.COMMENT:
        return [token.string]
    if token.type == getattr(tokenize, "FSTRING_MIDDLE", -1):
        return [token.string]
    if token.type != tokenize.STRING:
        return []
    if "f" not in token.string.partition(token.string[-1])[0].lower():
        return [token.string]
    # What stands in the braces of a formatted string is code.
    parts = ast.walk(ast.parse(token.string, mode="eval"))
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def proofs(tree: ast.Module) -> Iterator[str]:
    """The clauses that a test file proves."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.clause"):
            yield from (part.value for part in node.args if isinstance(part, ast.Constant))
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield from CITATION.findall(ast.get_docstring(node) or "")


def python_files(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in sorted(folder.rglob("*.py"))]


def project_folders(root: Path) -> list[Path]:
    return [root / app for app in (*settings.PROJECT_APPS, "anning_clinic")]


def collect(root: Path) -> tuple[dict[str, Clause], list[str]]:
    """The clauses with their code and tests, and every citation of a clause that the notice does not have."""
    clauses = read_notice((root / "docs" / "notice.md").read_text(encoding="utf-8"))
    cited: dict[str, list[str]] = defaultdict(list)
    for path in python_files(*project_folders(root)):
        for line, number in citations(path.read_text(encoding="utf-8")):
            cited[number].append(f"{path.relative_to(root)}:{line}")
            if number in clauses:
                clauses[number].modules.add(".".join(path.relative_to(root).with_suffix("").parts))
    for path in python_files(root / "tests"):
        for number in proofs(ast.parse(path.read_text(encoding="utf-8"))):
            cited[number].append(str(path.relative_to(root)))
            if number in clauses:
                clauses[number].tests.add(str(path.relative_to(root)))
    unknown = [
        f"{place} cites {number}" for number in sorted(cited) if number not in clauses for place in cited[number]
    ]
    return clauses, unknown


def page(clauses: dict[str, Clause]) -> str:
    lines = [
        "# The notice and the code",
        "",
        "Written by `python manage.py clauses`; the text of each clause is in [notice.md](notice.md).",
        "",
        "| clause | state | what it lacks |",
        "|---|---|---|",
    ]
    told = [clause for clause in clauses.values() if not clause.is_heading]
    lines += [f"| {clause.number} | {clause.state} | {clause.note} |" for clause in told]
    for clause in told:
        lines += ["", f"## {clause.number} {clause.state}", "", f"{clause.sentence}"]
        for title, names in (("Code", clause.modules), ("Tests", clause.tests)):
            if names:
                lines += ["", f"{title}: " + ", ".join(f"`{name}`" for name in sorted(names)) + "."]
    return "\n".join(lines) + "\n"


class Command(BaseCommand):
    help = "Write docs/clauses.md from the citations in the code and the marks of the tests."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail where the page is not up to date")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        clauses, unknown = collect(settings.BASE_DIR)
        if unknown:
            raise CommandError("\n".join(unknown))
        target, text = settings.BASE_DIR / "docs" / "clauses.md", page(clauses)
        if check and target.read_text(encoding="utf-8") != text:
            raise CommandError("docs/clauses.md is not up to date: run `python manage.py clauses`.")
        if not check:
            target.write_text(text, encoding="utf-8")
            self.stdout.write(f"{target.relative_to(settings.BASE_DIR)} is written.")
