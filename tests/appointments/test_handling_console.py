"""The triage desk, the placing board and the departments' verifications, as their users press them. [3.4] [3.5]"""

from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from appointments import services
from appointments.enums import BookingStatus, Reach
from appointments.models import Booking, BookingDraft
from appointments.selectors_handling import reach_of
from core.models import User
from notifications.models import Message
from sessions_app.models import Sitting
from sessions_app.services import local_moment
from tests.appointments.conftest import DAY, NOW, accept, answers, confirm, ground, propose_solved, send_back, take
from tests.conftest import Cast
from tests.factories import department, moment

pytestmark = [pytest.mark.clause("[3.4]"), pytest.mark.django_db]
PDF = b"%PDF-1.4 \n%%EOF"
CALL = moment("2026-11-23 09:00")


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def bureau(cast: Cast) -> Client:
    return signed_in(cast.bureau_staff)


def desk_url(booking: Booking) -> str:
    return reverse("console:appointments_booking_triage", args=[booking.pk])


def decide(client: Client, booking: Booking, decision: str, **columns: Any) -> Any:
    return client.post(desk_url(booking), {"decision": decision, **columns})


def submitted(sitting: Sitting, *serials: int) -> list[Booking]:
    return [confirm(take(sitting, serial), now=NOW + timedelta(minutes=place)) for place, serial in enumerate(serials)]


def test_desk_leads_to_who_has_waited_longest(bureau: Client, sitting: Sitting) -> None:
    first, _second = submitted(sitting, 2, 1)
    answer = bureau.get(reverse("console:appointments_booking_triage_queue"))
    assert answer["Location"] == desk_url(first)


def test_desk_with_nothing_to_do_says_what_will_come(bureau: Client, sitting: Sitting) -> None:
    page = bureau.get(reverse("console:appointments_booking_triage_queue"))
    assert "没有待受理的预约" in page.content.decode()


def test_desk_shows_demand_history_likeness_and_what_was_told_elsewhere(bureau: Client, sitting: Sitting) -> None:
    services.cancel_booking(booking_id=confirm(take(sitting, 1)).pk, actor="holder", now=NOW)
    confirm(take(sitting, 2))
    told = confirm(take(sitting, 1), answers=answers(elsewhere="12345", elsewhere_reference="KM2026-7"))
    text = bureau.get(desk_url(told)).content.decode()
    assert "七月申请，至今未办结。" in text
    assert "12345 热线（KM2026-7）" in text
    assert text.count("退税进度") >= 4  # in the list twice, itself, the earlier one, the similar one
    assert told.mobile not in text


@pytest.mark.parametrize("waiting", [1, 3])
def test_desk_costs_the_same_however_many_wait(
    bureau: Client, sitting: Sitting, waiting: int, django_assert_max_num_queries: Any
) -> None:
    bookings = submitted(sitting, *range(1, waiting + 1))
    bureau.get(desk_url(bookings[0]))
    with django_assert_max_num_queries(20):
        assert bureau.get(desk_url(bookings[0])).status_code == 200


def test_accept_at_the_desk_passes_on_and_shows_the_next(bureau: Client, sitting: Sitting) -> None:
    first, second = submitted(sitting, 1, 2)
    columns = {"demand_kind": "complaint", "demand_area": first.demand_area_id, "lead": department("市统计局").pk}
    answer = decide(bureau, first, "accept", **columns, assisting=[department("市税务局").pk])
    first.refresh_from_db()
    assert (answer.status_code, first.status, first.demand_kind) == (302, BookingStatus.ACCEPTED, "complaint")
    assert bureau.get(answer["Location"])["Location"] == desk_url(second)
    assert first.verifications.get(is_lead=True).department.name == "市统计局"


@pytest.mark.clause("[4.2]")
def test_refuse_at_the_desk_without_explanation_keeps_what_was_chosen(bureau: Client, sitting: Sitting) -> None:
    (booking,) = submitted(sitting, 1)
    page = decide(bureau, booking, "refuse", ground=ground().pk, explanation="")
    booking.refresh_from_db()
    assert (page.status_code, booking.status) == (422, BookingStatus.CONFIRMED)
    assert f'value="{ground().pk}"' in page.content.decode()
    assert "请填写向企业的说明。" in page.content.decode()


