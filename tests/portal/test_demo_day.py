"""The demonstration's day: three enterprises that can be checked in now. [3.6]"""

from datetime import date, datetime

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from appointments import services
from appointments.enums import BookingStatus, QueueStatus
from appointments.models import Booking
from cases.models import Case
from core.models import User
from core.selectors import forget_settings
from evaluations.enums import CallOutcome, Origin
from evaluations.models import FollowUp
from tests.factories import moment

pytestmark = [pytest.mark.django_db, pytest.mark.clause("[3.6]")]


@pytest.mark.parametrize(
    ("now", "held"),
    [
        (moment("2026-11-24 10:00"), "2026-11-24 10:15"),
        (moment("2026-11-24 22:30"), "2026-11-24 20:00"),
        (moment("2026-11-28 10:00"), "2026-11-30 09:00"),
    ],
)
def test_demo_makes_a_sitting_of_today_that_can_be_walked(now: datetime, held: str, settings, tmp_path) -> None:
    """And it can be made without its past."""
    settings.VAR_DIR = tmp_path
    forget_settings()
    with time_machine.travel(now, tick=False):
        call_command("demo", quarters=0)
        placed = list(Booking.objects.filter(status=BookingStatus.ACCEPTED).order_by("meet_at"))
        assert [booking.told_place == booking.place_key for booking in placed] == [True] * 3
        starts = placed[0].session.starts_at
        assert starts == moment(held)
        clerk = User.objects.get(username="clerk")
        when = max(now, starts) if timezone.localdate(now) != timezone.localdate(starts) else now
        entry = services.check_in(booking_id=placed[0].pk, actor=clerk, now=when)
    assert entry.status == QueueStatus.WAITING
    assert not Case.objects.filter(start__lt=date(2026, 9, 1)).exists()


@pytest.mark.clause("[3.9]")
def test_demo_holds_a_complaint_that_waits_and_a_call_to_be_repeated(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path
    forget_settings()
    now = moment("2026-11-24 10:00")
    with time_machine.travel(now, tick=False):
        call_command("demo", quarters=0)
        waits, called = FollowUp.objects.open().order_by("-opened_at")
    assert (waits.origin, waits.assigned_to) == (Origin.UNSATISFIED, None)
    assert (called.assigned_to.username, called.calls.get().outcome) == ("inspector", CallOutcome.NOT_REACHED)
    assert not any(row.obligation.due_at < now for row in (waits, called))
