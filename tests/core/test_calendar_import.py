"""A year's notice: read from text or Excel, refused whole or put in force whole, and never lost."""

import io
import zipfile
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from openpyxl import Workbook, load_workbook

from core import calendar_files, workdays
from core.calendar_table import from_json
from core.errors import AlreadyDone, Refused
from core.models import AuditEntry, CalendarDay, CalendarYear, User
from core.services_calendar import import_year, preview_year

DAY = timedelta(days=1)
NUMBER = "国办发明电〔2026〕1号"
NOTICE_2027 = """
2027-01-01~2027-01-03 放假 元旦
2027-02-05~2027-02-11 放假 春节
2027-01-30 调休上班
2027年2月14日 上班
2027/4/3至2027/4/5 放假 清明节
2027-05-01～2027-05-05 放假调休 劳动节
2027-06-09 放假 端午节
2027-09-15 放假 中秋节
2027-10-01 至 2027-10-07 放假 国庆节
"""


def read(text: str, year: int = 2027) -> dict:
    return calendar_files.to_exceptions(year, calendar_files.read_text(text))


def problems_of(text: str, year: int = 2027) -> list[str]:
    with pytest.raises(Refused, match="bad_rows") as refused:
        read(text, year)
    return refused.value.facts["problems"]


def workbook_of(*rows, headings=("日期", "类型", "名称")) -> bytes:
    workbook = Workbook()
    workbook.active.append(list(headings))
    for row in rows:
        workbook.active.append(list(row))
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def code_of(call) -> str:
    with pytest.raises(Refused) as refused:
        call()
    assert str(refused.value.message).endswith("。")
    return refused.value.code


@pytest.fixture
def importer(db) -> User:
    return User.objects.create(username="importer", full_name="导入人", is_superuser=True)


# Typed lines


def test_typed_lines_are_read_with_ranges_and_every_spelling_of_a_date():
    exceptions = read(NOTICE_2027)

    assert exceptions[date(2027, 2, 5)] == exceptions[date(2027, 2, 11)] == ("holiday", "春节")
    assert exceptions[date(2027, 1, 30)] == exceptions[date(2027, 2, 14)] == ("makeup", "")
    assert [day for day, (_kind, name) in exceptions.items() if name == "劳动节"] == [
        date(2027, 5, 1) + DAY * offset for offset in range(5)
    ]
    assert len(exceptions) == 29


def test_a_list_written_as_text_reads_back_the_same():
    exceptions = read(NOTICE_2027)

    assert read(calendar_files.to_text(exceptions)) == exceptions


def test_a_long_run_written_as_text_reads_back_the_same():
    exceptions = {date(2027, 1, 1) + DAY * offset: ("holiday", "长假") for offset in range(40)}

    assert read(calendar_files.to_text(exceptions)) == exceptions


@pytest.mark.django_db
def test_every_published_year_written_as_text_reads_back_the_same():
    for version in CalendarYear.objects.all():
        exceptions = from_json(version.exceptions)
        assert read(calendar_files.to_text(exceptions), version.year) == exceptions


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("2028-01-01 放假 元旦", "第 1 行：2028-01-01 不属于 2027 年"),
        ("2027-02-15 调休上班", "第 1 行：2027-02-15 不是周六或周日，不能列为调休上班。"),
        ("2027-02-05 放假", "第 1 行：2027-02-05 放假，请写明节日名称。"),
        ("2027-02-05 休息 春节", "第 1 行：2027-02-05 的类型应为“放假”或“调休上班”。"),
        ("2027-02-05", "第 1 行：2027-02-05 的类型应为“放假”或“调休上班”。"),
        ("2月5日 放假 春节", "第 1 行：日期无法识别"),
        ("2027-02-30 放假 春节", "第 1 行：日期无法识别"),
        ("2027-02-11~2027-02-05 放假 春节", "第 1 行：日期无法识别"),
        ("2027-01-01~9999-12-31 放假 元旦", "第 1 行：日期无法识别"),
        ("0000-00-00 放假 元旦", "第 1 行：日期无法识别"),
        ("春节放假", "第 1 行：日期无法识别"),
        ("2027-02-05 放假 " + "春" * 31, "第 1 行：2027-02-05 的名称应不超过 30 个字"),
        ("2027-02-05 放假 春\x00节", "第 1 行：2027-02-05 的名称应不超过 30 个字"),
    ],
)
def test_a_bad_line_is_refused_with_its_row_and_reason(line, problem):
    assert problems_of(line)[0].startswith(problem)


