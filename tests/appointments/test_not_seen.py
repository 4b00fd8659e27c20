"""A sitting is over, and the bureau left a booking undecided or without a place: what becomes of it. [3.3]"""

from datetime import timedelta

import pytest

from appointments import services
from appointments.enums import BookingStatus as S
from appointments.models import Booking
from deadlines.models import Obligation
from notifications.models import Message
from sessions_app.models import Sitting
from tests.appointments.conftest import DAY, NOW, accept, add_facts, cancel, confirm, send_back, take
from tests.appointments.day_steps import NOON, placed
from tests.conftest import Cast
from tests.factories import make_sitting

pytestmark = [pytest.mark.clause("[3.3]"), pytest.mark.django_db]


def statuses() -> list[str]:
    return list(Booking.objects.order_by("pk").values_list("status", flat=True))


@pytest.fixture
def left(sitting: Sitting, cast: Cast) -> Sitting:
    """Undecided; waiting for the enterprise's answer; accepted without a place; and one that is placed."""
    confirm(take(sitting, 1))
    send_back(confirm(take(sitting, 2)), cast.bureau_staff)
    accept(confirm(take(sitting, 3)), cast.bureau_staff)
    placed(sitting, 4, cast.bureau_staff)
    return sitting


def test_end_of_the_sitting_ends_what_was_left_and_leaves_what_is_placed(left: Sitting) -> None:
    assert services.end_sittings(NOON - timedelta(seconds=1)) == 0
    assert services.end_sittings(NOON) == 3
    assert services.end_sittings(NOON + timedelta(days=1)) == 0
    assert statuses() == [S.NOT_SEEN, S.NOT_SEEN, S.NOT_SEEN, S.ACCEPTED]


def test_a_later_session_of_the_sitting_is_waited_for(left: Sitting) -> None:
    special = left.sessions.create(
        kind="special", starts_at=NOON + timedelta(days=1), ends_at=NOON + timedelta(days=1, hours=2), place="专窗"
    )
    assert services.end_sittings(NOON) == 0
    assert services.end_sittings(special.ends_at) == 3


def test_everybody_concerned_is_told_once(left: Sitting, cast: Cast) -> None:
    services.end_sittings(NOON)
    services.end_sittings(NOON + timedelta(hours=1))
    assert Message.objects.filter(kind="booking_not_seen").count() == 3
    told = Message.objects.filter(kind="sitting_ended_unseen", recipient=cast.bureau_supervisor.username)
    assert told.count() == 3


def test_nobody_owes_anything_any_more(left: Sitting) -> None:
    services.end_sittings(NOON)
    owners = [f"appointments.booking:{row.pk}" for row in Booking.objects.filter(status=S.NOT_SEEN)]
    assert Obligation.objects.filter(owner__in=owners).exists()
    assert not Obligation.objects.filter(owner__in=owners, status="open").exists()
    assert not Booking.objects.filter(verifications__status="open", status=S.NOT_SEEN).exists()


def test_who_was_not_seen_comes_first_next_unless_it_owed_an_answer(left: Sitting) -> None:
    services.end_sittings(NOON)
    following = make_sitting(DAY + timedelta(days=14), published=True, opens_at=NOON + timedelta(days=5))
    assert services.offer_first_claims(NOON + timedelta(hours=1)) == 2
    carried = Booking.objects.filter(sitting=following).order_by("slot__number")
    assert [row.company_name for row in carried] == ["安宁第1企业有限公司", "安宁第3企业有限公司"]
    assert {row.status for row in carried} == {S.OFFERED}
    assert [row.comes_first_next for row in Booking.objects.filter(sitting=left).order_by("pk")] == [
        True,
        False,
        True,
        False,
    ]


def test_answer_that_came_is_no_answer_owed(sitting: Sitting, cast: Cast) -> None:
    add_facts(send_back(confirm(take(sitting, 1)), cast.bureau_staff))
    services.end_sittings(NOON)
    assert Booking.objects.get().comes_first_next


def test_sitting_that_opened_before_it_was_over_is_no_next_one(left: Sitting) -> None:
    make_sitting(DAY + timedelta(days=14), published=True, opens_at=NOON - timedelta(days=1))
    services.end_sittings(NOON)
    make_sitting(DAY + timedelta(days=28), published=True, opens_at=NOON + timedelta(days=15))
    assert services.offer_first_claims(NOON + timedelta(days=14, hours=1)) == 2


def test_cancelled_booking_and_sitting_called_off_stay_as_they_are(sitting: Sitting, cast: Cast) -> None:
    cancel(confirm(take(sitting, 1)))
    confirm(take(sitting, 2))
    services.cancel_sitting(sitting_id=sitting.pk, reason="x", actor=cast.bureau_staff, now=NOW)
    assert services.end_sittings(NOON) == 0
    assert statuses() == [S.CANCELLED, S.SITTING_CANCELLED]


def test_sitting_called_off_leaves_its_claim_to_who_had_not_answered_yet(sitting: Sitting, cast: Cast) -> None:
    send_back(confirm(take(sitting, 1)), cast.bureau_staff)
    services.cancel_sitting(sitting_id=sitting.pk, reason="x", actor=cast.bureau_staff, now=NOW)
    make_sitting(DAY + timedelta(days=14), published=True, opens_at=NOW + timedelta(days=14))
    assert services.offer_first_claims(NOW) == 1