@pytest.mark.clause("[4.2]")
def test_refuse_and_send_back_at_the_desk(bureau: Client, sitting: Sitting) -> None:
    first, second = submitted(sitting, 1, 2)
    decide(bureau, first, "refuse", ground=ground().pk, explanation="没有具体请求。")
    decide(bureau, second, "send-back", question="请写明时间。")
    assert list(Booking.objects.order_by("pk").values_list("status", flat=True)) == ["refused", "returned"]


def test_decision_about_what_was_decided_meanwhile_leads_on(bureau: Client, sitting: Sitting, cast: Cast) -> None:
    (booking,) = submitted(sitting, 1)
    accept(booking, cast.bureau_supervisor)
    answer = decide(bureau, booking, "send-back", question="请写明时间。")
    assert answer.status_code == 302
    booking.refresh_from_db()
    assert booking.status == BookingStatus.ACCEPTED


@pytest.mark.parametrize("decision", ["", "nothing", "accept", "refuse", "send-back"])
def test_mangled_decision_is_answered_with_the_page(bureau: Client, sitting: Sitting, decision: str) -> None:
    (booking,) = submitted(sitting, 1)
    hostile = {"lead": "x' OR 1=1", "assisting": ["-1", "\ufffe"], "ground": "9" * 40, "demand_area": "\x00"}
    assert decide(bureau, booking, decision, **hostile).status_code in (200, 422)
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED


def board_url(sitting: Sitting) -> str:
    return reverse("console:appointments_booking_placing", args=[sitting.pk])


@pytest.mark.clause("[3.5]")
def test_board_places_by_list_and_by_proposal(bureau: Client, sitting: Sitting, cast: Cast) -> None:
    first, second = (accept(booking, cast.bureau_staff) for booking in submitted(sitting, 1, 2))
    session = sitting.sessions.get()
    bureau.post(board_url(sitting), {"booking": first.pk, "place": f"{session.pk}|2026-11-26T10:00"})
    bureau.post(board_url(sitting), {"proposed": "1"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.meet_at == local_moment(DAY, time(10))
    assert second.meet_at == local_moment(DAY, time(9))


@pytest.mark.clause("[3.5]")
@pytest.mark.parametrize("place", ["", "x|y", "1|2026-13-40T99:99", "999999|2026-11-26T09:00", "|", "1"])
def test_board_answers_a_mangled_place_with_a_sentence(
    bureau: Client, sitting: Sitting, cast: Cast, place: str
) -> None:
    (booking,) = (accept(booking, cast.bureau_staff) for booking in submitted(sitting, 1))
    page = bureau.post(board_url(sitting), {"booking": booking.pk, "place": place}, follow=True)
    assert page.status_code == 200
    assert 'class="error"' in page.content.decode()
    booking.refresh_from_db()
    assert booking.session is None


@pytest.mark.clause("[3.5]")
def test_board_lets_a_department_place_its_own_and_only_look_at_the_others(sitting: Sitting, cast: Cast) -> None:
    own, other = submitted(sitting, 1, 2)
    accept(own, cast.bureau_staff)
    accept(other, cast.bureau_staff, lead="市统计局")
    text = signed_in(cast.department_staff).get(board_url(sitting)).content.decode()
    assert f'data-booking="{own.pk}"' in text
    assert f'data-booking="{other.pk}"' not in text


@pytest.mark.clause("[3.5]")
@pytest.mark.parametrize("bookings", [1, 3])
def test_board_costs_the_same_however_many_are_placed(
    bureau: Client, sitting: Sitting, cast: Cast, bookings: int, django_assert_max_num_queries: Any
) -> None:
    for booking in submitted(sitting, *range(1, bookings + 1)):
        accept(booking, cast.bureau_staff)
    bureau.get(board_url(sitting))
    with django_assert_max_num_queries(16):
        bureau.get(board_url(sitting))


@pytest.mark.clause("[3.5]")
@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], Reach.NOT_TOLD),
        (["queued"], Reach.ON_ITS_WAY),
        (["failed", "sent"], Reach.REACHED),
        (["failed", "to_call"], Reach.TO_CALL),
        (["unknown"], Reach.NOT_REACHED),
        (["delivered"], Reach.REACHED),
    ],
)
def test_reach_of_the_latest_notice(sitting: Sitting, statuses: list[str], expected: Reach) -> None:
    """An older notice that went out says nothing about the newer one."""
    (booking,) = submitted(sitting, 1)
    rows = [("1", "delivered"), *(("2", status) for status in statuses)] if statuses else []
    for place, (notice, status) in enumerate(rows):
        Message.objects.create(
            kind="call_notice",
            channel="sms",
            recipient=booking.mobile,
            subject=f"appointments.booking:{booking.pk}",
            heading="x",
            text="x",
            dedup_key=f"booking:{booking.pk}:call_notice:{notice}:{place}",
            status=status,
            sent_at=NOW if status in ("sent", "delivered") else None,
            delivered_at=NOW if status == "delivered" else None,
        )
    assert reach_of([booking]) == {booking.pk: expected}


