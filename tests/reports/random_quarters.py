"""Some years of the chain by chance, in a few statements, past the verbs: whatever the rows allow may be there."""

import random
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from appointments.enums import BookingStatus, ChoiceKind, QueueStatus, VerificationStatus
from appointments.models import Booking, Choice, ConsentText, Enterprise, QueueEntry, RefusalGround, Verification
from cases.enums import AssignmentStatus, CaseStatus, Outcome, Result
from cases.models import Assignment, Case, Closing
from core.models import CalendarYear, User
from deadlines.enums import ObligationStatus
from deadlines.models import Obligation
from departments.enums import DepartmentKind
from departments.models import Department
from evaluations.enums import FollowUpStatus, Office, Origin
from evaluations.models import FollowUp, Invitation, Rating
from sessions_app.enums import SittingStatus
from sessions_app.models import Chair, Session, Sitting, Slot
from sessions_app.services import local_moment

STATUSES = [
    *[BookingStatus.ATTENDED] * 12,
    *[BookingStatus.REFUSED] * 3,
    *(BookingStatus.ABSENT, BookingStatus.SOLVED, BookingStatus.NOT_SEEN, BookingStatus.CONFIRMED),
]
NUMBERS = 5


@dataclass
class World:
    """`rows` by model, as they were made."""

    chance: random.Random
    today: date
    by: User
    rows: dict[type, list[Any]] = field(default_factory=dict)

    def keep(self, rows: list[Any]) -> list[Any]:
        made = type(rows[0]).objects.bulk_create(rows) if rows else []
        if rows:
            self.rows.setdefault(type(rows[0]), []).extend(made)
        return made

    def now_and_then(self, share: float) -> bool:
        return self.chance.random() < share

    def moment(self, day: date) -> datetime:
        return local_moment(day, time(self.chance.randrange(24), self.chance.randrange(60)))


def fill(seed: int, *, today: date, by: User, sittings: int = 12, every: int = 45, units: int = 4) -> World:
    """So many sittings, so many days apart, the last ones still ahead."""
    world = World(random.Random(seed), today, by)
    departments = _departments(units)
    first = today - timedelta(days=every * (sittings - 2))
    _sittings(world, [first + timedelta(days=every * at) for at in range(sittings)], departments)
    _bookings(world, departments)
    _days(world)
    _cases(world, departments)
    _closings(world, departments)
    _afterwards(world)
    return world


def _departments(count: int) -> list[Department]:
    named = Department.objects.filter(kind=DepartmentKind.MEMBER).order_by("position", "name")
    return list(named[:count])


def _sittings(world: World, days: list[date], departments: list[Department]) -> None:
    made = []
    for number, day in enumerate(days, start=1):
        status = SittingStatus.CANCELLED if world.now_and_then(0.1) else SittingStatus.PUBLISHED
        status = SittingStatus.PLANNED if world.now_and_then(0.08) else status
        opened = local_moment(day - timedelta(days=11), time(9))
        window = {"published_at": opened, "opens_at": opened, "closes_at": opened + timedelta(days=7)}
        made.append(
            Sitting(
                year=day.year,
                number=100 + number,
                day=day,
                status=status,
                override_reason="急" if world.now_and_then(0.15) else "",
                cancelled_at=opened if status == SittingStatus.CANCELLED else None,
                **({} if status == SittingStatus.PLANNED else window),
            )
        )
    made = world.keep(made)
    sessions = world.keep(
        [
            Session(sitting=sitting, starts_at=local_moment(sitting.day, time(9)), ends_at=_noon(sitting.day))
            for sitting in made
            for _twice in range(world.chance.choice([1, 2]))
        ]
    )
    world.keep([Chair(session=s, department=d) for s in sessions for d in world.chance.sample(departments, 2)])
    world.keep([Slot(sitting=s, number=n) for s in made for n in range(1, NUMBERS + 1)])
    _extra(world, sessions)


def _noon(day: date) -> datetime:
    return local_moment(day, time(12))


def _extra(world: World, sessions: list[Session]) -> None:
    """Numbers above five are no part of those that are counted."""
    seen = {session.sitting_id: session for session in sessions}.values()
    world.keep([Slot(sitting=s.sitting, number=6, session=s) for s in seen if world.now_and_then(0.3)])