def test_a_day_given_twice_is_refused_with_both_rows():
    assert problems_of("2027-10-01 放假 国庆节\n2027-09-30~2027-10-01 放假 中秋节") == [
        "第 2 行：2027-10-01 与第 1 行重复。"
    ]


def test_every_bad_row_is_told_at_once():
    assert len(problems_of("乱写\n2027-10-01 放假 国庆节\n2026-10-02 放假 国庆节\n2027-10-08 上班")) == 3


def test_thousands_of_lines_are_refused():
    assert code_of(lambda: read("2027-10-01 放假 国庆节\n" * 5000)) == "too_many_rows"


# Excel


def test_workbook_cells_are_read_as_dates_or_text():
    content = workbook_of(
        (date(2027, 1, 1), "放假", "元旦"),
        (datetime(2027, 1, 2, 8, 0), "放假", "元旦"),
        ("2027-01-03", "放假", "元旦"),
        ("2027/2/5", "放假", "春节"),
        ("２０２７年２月６日", "放假", "春节"),
        (None, None, None),
        ("2027-02-07～2027-02-11", "放假", "春节"),
        ("2027-02-14", "调休上班", None),
    )

    exceptions = calendar_files.to_exceptions(2027, calendar_files.read_workbook(content))

    assert len(exceptions) == 11
    assert exceptions[date(2027, 2, 6)] == ("holiday", "春节")
    assert exceptions[date(2027, 2, 14)] == ("makeup", "")


def test_a_bad_cell_is_refused_with_its_row_in_the_sheet():
    content = workbook_of((date(2027, 1, 1), "放假", "元旦"), (46400, "放假", "元旦"))

    with pytest.raises(Refused) as refused:
        calendar_files.to_exceptions(2027, calendar_files.read_workbook(content))

    assert refused.value.facts["problems"] == ["第 3 行：日期无法识别，请写成 2027-01-01 或 2027-02-05~2027-02-11。"]


def test_the_template_has_the_headings_and_no_rows():
    content = calendar_files.template_workbook()

    assert [cell.value for cell in load_workbook(io.BytesIO(content)).worksheets[0][1]] == ["日期", "类型", "名称"]
    assert calendar_files.read_workbook(content) == []


def zip_of(name: str = "xl/workbook.xml", content: bytes = b"") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr(name, content)
    return target.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same workbook with one part put in place of its own."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, part if info.filename == name else old.read(info))
    return target.getvalue()


def lying(content: bytes, size: int) -> bytes:
    """The same zip whose directory declares `size` bytes for its first part."""
    start = content.index(b"PK\x01\x02")
    return content[: start + 24] + size.to_bytes(4, "little") + content[start + 28 :]