def test_department_records_its_verification_in_the_console(sitting: Sitting, cast: Cast) -> None:
    booking = accept(submitted(sitting, 1)[0], cast.bureau_staff)
    row = booking.verifications.get()
    client = signed_in(cast.department_staff)
    url = reverse("console:appointments_verification_do", args=[row.pk, "record"])
    client.post(url, {"way": "phone", "spoke_with": "张经理", "finding": "属实。"})
    row.refresh_from_db()
    assert (row.status, row.verified_by) == ("done", cast.department_staff)
    listed = client.get(reverse("console:appointments_verification_changelist")).content.decode()
    assert booking.title in listed


@pytest.mark.parametrize("rows", [1, 3])
def test_verifications_are_listed_in_a_fixed_number_of_queries(
    sitting: Sitting, cast: Cast, rows: int, django_assert_max_num_queries: Any
) -> None:
    for booking in submitted(sitting, *range(1, rows + 1)):
        accept(booking, cast.bureau_staff)
    client = signed_in(cast.department_staff)
    with django_assert_max_num_queries(12):
        client.get(reverse("console:appointments_verification_changelist"))


def test_slip_asks_for_facts_and_takes_them(sitting: Sitting, cast: Cast, client: Client) -> None:
    booking = send_back(submitted(sitting, 1)[0], cast.bureau_staff)
    own = f"/b/{booking.ticket_secret}/"
    assert "请写明申请时间。" in client.get(own).content.decode()
    for page in (own, f"{own}facts/"):  # the day that is named still counts
        assert "请于2026年11月20日（周五，含当日）前补充" in client.get(page).content.decode()
    assert client.post(f"{own}facts/", {"text": " "}).status_code == 422
    assert client.post(f"{own}facts/", {"text": "七月三日。"}).status_code == 302
    assert client.post(f"{own}facts/", {"text": "七月三日。"}).status_code == 302  # pressed twice
    booking.refresh_from_db()
    assert (booking.status, booking.supplements.get().text) == ("confirmed", "七月三日。")


