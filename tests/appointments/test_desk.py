"""Booking at the desk, and who sees what in the console's list of bookings."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from appointments import services
from appointments.enums import BookingStatus, Origin
from appointments.models import Booking, PressureReport
from core import secrets
from core.models import AuditEntry, User
from notifications.models import Message
from sessions_app.models import Sitting
from tests.appointments.conftest import NOW, OPENS, answers, application, confirm, consent, take
from tests.conftest import CAST, Cast
from tests.factories import department

pytestmark = pytest.mark.django_db
DESK, LIST = "/console/appointments/booking/desk/", "/console/appointments/booking/"
PRESSURE = "/console/appointments/pressurereport/"
# Whatever the list holds: the user with their role, permissions, filters' lists, the page and its departments.
LIST_QUERIES = 7


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="departments.backends.RoleBackend")
    return client


def typed(sitting: Sitting, serial: int = 1, **changes: Any) -> dict[str, Any]:
    of = application(serial)
    return {
        "sitting": sitting.pk,
        "enterprise_kind": of.enterprise_kind,
        "company_name": of.company_name,
        "credit_code": of.credit_code,
        "mobile": of.mobile,
        "submission": secrets.new_submission(),
    } | changes


def whole_form(**changes: Any) -> dict[str, Any]:
    """All answers on one page, as a browser sends them."""
    said = answers(**changes)
    said["departments"] = [row.pk for row in said["departments"]]
    for name in ("demand_area", "district", "industry"):
        said[name] = said[name].pk
    return said | {"consent": "on"}


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def answers_page(booking: Booking) -> str:
    return f"{LIST}{booking.pk}/answers/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def clerk(cast: Cast) -> Client:
    consent()
    return signed_in(cast.window_clerk)


@pytest.mark.clause("[3.1]")
class TestDesk:
    def test_clerk_takes_a_number_fills_the_form_and_the_enterprise_is_told(
        self, clerk: Client, cast: Cast, sitting: Sitting
    ) -> None:
        assert clerk.get(DESK).status_code == 200
        answer = clerk.post(DESK, typed(sitting))
        booking = Booking.objects.get()
        assert answer.headers["Location"] == answers_page(booking)
        assert (booking.origin, booking.booked_by, booking.number) == (Origin.DESK, cast.window_clerk, 1)
        assert "1 号" in text_of(clerk.get(answers_page(booking)))
        done = clerk.post(answers_page(booking), whole_form())
        assert done.headers["Location"] == f"{LIST}{booking.pk}/change/"
        booking.refresh_from_db()
        assert (booking.status, booking.title) == (BookingStatus.CONFIRMED, "退税进度")
        assert Message.objects.get(kind="booking_confirmed").recipient == booking.mobile
        by = set(
            AuditEntry.objects.filter(subject=f"appointments.booking:{booking.pk}").values_list("user", flat=True)
        )
        assert by == {cast.window_clerk.pk}

    def test_wrong_answer_is_told_and_what_was_typed_is_kept(self, clerk: Client, sitting: Sitting) -> None:
        answer = clerk.post(DESK, typed(sitting, mobile="123"))
        assert answer.status_code == 422
        assert "请填写 11 位手机号码" in text_of(answer)
        assert application(1).company_name in text_of(answer)

    def test_missing_answer_keeps_the_others_and_the_number(self, clerk: Client, sitting: Sitting) -> None:
        clerk.post(DESK, typed(sitting))
        booking = Booking.objects.get()
        answer = clerk.post(answers_page(booking), whole_form(request="") | {"consent": ""})
        assert answer.status_code == 422
        assert "请填写具体请求" in text_of(answer)
        assert "请先取得企业同意" in text_of(answer)
        assert "七月申请，至今未办结。" in text_of(clerk.get(answers_page(booking)))
        booking.refresh_from_db()
        assert booking.status == BookingStatus.HELD

    @pytest.mark.clause("[3.3]")
    def test_full_says_so_and_the_other_button_joins_the_line(self, clerk: Client, full_sitting: Sitting) -> None:
        said = typed(full_sitting, 6)
        refused = clerk.post(DESK, said)
        assert refused.status_code == 422
        assert "约满" in text_of(refused)
        clerk.post(DESK, said | {"join": "加入候补"})
        waiting = Booking.objects.get(status=BookingStatus.WAITING)
        assert clerk.post(answers_page(waiting), whole_form()).status_code == 302
        waiting.refresh_from_db()
        assert waiting.status == BookingStatus.WAITING
        assert waiting.draft.answers["title"] == ["退税进度"]

    @pytest.mark.clause("[3.3]")
    def test_second_booking_of_an_enterprise_is_refused_at_the_code(self, clerk: Client, sitting: Sitting) -> None:
        take(sitting, 1)
        answer = clerk.post(DESK, typed(sitting))
        assert answer.status_code == 422
        assert "该企业本期已有预约" in text_of(answer)

    @pytest.mark.clause("[3.3]")
    def test_two_enterprises_without_a_token_get_two_numbers(self, clerk: Client, sitting: Sitting) -> None:
        """A token that is missing must never lead to the booking of somebody else."""
        for serial in (1, 2):
            clerk.post(DESK, typed(sitting, serial, submission=""))
        assert Booking.objects.count() == 2

    def test_hold_that_ran_out_while_typing_keeps_the_answers(
        self, clerk: Client, sitting: Sitting, clock: Any
    ) -> None:
        clerk.post(DESK, typed(sitting))
        booking = Booking.objects.get()
        clock.shift(timedelta(minutes=10))
        clerk.get(answers_page(booking))
        clock.shift(timedelta(minutes=6))
        answer = clerk.post(answers_page(booking), whole_form())
        assert answer.status_code == 422
        assert "保留时间已过" in text_of(answer)
        assert "七月申请，至今未办结。" in text_of(answer)

    def test_nothing_announced_says_so(self, clerk: Client) -> None:
        assert "目前没有已公告的坐诊" in text_of(clerk.get(DESK))

    @pytest.mark.parametrize("name", CAST)
    def test_only_the_bureau_books_at_the_desk(self, cast: Cast, sitting: Sitting, name: str) -> None:
        may = name in ("window_clerk", "bureau_staff", "bureau_supervisor")
        client = signed_in(cast[name])
        booking = take(sitting, 2, actor=cast.window_clerk)
        codes = [client.get(DESK).status_code, client.get(answers_page(booking)).status_code]
        assert codes == [200 if may else 403] * 2
        client.post(DESK, typed(sitting))
        assert Booking.objects.filter(company_name=application(1).company_name).exists() is may

    def test_what_an_enterprise_types_on_its_phone_is_not_read_at_the_desk(
        self, clerk: Client, sitting: Sitting
    ) -> None:
        assert clerk.get(answers_page(take(sitting, 2))).status_code == 404


class TestList:
    @pytest.mark.clause("[3.4]")
    def test_department_sees_only_what_was_put_to_it_and_submitted(self, cast: Cast, sitting: Sitting) -> None:
        mine, theirs = confirm(take(sitting, 1)), take(sitting, 2)
        confirm(theirs, answers=answers(departments=[department("市统计局")]))
        pending = take(sitting, 3)
        client = signed_in(cast.department_staff)
        page = text_of(client.get(LIST))
        assert mine.reference in page
        assert theirs.reference not in page
        assert pending.reference not in page
        for hidden in (theirs, pending):
            assert client.get(f"{LIST}{hidden.pk}/change/").status_code == 302
            assert client.get(f"{LIST}{hidden.pk}/do/reveal/").status_code == 403

    @pytest.mark.clause("[3.4]")
    def test_list_costs_the_same_for_one_row_and_three(
        self, cast: Cast, sitting: Sitting, django_assert_num_queries: Callable[..., Any]
    ) -> None:
        client = signed_in(cast.bureau_staff)
        client.get(LIST)
        confirm(take(sitting, 1))
        with django_assert_num_queries(LIST_QUERIES):
            assert text_of(client.get(LIST)).count('class="field-reference"') == 1
        for serial in (2, 3):
            confirm(take(sitting, serial))
        with django_assert_num_queries(LIST_QUERIES):
            assert text_of(client.get(LIST)).count('class="field-reference"') == 3

    @pytest.mark.clause("[3.3]")
    def test_contact_data_is_masked_until_it_is_asked_for_with_a_reason(self, cast: Cast, sitting: Sitting) -> None:
        booking = confirm(take(sitting, 1))
        client = signed_in(cast.bureau_staff)
        page = text_of(client.get(f"{LIST}{booking.pk}/change/"))
        assert "138****0001" in page
        assert "张*" in page
        assert booking.mobile not in page
        assert client.post(f"{LIST}{booking.pk}/do/reveal/", {"reason": ""}).status_code == 422
        told = client.post(f"{LIST}{booking.pk}/do/reveal/", {"reason": "电话核实"}, follow=True)
        assert booking.mobile in text_of(told)
        row = AuditEntry.objects.get(action="reveal_contact")
        assert (row.user, row.reason) == (cast.bureau_staff, "电话核实")
        assert booking.mobile not in f"{row.before}{row.after}{row.reason}"

    @pytest.mark.clause("[3.3]")
    def test_no_console_page_shows_a_secret(self, cast: Cast, sitting: Sitting) -> None:
        booking = confirm(take(sitting, 1))
        client = signed_in(cast.bureau_supervisor)
        for page in (LIST, f"{LIST}{booking.pk}/change/", f"{LIST}{booking.pk}/history/"):
            shown = text_of(client.get(page))
            assert not [
                s for s in (booking.ticket_secret, booking.checkin_secret, booking.ticket_digest) if s in shown
            ]

    @pytest.mark.clause("[3.3]")
    def test_bureau_cancels_with_a_reason_and_the_enterprise_is_told(self, cast: Cast, sitting: Sitting) -> None:
        booking = confirm(take(sitting, 1))
        client = signed_in(cast.bureau_staff)
        assert client.post(f"{LIST}{booking.pk}/do/cancel/", {"reason": ""}).status_code == 422
        assert client.post(f"{LIST}{booking.pk}/do/cancel/", {"reason": "企业来电"}).status_code == 302
        booking.refresh_from_db()
        assert booking.status == BookingStatus.CANCELLED
        assert Message.objects.filter(kind="booking_cancelled").exists()


@pytest.mark.clause("[5.2]")
class TestPressure:
    @pytest.mark.parametrize("name", CAST)
    def test_reports_are_seen_by_the_inspection_office_alone(self, cast: Cast, sitting: Sitting, name: str) -> None:
        may = name in ("inspector", "inspection_approver")
        booking = take(sitting, 1)
        services.report_pressure(booking_id=booking.pk, content="被要求撤回诉求", contact="", now=OPENS)
        report = PressureReport.objects.get()
        client = signed_in(cast[name])
        for page in (PRESSURE, f"{PRESSURE}{report.pk}/change/", f"{PRESSURE}{report.pk}/history/"):
            answer = client.get(page)
            assert (answer.status_code == 200) is may, page
            assert ("被要求撤回诉求" in text_of(answer)) <= may, page
        shown = text_of(client.get("/console/", follow=True))
        assert ("压制报复" in shown) is may
