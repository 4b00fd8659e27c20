"""The schedule handed out as a workbook: complete, without live formulas, and accepted when it comes back."""

import io
from datetime import date, time
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from core.models import AuditEntry
from departments.models import Department
from sessions_app.excel import HEADINGS, NOTES_SHEET, schedule_workbook
from sessions_app.excel_reading import read_workbook
from sessions_app.excel_rows import parse_rows
from sessions_app.models import Chair, Session, Sitting
from sessions_app.services_import import Verdict, export_schedule, import_schedule, review_schedule
from tests.conftest import Cast
from tests.factories import department, make_session, make_sitting

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[5.1]")]
TUESDAY, TODAY = date(2026, 12, 15), date(2026, 11, 2)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def exported(cast: Cast, year: int = 2026) -> bytes:
    sittings = export_schedule(year=year, actor=cast.bureau_staff)
    return saved(schedule_workbook(sittings, ["市税务局", "市统计局"]))


def sheet_of(content: bytes) -> Worksheet:
    return load_workbook(io.BytesIO(content)).worksheets[0]


def make_full_sitting() -> Sitting:
    sitting = make_sitting(TUESDAY, sessions=(), remarks="与产业园区联合")
    make_session(
        sitting,
        departments=("市税务局", "市统计局"),
        theme="惠企政策兑现",
        liaison="王五",
        liaison_phone="0871-68690000",
    )
    make_session(sitting, "special", starts=time(14), ends=time(17, 30), departments=("市发改局",), place="园区会议室")
    make_session(sitting, "extra", day=date(2026, 12, 16), ends=time(17), departments=())
    return sitting


def verdicts(content: bytes) -> list[str]:
    parsed = parse_rows(read_workbook(content))
    review = review_schedule(parsed.plans, TODAY)
    assert (parsed.problems, review.problems) == ([], [])
    return [item.verdict for item in review.items]


def test_export_schedule_has_a_row_for_each_session(cast: Cast) -> None:
    make_full_sitting()
    rows = [[cell.value for cell in row] for row in sheet_of(exported(cast)).iter_rows(max_col=12)]
    assert rows[0] == list(HEADINGS)
    assert [row[2:5] for row in rows[1:]] == [
        ["上午", "09:00-12:00", "主场"],
        ["下午", "14:00-17:30", "专场"],
        ["全天", "09:00-17:00", "加诊"],
    ]
    main = rows[1]
    assert (main[0], main[1].date()) == ("2026年第1期", TUESDAY)
    assert main[6:9] == ["市税务局", "市统计局", "市税务局：张三 局长"]
    assert main[9:12] == ["惠企政策兑现", "王五 0871-68690000", "与产业园区联合"]


def test_export_schedule_then_import_changes_nothing(cast: Cast) -> None:
    make_full_sitting()
    make_sitting(date(2026, 12, 29), published=True)
    make_sitting(date(2026, 10, 1))
    content = exported(cast)
    before = list(Session.history.values_list("pk", flat=True)), list(Chair.history.values_list("pk", flat=True))
    assert verdicts(content) == [Verdict.UNCHANGED] * 3
    parsed = parse_rows(read_workbook(content))
    basis = review_schedule(parsed.plans, TODAY).basis
    import_schedule(plans=parsed.plans, basis=basis, actor=cast.bureau_staff)
    assert (
        list(Session.history.values_list("pk", flat=True)),
        list(Chair.history.values_list("pk", flat=True)),
    ) == before
    assert AuditEntry.objects.get(action="import_schedule").after == "新增 0，修改 0，无变化 3"


@pytest.mark.parametrize(
    "columns",
    [
        {"liaison": "", "liaison_phone": "0871-68690000"},
        {"liaison": "值班室2", "liaison_phone": "分机8"},
        {"liaison": "张 三", "liaison_phone": "13888888888、13999999999"},
        {"theme": "（一）税务，（二）统计；“全市”", "place": "园区Ａ座　３楼"},
        {"theme": "=1+1", "place": "+园区", "liaison": "@王五"},
        {"theme": "一\n二\t三", "liaison": "-"},
        {"leader": "张　三", "leader_title": "党委书记 局长"},
        {"leader": "欧阳　明", "leader_title": "局长"},
        {"leader": ""},
    ],
    ids=str,
)
def test_export_schedule_of_odd_text_then_import_changes_nothing(cast: Cast, columns: dict[str, Any]) -> None:
    make_session(make_sitting(TUESDAY, sessions=()), **columns)
    assert verdicts(exported(cast)) == [Verdict.UNCHANGED]