def _bookings(world: World, departments: list[Department]) -> None:
    slots = [slot for slot in world.rows[Slot] if world.now_and_then(0.9)]
    run = uuid.uuid4().hex[:6]
    firms = world.keep([Enterprise(identity=f"{run}:{at}", name=f"第{at}企业") for at in range(len(slots))])
    consent, _made = ConsentText.objects.get_or_create(text="同意", in_force_from=_noon(date(2020, 1, 2)))
    grounds = list(RefusalGround.objects.all())
    areas = [None, *Choice.objects.filter(kind=ChoiceKind.AREA)[:4]]
    districts = [None, *Choice.objects.filter(kind=ChoiceKind.DISTRICT)[:4]]
    made = []
    for at, (slot, firm) in enumerate(zip(slots, firms, strict=True)):
        status = world.chance.choice(STATUSES)
        refused = status == BookingStatus.REFUSED
        early = local_moment(slot.sitting.day - timedelta(days=9), time(10))
        made.append(
            Booking(
                sitting=slot.sitting,
                slot=slot,
                enterprise=firm,
                reference=f"{run}{at}",
                status=status,
                company_name=firm.name,
                mobile="13800000000",
                title=f"诉求{at}",
                ticket_digest=uuid.uuid4().hex,
                checkin_digest=uuid.uuid4().hex,
                submission_digest=uuid.uuid4().hex,
                confirmed_at=early,
                consent=consent,
                decided_at=None if status == BookingStatus.CONFIRMED else early,
                refusal_ground=world.chance.choice(grounds) if refused else None,
                explanation="说明" if refused else "",
                solution="已解决" if status == BookingStatus.SOLVED else "",
                demand_area=world.chance.choice(areas),
                district=world.chance.choice(districts),
            )
        )
    kept = world.keep(made)
    _verifications(world, [row for row in kept if row.status != BookingStatus.REFUSED], departments)


def _verifications(world: World, bookings: list[Booking], departments: list[Department]) -> None:
    made = []
    for booking in bookings:
        lead, other = world.chance.sample(departments, 2)
        if world.now_and_then(0.9):
            left = VerificationStatus.LEFT_OUT if world.now_and_then(0.1) else VerificationStatus.VOID
            made.append(Verification(booking=booking, department=lead, is_lead=True, status=left))
        made.append(Verification(booking=booking, department=other, status=VerificationStatus.OPEN))
    world.keep(made)


def _came(world: World) -> list[Booking]:
    return [row for row in world.rows[Booking] if row.status == BookingStatus.ATTENDED]


def _days(world: World) -> None:
    sessions = {session.sitting_id: session for session in world.rows[Session]}
    made = []
    for booking in _came(world):
        arrived = local_moment(booking.sitting.day, time(8, world.chance.randrange(60)))
        started = arrived + timedelta(seconds=world.chance.randrange(3000))
        done = world.now_and_then(0.9)
        made.append(
            QueueEntry(
                booking=booking,
                session=sessions[booking.sitting_id],
                status=QueueStatus.DONE if done else QueueStatus.CONSULTING,
                checked_in_at=arrived,
                checked_in_by=world.by,
                called_at=started,
                called_by=world.by,
                desk="1",
                calls=1,
                started_at=started,
                ended_at=started + timedelta(seconds=world.chance.randrange(4000)) if done else None,
            )
        )
    world.keep(made)


def _cases(world: World, departments: list[Department]) -> None:
    made = []
    for booking in _came(world):
        if world.now_and_then(0.05):
            continue  # not signed off yet
        outcome = world.chance.choice([Outcome.HANDED_OVER, Outcome.HANDED_OVER, *Outcome])
        closed = outcome != Outcome.HANDED_OVER or world.now_and_then(0.7)
        ended = world.moment(booking.sitting.day + timedelta(days=world.chance.randrange(40)))
        result = world.chance.choice(list(Result)) if outcome == Outcome.HANDED_OVER else Result(outcome)
        made.append(
            Case(
                booking=booking,
                status=CaseStatus.CLOSED if closed else CaseStatus.HANDLING,
                outcome=outcome,
                round=2 if closed and world.now_and_then(0.1) else 1,
                start=booking.sitting.day,
                points="要点",
                result=result if closed else "",
                answer="答复" if closed else "",
                closed_at=ended if closed else None,
            )
        )
    for case in world.keep(made):
        if case.outcome == Outcome.HANDED_OVER:
            _parts(world, case, departments)


