"""How the words to people sound, and how long files and functions may be."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import CHINESE, ROOT, docstrings, functions, project_files, python_files, templates

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 45
LOUD = re.compile("！|[\u4e00-\u9fff”）]\\s*!")
# Spelled in two parts, so that this file may be read like every other one.
TAKE_NOTE = "请" + "注意"
# Folders of one machine, never of a project. Those of the operating system are the same everywhere.
FOLDERS = "|".join(["wo" + "rk", "ho" + "me", "ro" + "ot", "Us" + "ers", "t" + "mp"])
MACHINE_PATHS = re.compile(rf"(?<![\w.<~$])/(?:{FOLDERS})/\w")
TEXT_ENDINGS = {
    ".py",
    ".html",
    ".txt",
    ".md",
    ".toml",
    ".ini",
    ".css",
    ".js",
    ".csv",
    ".svg",
    ".yml",
    ".yaml",
    ".sh",
    "",
}
# What can be made again, and what a running system keeps. Hidden folders are other tools' but for the project's own.
SKIPPED = {"var", "staticfiles", "node_modules", "__pycache__"}
OURS_THOUGH_HIDDEN = {".ci"}
TAGS = re.compile(r"{[%#].*?[%#]}|{{.*?}}|<!--.*?-->|<!doctype", re.DOTALL | re.IGNORECASE)
MARKED = re.compile(r"{%\s*trans(?:late)?\s+[\"'](.*?)[\"']")
SCRIPT_STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`")


def text_files() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*")):
        folders = set(path.relative_to(ROOT).parts[:-1])
        hidden = {folder for folder in folders if folder.startswith(".")} - OURS_THOUGH_HIDDEN
        if hidden or folders & SKIPPED:
            continue
        if path.is_file() and path.suffix in TEXT_ENDINGS:
            yield path


def user_texts() -> Iterator[tuple[str, str]]:
    """Where, and what a person may read there."""
    for source in project_files():
        passed = docstrings(source.tree)
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and id(node) not in passed and CHINESE.search(str(node.value)):
                yield source.at(node), str(node.value)
    for path in templates():
        # Tags and addresses may hold a sign that is none.
        text = path.read_text(encoding="utf-8")
        yield str(path.relative_to(ROOT)), "\n".join([TAGS.sub("", text), *MARKED.findall(text)])
    for path in sorted((ROOT / "static").rglob("*.js")):
        for text in SCRIPT_STRING.findall(path.read_text(encoding="utf-8")):
            if CHINESE.search(text):
                yield str(path.relative_to(ROOT)), text


def test_no_text_shouts_or_tells_people_to_take_note() -> None:
    found = [f"{place}: {text.strip()[:80]}" for place, text in user_texts() if LOUD.search(text) or TAKE_NOTE in text]
    assert not found, "\n".join(found)


def test_user_texts_are_found_in_code_templates_and_scripts() -> None:
    places = [place for place, text in user_texts() if CHINESE.search(text)]
    assert any(".py:" in place for place in places)
    assert any(place.endswith(".html") for place in places)


def test_no_file_names_a_folder_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in text_files()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if MACHINE_PATHS.search(line)
    ]
    assert not found, "\n".join(found)


def test_no_file_is_too_long() -> None:
    code = [source.path for source in (*project_files(), *python_files("scripts", "benchmarks"))]
    pages = [path for folder in ("static", "templates") for path in (ROOT / folder).rglob("*")]
    pages = [path for path in pages if path.suffix in {".html", ".js", ".css"} and ".min." not in path.name]
    long = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in (*code, *pages)
    }
    assert {name: lines for name, lines in long.items() if lines > FILE_LINES_MAX} == {}


def test_no_function_is_too_long() -> None:
    long = [
        f"{source.at(function)} {function.name}: {lines} lines"
        for source in (*project_files(), *python_files("scripts", "benchmarks"))
        for function in functions(source.tree)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES_MAX
    ]
    assert not long, "\n".join(long)
