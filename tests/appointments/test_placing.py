"""A session and a time for each accepted booking, and the notice three days before. [3.5]"""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from appointments import services
from appointments.models import Booking
from appointments.selectors_handling import call_notice_moment
from core import audit
from core.errors import Refused
from core.models import AuditEntry
from notifications.models import Message
from sessions_app.enums import SessionKind
from sessions_app.models import Session, Sitting
from sessions_app.services import local_moment
from tests.appointments.conftest import DAY, NOW, accept, cancel, confirm, take
from tests.conftest import CAST, Cast
from tests.factories import make_session, make_sitting, moment

pytestmark = [pytest.mark.clause("[3.5]"), pytest.mark.django_db]
# Monday 23 November, three days before the sitting on Thursday.
CALL = moment("2026-11-23 09:00")


@pytest.fixture
def afternoon(sitting: Sitting) -> Session:
    """A special session of another department, beside the main one of 市税务局 in the morning."""
    return make_session(sitting, SessionKind.SPECIAL, starts=time(14), ends=time(17), departments=("市统计局",))


def accepted(sitting: Sitting, cast: Cast, *serials: int, lead: str = "市税务局") -> list[Booking]:
    return [accept(confirm(take(sitting, serial)), cast.bureau_staff, lead=lead) for serial in serials]


def place(booking: Booking, session: Session, at: str, actor: object, now: datetime = NOW) -> Booking:
    meet_at = local_moment(DAY, time.fromisoformat(at))
    return services.place_booking(booking_id=booking.pk, session_id=session.pk, meet_at=meet_at, actor=actor, now=now)


def places(sitting: Sitting) -> list[tuple[int, str, str]]:
    """Number, kind of session, time."""
    rows = Booking.objects.filter(sitting=sitting, session__isnull=False).order_by("slot__number")
    return [(row.number or 0, row.session.kind, f"{row.meet_at.astimezone(CALL.tzinfo):%H:%M}") for row in rows]


def notices() -> list[Message]:
    return list(Message.objects.filter(kind__startswith="call_notice").order_by("pk"))


def test_proposal_goes_by_number_and_by_who_sits_where(sitting: Sitting, afternoon: Session, cast: Cast) -> None:
    accepted(sitting, cast, 1)
    accepted(sitting, cast, 2, lead="市统计局")
    accepted(sitting, cast, 3)
    assert services.place_as_proposed(sitting_id=sitting.pk, actor=cast.bureau_staff, now=NOW) == 3
    assert places(sitting) == [(1, "main", "09:00"), (2, "special", "14:00"), (3, "main", "09:30")]


def test_proposal_of_a_department_that_sits_nowhere_takes_the_main_session(
    sitting: Sitting, afternoon: Session, cast: Cast
) -> None:
    accepted(sitting, cast, 1, lead="市发改局")
    services.place_as_proposed(sitting_id=sitting.pk, actor=cast.bureau_staff, now=NOW)
    assert places(sitting) == [(1, "main", "09:00")]


def test_proposal_leaves_what_was_placed_by_hand(sitting: Sitting, cast: Cast) -> None:
    first, _second = accepted(sitting, cast, 1, 2)
    place(first, sitting.sessions.get(), "10:10", cast.department_staff)
    services.place_as_proposed(sitting_id=sitting.pk, actor=cast.bureau_staff, now=NOW)
    assert places(sitting) == [(1, "main", "10:10"), (2, "main", "09:00")]


@pytest.mark.parametrize(
    ("at", "code"), [("08:59", "outside_session"), ("12:00", "outside_session"), ("09:30", "time_taken")]
)
def test_place_where_it_cannot_be_is_refused(sitting: Sitting, cast: Cast, at: str, code: str) -> None:
    first, second = accepted(sitting, cast, 1, 2)
    session = sitting.sessions.get()
    place(first, session, "09:30", cast.department_staff)
    with pytest.raises(Refused, match=code):
        place(second, session, at, cast.department_staff)
    second.refresh_from_db()
    assert second.session is None


def test_place_in_another_sitting_is_refused(sitting: Sitting, cast: Cast) -> None:
    (booking,) = accepted(sitting, cast, 1)
    other = make_sitting(date(2026, 12, 10)).sessions.get()
    with pytest.raises(Refused, match="other_sitting"):
        place(booking, other, "09:00", cast.department_staff)


def test_place_before_acceptance_is_refused(sitting: Sitting, cast: Cast) -> None:
    booking = confirm(take(sitting, 1))
    with pytest.raises(Refused, match="not_accepted"):
        place(booking, sitting.sessions.get(), "09:00", cast.bureau_staff)


