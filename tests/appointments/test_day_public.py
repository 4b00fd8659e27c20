"""The hall's screen and the enterprise's own page on the day: numbers, places, and what is spoken. [3.6] [3.3]"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from appointments import services
from appointments.enums import BookingStatus
from appointments.enums import QueueStatus as Q
from appointments.models import Booking
from sessions_app.enums import SessionKind
from sessions_app.models import Sitting
from tests.appointments.conftest import DAY, FIRST_SESSION, take
from tests.appointments.day_steps import MORNING, NOON, arrived, bring_entry_to, call_next, placed
from tests.conftest import Cast
from tests.factories import make_session, make_sitting

pytestmark = [pytest.mark.clause("[3.6]"), pytest.mark.django_db]
# The device, its sign of life, today's sessions, the calls, the line.
BOARD_QUERIES = 5


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FIRST_SESSION, tick=False) as traveller:
        yield traveller


@pytest.fixture
def secret(cast: Cast) -> str:
    return services.make_board(name="大厅", actor=cast.bureau_staff, now=MORNING)[1]


def said(client: Client, secret: str) -> Any:
    return client.get(f"/hall/{secret}/calls/").json()


def test_board_says_numbers_and_no_name(client: Client, secret: str, sitting: Sitting, cast: Cast) -> None:
    entries = arrived(sitting, cast.bureau_staff, 1, 2, 3)
    call_next(entries[0].session, cast.bureau_staff)
    state = said(client, secret)
    assert state["now"] == "09:00:00"
    assert state["calls"] == [{"number": 1, "desk": "1号桌", "place": "", "calls": 1, "at": "09:00"}]
    assert state["waiting"] == [2, 3]
    whole = client.get(f"/hall/{secret}/calls/").content.decode() + client.get(f"/hall/{secret}/").content.decode()
    assert not [word for word in ("企业", "张", "A6T", "1380000") if word in whole]


def test_first_call_is_spoken_twice_in_mandarin_and_a_recall_once_more(
    client: Client, secret: str, sitting: Sitting, cast: Cast
) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    call_next(entry.session, cast.bureau_staff, desk="税务窗口")
    first = {"id": f"{entry.pk}-1", "text": "请 1 号到 税务窗口。", "lang": "zh-CN", "repeat": 2}
    assert said(client, secret)["speak"] == [first]
    services.call_again(entry_id=entry.pk, actor=cast.bureau_staff, now=FIRST_SESSION)
    assert said(client, secret)["speak"] == [first | {"id": f"{entry.pk}-2", "repeat": 1}]


def test_two_calls_between_two_looks_are_both_spoken_in_their_order(
    client: Client, secret: str, sitting: Sitting, cast: Cast
) -> None:
    entries = arrived(sitting, cast.bureau_staff, 1, 2)
    call_next(entries[0].session, cast.bureau_staff)
    call_next(entries[0].session, cast.bureau_staff, desk="2号桌", now=FIRST_SESSION + timedelta(seconds=1))
    state = said(client, secret)
    assert [call["number"] for call in state["calls"]] == [2, 1]
    assert [speech["id"] for speech in state["speak"]] == [f"{entries[0].pk}-1", f"{entries[1].pk}-1"]


def test_an_old_call_is_shown_and_not_spoken(
    client: Client, secret: str, sitting: Sitting, cast: Cast, at_nine: time_machine.Traveller
) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    call_next(entry.session, cast.bureau_staff)
    at_nine.shift(timedelta(seconds=61))
    state = said(client, secret)
    assert ([call["number"] for call in state["calls"]], state["speak"]) == ([1], [])


def test_board_shows_the_place_where_sessions_are_held_in_several(
    client: Client, secret: str, sitting: Sitting, cast: Cast
) -> None:
    make_session(sitting, SessionKind.SPECIAL, place="产业园区会议室")
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    call_next(entry.session, cast.bureau_staff)
    assert said(client, secret)["calls"][0]["place"] == entry.session.place


def test_board_shows_the_last_four_and_nobody_who_is_done(
    client: Client, secret: str, sitting: Sitting, cast: Cast
) -> None:
    entries = arrived(sitting, cast.bureau_staff, 1, 2, 3, 4, 5)
    for entry in entries:
        call_next(entry.session, cast.bureau_staff)
    assert len(said(client, secret)["calls"]) == 4
    services.start_consultation(entry_id=entries[4].pk, actor=cast.bureau_staff, now=FIRST_SESSION)
    services.finish_consultation(entry_id=entries[4].pk, actor=cast.bureau_staff, now=FIRST_SESSION)
    assert 5 not in [call["number"] for call in said(client, secret)["calls"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_board_costs_the_same_however_many_wait(
    rows: int, client: Client, secret: str, sitting: Sitting, cast: Cast, django_assert_num_queries: Any
) -> None:
    arrived(sitting, cast.bureau_staff, *range(1, rows + 1))
    with django_assert_num_queries(BOARD_QUERIES):
        said(client, secret)
    with django_assert_num_queries(BOARD_QUERIES - 1):
        said(client, secret)


def test_revoked_board_is_a_plain_page_without_calls(client: Client, cast: Cast) -> None:
    board, secret = services.make_board(name="大厅", actor=cast.bureau_staff, now=MORNING)
    services.revoke_board(board_id=board.pk, actor=cast.bureau_staff, now=MORNING)
    page = client.get(f"/hall/{secret}/")
    assert (page.status_code, "已停用" in page.content.decode()) == (410, True)
    answer = client.get(f"/hall/{secret}/calls/")
    assert (answer.status_code, answer.json()) == (410, {"revoked": True})


@pytest.mark.parametrize("tail", ["", "calls/"])
def test_board_of_no_device_is_not_found(tail: str, client: Client) -> None:
    assert client.get(f"/hall/{'a' * 26}/{tail}").status_code == 404


def slip(client: Client, booking: Booking) -> str:
    return client.get(f"/b/{booking.ticket_secret}/").content.decode()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Q.WAITING, "已于 08:30 签到，前面还有 1 家"),
        (Q.CALLED, "请到 1号桌"),
        (Q.CONSULTING, "在 1号桌 接诊"),
        (Q.ABSENT, "请到服务台恢复候诊"),
    ],
)
def test_slip_on_the_day_says_where_one_stands(
    status: str, words: str, client: Client, sitting: Sitting, cast: Cast
) -> None:
    _first, second = arrived(sitting, cast.bureau_staff, 1, 2)
    bring_entry_to(status, second, cast.bureau_staff)
    page = slip(client, second.booking)
    assert words in page
    assert 'data-refresh="10"' in page


def test_slip_of_the_first_in_line_says_so(client: Client, sitting: Sitting, cast: Cast) -> None:
    (entry,) = arrived(sitting, cast.bureau_staff, 1)
    assert "下一位就是您" in slip(client, entry.booking)


def test_slip_on_the_day_before_check_in_asks_to_come_and_on_other_days_does_not(
    client: Client, sitting: Sitting, cast: Cast, at_nine: time_machine.Traveller
) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    assert "向服务台出示本单签到" in slip(client, booking)
    at_nine.shift(timedelta(days=-1))
    page = slip(client, booking)
    assert "向服务台出示本单签到" not in page
    assert 'data-refresh="10"' not in page


def absent(sitting: Sitting, cast: Cast) -> Booking:
    booking = placed(sitting, 1, cast.bureau_staff)
    services.end_sessions(NOON)
    return booking


@pytest.mark.clause("[3.3]")
def test_slip_of_who_was_absent_leads_once_to_the_next_list(
    client: Client, sitting: Sitting, cast: Cast, at_nine: time_machine.Traveller
) -> None:
    booking = absent(sitting, cast)
    later = make_sitting(DAY + timedelta(days=14), published=True, opens_at=NOON)
    at_nine.move_to(NOON + timedelta(hours=1))
    for serial in range(11, 16):
        take(later, serial, now=NOON + timedelta(minutes=30))
    address = f"/b/{booking.ticket_secret}/next/"
    assert address in slip(client, booking)
    assert client.get(address).url == f"/b/{booking.ticket_secret}/"
    joined_page = client.post(address).url
    assert client.post(address).url == joined_page
    joined = Booking.objects.get(sitting=later, enterprise=booking.enterprise)
    assert joined.status == BookingStatus.WAITING
    page = slip(client, booking)
    assert ("已凭本单加入下一期" in page, address in page) == (True, False)


@pytest.mark.clause("[3.3]")
@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"published": True, "opens_at": NOON + timedelta(days=2)}, "2026年11月28日（周六）12:00 开放预约"),
        ({}, "计划于 2026年12月10日（周四） 坐诊"),
        (None, "下一期的日程公布并开放预约后"),
    ],
)
def test_slip_of_who_was_absent_says_when_there_will_be_a_list(
    columns: dict[str, Any] | None, words: str, client: Client, sitting: Sitting, cast: Cast
) -> None:
    booking = absent(sitting, cast)
    if columns is not None:
        make_sitting(DAY + timedelta(days=14), **columns)
    page = slip(client, booking)
    assert words in page
    assert "/next/" not in page
    assert client.post(f"/b/{booking.ticket_secret}/next/").status_code == 409


def test_slip_offers_to_cancel_until_its_own_session_begins(
    client: Client, sitting: Sitting, cast: Cast, at_nine: time_machine.Traveller
) -> None:
    booking = placed(sitting, 1, cast.bureau_staff)
    for moment, offered in ((MORNING, True), (FIRST_SESSION, False)):
        at_nine.move_to(moment)
        assert ("坐诊开始前都可以取消" in client.get(f"/b/{booking.ticket_secret}/").content.decode()) == offered
