from datetime import date, time, timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from appointments import services
from appointments.enums import BookingStatus, Origin
from appointments.models import Booking
from appointments.selectors import answers_of
from core.errors import AlreadyDone, Refused
from notifications.models import Message
from sessions_app.enums import SessionKind, SittingStatus
from sessions_app.models import Session, Sitting, Slot
from sessions_app.services import local_moment
from tests.appointments.conftest import DAY, FIRST_SESSION, NOW, OPENS, cancel, confirm, take, wait
from tests.conftest import Cast
from tests.factories import make_session, make_sitting

LATER = date(2026, 12, 3)


@pytest.mark.clause("[3.2]")
def test_move_shifts_the_sessions_and_tells_who_holds_or_waits(full_sitting: Sitting, cast: Cast) -> None:
    confirm(Booking.objects.get(slot__number=1))
    wait(full_sitting, 6)
    services.move_sitting(sitting_id=full_sitting.pk, day=LATER, reason="会议冲突", actor=cast.bureau_staff, now=NOW)
    full_sitting.refresh_from_db()
    assert full_sitting.day == LATER
    assert [session.day for session in full_sitting.sessions.all()] == [LATER]
    told = Message.objects.filter(kind="sitting_moved")
    assert told.count() == 6
    assert "2026年11月26日（周四） 调整至 2026年12月3日（周四）" in told[0].text


@pytest.mark.clause("[3.2]")
@pytest.mark.parametrize(
    ("day", "reason", "code"),
    [
        (date(2026, 11, 28), "会议冲突", "not_a_working_day"),
        (LATER, " ", "no_reason"),
        (DAY, "会议冲突", "same_day"),
        (date(2026, 11, 18), "会议冲突", "in_the_past"),
        (date(2026, 12, 10), "会议冲突", "clash"),
    ],
)
def test_move_is_refused(sitting: Sitting, cast: Cast, day: date, reason: str, code: str) -> None:
    make_sitting(date(2026, 12, 10))
    with pytest.raises(Refused) as refusal:
        services.move_sitting(sitting_id=sitting.pk, day=day, reason=reason, actor=cast.bureau_staff, now=NOW)
    assert refusal.value.code == code
    sitting.refresh_from_db()
    assert sitting.day == DAY


@pytest.mark.parametrize("role", ["window_clerk", "department_head", "leader", "auditor"])
def test_move_and_cancel_by_others_are_forbidden(sitting: Sitting, cast: Cast, role: str) -> None:
    with pytest.raises(PermissionDenied):
        services.move_sitting(sitting_id=sitting.pk, day=LATER, reason="x", actor=cast[role], now=NOW)
    with pytest.raises(PermissionDenied):
        services.cancel_sitting(sitting_id=sitting.pk, reason="x", actor=cast[role], now=NOW)


@pytest.mark.clause("[3.3]")
def test_cancelled_sitting_ends_every_booking_and_tells_them(full_sitting: Sitting, cast: Cast) -> None:
    confirm(Booking.objects.get(slot__number=1))
    wait(full_sitting, 6)
    services.cancel_sitting(sitting_id=full_sitting.pk, reason="场地维修", actor=cast.bureau_staff, now=NOW)
    full_sitting.refresh_from_db()
    assert full_sitting.status == SittingStatus.CANCELLED
    assert set(Booking.objects.values_list("status", flat=True)) == {BookingStatus.SITTING_CANCELLED}
    assert Message.objects.filter(kind="sitting_cancelled", text__contains="场地维修").count() == 6
    with pytest.raises(AlreadyDone):
        services.cancel_sitting(sitting_id=full_sitting.pk, reason="场地维修", actor=cast.bureau_staff, now=NOW)
    with pytest.raises(Refused) as refusal:
        take(full_sitting, 9)
    assert refusal.value.code == "sitting_cancelled"


@pytest.mark.clause("[3.3]")
def test_who_lost_a_sitting_comes_first_in_the_next_one(full_sitting: Sitting, cast: Cast) -> None:
    confirm(Booking.objects.get(slot__number=2))
    wait(full_sitting, 6)
    services.cancel_sitting(sitting_id=full_sitting.pk, reason="场地维修", actor=cast.bureau_staff, now=NOW)
    following = make_sitting(date(2026, 12, 10), published=True, opens_at=OPENS + timedelta(days=14))
    assert services.offer_first_claims(NOW) == 5
    assert services.offer_first_claims(NOW) == 0
    carried = Booking.objects.filter(sitting=following).order_by("slot__number")
    assert [booking.company_name for booking in carried] == [f"安宁第{serial}企业有限公司" for serial in range(1, 6)]
    assert {(b.status, b.origin, b.held_until) for b in carried} == {
        (BookingStatus.OFFERED, Origin.CARRIED, following.opens_at)
    }
    assert answers_of(carried[1])["title"] == ["退税进度"]
    assert Message.objects.filter(kind="number_offered").count() == 5