@pytest.mark.parametrize("person", CAST)
def test_place_by_every_role(sitting: Sitting, cast: Cast, person: str) -> None:
    (booking,) = accepted(sitting, cast, 1)
    if person in {"bureau_staff", "bureau_supervisor", "department_staff", "department_head"}:
        assert place(booking, sitting.sessions.get(), "09:00", cast[person]).session
        return
    with pytest.raises(PermissionDenied):
        place(booking, sitting.sessions.get(), "09:00", cast[person])


def test_nothing_is_told_before_the_third_day(sitting: Sitting, cast: Cast) -> None:
    accepted(sitting, cast, 1)
    assert services.send_call_notices(CALL - timedelta(minutes=1)) == 0
    assert not notices()


def test_call_notices_go_out_in_order_of_number_with_time_place_and_session(
    sitting: Sitting, afternoon: Session, cast: Cast
) -> None:
    accepted(sitting, cast, 1, 2)
    accepted(sitting, cast, 3, lead="市统计局")
    assert services.send_call_notices(CALL) == 3
    assert [message.recipient[-1] for message in notices()] == ["1", "2", "3"]
    text = notices()[1].text
    assert all(part in text for part in ("2号", "2026年11月26日（周四）09:30", "主场", "党建书屋", "提前15分钟"))


def test_call_notice_is_sent_once_however_often_the_sweep_runs(sitting: Sitting, cast: Cast) -> None:
    accepted(sitting, cast, 1)
    for minutes in range(3):
        services.send_call_notices(CALL + timedelta(minutes=minutes))
    assert len(notices()) == 1


def test_call_notice_after_two_days_without_jobs_still_goes_out(sitting: Sitting, cast: Cast) -> None:
    accepted(sitting, cast, 1)
    assert services.send_call_notices(CALL + timedelta(days=2)) == 1


def test_booking_for_which_no_time_is_free_is_said_once_to_the_bureau(sitting: Sitting, cast: Cast) -> None:
    Session.objects.filter(sitting=sitting).update(ends_at=local_moment(DAY, time(9, 30)))
    accepted(sitting, cast, 1, 2)
    for minutes in (0, 1, 60):
        services.send_call_notices(CALL + timedelta(minutes=minutes))
    assert places(sitting) == [(1, "main", "09:00")]
    warned = Message.objects.filter(kind="no_place_left")
    assert sorted(warned.values_list("recipient", flat=True)) == ["bureau_staff", "bureau_supervisor", "window_clerk"]
    assert Booking.objects.get(slot__number=2).reference in warned[0].text


def test_call_notice_is_not_sent_once_the_session_has_begun(sitting: Sitting, cast: Cast) -> None:
    accepted(sitting, cast, 1)
    assert services.send_call_notices(local_moment(DAY, time(9))) == 0


def test_booking_accepted_later_is_told_at_the_next_sweep(sitting: Sitting, cast: Cast) -> None:
    first, second = confirm(take(sitting, 1)), confirm(take(sitting, 2))
    accept(first, cast.bureau_staff)
    services.send_call_notices(CALL)
    accept(second, cast.bureau_staff, now=CALL + timedelta(hours=1))
    assert services.send_call_notices(CALL + timedelta(hours=1, minutes=1)) == 1
    assert [message.recipient for message in notices()] == [first.mobile, second.mobile]


def test_changed_place_is_told_again_and_says_so(sitting: Sitting, cast: Cast) -> None:
    (booking,) = accepted(sitting, cast, 1)
    services.send_call_notices(CALL)
    later = CALL + timedelta(hours=2)
    place(booking, sitting.sessions.get(), "11:00", cast.department_staff, now=later)
    services.send_call_notices(later)
    place(booking, sitting.sessions.get(), "09:00", cast.department_staff, now=later)
    services.send_call_notices(later + timedelta(minutes=1))
    assert [message.heading for message in notices()] == [
        "叫号提醒",
        "叫号提醒：时间地点有变化",
        "叫号提醒：时间地点有变化",
    ]
    assert "11:00" in notices()[1].text
    assert "09:00" in notices()[2].text


def test_cancelled_booking_is_not_called(sitting: Sitting, cast: Cast) -> None:
    first, _second = accepted(sitting, cast, 1, 2)
    services.place_as_proposed(sitting_id=sitting.pk, actor=cast.bureau_staff, now=NOW)
    cancel(first)
    services.send_call_notices(CALL)
    assert [message.recipient[-1] for message in notices()] == ["2"]


def test_call_notice_for_a_day_after_the_holiday_goes_out_before_it() -> None:
    """Three days before Friday 9 October 2026 lies in the National Day holiday, which ends on the 7th."""
    session = make_sitting(date(2026, 10, 9)).sessions.get()
    assert call_notice_moment(session) == moment("2026-09-30 09:00")