ENTITIES = b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_workbook"),
        (b"date,kind,name\n2027-01-01", "not_a_workbook"),
        (b"PK\x03\x04 and then nothing", "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "not_a_workbook"),
        (zip_of("hello.txt", b"hello"), "not_a_workbook"),
        (b"x" * (1024 * 1024 + 1), "file_too_large"),
        (zip_of(content=b"\x00" * (9 * 1024 * 1024)), "file_too_large"),
        (lying(zip_of(content=b"\x00" * (20 * 1024 * 1024)), 1000), "not_a_workbook"),
        (with_part(workbook_of(), "xl/worksheets/sheet1.xml", ENTITIES), "not_a_workbook"),
        (with_part(workbook_of(), "xl/worksheets/sheet1.xml", b"<worksheet"), "not_a_workbook"),
        (with_part(workbook_of(), "xl/workbook.xml", b"<workbook/>"), "not_a_workbook"),
        (workbook_of(headings=("一", "二", "三")), "wrong_headings"),
        (workbook_of(headings=("日期",)), "wrong_headings"),
        (workbook_of(("=TODAY()", "放假", "元旦")), "formula"),
        (workbook_of(("2027-01-01", "放假", '=HYPERLINK("http://example.test")')), "formula"),
        (workbook_of(*[("2027-01-01", "放假", "元旦")] * 3000), "too_many_rows"),
    ],
)
def test_a_hostile_file_is_refused_with_a_sentence(content, code):
    assert code_of(lambda: calendar_files.read_workbook(content)) == code


def test_a_workbook_cut_anywhere_is_refused_with_a_sentence():
    content = workbook_of(("2027-01-01", "放假", "元旦"))

    for end in range(0, len(content) - 1, 97):
        assert code_of(lambda end=end: calendar_files.read_workbook(content[:end])) == "not_a_workbook"


# Preview


@pytest.mark.django_db
def test_preview_lists_the_days_that_become_rest_or_work_and_writes_nothing():
    exceptions = read(NOTICE_2027)

    preview = preview_year(year=2027, exceptions=exceptions)

    changes = {change.day: (change.was, change.now, change.becomes_working) for change in preview.changes}
    assert changes[date(2027, 1, 30)] == ("周末", "调休上班", True)
    assert changes[date(2027, 2, 10)] == ("工作日", "春节", False)
    assert date(2027, 2, 6) not in changes  # 除夕 to 初三 were estimated already
    assert preview.working_days_after - preview.working_days_before == sum(
        1 if change.becomes_working else -1 for change in preview.changes
    )
    assert preview.warnings == ()
    assert preview.replaces == CalendarYear.objects.get(year=2027)


@pytest.mark.django_db
def test_preview_warns_of_a_statutory_holiday_that_is_not_listed():
    exceptions = read(NOTICE_2027)
    del exceptions[date(2027, 10, 2)], exceptions[date(2027, 6, 9)]

    warnings = preview_year(year=2027, exceptions=exceptions).warnings

    assert warnings == (
        "2027-06-09（端午节）是法定节假日，但未列为放假。",
        "2027-10-02（国庆节）是法定节假日，但未列为放假。",
    )


@pytest.mark.django_db
def test_preview_of_a_year_without_a_calendar_has_nothing_to_compare():
    preview = preview_year(year=2029, exceptions=read("2029-01-01 放假 元旦", 2029))

    assert (preview.basis, preview.replaces, preview.changes) == (0, None, ())


@pytest.mark.django_db
@pytest.mark.parametrize("year", [2003, 2030, 9999])
def test_a_year_that_would_leave_a_gap_is_refused(year, importer):
    exceptions = {date(year, 1, 1): ("holiday", "元旦")}

    assert code_of(lambda: preview_year(year=year, exceptions=exceptions)) == "year_gap"
    assert (
        code_of(lambda: import_year(year=year, exceptions=exceptions, document_number=NUMBER, actor=importer))
        == "year_gap"
    )


# Import


@pytest.mark.django_db
def test_import_puts_the_notice_in_force_and_keeps_the_version_before(importer):
    estimate = CalendarYear.objects.get(year=2027)
    last_before = CalendarDay.objects.get(date=date(2028, 12, 31)).working_days_to_date
    preview = preview_year(year=2027, exceptions=read(NOTICE_2027))

    version = import_year(
        year=2027, exceptions=read(NOTICE_2027), document_number=f" {NUMBER} ", actor=importer, basis=preview.basis
    )

    estimate.refresh_from_db()
    assert (estimate.in_force, len(estimate.exceptions)) == (False, 13)
    assert (version.in_force, version.source, version.document_number) == (True, "official", NUMBER)
    assert version.entered_by == importer
    assert version.days.count() == 365
    assert workdays.is_working_day(date(2027, 1, 30)) is True
    moved = CalendarDay.objects.get(date=date(2028, 12, 31)).working_days_to_date - last_before
    assert moved == preview.working_days_after - preview.working_days_before != 0


