"""The booking list in Excel: who gets it, what it masks, and that nothing in it runs."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from appointments.models import Attachment, Booking
from core.models import AuditEntry, User
from sessions_app.models import Sitting
from tests.appointments.conftest import NOW, answers, application, confirm, take
from tests.conftest import CAST, Cast
from tests.factories import department

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.3]"), pytest.mark.clause("[3.4]")]
MAY = {
    *("window_clerk", "bureau_staff", "bureau_supervisor", "inspector", "inspection_approver"),
    *("department_staff", "other_department_staff", "department_head"),
}
FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://evil.cn")']


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="departments.backends.RoleBackend")
    return client


def address(sitting: Sitting, query: str = "") -> str:
    return f"/console/appointments/booking/export/{sitting.pk}/{query}"


def sheet_of(content: bytes) -> Worksheet:
    return load_workbook(io.BytesIO(content)).active


def rows_of(content: bytes) -> list[dict[str, Any]]:
    """The rows under the header, by its words."""
    _title, header, *rows = sheet_of(content).iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def booking(sitting: Sitting) -> Booking:
    return confirm(take(sitting, 1), answers=answers(channels=["sms", "email"], email="wang@example.cn"))


def test_export_reads_back_in_order_of_number_without_those_not_submitted(
    cast: Cast, sitting: Sitting, booking: Booking
) -> None:
    held, second = take(sitting, 2), confirm(take(sitting, 3))
    answer = signed_in(cast.bureau_staff).get(address(sitting))
    rows = rows_of(answer.content)
    assert [(row["号"], row["预约编号"]) for row in rows] == [(1, booking.reference), (3, second.reference)]
    assert held.reference not in str(rows)
    assert rows[0]["诉求对象部门"] == "市税务局"
    assert rows[0]["统一社会信用代码"] == booking.credit_code
    assert "attachment" in answer.headers["Content-Disposition"]


def test_export_masks_contact_data(cast: Cast, sitting: Sitting, booking: Booking) -> None:
    row = rows_of(signed_in(cast.bureau_supervisor).get(address(sitting)).content)[0]
    assert (row["负责人"], row["手机"], row["邮箱"]) == ("张*", "138****0001", "w***@example.cn")


def test_full_export_shows_contact_data(cast: Cast, sitting: Sitting, booking: Booking) -> None:
    row = rows_of(signed_in(cast.bureau_supervisor).get(address(sitting, "?full=1")).content)[0]
    assert (row["负责人"], row["手机"], row["邮箱"]) == ("张建国", booking.mobile, "wang@example.cn")


@pytest.mark.parametrize("name", CAST)
def test_export_is_for_some_and_the_full_one_for_the_supervisor(
    cast: Cast, sitting: Sitting, booking: Booking, name: str
) -> None:
    client = signed_in(cast[name])
    assert client.get(address(sitting)).status_code == (200 if name in MAY else 403)
    assert client.get(address(sitting, "?full=1")).status_code == (200 if name == "bureau_supervisor" else 403)


def test_department_exports_only_what_was_put_to_it(cast: Cast, sitting: Sitting, booking: Booking) -> None:
    confirm(take(sitting, 2), answers=answers(departments=[department("市统计局")]))
    rows = rows_of(signed_in(cast.department_staff).get(address(sitting)).content)
    assert [row["预约编号"] for row in rows] == [booking.reference]


def test_each_export_leaves_its_row_in_the_trail(cast: Cast, sitting: Sitting, booking: Booking) -> None:
    client = signed_in(cast.bureau_supervisor)
    client.get(address(sitting))
    client.get(address(sitting, "?full=1"))
    rows = AuditEntry.objects.filter(action="export_bookings").order_by("pk")
    assert [(row.user, row.subject, row.after) for row in rows] == [
        (cast.bureau_supervisor, f"sessions_app.sitting:{sitting.pk}", said) for said in ("masked, 1", "full, 1")
    ]


def test_refused_export_leaves_none(cast: Cast, sitting: Sitting, booking: Booking) -> None:
    signed_in(cast.leader).get(address(sitting))
    assert not AuditEntry.objects.filter(action="export_bookings").exists()


@pytest.mark.parametrize("formula", FORMULAS)
def test_what_looks_like_a_formula_stays_text(cast: Cast, sitting: Sitting, formula: str) -> None:
    confirm(
        take(sitting, 1, application=application(1, company_name=formula)),
        answers=answers(title=formula[:30], facts=formula, representative_name=formula),
    )
    sheet = sheet_of(signed_in(cast.bureau_staff).get(address(sitting)).content)
    cells = [cell for row in sheet.iter_rows(min_row=3) for cell in row if isinstance(cell.value, str)]
    shaped = [cell for cell in cells if cell.value.lstrip().startswith(("=", "+", "-", "@"))]
    assert len(shaped) >= 3
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in shaped)


@pytest.mark.parametrize("character", ["\x01", "\x0b", "\x1f", "\ufffe"])
def test_character_that_a_workbook_cannot_hold_does_not_break_the_list(
    cast: Cast, sitting: Sitting, character: str
) -> None:
    confirm(take(sitting, 1), answers=answers(facts=f"前{character}后"))
    answer = signed_in(cast.bureau_staff).get(address(sitting))
    assert answer.status_code == 200
    assert rows_of(answer.content)[0]["事实与理由"] in ("前后", "前 后", "前\ufffd后")


def test_attachment_is_a_download_for_who_may_see_the_booking(cast: Cast, booking: Booking) -> None:
    file = Attachment.objects.create(
        booking=booking, name="<b>.html", content_type="application/pdf", size=4, file="attachments/x"
    )
    file.file.storage.save("attachments/x", io.BytesIO(b"%PDF"))
    answer = signed_in(cast.department_staff).get(f"/console/appointments/booking/files/{file.pk}/")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert ".pdf" in answer.headers["Content-Disposition"]
    assert b"".join(answer.streaming_content) == b"%PDF"
    others = signed_in(cast.other_department_staff).get(f"/console/appointments/booking/files/{file.pk}/")
    assert others.status_code == 404
    assert AuditEntry.objects.filter(action="download_attachment").count() == 1
