"""Check-in and the queue in the console, as the people at the desk use them on the day. [3.3] [3.6]"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from appointments import services
from appointments.enums import QueueStatus as Q
from appointments.models import BoardDevice, QueueEntry
from appointments.selectors_day import board_by_secret
from core.middleware import IDLE_SECONDS
from sessions_app.enums import SessionKind
from sessions_app.models import Sitting
from tests.appointments.conftest import FIRST_SESSION, cancel
from tests.appointments.day_steps import MORNING, arrived, bring_entry_to, call_next, check_in, placed
from tests.appointments.test_desk import signed_in
from tests.conftest import Cast
from tests.core.test_qr_reading import photo
from tests.factories import make_session

pytestmark = [pytest.mark.clause("[3.3]"), pytest.mark.clause("[3.6]"), pytest.mark.django_db]
CHECK_IN = "/console/appointments/queueentry/checkin/"
DAY_PAGE = "/console/appointments/queueentry/day/"
LIST = "/console/appointments/queueentry/"
# Whatever the queue holds: the user with their role, the session, its line, its tabs, its chairs and permissions.
QUEUE_QUERIES = 5
LIST_QUERIES = 4


@pytest.fixture(autouse=True)
def on_the_morning() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def clerk(cast: Cast) -> Client:
    return signed_in(cast.window_clerk)


def found_by(client: Client, **typed: Any) -> Any:
    return client.post(CHECK_IN, {"text": ""} | typed)


@pytest.mark.parametrize(
    "write",
    [
        lambda secret: f"https://clinic.example/c/{secret}/",
        lambda secret: secret,
        lambda secret: f" HTTP://CLINIC.EXAMPLE/C/{secret.upper()}/ ",
        lambda secret: f"http://localhost:8000/c/{secret}",
    ],
)
def test_check_in_by_whatever_the_scanner_writes(write: Any, sitting: Sitting, cast: Cast, clerk: Client) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    answer = found_by(clerk, text=write(booking.checkin_secret))
    assert answer.url == f"{CHECK_IN}{booking.pk}/"
    page = clerk.get(answer.url).content.decode()
    assert "安宁第1企业有限公司" in page
    assert ">签到</button>" in page
    assert clerk.post(answer.url).url == CHECK_IN
    assert QueueEntry.objects.get().checked_in_by == cast.window_clerk
    assert "已签到" in clerk.get(CHECK_IN).content.decode()


def test_check_in_by_a_photo_of_the_slip(sitting: Sitting, cast: Cast, clerk: Client) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    picture = photo(f"https://clinic.example/c/{booking.checkin_secret}/").getvalue()
    answer = found_by(clerk, photo=SimpleUploadedFile("slip.jpg", picture))
    assert answer.url == f"{CHECK_IN}{booking.pk}/"


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [
        (lambda: b"%PDF-1.7", "不是可识别的照片"),
        (lambda: photo("https://example.com/").getvalue(), "没有找到签到码"),
        (lambda: photo("a" * 26).getvalue(), "不是有效的签到码"),
        (lambda: b"", "空文件"),
    ],
)
def test_check_in_by_a_photo_that_shows_no_slip_is_refused_clearly(picture: Any, sentence: str, clerk: Client) -> None:
    answer = found_by(clerk, photo=SimpleUploadedFile("slip.jpg", picture()))
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("text", ["2", "2号", "第2企业", "张建国"])
def test_check_in_by_name_or_number_finds_todays_placed_bookings(
    text: str, sitting: Sitting, cast: Cast, clerk: Client
) -> None:
    first, second = (placed(sitting, serial, cast.bureau_staff) for serial in (1, 2))
    answer = found_by(clerk, text=text)
    if text == "张建国":
        page = answer.content.decode()
        assert all(f"{CHECK_IN}{row.pk}/" in page for row in (first, second))
    else:
        assert answer.url == f"{CHECK_IN}{second.pk}/"


def test_check_in_by_a_name_of_another_day_finds_nobody(
    sitting: Sitting, cast: Cast, on_the_morning: time_machine.Traveller
) -> None:
    placed(sitting, 1, cast.bureau_staff)
    on_the_morning.shift(timedelta(days=1))
    assert "没有找到" in found_by(signed_in(cast.window_clerk), text="企业").content.decode()


def test_check_in_without_anything_typed_is_asked_for(clerk: Client) -> None:
    assert found_by(clerk).status_code == 422


def test_check_in_page_says_why_not_before_the_press(sitting: Sitting, cast: Cast, clerk: Client) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    cancel(booking)
    page = clerk.get(f"{CHECK_IN}{booking.pk}/").content.decode()
    assert ("该预约已取消" in page, ">签到</button>" in page) == (True, False)
    assert clerk.post(f"{CHECK_IN}{booking.pk}/").status_code == 409


def test_check_in_pressed_twice_is_told_as_good_news(sitting: Sitting, cast: Cast, clerk: Client) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    clerk.post(f"{CHECK_IN}{booking.pk}/")
    again = clerk.post(f"{CHECK_IN}{booking.pk}/")
    assert (again.status_code, "answer-ok" in again.content.decode()) == (200, True)


def test_check_in_by_a_department_that_does_not_sit_there_is_forbidden(sitting: Sitting, cast: Cast) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    stranger = signed_in(cast.other_department_staff)
    assert stranger.get(f"{CHECK_IN}{booking.pk}/").status_code == 403
    assert stranger.post(f"{CHECK_IN}{booking.pk}/").status_code == 403
    assert "没有找到" in found_by(stranger, text="企业").content.decode()


def test_slip_of_another_departments_session_is_said_at_the_scanner(sitting: Sitting, cast: Cast) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    scanned = signed_in(cast.other_department_staff).get(f"{CHECK_IN}code/{booking.checkin_secret}/", follow=True)
    assert scanned.redirect_chain == [(CHECK_IN, 302)]
    assert "不在您负责签到的场次" in scanned.content.decode()


def test_check_in_needs_the_consoles_token(sitting: Sitting, cast: Cast) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(cast.window_clerk, backend="departments.backends.RoleBackend")
    assert forged.post(f"{CHECK_IN}{booking.pk}/").status_code == 403
    assert not QueueEntry.objects.exists()


def press(client: Client, entry: QueueEntry, do: str, desk: str = "1号桌") -> None:
    answer = client.post(f"{DAY_PAGE}{entry.session_id}/", {"do": do, "desk": desk})
    assert answer.url == f"{DAY_PAGE}{entry.session_id}/"


def test_queue_is_walked_by_its_buttons(sitting: Sitting, cast: Cast, clerk: Client) -> None:
    first, second = arrived(sitting, cast.bureau_staff, 1, 2)

    def states() -> list[str]:
        return list(QueueEntry.objects.order_by("pk").values_list("status", flat=True))

    press(clerk, first, "next")
    press(clerk, first, f"again:{first.pk}")
    press(clerk, first, f"pass:{first.pk}")
    press(clerk, first, f"call:{second.pk}", desk="2号桌")
    assert states() == [Q.WAITING, Q.CALLED]
    press(clerk, first, f"start:{second.pk}")
    press(clerk, first, f"finish:{second.pk}")
    press(clerk, first, f"absent:{first.pk}")
    assert states() == [Q.ABSENT, Q.DONE]
    press(clerk, first, f"back:{first.pk}")
    assert states() == [Q.WAITING, Q.DONE]
    assert QueueEntry.objects.get(pk=first.pk).calls == 2


@pytest.mark.parametrize("do", ["", "call:", "call:x", "nothing:1", "next:", "call:999999"])
def test_queue_pressed_with_nonsense_says_so(do: str, sitting: Sitting, cast: Cast, clerk: Client) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    press(clerk, entry, do, desk="")
    entry.refresh_from_db()
    assert entry.status == Q.WAITING
    assert "messagelist" in clerk.get(f"{DAY_PAGE}{entry.session_id}/").content.decode()


def test_queue_remembers_the_desk(sitting: Sitting, cast: Cast, clerk: Client) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    press(clerk, entry, "next", desk="3号桌")
    assert 'value="3号桌"' in clerk.get(f"{DAY_PAGE}{entry.session_id}/").content.decode()


def test_queue_shows_who_is_where(sitting: Sitting, cast: Cast, clerk: Client) -> None:
    entries = arrived(sitting, cast.bureau_staff, 1, 2, 3)
    placed(sitting, 4, cast.bureau_staff)
    bring_entry_to(Q.DONE, entries[0], cast.bureau_staff)
    bring_entry_to(Q.CALLED, entries[1], cast.bureau_staff)
    page = clerk.get(f"{DAY_PAGE}{entries[0].session_id}/").content.decode()
    for heading in ("候诊中 1", "已叫号 1", "接诊中 0", "已接诊 1", "未到 0", "未签到 1"):
        assert heading in page
    assert "候诊 32 分钟，接诊 20 分钟" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_queue_costs_the_same_however_many_come(
    rows: int, sitting: Sitting, cast: Cast, clerk: Client, django_assert_num_queries: Any
) -> None:
    entries = arrived(sitting, cast.bureau_staff, *range(1, rows + 1))
    clerk.get(f"{DAY_PAGE}{entries[0].session_id}/")
    with django_assert_num_queries(QUEUE_QUERIES):
        clerk.get(f"{DAY_PAGE}{entries[0].session_id}/")


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_however_many_come(
    rows: int, sitting: Sitting, cast: Cast, clerk: Client, django_assert_num_queries: Any
) -> None:
    arrived(sitting, cast.bureau_staff, *range(1, rows + 1))
    clerk.get(LIST)
    with django_assert_num_queries(LIST_QUERIES):
        page = clerk.get(LIST).content.decode()
    assert page.count("安宁第") >= rows


def test_queue_asked_by_the_page_itself_answers_the_changing_part(sitting: Sitting, cast: Cast, clerk: Client) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    part = clerk.get(f"{DAY_PAGE}{entry.session_id}/", headers={"X-Refreshes-Itself": "1"}).content.decode()
    assert "候诊中 1" in part
    assert "csrfmiddlewaretoken" not in part
    assert "<html" not in part


def test_queue_that_looks_by_itself_keeps_nobody_signed_in(
    sitting: Sitting, cast: Cast, on_the_morning: time_machine.Traveller
) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    clerk = signed_in(cast.window_clerk)
    address = f"{DAY_PAGE}{entry.session_id}/"
    clerk.get(address)
    for _look in range(4):
        on_the_morning.shift(timedelta(seconds=IDLE_SECONDS / 3))
        last = clerk.get(address, headers={"X-Refreshes-Itself": "1"})
    assert last.status_code == 302
    assert last.url.startswith("/console/login/")


def test_department_sees_the_queue_where_it_sits_and_no_other(sitting: Sitting, cast: Cast) -> None:
    other = make_session(sitting, SessionKind.SPECIAL, departments=("市统计局",))
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    head = signed_in(cast.department_head)
    assert head.get(DAY_PAGE).url == f"{DAY_PAGE}{entry.session_id}/"
    assert head.get(f"{DAY_PAGE}{entry.session_id}/").status_code == 200
    assert head.get(f"{DAY_PAGE}{other.pk}/").status_code == 403
    assert "安宁第1企业" in head.get(LIST).content.decode()
    assert "安宁第1企业" not in signed_in(cast.other_department_staff).get(LIST).content.decode()


def test_day_page_on_a_day_without_a_sitting_says_when(
    sitting: Sitting, cast: Cast, on_the_morning: time_machine.Traveller
) -> None:
    on_the_morning.shift(timedelta(days=-1))
    assert "2026年11月26日" in signed_in(cast.window_clerk).get(DAY_PAGE).content.decode()


def test_front_page_counts_who_waits_today(sitting: Sitting, cast: Cast, clerk: Client) -> None:
    entries = arrived(sitting, cast.bureau_staff, 1, 2)
    call_next(entries[0].session, cast.bureau_staff, now=FIRST_SESSION)
    page = clerk.get("/console/").content.decode()
    assert f"{DAY_PAGE}{entries[0].session_id}/" in page


def test_ticket_code_leads_a_signed_in_clerk_to_the_check_in(sitting: Sitting, cast: Cast, clerk: Client) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    first = clerk.get(f"/c/{booking.checkin_secret}/")
    assert first.url == f"{CHECK_IN}code/{booking.checkin_secret}/"
    assert not first.cookies
    assert clerk.get(first.url).url == f"{CHECK_IN}{booking.pk}/"


@pytest.mark.parametrize("person", ["nobody", "leader", "inspector"])
def test_ticket_code_tells_everybody_else_to_show_it(person: str, sitting: Sitting, cast: Cast) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    visitor = Client() if person == "nobody" else signed_in(cast[person])
    page = visitor.get(f"/c/{booking.checkin_secret}/")
    assert (page.status_code, "请向服务台工作人员出示" in page.content.decode()) == (200, True)
    assert "安宁第1企业" not in page.content.decode()
    assert not QueueEntry.objects.exists()


def test_ticket_code_outside_the_staff_networks_leads_nobody(
    sitting: Sitting, cast: Cast, clerk: Client, settings: Any
) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    settings.STAFF_NETWORKS = ["10.0.0.0/8"]
    assert clerk.get(f"/c/{booking.checkin_secret}/").status_code == 200


def test_code_of_nothing_says_so(clerk: Client) -> None:
    assert clerk.get(f"{CHECK_IN}code/{'a' * 26}/").url == CHECK_IN


def test_board_is_made_with_an_address_that_opens_it_and_revoked(cast: Cast) -> None:
    bureau = signed_in(cast.bureau_staff)
    page = bureau.post("/console/appointments/boarddevice/new/", {"name": "一楼大厅"}).content.decode()
    secret = page.partition("/hall/")[2][:26]
    board = board_by_secret(secret)
    assert board
    assert secret not in bureau.get("/console/appointments/boarddevice/").content.decode()
    assert bureau.get(f"/hall/{secret}/").status_code == 200
    bureau.post(f"/console/appointments/boarddevice/{board.pk}/do/revoke/")
    assert BoardDevice.objects.get().revoked_at == MORNING
    assert "已停用" in bureau.get("/console/appointments/boarddevice/").content.decode()


def test_check_in_late_in_the_afternoon_still_counts(sitting: Sitting, cast: Cast) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    assert check_in(booking, cast.window_clerk, now=FIRST_SESSION + timedelta(hours=2)).status == Q.WAITING
    assert services.end_sessions(FIRST_SESSION + timedelta(hours=3)) == 0
