import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


def run(*args: str) -> list[str]:
    out = StringIO()
    call_command("due_date", *args, stdout=out)
    return out.getvalue().splitlines()


def test_due_date_command_prints_the_date_first_then_why():
    lines = run("2024-09-27", "5")

    assert lines[0] == "2024-10-10"
    assert lines[1] == "自2024年9月27日（周五）起算，当日不计入（《民法典》第二百零一条）。"
    assert "09-29 周日  第 1 个工作日  调休上班" in lines
    assert "10-01 周二  不计  国庆节" in lines


def test_due_date_command_marks_a_span_into_an_estimated_year():
    lines = run("2026-12-28", "5")

    assert lines[:2] == ["2027-01-05", "【暂定】"]
    assert "01-01 周五  不计  元旦（推算）" in lines


def test_due_date_command_speaks_json():
    found = json.loads("\n".join(run("2026-12-28", "5", "--json")))

    assert (found["due"], found["due_at"]) == ("2027-01-05", "2027-01-05T17:30:00+08:00")
    assert found["provisional"] is True
    assert found["days"][0] == {"date": "2026-12-29", "number": 1, "reason": "工作日"}


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["2024-13-40", "5"], "起算日“2024-13-40”无法识别"),
        (["明天", "5"], "起算日“明天”无法识别"),
        (["2024-09-27", "五"], "工作日数“五”无法识别"),
        (["2024-09-27", "1.5"], "工作日数“1.5”无法识别"),
        (["2024-09-27", "0"], "工作日数应为 1 至 2000 的整数"),
        (["2040-01-01", "5"], "请先在“设置—年度工作日历”中导入"),
        (["1999-01-01", "5"], "请核对日期"),
    ],
)
def test_due_date_command_refuses_bad_input_with_a_sentence(args, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(*args)


def test_due_date_command_reads_a_negative_length_as_a_length():
    with pytest.raises(CommandError, match="工作日数应为"):
        run("2024-09-27", "-5")