def test_export_schedule_of_a_department_out_of_use_or_oddly_named_then_import_changes_nothing(cast: Cast) -> None:
    sitting = make_sitting(TUESDAY, sessions=())
    make_session(sitting, departments=("市发改局/粮食局", "原市经贸委", "市外办 港澳办"))
    Department.objects.filter(name="原市经贸委").update(is_active=False)
    assert verdicts(exported(cast)) == [Verdict.UNCHANGED]


def test_export_schedule_of_a_sitting_moved_over_new_year_keeps_its_number(cast: Cast) -> None:
    make_sitting(date(2027, 1, 5), year=2026, number=26)
    assert verdicts(exported(cast)) == [Verdict.UNCHANGED]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")'])
def test_export_schedule_of_what_looks_like_a_formula_is_quoted_text(cast: Cast, text: str) -> None:
    make_session(make_sitting(TUESDAY, sessions=(), remarks=text), theme=text, place=text, liaison=text)
    row = sheet_of(exported(cast))[2]
    for column in (5, 9, 10, 11):
        assert (row[column].data_type, row[column].value, row[column].quotePrefix) == ("s", text, True)


def test_export_schedule_of_what_no_workbook_can_hold_leaves_it_out(cast: Cast) -> None:
    make_session(make_sitting(TUESDAY, sessions=()), theme="惠企\x0b\x1f\uffff政策")
    assert sheet_of(exported(cast))["J2"].value == "惠企政策"


def test_export_schedule_leaves_out_what_was_called_off_and_other_years(cast: Cast) -> None:
    make_sitting(TUESDAY, cancelled=True)
    make_sitting(date(2027, 1, 12))
    assert sheet_of(exported(cast)).max_row == 1


def test_export_schedule_is_audited(cast: Cast) -> None:
    make_full_sitting()
    exported(cast)
    entry = AuditEntry.objects.get(action="export_schedule")
    assert (entry.user, entry.subject, entry.after) == (cast.bureau_staff, "schedule:2026", "1 期")


@pytest.mark.parametrize("who", ["window_clerk", "department_staff", "department_head", "inspector", "leader"])
def test_export_schedule_by_who_may_not_is_denied(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        export_schedule(year=2026, actor=cast[who])


def test_export_schedule_costs_the_same_for_one_sitting_and_for_three(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    for day in (15, 16, 17):
        make_sitting(date(2026, 12, day), sessions=("main", "special"))
        assert cast.bureau_staff.has_perm("sessions_app.export_schedule")
        with django_assert_num_queries(4):
            schedule_workbook(export_schedule(year=2026, actor=cast.bureau_staff), [])


def test_template_has_headings_explanations_and_choices() -> None:
    book = load_workbook(io.BytesIO(saved(schedule_workbook([], ["市税务局", "=1+1"]))))
    sheet, notes = book.worksheets
    assert [cell.value for cell in sheet[1]] == list(HEADINGS)
    assert (sheet.max_row, notes.title) == (1, NOTES_SHEET)
    assert [notes.cell(row, 1).value for row in range(2, 14)] == list(HEADINGS)
    assert [notes[f"F{row}"].value for row in (2, 3)] == ["市税务局", "=1+1"]
    assert notes["F3"].data_type == "s"
    choices = {str(offered.sqref): offered.formula1 for offered in sheet.data_validations.dataValidation}
    assert choices == {
        "E2:E2001": '"主场,专场,加诊"',
        "C2:C2001": '"上午,下午,全天"',
        "G2:G2001": f"'{NOTES_SHEET}'!$F$2:$F$3",
    }


def test_template_example_can_be_imported() -> None:
    """What the explanations show is what an import takes."""
    for name in ("市税务局", "市统计局", "市发改局"):
        department(name)
    book = load_workbook(io.BytesIO(saved(schedule_workbook([], []))))
    example = [book.worksheets[1].cell(row, 4).value for row in range(2, 14)]
    book.worksheets[0].append(example)
    assert verdicts(saved(book)) == [Verdict.NEW]
