"""Every figure of a quarter once more, row by row and in plain words, from nothing but the rows. [3.10]"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from appointments.models import Booking, QueueEntry, Verification
from cases.models import Assignment, Case, Closing
from deadlines.models import Obligation
from evaluations.models import FollowUp, Invitation, Rating
from sessions_app.models import Chair, Sitting, Slot

Wanted = dict[str, int | None]
Tally = dict[str, list[Any]]


def day_of(moment: Any) -> date:
    return timezone.localtime(moment).date()


def contact_of(booking: Booking) -> int | None:
    for row in Verification.objects.filter(booking=booking):
        if row.is_lead and row.status != "left_out":
            return row.department_id
    return None


def lead_of(case: Case, number: int) -> int | None:
    for part in Assignment.objects.filter(case=case, round=number):
        if part.is_lead and part.status != "withdrawn":
            return part.department_id
    return contact_of(case.booking)


class Slow:
    """`counts`: key -> [numerator, denominator or None, seconds]."""

    def __init__(self, first: date, last: date, today: date, wanted: Wanted) -> None:
        self.first, self.last, self.today = first, last, today
        self.wanted = {name: key for name, key in wanted.items() if key is not None}
        self.counts: Tally = {}
        for read in READERS:
            read(self)

    def within(self, day: date) -> bool:
        return self.first <= day <= self.last

    def asked_for(self, **having: int | None) -> bool:
        return all(name in having and having[name] == key for name, key in self.wanted.items())

    def of_booking(self, booking: Booking, department: int | None) -> bool:
        return self.asked_for(department=department, area=booking.demand_area_id, district=booking.district_id)

    def of_round(self, moment: datetime, case: Case, department: int | None) -> bool:
        return self.within(day_of(moment)) and self.of_booking(case.booking, department)

    def count(self, key: str, counted: bool, out_of: bool | None = None, seconds: float = 0) -> None:
        tally = self.counts.setdefault(key, [0, None if out_of is None else 0, 0.0])
        tally[0] += bool(counted and out_of is not False)
        tally[2] += seconds
        if out_of is not None:
            tally[1] += bool(out_of)


def sittings(slow: Slow) -> None:
    for row in Sitting.objects.all():
        if not slow.within(row.day) or slow.wanted:
            continue
        past, announced = row.day < slow.today, row.published_at is not None
        slow.count("schedule_kept", row.status == "published", past)
        slow.count("sittings_ahead", not past and row.status != "cancelled")
        slow.count("sittings_cancelled", row.status == "cancelled")
        slow.count("late_publications", row.override_reason != "", announced)


def held(slow: Slow, sitting: Sitting) -> bool:
    return slow.within(sitting.day) and sitting.day < slow.today and sitting.status == "published"


def chairs_and_slots(slow: Slow) -> None:
    for row in Chair.objects.select_related("session__sitting"):
        if held(slow, row.session.sitting) and slow.asked_for(department=row.department_id):
            slow.count("sat", True)
    for slot in Slot.objects.select_related("sitting"):
        if held(slow, slot.sitting) and slot.number <= 5 and not slow.wanted:
            slow.count("numbers_used", slot.bookings.filter(status="attended").count() > 0, True)


def bookings(slow: Slow) -> None:
    for row in Booking.objects.select_related("sitting", "refusal_ground"):
        if not slow.within(row.sitting.day) or row.decided_at is None or not slow.of_booking(row, contact_of(row)):
            continue
        refused = row.status == "refused"
        slow.count("refused", refused, True)
        for number in "12345":
            of_ground = refused and row.refusal_ground is not None and row.refusal_ground.clause == f"4.2.{number}"
            slow.count(f"refused_{number}", of_ground, refused)
        slow.count("solved_before", row.status == "solved")
        slow.count("absent", row.status == "absent", row.status in ("absent", "attended"))
        slow.count("received", row.status == "attended")


def entries(slow: Slow) -> None:
    for row in QueueEntry.objects.filter(status="done").select_related("booking__sitting"):
        booking = row.booking
        if slow.within(booking.sitting.day) and slow.of_booking(booking, contact_of(booking)):
            slow.count("waiting", True, seconds=(row.started_at - row.checked_in_at).total_seconds())
            slow.count("lasting", True, seconds=(row.ended_at - row.started_at).total_seconds())


def cases(slow: Slow) -> None:
    for row in Case.objects.select_related("booking__sitting"):
        if not slow.within(row.booking.sitting.day) or not slow.of_booking(row.booking, lead_of(row, 1)):
            continue
        parts = [part for part in row.assignments.all() if part.round == 1 and part.status != "withdrawn"]
        handed, joint = row.outcome == "handed_over", any(not part.is_lead for part in parts)
        slow.count("on_the_spot", row.outcome == "solved", True)
        slow.count("explained", row.outcome == "explained", True)
        slow.count("handed_over", handed, True)
        slow.count("handed_over_single", not joint, handed)
        slow.count("handed_over_joint", joint, handed)
        slow.count("in_hand", row.status == "handling")


def obligations(slow: Slow) -> None:
    for row in Obligation.objects.exclude(status="void"):
        name = {"plan": "plan", "division": "plan", "feedback": "feedback"}.get(row.kind)
        if name is None or not slow.within(row.last_day):
            continue
        case = Case.objects.select_related("booking").get(pk=int(row.belongs_to.split(":")[1]))
        if not slow.of_booking(case.booking, row.department_id):
            continue
        met, over = row.status == "met", row.last_day < slow.today
        for other in ("plan", "feedback"):
            mine = name == other
            slow.count(f"{other}_on_time", met and row.late_working_days == 0, mine and (met or over))
            slow.count(
                f"{other}_on_time_original", met and row.late_working_days_original == 0, mine and (met or over)
            )
        slow.count("within_limit", not met and not over)
        slow.count("overdue_open", not met and over)


def closings(slow: Slow) -> None:
    for row in Closing.objects.select_related("case__booking"):
        if not slow.within(day_of(row.closed_at)) or not slow.of_booking(
            row.case.booking, lead_of(row.case, row.round)
        ):
            continue
        to_solve = row.result != "explained"
        slow.count("closed", True)
        slow.count("closed_explained", not to_solve)
        for key in ("solved", "partly", "long_term"):
            slow.count(key, row.result == key, to_solve)


def rounds(slow: Slow) -> None:
    for row in Invitation.objects.select_related("case__booking"):
        if not slow.of_round(row.closed_at, row.case, row.unit_id):
            continue
        rating = Rating.objects.filter(case=row.case, round=row.round).first()
        happy = rating is not None and rating.consultation and rating.handling
        silent = rating is None and row.silent_on < slow.today
        slow.count("rated", rating is not None, rating is not None or silent)
        slow.count("satisfied", happy, rating is not None)
        slow.count("satisfied_with_silence", happy or silent, rating is not None or silent)
        slow.count("counted_satisfied", silent)
        slow.count("unsatisfied", rating is not None and not happy)
        slow.count("rated_late", rating is not None and rating.is_late)
        slow.count("to_be_rated", rating is None and not silent)


def follow_ups(slow: Slow) -> None:
    for row in FollowUp.objects.select_related("case__booking"):
        if not slow.within(day_of(row.opened_at)) or not slow.of_booking(
            row.case.booking, lead_of(row.case, row.round)
        ):
            continue
        done = row.status != "open"
        slow.count("follow_ups", True)
        slow.count("follow_ups_done", done, True)
        slow.count("sent_back", row.status == "sent_back", done)
        slow.count("unrectified", row.status == "unrectified", done)


READERS: list[Callable[[Slow], None]] = [
    *(sittings, chairs_and_slots, bookings, entries, cases, obligations, closings, rounds, follow_ups)
]


def quarters_back(year: int, number: int) -> Iterator[tuple[date, date]]:
    """First and last days of a quarter and the four before it, the oldest first."""
    for back in (4, 3, 2, 1, 0):
        month = year * 12 + 3 * (number - 1) - 3 * back
        after = month + 3
        yield date(month // 12, month % 12 + 1, 1), date(after // 12, after % 12 + 1, 1) - timedelta(days=1)