@pytest.mark.clause("[3.6]")
def test_extra_number_goes_to_the_first_in_line(full_sitting: Sitting, cast: Cast) -> None:
    extra = make_session(full_sitting, SessionKind.EXTRA)
    first = wait(full_sitting, 6)
    booking = services.add_extra_number(session_id=extra.pk, actor=cast.bureau_staff, now=NOW)
    assert (booking.pk, booking.number, booking.status) == (first.pk, 6, BookingStatus.OFFERED)


@pytest.mark.clause("[3.6]")
def test_extra_number_without_a_line_is_refused_whole(full_sitting: Sitting, cast: Cast) -> None:
    extra = make_session(full_sitting, SessionKind.EXTRA)
    with pytest.raises(Refused) as refusal:
        services.add_extra_number(session_id=extra.pk, actor=cast.bureau_staff, now=NOW)
    assert refusal.value.code == "nobody_waits"
    assert not Slot.objects.filter(number=6).exists()


@pytest.mark.clause("[3.6]")
def test_extra_number_of_a_main_session_is_refused(full_sitting: Sitting, cast: Cast) -> None:
    wait(full_sitting, 6)
    with pytest.raises(Refused) as refusal:
        services.add_extra_number(session_id=full_sitting.sessions.get().pk, actor=cast.bureau_staff, now=NOW)
    assert refusal.value.code == "not_extra"


def moved(session: Session, cast: Cast, **changes: Any) -> Session:
    values = {
        "starts_at": session.starts_at + timedelta(hours=5),
        "ends_at": session.ends_at + timedelta(hours=5),
        "place": "安宁产业园区管委会",
        "reason": "会场调整",
        "actor": cast.bureau_staff,
        "now": NOW,
    }
    return services.move_session(session_id=session.pk, **(values | changes))


@pytest.mark.clause("[3.2]")
def test_moved_session_tells_who_holds_or_waits_the_old_and_the_new(full_sitting: Sitting, cast: Cast) -> None:
    special = make_session(full_sitting, SessionKind.SPECIAL, place="党建书屋")
    wait(full_sitting, 6)
    session = moved(special, cast)
    assert session.place == "安宁产业园区管委会"
    told = Message.objects.filter(kind="session_moved")
    assert told.count() == 6
    assert "09:00，党建书屋；现为：专场 2026年11月26日（周四）14:00，安宁产业园区管委会" in told[0].text


@pytest.mark.clause("[3.2]")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": " "}, "no_reason"),
        ({"ends_at": OPENS}, "ends_before_start"),
        ({"starts_at": OPENS, "ends_at": OPENS + timedelta(hours=3)}, "in_the_past"),
        ({"starts_at": NOW + timedelta(days=1), "ends_at": NOW + timedelta(days=1, hours=3)}, "before_first_session"),
        ({"starts_at": NOW + timedelta(days=10), "ends_at": NOW + timedelta(days=10, hours=3)}, "not_a_working_day"),
    ],
)
def test_moved_session_is_refused(full_sitting: Sitting, cast: Cast, changes: dict[str, Any], code: str) -> None:
    special = make_session(full_sitting, SessionKind.SPECIAL)
    with pytest.raises(Refused) as refusal:
        moved(special, cast, **changes)
    assert refusal.value.code == code
    assert not Message.objects.filter(kind="session_moved").exists()


def test_moved_session_of_a_sitting_that_is_not_announced_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        moved(make_sitting(LATER).sessions.get(), cast)
    assert refusal.value.code == "not_announced"


@pytest.mark.clause("[3.2]")
def test_called_off_session_is_gone_and_told(full_sitting: Sitting, cast: Cast) -> None:
    special = make_session(full_sitting, SessionKind.SPECIAL)
    services.call_off_session(session_id=special.pk, reason="并入主场", actor=cast.bureau_staff, now=NOW)
    assert not Session.objects.filter(pk=special.pk).exists()
    assert Message.objects.filter(kind="session_called_off", text__contains="并入主场").count() == 5


@pytest.mark.clause("[3.6]")
def test_called_off_session_that_carries_the_sitting_or_numbers_is_refused(full_sitting: Sitting, cast: Cast) -> None:
    extra = make_session(full_sitting, SessionKind.EXTRA)
    wait(full_sitting, 6)
    services.add_extra_number(session_id=extra.pk, actor=cast.bureau_staff, now=NOW)
    main = full_sitting.sessions.get(kind=SessionKind.MAIN)
    for session, code in ((main, "main_session"), (extra, "has_numbers")):
        with pytest.raises(Refused) as refusal:
            services.call_off_session(session_id=session.pk, reason="x", actor=cast.bureau_staff, now=NOW)
        assert refusal.value.code == code


@pytest.mark.parametrize("role", ["window_clerk", "department_head", "leader"])
def test_move_and_call_off_a_session_by_others_are_forbidden(full_sitting: Sitting, cast: Cast, role: str) -> None:
    session = make_session(full_sitting, SessionKind.SPECIAL)
    with pytest.raises(PermissionDenied):
        moved(session, cast, actor=cast[role])
    with pytest.raises(PermissionDenied):
        services.call_off_session(session_id=session.pk, reason="x", actor=cast[role], now=NOW)