@pytest.mark.django_db
def test_import_is_in_the_audit_trail(importer):
    estimate = CalendarYear.objects.get(year=2027)

    version = import_year(year=2027, exceptions=read(NOTICE_2027), document_number=NUMBER, actor=importer)

    entry = AuditEntry.objects.get(action="import_calendar")
    assert (entry.user, entry.subject) == (importer, f"core.calendaryear:{version.pk}")
    assert (entry.before, entry.after) == (str(estimate.pk), str(version.pk))


@pytest.mark.django_db
def test_import_of_the_year_after_the_last_extends_the_table(importer):
    import_year(
        year=2029, exceptions=read("2029-01-01 放假 元旦", 2029), document_number=NUMBER, actor=importer, basis=0
    )

    assert workdays.due_date(date(2028, 12, 29), 1).due == date(2029, 1, 2)


@pytest.mark.django_db
def test_import_twice_is_already_done(importer):
    import_year(year=2027, exceptions=read(NOTICE_2027), document_number=NUMBER, actor=importer)

    with pytest.raises(AlreadyDone):
        import_year(year=2027, exceptions=read(NOTICE_2027), document_number=NUMBER, actor=importer)
    assert CalendarYear.objects.filter(year=2027).count() == 2


@pytest.mark.django_db
def test_import_over_a_version_that_the_preview_did_not_see_is_refused(importer):
    basis = preview_year(year=2027, exceptions=read(NOTICE_2027)).basis
    import_year(
        year=2027, exceptions=read("2027-01-01 放假 元旦"), document_number=NUMBER, actor=importer, basis=basis
    )

    assert (
        code_of(
            lambda: import_year(
                year=2027, exceptions=read(NOTICE_2027), document_number=NUMBER, actor=importer, basis=basis
            )
        )
        == "stale_preview"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["", "   ", "号" * 101, "号\x00"])
def test_import_without_a_document_number_is_refused(importer, number):
    call = lambda: import_year(  # noqa: E731 - one call, asked for its refusal
        year=2027, exceptions=read(NOTICE_2027), document_number=number, actor=importer
    )

    assert code_of(call) == "no_document_number"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "exceptions",
    [
        {},
        {date(2027, 2, 15): ("makeup", "")},
        {date(2026, 1, 1): ("holiday", "元旦")},
        {date(2027, 1, 1): ("weekday", "元旦")},
        {date(2027, 1, 1): ("holiday", "")},
    ],
)
def test_the_verb_refuses_bad_days_whatever_the_page_let_through(importer, exceptions):
    call = lambda: import_year(  # noqa: E731 - one call, asked for its refusal
        year=2027, exceptions=exceptions, document_number=NUMBER, actor=importer
    )

    assert code_of(call) == "bad_rows"
    assert CalendarYear.objects.get(year=2027).source == "estimated"


@pytest.mark.django_db
def test_import_by_a_stranger_is_denied():
    stranger = User.objects.create(username="stranger", full_name="外人")

    with pytest.raises(PermissionDenied):
        import_year(year=2027, exceptions=read(NOTICE_2027), document_number=NUMBER, actor=stranger)


@pytest.mark.django_db
def test_replacing_the_first_year_costs_few_queries(importer, django_assert_max_num_queries):
    """Numbers of all 25 years follow from it: rewritten in bulk, 9,132 days."""
    exceptions = from_json(CalendarYear.objects.get(year=2004).exceptions)
    del exceptions[date(2004, 10, 7)]

    with django_assert_max_num_queries(70):
        import_year(year=2004, exceptions=exceptions, document_number=NUMBER, actor=importer)
