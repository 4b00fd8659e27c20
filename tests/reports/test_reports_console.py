"""The console's pages of reports, and the files that leave it. [3.10]"""

import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from core.models import AuditEntry
from reports.enums import ReportKind, ReportStatus
from reports.models import Report
from tests.conftest import Cast
from tests.factories import moment
from tests.reports.conftest import (
    NOW,
    approve,
    bring_to,
    correct,
    edit,
    fresh,
    issue,
    issued,
    line,
    make,
    send_back,
    written,
)

pytestmark = [pytest.mark.clause("[3.10]"), pytest.mark.django_db, pytest.mark.usefixtures("figures")]


def client_of(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast[name])
    return client


def at(name: str, *arguments: Any) -> str:
    return reverse(f"console:reports_report_{name}", args=arguments)


def page(cast: Cast, name: str, report: Report) -> str:
    return client_of(cast, name).get(at("change", report.pk)).content.decode()


def word_of(cast: Cast, report: Report, name: str = "bureau_staff") -> Any:
    return Document(io.BytesIO(client_of(cast, name).get(at("word", report.pk)).content))


def test_make_leads_to_the_draft(cast: Cast) -> None:
    client = client_of(cast, "bureau_staff")
    answer = client.post(at("make"), {"kind": "bulletin", "period": "2026-3", "title": ""})
    report = Report.objects.get()
    assert answer.headers["Location"] == at("change", report.pk)
    again = client.post(at("make"), {"kind": "bulletin", "period": "2026-3", "title": ""})
    assert (again.status_code, Report.objects.count()) == (422, 1)
    assert "已起草" in again.content.decode()