@pytest.mark.clause("[3.2]")
def test_moved_to_and_fro_and_to_again_is_told_three_times(sitting: Sitting, cast: Cast) -> None:
    take(sitting, 1)
    for day in (LATER, DAY, LATER):
        services.move_sitting(sitting_id=sitting.pk, day=day, reason="x", actor=cast.bureau_supervisor, now=NOW)
    told = Message.objects.filter(kind="sitting_moved").order_by("pk")
    assert told.count() == 3
    assert "调整至 2026年12月3日（周四）" in told.last().text


@pytest.mark.clause("[3.3]")
def test_moved_earlier_closes_booking_and_ends_offers_in_time(full_sitting: Sitting, cast: Cast) -> None:
    waiting = wait(full_sitting, 6)
    cancel(Booking.objects.get(slot__number=1))
    day = date(2026, 11, 20)
    services.move_sitting(sitting_id=full_sitting.pk, day=day, reason="x", actor=cast.bureau_supervisor, now=NOW)
    full_sitting.refresh_from_db()
    waiting.refresh_from_db()
    assert full_sitting.closes_at == local_moment(date(2026, 11, 19), time(23, 59, 59))
    # Half of the 47 hours that are left is less than the day that was promised.
    assert waiting.held_until == NOW + timedelta(hours=23, minutes=30)


@pytest.mark.clause("[3.2]")
def test_move_to_within_seven_days_needs_who_may_override(sitting: Sitting, cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        services.move_sitting(
            sitting_id=sitting.pk, day=date(2026, 11, 24), reason="x", actor=cast.bureau_staff, now=NOW
        )
    services.move_sitting(sitting_id=sitting.pk, day=date(2026, 11, 25), reason="x", actor=cast.bureau_staff, now=NOW)


@pytest.mark.clause("[3.2]")
def test_what_has_begun_is_neither_moved_nor_called_off(sitting: Sitting, cast: Cast) -> None:
    booking = confirm(take(sitting, 1))
    for verb in (
        partial(services.move_sitting, day=LATER),
        services.cancel_sitting,
    ):
        with pytest.raises(Refused) as refusal:
            verb(sitting_id=sitting.pk, reason="x", actor=cast.bureau_supervisor, now=FIRST_SESSION)
        assert refusal.value.code == "already_begun"
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED


@pytest.mark.clause("[3.2]")
def test_called_off_first_session_takes_the_day_with_it(full_sitting: Sitting, cast: Cast) -> None:
    special = make_session(full_sitting, SessionKind.SPECIAL, day=DAY - timedelta(days=1))
    Sitting.objects.filter(pk=full_sitting.pk).update(day=DAY - timedelta(days=1))
    services.call_off_session(session_id=special.pk, reason="x", actor=cast.bureau_staff, now=NOW)
    full_sitting.refresh_from_db()
    assert full_sitting.day == DAY


@pytest.mark.clause("[3.3]")
def test_first_claim_is_on_the_next_sitting_and_on_no_later_one(full_sitting: Sitting, cast: Cast) -> None:
    wait(full_sitting, 6)
    services.cancel_sitting(sitting_id=full_sitting.pk, reason="x", actor=cast.bureau_staff, now=NOW)
    second = make_sitting(date(2026, 12, 10), published=True, opens_at=NOW + timedelta(days=10))
    assert services.offer_first_claims(NOW) == 5
    make_sitting(date(2026, 12, 24), published=True, opens_at=NOW + timedelta(days=24))
    assert services.offer_first_claims(second.opens_at + timedelta(days=1)) == 0


@pytest.mark.clause("[3.3]")
def test_first_claim_lasts_as_long_as_any_offer(full_sitting: Sitting, cast: Cast) -> None:
    services.cancel_sitting(sitting_id=full_sitting.pk, reason="x", actor=cast.bureau_staff, now=NOW)
    soon = NOW + timedelta(minutes=30)
    make_sitting(date(2026, 12, 10), published=True, opens_at=soon, published_at=NOW)
    services.offer_first_claims(NOW)
    carried = Booking.objects.filter(origin=Origin.CARRIED)
    assert {booking.held_until for booking in carried} == {NOW + timedelta(hours=24)}


@pytest.mark.clause("[3.2]")
def test_special_session_that_has_begun_is_neither_moved_nor_called_off(sitting: Sitting, cast: Cast) -> None:
    special = make_session(sitting, SessionKind.SPECIAL, starts=time(14), ends=time(17))
    during, evening = local_moment(DAY, time(15)), local_moment(DAY, time(18))
    options = {"session_id": special.pk, "reason": "会场检修", "actor": cast.bureau_staff, "now": during}
    with pytest.raises(Refused, match="already_begun"):
        services.move_session(starts_at=evening, ends_at=evening + timedelta(hours=3), place="", **options)
    with pytest.raises(Refused, match="already_begun"):
        services.call_off_session(**options)
