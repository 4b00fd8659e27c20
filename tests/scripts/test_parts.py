"""A run of the tests is judged by what ran, not only by pytest's exit code."""

import pytest

from scripts.parts import CLOSING, CLOSING_LINES, Part, conclude, read_report

PASSED = '<testcase classname="tests.a" name="test_one"/>'
SKIPPED = '<testcase classname="tests.a" name="test_two"><skipped message="no reason"/></testcase>'


@pytest.fixture
def report(tmp_path):
    def write(cases):
        path = tmp_path / "report.xml"
        path.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
        return path

    return write


def test_report_of_passed_tests_has_no_problem(report):
    assert read_report(report(PASSED)) == []


def test_report_with_a_skipped_test_names_it(report):
    assert read_report(report(PASSED + SKIPPED)) == ["skipped: tests.a::test_two"]


def test_report_without_tests_is_a_problem(report):
    assert read_report(report("")) == ["no test ran"]


def test_report_that_was_not_written_is_a_problem(tmp_path):
    assert read_report(tmp_path / "report.xml") == ["pytest wrote no report"]


@pytest.mark.parametrize(
    "line",
    [
        "============================== 7 passed in 3.30s ===============================",
        "======================= 1 passed, 7 deselected in 0.68s ========================",
        "=================== 1 failed, 2 passed in 61.02s (0:01:01) ====================",
        "============================ no tests ran in 1.80s =============================",
    ],
)
def test_closing_line_is_recognised(line):
    assert CLOSING.search(line)


def test_conclusion_ends_with_the_closing_lines_and_fails_for_any_problem(capsys, monkeypatch):
    good, bad = Part("good", 1.0, "== 1 passed in 1s =="), Part("bad", 2.0, "== 1 skipped in 2s ==", ["skipped: x"])
    monkeypatch.delenv(CLOSING_LINES, raising=False)
    assert conclude([good, bad]) == 1
    assert capsys.readouterr().out.splitlines()[-2:] == [good.closing, bad.closing]
    assert conclude([good]) == 0