def test_session_that_moves_takes_its_times_along(sitting: Sitting, cast: Cast) -> None:
    first, second = accepted(sitting, cast, 1, 2)
    session = sitting.sessions.get()
    place(first, session, "09:00", cast.bureau_staff)
    place(second, session, "09:30", cast.bureau_staff)
    services.move_session(
        session_id=session.pk,
        starts_at=local_moment(DAY, time(9, 30)),
        ends_at=local_moment(DAY, time(12, 30)),
        place="宁湖大厦三楼",
        reason="会场占用",
        actor=cast.bureau_staff,
        now=NOW,
    )
    assert places(sitting) == [(1, "main", "09:30"), (2, "main", "10:00")]


def test_time_that_a_shorter_session_no_longer_has_is_given_up(sitting: Sitting, cast: Cast) -> None:
    (booking,) = accepted(sitting, cast, 1)
    session = sitting.sessions.get()
    place(booking, session, "11:30", cast.bureau_staff)
    services.move_session(
        session_id=session.pk,
        starts_at=session.starts_at,
        ends_at=local_moment(DAY, time(11)),
        place=session.place,
        reason="缩短",
        actor=cast.bureau_staff,
        now=NOW,
    )
    booking.refresh_from_db()
    assert (booking.session, booking.meet_at) == (None, None)


def test_moved_sitting_moves_every_time(sitting: Sitting, cast: Cast) -> None:
    (booking,) = accepted(sitting, cast, 1)
    placed = place(booking, sitting.sessions.get(), "09:00", cast.bureau_staff)
    services.move_sitting(
        sitting_id=sitting.pk, day=date(2026, 11, 27), reason="调整", actor=cast.bureau_supervisor, now=NOW
    )
    booking.refresh_from_db()
    assert booking.meet_at - placed.meet_at == timedelta(days=1)


def test_session_called_off_leaves_its_bookings_without_a_place(
    sitting: Sitting, afternoon: Session, cast: Cast
) -> None:
    (booking,) = accepted(sitting, cast, 1, lead="市统计局")
    place(booking, afternoon, "14:00", cast.bureau_staff)
    services.call_off_session(session_id=afternoon.pk, reason="停电", actor=cast.bureau_staff, now=NOW)
    booking.refresh_from_db()
    assert booking.session is None
    services.send_call_notices(CALL)
    assert places(sitting) == [(1, "main", "09:00")]


def test_placing_is_audited_with_before_and_after(sitting: Sitting, cast: Cast) -> None:
    (booking,) = accepted(sitting, cast, 1)
    for at in ("09:00", "10:00"):
        place(booking, sitting.sessions.get(), at, cast.department_staff)
    entry = AuditEntry.objects.filter(action="place_booking").latest("pk")
    assert (entry.before, entry.after) == ("主场 11-26 09:00，09:00", "主场 11-26 09:00，10:00")


def test_sweep_that_finds_nothing_asks_little(
    sitting: Sitting, cast: Cast, django_assert_max_num_queries: object
) -> None:
    accepted(sitting, cast, 1, 2)
    services.send_call_notices(CALL)
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        assert services.send_call_notices(CALL + timedelta(minutes=1)) == 0


def test_system_places_and_nobody_else_without_a_role(sitting: Sitting, cast: Cast) -> None:
    (booking,) = accepted(sitting, cast, 1)
    with pytest.raises(PermissionDenied):
        place(booking, sitting.sessions.get(), "09:00", audit.HOLDER)


def test_proposal_by_a_department_places_its_own_and_leaves_the_others(
    sitting: Sitting, afternoon: Session, cast: Cast
) -> None:
    accepted(sitting, cast, 1, lead="市统计局")
    accepted(sitting, cast, 2)
    assert services.place_as_proposed(sitting_id=sitting.pk, actor=cast.department_staff, now=NOW) == 1
    assert places(sitting) == [(2, "main", "09:00")]


@pytest.mark.parametrize("person", ["window_clerk", "inspector", "leader"])
def test_proposal_by_who_may_not_place_is_refused(sitting: Sitting, cast: Cast, person: str) -> None:
    accepted(sitting, cast, 1)
    with pytest.raises(PermissionDenied):
        services.place_as_proposed(sitting_id=sitting.pk, actor=cast[person], now=NOW)


def test_call_that_became_untrue_when_the_sitting_moved_is_not_made(sitting: Sitting, cast: Cast) -> None:
    (booking,) = accepted(sitting, cast, 1)
    services.send_call_notices(CALL)
    options = {"sitting_id": sitting.pk, "actor": cast.bureau_supervisor, "now": CALL, "reason": "会场检修"}
    services.move_sitting(day=date(2026, 12, 3), **options)
    assert [message.status for message in notices()] == ["withheld"]
    services.move_sitting(day=DAY, **options)
    services.send_call_notices(CALL)
    assert [message.status for message in notices()] == ["withheld", "queued"]
    booking.refresh_from_db()
    assert booking.told_place == booking.place_key