def _parts(world: World, case: Case, departments: list[Department]) -> None:
    for number in range(1, case.round + 1):
        units = world.chance.sample(departments, world.chance.choice([1, 1, 2]))
        parts = [
            Assignment(
                case=case,
                round=number,
                department=unit,
                is_lead=unit is units[0],
                status=AssignmentStatus.PLANNING,
                assigned_by=world.by,
            )
            for unit in units
        ]
        if world.now_and_then(0.2):
            other = next(unit for unit in departments if unit not in units)
            gone = {"status": AssignmentStatus.WITHDRAWN, "is_lead": world.now_and_then(0.5)}
            parts.append(Assignment(case=case, round=number, department=other, assigned_by=world.by, **gone))
        world.keep(parts)
        _owed(world, case, number, units)


def _owed(world: World, case: Case, number: int, units: list[Department]) -> None:
    calendar = CalendarYear.objects.filter(in_force=True).latest("pk")
    made = []
    for unit in units:
        for kind, length in (("plan", 7), ("feedback", 21), ("committed", 30)):
            first = case.start + timedelta(days=length + 30 * (number - 1))
            last = first + timedelta(days=world.chance.choice([0, 0, 0, 9]))
            status = world.chance.choice([*[ObligationStatus.MET] * 4, ObligationStatus.OPEN, ObligationStatus.VOID])
            late = world.chance.choice([0, 0, 0, 3])
            met = status == ObligationStatus.MET
            made.append(
                Obligation(
                    owner=f"cases.case:{case.pk}",
                    belongs_to=f"cases.case:{case.pk}",
                    kind=kind,
                    round=number,
                    department=unit,
                    title="时限",
                    clause="[3.7]",
                    start=case.start,
                    working_days=length,
                    due=first,
                    last_day=last,
                    due_at=_noon(last),
                    original_day=first,
                    calendar=calendar,
                    status=status,
                    opened_at=_noon(case.start),
                    met_at=_noon(last) if met else None,
                    voided_at=_noon(last) if status == ObligationStatus.VOID else None,
                    late_working_days=late if met else None,
                    late_working_days_original=late + (7 if last > first else 0) if met else None,
                )
            )
    world.keep(made)


def _closings(world: World, departments: list[Department]) -> None:
    made = []
    for case in world.rows.get(Case, []):
        rounds = range(1, case.round + (1 if case.closed_at else 0))
        for number in rounds:
            ended = world.moment(case.start + timedelta(days=world.chance.randrange(40) + 30 * (number - 1)))
            result = case.result if number == case.round else world.chance.choice(list(Result))
            made.append(
                Closing(case=case, round=number, start=case.start, result=result, answer="答复", closed_at=ended)
            )
    kept = world.keep(made)
    asked = [row for row in kept if world.now_and_then(0.97)]
    world.keep(
        [
            Invitation(
                case=row.case,
                round=row.round,
                closed_at=row.closed_at,
                silent_on=row.closed_at.date() + timedelta(days=15),
                unit=world.chance.choice([None, *departments, *departments]),
                digest=uuid.uuid4().hex,
            )
            for row in asked
        ]
    )


def _afterwards(world: World) -> None:
    ratings, follow_ups = [], []
    for row in world.rows.get(Invitation, []):
        if world.now_and_then(0.6):
            said = {name: world.now_and_then(0.8) for name in ("consultation", "handling")}
            late = {"rated_at": row.closed_at, "is_late": world.now_and_then(0.2)}
            ratings.append(Rating(case=row.case, round=row.round, **said, **late))
        if world.now_and_then(0.3):
            status = world.chance.choice(list(FollowUpStatus))
            ended = {} if status == FollowUpStatus.OPEN else {"finding": "属实", "decided_by": world.by}
            if ended:
                ended |= {"decided_at": row.closed_at + timedelta(days=20), "assigned_to": world.by}
                ended |= {"assigned_at": row.closed_at}
            opened = row.closed_at + timedelta(days=world.chance.randrange(20))
            begun = {"origin": Origin.SAMPLE, "office": Office.BUREAU, "opened_at": opened}
            follow_ups.append(FollowUp(case=row.case, round=row.round, status=status, **begun, **ended))
    world.keep(ratings)
    world.keep(follow_ups)