def test_upload_beside_the_facts_keeps_the_words_and_can_be_reloaded(
    sitting: Sitting, cast: Cast, client: Client
) -> None:
    booking = send_back(submitted(sitting, 1)[0], cast.bureau_staff)
    page = f"/b/{booking.ticket_secret}/facts/"
    receipt = SimpleUploadedFile("回执.pdf", PDF)
    answer = client.post(page, {"text": "七月三日。\0", "upload": "1", "attachments": receipt}, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    text = answer.content.decode()
    assert "七月三日。</textarea>" in text
    assert "回执.pdf" in text
    assert client.post(page, {"text": "七月三日提交。"}).status_code == 302
    assert booking.supplements.get().text == "七月三日提交。"
    assert not BookingDraft.objects.exists()


def test_desk_adds_facts_and_papers_for_the_enterprise(sitting: Sitting, cast: Cast) -> None:
    booking = send_back(submitted(sitting, 1)[0], cast.bureau_staff)
    clerk, page = signed_in(cast.window_clerk), reverse("console:appointments_booking_do", args=[booking.pk, "facts"])
    assert "请写明申请时间。" in clerk.get(page).content.decode()
    assert clerk.post(page, {"text": " "}).status_code == 422
    wrong = clerk.post(page, {"text": "七月三日。", "attachments": SimpleUploadedFile("a.exe", b"MZ")})
    assert wrong.status_code == 422
    assert "不是可接受的文件" in wrong.content.decode()
    assert "七月三日。" in wrong.content.decode()
    papers = [SimpleUploadedFile(name, PDF) for name in ("一.pdf", "二.pdf")]
    assert clerk.post(page, {"text": "七月三日。", "attachments": papers}).status_code == 302
    booking.refresh_from_db()
    assert (booking.status, booking.attachments.count()) == (BookingStatus.CONFIRMED, 2)
    shown = clerk.get(reverse("console:appointments_booking_change", args=[booking.pk])).content.decode()
    assert "七月三日。（窗口人员代为登记）" in shown


@pytest.mark.clause("[3.3]")
@pytest.mark.parametrize(("press", "status"), [("solved", "solved"), ("unsolved", "accepted")])
def test_slip_lets_the_enterprise_say_whether_it_is_solved(
    sitting: Sitting, cast: Cast, client: Client, press: str, status: str
) -> None:
    booking = accept(submitted(sitting, 1)[0], cast.bureau_staff)
    services.propose_solved(booking_id=booking.pk, solution="已退税。", actor=cast.department_staff, now=NOW)
    own = f"/b/{booking.ticket_secret}/"
    assert "已退税。" in client.get(own).content.decode()
    client.get(f"{own}solved/")
    booking.refresh_from_db()
    assert booking.status == BookingStatus.ACCEPTED  # opening the page decides nothing
    client.post(f"{own}solved/", {press: "1"})
    booking.refresh_from_db()
    assert (booking.status, bool(booking.solution)) == (status, press == "solved")


@pytest.mark.clause("[3.5]")
def test_slip_shows_time_and_place_from_the_call_notice_on(
    sitting: Sitting, cast: Cast, client: Client, clock: Any
) -> None:
    booking = accept(submitted(sitting, 1)[0], cast.bureau_staff)
    services.place_as_proposed(sitting_id=sitting.pk, actor=cast.bureau_staff, now=NOW)
    own = f"/b/{booking.ticket_secret}/"
    assert "将于坐诊前3日通知" in client.get(own).content.decode()
    clock.move_to(CALL)
    services.send_call_notices(CALL)
    text = client.get(own).content.decode()
    assert "2026年11月26日（周四）09:00" in text
    assert "将于坐诊前3日通知" not in text
    assert b"DTSTART:20261126T010000Z" in client.get(f"{own}booking.ics").content.replace(b"\r\n ", b"")


@pytest.mark.clause("[3.5]")
def test_board_shows_a_department_no_other_departments_demands(sitting: Sitting, cast: Cast) -> None:
    (booking,) = (accept(booking, cast.bureau_staff) for booking in submitted(sitting, 1))
    own, other = (
        signed_in(user).get(board_url(sitting)).content.decode()
        for user in (cast.department_staff, cast.other_department_staff)
    )
    assert booking.company_name in own
    assert booking.title in own
    assert booking.company_name not in other
    assert booking.title not in other
    assert "其他部门的预约" in other


def test_desk_decides_about_a_demand_whose_facts_never_came(bureau: Client, sitting: Sitting, cast: Cast) -> None:
    booking = send_back(submitted(sitting, 1)[0], cast.bureau_staff)
    page = bureau.get(reverse("console:appointments_booking_change", args=[booking.pk])).content.decode()
    assert desk_url(booking) in page
    decide(bureau, booking, "refuse", ground=ground().pk, explanation="未补充具体请求。")
    booking.refresh_from_db()
    assert booking.status == BookingStatus.REFUSED


def test_solved_page_posted_without_an_answer_decides_nothing(sitting: Sitting, cast: Cast, client: Client) -> None:
    booking = accept(confirm(take(sitting, 1)), cast.bureau_staff)
    propose_solved(booking, cast.department_staff)
    assert client.post(f"/b/{booking.ticket_secret}/solved/", {}).status_code == 200
    booking.refresh_from_db()
    assert (booking.status, booking.solution) == (BookingStatus.ACCEPTED, "已于今日办结退税。")


@pytest.mark.parametrize(("person", "offered"), [("department_staff", True), ("other_department_staff", False)])
def test_solved_is_offered_to_the_lead_department_alone(
    sitting: Sitting, cast: Cast, person: str, offered: bool
) -> None:
    booking = accept(confirm(take(sitting, 1)), cast.bureau_staff, assisting=("市统计局",))
    page = signed_in(cast[person]).get(f"/console/appointments/booking/{booking.pk}/change/").content.decode()
    assert ("反馈已解决" in page) == offered


def test_slip_of_who_was_not_seen_says_what_comes_next(sitting: Sitting, cast: Cast, client: Client) -> None:
    first, owing = confirm(take(sitting, 1)), send_back(confirm(take(sitting, 2)), cast.bureau_staff)
    services.end_sittings(local_moment(DAY, time(12)))
    assert "优先为您保留号码" in client.get(f"/b/{first.ticket_secret}/").content.decode()
    page = client.get(f"/b/{owing.ticket_secret}/").content.decode()
    assert "没有收到补充说明" in page
    assert "优先为您保留号码" not in page