def test_edit_that_was_overtaken_keeps_what_was_typed_and_shows_what_stands(cast: Cast) -> None:
    report = make(cast)
    edit(report, cast, "overall", "别人写的。")
    client = client_of(cast, "bureau_supervisor")
    typed = {"text": "我写的。", "revision": "0"}
    answer = client.post(at("edit", report.pk, "overall"), typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "我写的。" in text
    assert "别人写的。" in text
    # What stands was shown: saved again it is meant.
    assert f'name="revision" value="{fresh(report).revision}"' in text
    client.post(at("edit", report.pk, "overall"), typed | {"revision": str(fresh(report).revision)})
    assert fresh(report).sections[1]["text"] == "我写的。"


def test_page_offers_approval_to_who_did_not_write(cast: Cast) -> None:
    report = make(cast)
    approve = f"{at('change', report.pk).removesuffix('change/')}do/approve/"
    assert approve in page(cast, "bureau_supervisor", report)
    assert approve not in page(cast, "bureau_staff", report)
    edit(report, cast, "next", "改", by="bureau_supervisor")
    assert approve not in page(cast, "bureau_supervisor", report)


def test_page_says_why_it_came_back_and_what_it_corrects(cast: Cast) -> None:
    report = make(cast)
    send_back(report, cast, reason="补充联办事项。")
    assert "补充联办事项。" in page(cast, "bureau_staff", report)
    second = correct(issued(cast, quarter=2), cast, why="接诊数有误。")
    assert "接诊数有误。" in page(cast, "bureau_staff", second)


def test_versions_lead_to_each_other_as_far_as_one_may_see_them(cast: Cast) -> None:
    first = issued(cast)
    second = correct(first, cast)
    assert at("change", second.pk) in page(cast, "bureau_staff", first)
    assert at("change", second.pk) not in page(cast, "leader", first)


@pytest.mark.parametrize(
    ("person", "kinds"),
    [
        ("bureau_staff", 4),
        ("leader", 3),
        ("inspector", 3),
        ("inspection_approver", 3),
        ("department_head", 1),
        ("other_department_staff", 1),
    ],
)
def test_list_shows_what_one_may_read(cast: Cast, person: str, kinds: int) -> None:
    for kind in ReportKind.values:
        issued(cast, kind)
    make(cast, quarter=2)
    answer = client_of(cast, person).get(at("changelist"))
    assert len(answer.context["cl"].result_list) == kinds


@pytest.mark.clause("[5.2]")
def test_department_reads_its_own_lines_of_an_issued_bulletin(cast: Cast) -> None:
    report = issued(cast)
    own, whole = page(cast, "other_department_staff", report), page(cast, "leader", report)
    assert "办件清单（2 件）" in own
    assert "安宁第1企业有限公司" not in own
    assert "办件清单（3 件）" in whole


@pytest.mark.parametrize("reports", [1, 3])
def test_list_costs_a_fixed_number_of_queries(cast: Cast, reports: int, django_assert_num_queries: Any) -> None:
    for place in range(reports):
        issued(cast, ReportKind.SPECIAL, title=f"专报{place}")
    client = client_of(cast, "bureau_supervisor")
    client.get(at("changelist"))
    with django_assert_num_queries(5) as told:
        client.get(at("changelist"))
    assert not [query for query in told.captured_queries if '"reports_report"."cases"' in query["sql"]]


def test_word_is_an_official_document(cast: Cast) -> None:
    written = word_of(cast, issued(cast))
    section = written.sections[0]
    assert [round(side.mm) for side in (section.top_margin, section.left_margin)] == [37, 28]
    texts = [paragraph.text for paragraph in written.paragraphs]
    assert texts[0] == "安宁市政务服务局文件"
    for said in (
        "一、总体情况",
        "五、下步要求",
        "各有关部门：",
        "安宁市政务服务局",
        "2026年10月12日",
        "表1　各部门办理情况",
    ):
        assert any(said in text for text in texts), said
    levels = {p.text[:2]: p.style.name for p in written.paragraphs if p.style.name.startswith("Heading")}
    assert levels["一、"] == "Heading 1"
    assert levels["（一"] == "Heading 2"
    assert [cell.text for cell in written.tables[0].rows[0].cells] == ["部门", "接诊"]
    assert len(written.inline_shapes) == 1
    assert "PAGE" in "".join(part.text for part in section.footer._element.iter(qn("w:instrText")))


def test_word_of_a_draft_says_that_it_is_one_and_what_goes_up_names_a_signer(cast: Cast) -> None:
    texts = [paragraph.text for paragraph in word_of(cast, make(cast)).paragraphs]
    assert "（草稿）" in texts
    assert not any("签发人" in text for text in texts)
    up = [paragraph.text for paragraph in word_of(cast, make(cast, ReportKind.IMPORTANT)).paragraphs]
    assert any("签发人：" in text for text in up)
    assert "市人民政府：" in up


def test_excel_holds_the_same_without_a_live_formula(cast: Cast) -> None:
    report = make(cast)
    edit(report, cast, "next", "=1+1")
    book = load_workbook(io.BytesIO(client_of(cast, "bureau_staff").get(at("excel", report.pk)).content))
    assert book.sheetnames == ["正文", "数据", "图表"]
    cells = [cell for row in book["正文"].iter_rows() for cell in row if cell.value]
    assert any("本季度接诊27件" in str(cell.value) for cell in cells)
    (formula,) = [cell for cell in cells if str(cell.value) == "=1+1"]
    assert formula.data_type == "s"
    assert [str(cell.value) for cell in book["数据"][3]] == ["市税务局", "27"]
    assert len(book["图表"]._images) == 1


def test_downloads_are_audited(cast: Cast) -> None:
    report = issued(cast)
    for name in ("word", "excel"):
        client_of(cast, "department_head").get(at(name, report.pk))
    kinds = AuditEntry.objects.filter(action="export_report", user=cast.department_head).order_by("pk")
    assert list(kinds.values_list("after", flat=True)) == ["docx", "xlsx"]


def test_chart_is_a_picture_and_print_view_shows_the_whole(cast: Cast) -> None:
    report = issued(cast)
    client = client_of(cast, "leader")
    picture = client.get(at("chart", report.pk, 0))
    assert (picture.headers["Content-Type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    printed = client.get(at("print", report.pk)).content.decode()
    for said in ("四、存在问题", "各部门办理情况", 'alt="接诊27件"'):
        assert said in printed
    assert "修改" not in printed


def test_front_page_counts_what_waits(cast: Cast) -> None:
    bring_to(ReportStatus.APPROVED, cast, quarter=1)
    report = make(cast)
    front = client_of(cast, "bureau_supervisor").get("/console/").content.decode()
    assert "待审定的文稿" in front
    assert "待印发的文稿" in front
    send_back(report, cast)
    assert "退回修改的文稿" in client_of(cast, "bureau_staff").get("/console/").content.decode()


def test_front_page_leads_to_the_drafts_that_it_counts(cast: Cast) -> None:
    def listed(person: str, turn: str) -> list[int]:
        page = client_of(cast, person).get(f"/console/reports/report/?turn={turn}")
        return [row.pk for row in page.context["cl"].result_list]

    report = make(cast)
    assert "?turn=approve" in client_of(cast, "bureau_supervisor").get("/console/").content.decode()
    assert "?turn=back" in client_of(cast, "bureau_staff").get("/console/").content.decode()
    assert (listed("bureau_supervisor", "approve"), listed("bureau_staff", "back")) == ([report.pk], [])
    send_back(report, cast)
    assert (listed("bureau_supervisor", "approve"), listed("bureau_staff", "back")) == ([], [report.pk])


def test_page_of_many_lines_shows_the_first(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    report = make(cast)
    Report.objects.filter(pk=report.pk).update(cases=[line(number, "市税务局") for number in range(1, 151)])
    text = page(cast, "bureau_staff", report)
    assert "办件清单（150 件）" in text
    assert "此处列前 100 件" in text
    assert "安宁第101企业有限公司" not in text


@pytest.mark.parametrize(
    ("name", "first"),
    [("leader", ["2026年第三季度工作情况", "通报（第2版）"]), ("auditor", []), ("security_officer", [])],
)
def test_front_page_of_who_only_reads_leads_to_the_quarter_and_the_last_that_was_issued(
    cast: Cast, name: str, first: list[str]
) -> None:
    second = written(correct(issued(cast), cast), cast)
    approve(second, cast)
    issue(second, cast, now=NOW + timedelta(hours=1))
    make(cast, ReportKind.SPECIAL)
    with time_machine.travel(moment("2026-11-02 10:00"), tick=False):
        shown = client_of(cast, name).get("/console/")
    assert len(shown.context["starts"]) == len(first)
    for start, words in zip(shown.context["starts"], first, strict=True):
        assert words in str(start.label)
        assert f'href="{escape(start.url)}"' in shown.content.decode()
    if first:
        assert shown.context["starts"][1].url == at("change", second.pk)


def test_front_page_of_who_has_work_starts_with_the_work(cast: Cast) -> None:
    issued(cast)
    assert client_of(cast, "bureau_staff").get("/console/").context["starts"] == []
