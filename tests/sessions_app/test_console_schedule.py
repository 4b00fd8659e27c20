"""The pages for many sittings at once: a new one, a year's dates, Excel out, and Excel in with its preview."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from core.models import AuditEntry
from departments.models import Department
from sessions_app.admin_schedule import TOKEN_MAX_AGE_SECONDS
from sessions_app.models import Session, Sitting
from tests.conftest import CAST
from tests.factories import department, make_sitting
from tests.sessions_app.pages import NOW, PLANNERS, Console, page_of, session_data

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[5.1]")]
TUESDAY = date(2026, 12, 15)


@pytest.fixture(autouse=True)
def seventh_of_december() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def uploaded(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("schedule.xlsx", content)


def exported(client: Client, year: int = 2026) -> bytes:
    return client.get(reverse("console:schedule_export"), {"year": year}).content


def with_cell(content: bytes, cell: str, value: Any) -> bytes:
    book = load_workbook(io.BytesIO(content))
    book.worksheets[0][cell] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("page", ["new", "generate", "import", "template", "export"])
def test_pages_for_many_are_shown_to_who_plans(console: Console, who: str, page: str) -> None:
    expected = 200 if who in PLANNERS else 403
    assert console(who).get(reverse(f"console:schedule_{page}")).status_code == expected


@pytest.mark.parametrize("page", ["new", "generate", "import", "import_confirm"])
def test_pages_for_many_posted_by_who_does_not_plan_are_refused(console: Console, page: str) -> None:
    assert console("window_clerk").post(reverse(f"console:schedule_{page}"), {}).status_code == 403


@pytest.mark.clause("[3.2]")
def test_new_makes_a_sitting_with_its_main_session(console: Console) -> None:
    answer = console("bureau_staff").post(
        reverse("console:schedule_new"), session_data(day="2026-12-29", remarks="试点")
    )
    sitting = Sitting.objects.get()
    assert answer.url == page_of(sitting)
    assert (sitting.day, sitting.remarks, sitting.sessions.get().kind) == (date(2026, 12, 29), "试点", "main")


@pytest.mark.clause("[3.2]")
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"day": "2026-12-15"}, "day"),
        ({"day": "2026-12-19"}, "day"),
        ({"number": "1"}, "number"),
        ({"day": "2099-01-05"}, "__all__"),
    ],
    ids=["clash", "rest day", "number taken", "beyond the calendar"],
)
def test_new_refused_names_the_field_and_keeps_what_was_typed(
    console: Console, given: dict[str, str], field: str
) -> None:
    make_sitting(TUESDAY)
    data = session_data(day="2026-12-29", remarks="试点") | given
    answer = console("bureau_staff").post(reverse("console:schedule_new"), data)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert 'value="试点"' in answer.text
    assert Sitting.objects.count() == 1


GENERATE = {"first": "2026-09-03", "until": "2026-10-31", "starts_at": "09:00", "ends_at": "12:00", "place": ""}


@pytest.mark.clause("[3.2]")
def test_generate_shows_the_days_and_what_was_postponed_before_anything_is_made(console: Console) -> None:
    client = console("bureau_staff")
    make_sitting(date(2026, 9, 17))
    answer = client.post(reverse("console:schedule_generate"), GENERATE)
    assert answer.status_code == 200
    for said in ("2026年10月8日（周四）", "原为2026年10月1日（周四）", "当天已安排坐诊"):
        assert said in answer.text
    assert "暂定" not in answer.text
    assert Sitting.objects.count() == 1
    back = client.get(f"{reverse('console:schedule_generate')}?{answer.context['typed']}")
    assert 'value="2026-09-03"' in back.text


@pytest.mark.clause("[3.2]")
def test_generate_in_a_year_without_its_notice_says_provisional(console: Console) -> None:
    answer = console("bureau_staff").post(
        reverse("console:schedule_generate"), GENERATE | {"first": "2028-03-01", "until": "2028-03-20"}
    )
    assert "暂定" in answer.text


@pytest.mark.clause("[3.2]")
def test_generate_confirmed_makes_them_all(console: Console) -> None:
    lead = {"department": department("市税务局").pk, "leader_name": "张 三", "leader_title": "局长"}
    answer = console("bureau_staff").post(
        reverse("console:schedule_generate"), GENERATE | lead | {"confirm": "1"}, follow=True
    )
    assert "已生成 5 期日程。" in answer.text
    assert {sitting.sessions.get().chairs.get().leader_name for sitting in Sitting.objects.all()} == {"张三"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"until": "2026-09-01"}, "until"),
        ({"ends_at": "09:00"}, "ends_at"),
        ({"leader_name": "张三"}, "department"),
        ({"first": "2026-10-01", "until": "2026-10-07"}, "until"),
        ({"first": "2099-01-05", "until": "2099-02-05"}, "__all__"),
        ({"first": "2026-12-15", "until": "2026-12-15", "confirm": "1"}, "first"),
    ],
    ids=["ends early", "no time", "leader without department", "no working day", "beyond the calendar", "clash"],
)
def test_generate_refused_names_the_field_and_keeps_what_was_typed(
    console: Console, given: dict[str, str], field: str
) -> None:
    make_sitting(TUESDAY)
    answer = console("bureau_staff").post(reverse("console:schedule_generate"), GENERATE | {"place": "园区"} | given)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert "园区" in answer.text
    assert Sitting.objects.count() == 1


def test_export_is_a_workbook_of_that_year_and_is_audited(console: Console) -> None:
    make_sitting(TUESDAY)
    answer = console("bureau_staff").get(reverse("console:schedule_export"), {"year": "2026"})
    assert "attachment" in answer.headers["Content-Disposition"]
    assert load_workbook(io.BytesIO(answer.content)).worksheets[0].max_row == 2
    assert AuditEntry.objects.filter(action="export_schedule", subject="schedule:2026").count() == 1


@pytest.mark.parametrize("year", ["", "x", "²", "20260"])
def test_export_of_no_year_is_this_years(console: Console, year: str) -> None:
    assert console("bureau_staff").get(reverse("console:schedule_export"), {"year": year}).status_code == 200
    assert AuditEntry.objects.get(action="export_schedule").subject == "schedule:2026"


def preview(client: Client, content: bytes) -> Any:
    return client.post(reverse("console:schedule_import"), {"file": uploaded(content)})


def confirm(client: Client, token: str) -> Any:
    return client.post(reverse("console:schedule_import_confirm"), {"token": token}, follow=True)


def test_import_previews_then_writes_what_was_previewed(console: Console) -> None:
    sitting, client = make_sitting(TUESDAY), console("bureau_staff")
    shown = preview(client, with_cell(exported(client), "J2", "用工保障"))
    assert shown.status_code == 200
    for said in ("新增 0 期，修改 1 期，无变化 0 期", "用工保障", "专场 0 场，方案要求 2 至 3 场"):
        assert said in shown.text
    assert sitting.sessions.get().theme == ""
    done = confirm(client, shown.context["form"]["token"].value())
    assert "已导入：新增 0 期，修改 1 期，无变化 0 期。" in done.text
    assert sitting.sessions.get().theme == "用工保障"
    assert AuditEntry.objects.filter(action="import_schedule").count() == 1


def test_import_of_the_exported_file_offers_nothing_to_confirm(console: Console) -> None:
    make_sitting(TUESDAY, published=True)
    client = console("bureau_staff")
    shown = preview(client, exported(client))
    assert "文件与现有日程一致" in shown.text
    assert "确认导入" not in shown.text


def test_import_of_a_faulty_file_lists_every_row(console: Console) -> None:
    make_sitting(TUESDAY)
    client = console("bureau_staff")
    shown = preview(client, with_cell(with_cell(exported(client), "D2", "九点"), "G2", "市魔法局"))
    assert shown.status_code == 422
    assert "有 2 处需要修改，未导入任何内容" in shown.text
    assert "第 2 行：起止时间无法识别" in shown.text
    assert "第 2 行：没有这个部门：市魔法局" in shown.text


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04"], ids=["empty", "text", "cut"])
def test_import_of_no_workbook_is_a_sentence(console: Console, content: bytes) -> None:
    assert preview(console("bureau_staff"), content).status_code == 422


def test_import_without_a_file_asks_for_one(console: Console) -> None:
    answer = console("bureau_staff").post(reverse("console:schedule_import"), {})
    assert (answer.status_code, answer.context["form"].errors) == (422, {"file": ["请填写Excel 文件。"]})


def changed_token(client: Client) -> str:
    shown = preview(client, with_cell(exported(client), "J2", "用工保障"))
    return str(shown.context["form"]["token"].value())


def test_import_confirmed_after_the_schedule_changed_is_refused(console: Console) -> None:
    sitting, client = make_sitting(TUESDAY), console("bureau_staff")
    token = changed_token(client)
    Session.objects.update(theme="另有安排")
    done = confirm(client, token)
    assert done.status_code == 422
    assert "预览之后日程有变动" in done.text
    assert sitting.sessions.get().theme == "另有安排"


def test_import_confirmed_when_a_department_is_gone_lists_the_row(console: Console) -> None:
    make_sitting(TUESDAY)
    client = console("bureau_staff")
    token = changed_token(client)
    Department.objects.filter(name="市税务局").update(name="市税务局（原）")
    assert "第 2 行：没有这个部门：市税务局" in confirm(client, token).text


@pytest.mark.parametrize(
    "token", ["", "x", "a:b:c", signing.dumps({"rows": [], "basis": ""})], ids=["none", "x", "forged", "other salt"]
)
def test_import_confirmed_with_a_forged_token_asks_to_upload_again(console: Console, token: str) -> None:
    assert "预览已失效，请重新上传文件。" in confirm(console("bureau_staff"), token).text


def test_import_confirmed_with_anothers_token_asks_to_upload_again(console: Console) -> None:
    sitting = make_sitting(TUESDAY)
    token = changed_token(console("bureau_staff"))
    assert "预览已失效" in confirm(console("bureau_supervisor"), token).text
    assert sitting.sessions.get().theme == ""


def test_import_confirmed_too_late_asks_to_upload_again(console: Console) -> None:
    make_sitting(TUESDAY)
    client = console("bureau_staff")
    token = changed_token(client)
    with time_machine.travel(NOW + timedelta(seconds=TOKEN_MAX_AGE_SECONDS + 1), tick=False):
        client = console("bureau_staff")
        assert "预览已失效" in confirm(client, token).text
