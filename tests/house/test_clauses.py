"""The notice, the code that cites it and the tests that prove it agree, and docs/clauses.md says so."""

import ast
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.management.commands import clauses as command
from core.management.commands.clauses import BUILT, HEADING, Clause, citations, collect, page, proofs, read_notice
from tests.house.source import ROOT, python_files

PAGE = ROOT / "docs" / "clauses.md"
# Built from the first delivery on, and never less.
BUILT_FOR_GOOD = {
    *("[2]", "[3.1]", "[3.2]", "[3.3]", "[3.4]", "[3.5]", "[3.6]", "[3.7]", "[3.8]", "[3.9]", "[3.10]"),
    *("[4.1]", "[4.2]", "[5.1]", "[5.2]"),
}
# A number in brackets that names no clause, spelled so that this file does not cite it.
UNKNOWN = f"[{7}.{7}]"


@pytest.fixture(scope="module")
def found() -> tuple[dict[str, Clause], list[str]]:
    return collect(ROOT)


@pytest.fixture
def clauses(found: tuple[dict[str, Clause], list[str]]) -> dict[str, Clause]:
    return found[0]


def test_the_page_is_up_to_date(clauses: dict[str, Clause]) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(clauses), "Run `python manage.py clauses`."


def test_no_citation_names_a_clause_that_does_not_exist(found: tuple[dict[str, Clause], list[str]]) -> None:
    assert found[1] == []


def test_scripts_and_tests_cite_only_clauses_that_exist(clauses: dict[str, Clause]) -> None:
    unknown = [
        f"{source.name}:{line} cites {number}"
        for source in python_files("scripts", "benchmarks", "tests")
        for line, number in citations(source.text)
        if number not in clauses
    ]
    assert unknown == []


def test_a_built_clause_is_cited_by_code_and_proved_by_a_test(clauses: dict[str, Clause]) -> None:
    built = [clause for clause in clauses.values() if clause.state == BUILT]
    assert [clause.number for clause in built if not clause.modules] == []
    assert [clause.number for clause in built if not clause.tests] == []


def test_what_was_built_stays_built(clauses: dict[str, Clause]) -> None:
    assert {number for number in BUILT_FOR_GOOD if clauses[number].state != BUILT} == set()


def test_the_tables_of_the_command_name_clauses_that_exist_and_each_once(clauses: dict[str, Clause]) -> None:
    named = [*command.LACKING, *command.OFFICE_WORK]
    assert [number for number in named if f"[{number}]" not in clauses] == []
    assert len(named) == len(set(named))
    assert not [number for number in named if clauses[f"[{number}]"].state == HEADING]


def test_every_clause_of_the_notice_is_read(clauses: dict[str, Clause]) -> None:
    numbers = [clause.bare for clause in clauses.values()]
    assert numbers[:4] == ["1", "2", "3", "3.1"]
    assert numbers[12:14] == ["3.10", "4"]
    assert numbers[-1] == "5.4"
    assert len(numbers) == 26
    assert [clause.bare for clause in clauses.values() if clause.is_heading] == ["3", "4", "5"]


def test_citations_are_found_in_words_and_not_in_code() -> None:
    one, two, three = (f"[3.{number}]" for number in (1, 2, 3))
    code = f'x = rows[3]  # why {one}\n"""Says {two}"""\ny = f"{{rows[5]}} and {three}"\nz = rows[2][4]\n'
    assert [number for _line, number in citations(code)] == [one, two, three]


def test_proofs_are_marks_and_docstrings_of_tests() -> None:
    mark = f'"[3.{3}]"'
    code = (
        f"pytestmark = pytest.mark.clause({mark})\n"
        f'@pytest.mark.clause("[4.{1}]")\nclass TestIt:\n    pass\n'
        f'def test_it():\n    """As [5.{1}] says."""\n'
        f'def helper():\n    """As [5.{2}] says."""\n'
    )
    assert sorted(proofs(ast.parse(code))) == ["[3.3]", "[4.1]", "[5.1]"]


def small_project(folder: Path, code: str) -> Path:
    for name in ("docs", "core", "tests"):
        (folder / name).mkdir()
    (folder / "docs" / "notice.md").write_text("## [1] One\n\nDo it.\n", encoding="utf-8")
    (folder / "core" / "verbs.py").write_text(code, encoding="utf-8")
    return folder


def test_collect_reports_an_unknown_citation_with_its_place(tmp_path: Path) -> None:
    _clauses, unknown = collect(small_project(tmp_path, f"# {UNKNOWN}\n"))
    assert unknown == [f"core/verbs.py:1 cites {UNKNOWN}"]


def test_command_check_fails_where_the_page_is_old(tmp_path: Path, settings) -> None:
    settings.BASE_DIR = small_project(tmp_path, '"""Does it. [1]"""\n')
    (tmp_path / "docs" / "clauses.md").write_text("old", encoding="utf-8")
    with pytest.raises(CommandError, match="not up to date"):
        call_command("clauses", check=True)
    call_command("clauses", stdout=StringIO())
    call_command("clauses", check=True)
    assert "`core.verbs`" in (tmp_path / "docs" / "clauses.md").read_text(encoding="utf-8")


def test_command_refuses_an_unknown_citation(tmp_path: Path, settings) -> None:
    settings.BASE_DIR = small_project(tmp_path, f"# {UNKNOWN}\n")
    with pytest.raises(CommandError, match="cites"):
        call_command("clauses")


def test_read_notice_takes_a_clause_with_what_follows_it() -> None:
    read = read_notice("## [1] One\n\nText.\n\n## [4] Two\n\n**[4.2]** Part,\nmore.\n\n- **[4.2.1]** Point.\n")
    assert [(clause.bare, clause.sentence) for clause in read.values()] == [
        ("1", "One Text."),
        ("4", "Two"),
        ("4.2", "Part, more."),
        ("4.2.1", "Point."),
    ]
