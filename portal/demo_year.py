"""Four quarters as a city has them, for the demonstration: every fortnight through the verbs of its day. [3.10]

Drawn by one fixed seed, so that the same day always shows the same year.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from appointments import services as appointments
from appointments.enums import ChoiceKind, ContactWay
from appointments.models import Booking, Choice, RefusalGround
from appointments.selectors import consent_in_force
from cases import services
from cases.enums import Outcome
from cases.models import Case
from consultations import services as records
from core import audit, secrets
from core.errors import Refused
from portal import demo_demands as words
from portal.demo import credit_code
from portal.demo_clock import Clock
from portal.demo_demands import Demand
from portal.demo_follow_ups import LookingAgain
from portal.demo_handling import Handling, People
from portal.demo_opinions import evaluate
from portal.demo_wordings import in_other_words
from sessions_app.models import Sitting
from sessions_app.services import SessionPlan, plan_sitting, publish_sitting

PlanOf = Callable[[date, int], SessionPlan]
SEED = 20241001
FIRST_SERIAL = 2001
COMMON = (
    ("用电增容", "企业用电增容办理慢", words.INDUSTRY),
    ("留抵退税", "留抵退税审核时间长", words.TAX),
    ("用工招聘", "园区企业招工难", words.PARK),
)
# Of a hundred who took a number: what became of them before and at the table.
BEFORE = {"refused": 9, "cancelled": 5, "absent": 4, "solved": 3, "comes": 79}
AT_TABLE = {Outcome.SOLVED: 34, Outcome.EXPLAINED: 12, Outcome.HANDED_OVER: 54}


@dataclass(frozen=True)
class Visitor:
    serial: int
    company: str
    industry: str
    district: str
    person: str
    demand: Demand

    @property
    def mobile(self) -> str:
        return f"1388765{self.serial:04d}"


def make_year(days: list[date], plan_of: PlanOf, clock: Clock) -> None:
    """A sitting on each of these days, the oldest first, with all that came of it."""
    draw, people, serial = Random(SEED), People(), FIRST_SERIAL  # noqa: S311 - a demonstration, not a secret
    for place, day in enumerate(days):
        Fortnight(day, plan_of(day, place), serial, draw, people, clock).hold()
        serial += len(Fortnight.NUMBERS)
    name_common(people, clock)
    LookingAgain(draw, people, clock).go()


def name_common(people: People, clock: Clock) -> None:
    """What several enterprises asked for, studied by one department; the first of them is settled. [5.3]"""
    now = clock.at(clock.moment + timedelta(days=1))
    for word, title, unit in COMMON:
        alike = Case.objects.filter(booking__title__contains=word).values_list("pk", flat=True)
        common = services.Common(title, (people.units[unit].pk,), "多家企业反映，建议从制度上一并解决。")
        try:
            item = services.open_common(common=common, case_ids=list(alike), actor=people.bureau, now=now)
        except Refused:  # fewer than two of them in so short a year
            continue
        if word == COMMON[0][0]:
            settled = "已会同供电企业公布增容办理流程和时限，线路走廊由园区统一协调。"
            told = "增容申请15个工作日内答复方案，线路走廊由园区统一协调"
            services.settle_common(item_id=item.pk, settlement=settled, told=told, actor=people.bureau, now=now)
    clock.deliver()


class Fortnight:
    NUMBERS = range(5)

    def __init__(self, day: date, plan: SessionPlan, serial: int, draw: Random, people: People, clock: Clock) -> None:
        self.day, self.plan, self.serial = day, plan, serial
        self.draw, self.people, self.clock = draw, people, clock
        self.sits = [unit.name for unit in people.units.values() if unit.pk in {c.department_id for c in plan.chairs}]
        lead = next(chair.department_id for chair in plan.chairs if chair.is_lead)
        self.head = next(people.heads[name] for name, unit in people.units.items() if unit.pk == lead)

    def hold(self) -> None:
        """Announced, booked, decided, verified, placed, called, consulted; then each case on its own way."""
        sitting = self._announce()
        # In summer and at the year's end fewer come.
        come = self.draw.choices((5, 4, 3), (70, 20, 10))[0]
        visits = [(self._book(sitting, place), self._drawn(BEFORE)) for place in range(come)]
        decided = [(booking, visitor, fate) for (booking, visitor), fate in visits]
        for booking, visitor, fate in decided:
            self._before(booking, visitor, fate)
        self.clock.at(self.plan.starts_at - timedelta(days=6))
        appointments.place_as_proposed(sitting_id=sitting.pk, actor=self.people.bureau, now=self.clock.moment)
        appointments.send_call_notices(self.clock.at(self.plan.starts_at - timedelta(days=3)))
        comes = [(booking, visitor) for booking, visitor, fate in decided if fate == "comes"]
        held = [self._consult(place, *row) for place, row in enumerate(comes)]
        appointments.end_sessions(self.clock.at(self.plan.ends_at + timedelta(minutes=5)))
        for case in held:
            if case.outcome == Outcome.HANDED_OVER:
                Handling(case, self.draw, self.people, self.clock).go()
            evaluate(case, self.draw, self.clock)
        self.clock.deliver()

    def _drawn(self, weights: dict[Any, int]) -> Any:
        return self.draw.choices(list(weights), list(weights.values()))[0]

    def _announce(self) -> Sitting:
        self.clock.at(self.plan.starts_at - timedelta(days=12))
        sitting = plan_sitting(day=self.day, sessions=[self.plan], actor=self.people.bureau)
        now = self.clock.at(self.plan.starts_at - timedelta(days=11))
        publish_sitting(
            sitting_id=sitting.pk, actor=self.people.supervisor, now=now, opens_at=now + timedelta(hours=1)
        )
        return sitting

    def _visitor(self, place: int) -> Visitor:
        draw = self.draw
        demand = draw.choice([one for one in words.DEMANDS if one.units[0] in self.sits] or words.DEMANDS)
        trade = draw.choice(list(words.TRADES))
        return Visitor(
            serial=self.serial + place,
            company=f"{draw.choice(words.PLACES)}{draw.choice(words.NAMES)}{trade}",
            industry=words.TRADES[trade],
            district=draw.choices(words.DISTRICTS, words.DISTRICT_WEIGHTS)[0],
            person=draw.choice(words.PEOPLE),
            demand=in_other_words(demand, self.serial + place),
        )

    def _book(self, sitting: Sitting, place: int) -> tuple[Booking, Visitor]:
        visitor = self._visitor(place)
        now = self.clock.at(self.plan.starts_at - timedelta(days=10, minutes=self.draw.randrange(40)))
        booking = appointments.take_number(
            sitting_id=sitting.pk,
            application=appointments.Application(
                "operating", visitor.company, credit_code(visitor.serial), visitor.mobile
            ),
            submission=secrets.new_submission(),
            actor=audit.ANYONE,
            now=now,
        )
        appointments.confirm_booking(
            booking_id=booking.pk,
            answers=self._answers(visitor),
            consent=consent_in_force(now),
            actor=audit.HOLDER,
            now=now,
        )
        return booking, visitor

    def _answers(self, visitor: Visitor) -> dict[str, Any]:
        demand = visitor.demand
        return {
            "departments": [self.people.units[name] for name in demand.units if name in self.sits],
            "demand_kind": demand.kind,
            "demand_area": choice(ChoiceKind.AREA, demand.area),
            "title": demand.title,
            "facts": demand.facts,
            "request": demand.request,
            "elsewhere": "no",
            "elsewhere_reference": "",
            "district": choice(ChoiceKind.DISTRICT, visitor.district),
            "industry": choice(ChoiceKind.INDUSTRY, visitor.industry),
            "representative_name": visitor.person,
            "representative_role": "legal",
            "channels": ["sms"],
            "email": "",
            "attendees": 2,
        }

    def _before(self, booking: Booking, visitor: Visitor, fate: str) -> None:
        """Decided on the next day, verified on the one after; cancelled or solved before the sitting."""
        decided = self.plan.starts_at - timedelta(days=9)
        if fate == "refused":
            ground = self.draw.choice(list(RefusalGround.objects.order_by("clause")))
            appointments.refuse_booking(
                booking_id=booking.pk,
                ground=ground,
                explanation=f"所反映事项{ground}，不属于本次受理范围，请按指引办理。",
                actor=self.people.bureau,
                now=self.clock.at(decided),
            )
            return
        accepted = appointments.accept_booking(
            booking_id=booking.pk,
            assignment=appointments.Assignment(*self._parts(visitor)),
            demand_kind=visitor.demand.kind,
            demand_area=choice(ChoiceKind.AREA, visitor.demand.area),
            actor=self.people.bureau,
            now=self.clock.at(decided),
        )
        self._verify(accepted, visitor)
        now = self.clock.at(self.plan.starts_at - timedelta(days=5))
        if fate == "cancelled":
            appointments.cancel_booking(booking_id=booking.pk, actor=audit.HOLDER, now=now)
        elif fate == "solved":
            head = self.people.staff[visitor.demand.units[0]]
            appointments.propose_solved(
                booking_id=booking.pk, solution="对接中已协调办结，企业无需到场。", actor=head, now=now
            )
            appointments.confirm_solved(booking_id=booking.pk, actor=audit.HOLDER, now=now)

    def _parts(self, visitor: Visitor) -> tuple[int, tuple[int, ...]]:
        lead, *others = [self.people.units[name].pk for name in visitor.demand.units]
        return lead, tuple(others)

    def _verify(self, booking: Booking, visitor: Visitor) -> None:
        now = self.clock.at(self.plan.starts_at - timedelta(days=7))
        for row in booking.verifications.select_related("department"):
            appointments.record_verification(
                verification_id=row.pk,
                way=ContactWay.PHONE,
                spoke_with=visitor.person,
                finding="情况属实，已请企业带齐材料到场。",
                actor=self.people.staff[row.department.name],
                now=now,
            )

    def _consult(self, place: int, booking: Booking, visitor: Visitor) -> Case:
        """Called in turn, recorded and signed at the table."""
        begins = self.plan.starts_at + timedelta(minutes=32 * place + self.draw.randrange(6))
        entry = appointments.check_in(
            booking_id=booking.pk, actor=self.head, now=self.clock.at(begins - timedelta(minutes=18))
        )
        appointments.call(entry_id=entry.pk, desk="1号桌", actor=self.head, now=self.clock.at(begins))
        record = records.open_record(
            booking_id=booking.pk, actor=self.head, now=self.clock.at(begins + timedelta(minutes=1))
        )
        outcome = self._drawn(AT_TABLE)
        now = self.clock.at(begins + timedelta(minutes=self.draw.randrange(14, 29)))
        kept = records.keep_draft(
            consultation_id=record.pk,
            revision=record.revision,
            fields=self._recorded(outcome, visitor),
            actor=self.head,
            now=now,
        )
        records.sign_off(consultation_id=record.pk, revision=kept.revision, actor=self.head, now=now)
        return Case.objects.get(booking=booking)

    def _recorded(self, outcome: Outcome, visitor: Visitor) -> dict[str, Any]:
        reply = {"reply": "已当面答复企业，说明依据、办理路径和时间。", "outcome": str(outcome)}
        if outcome == Outcome.SOLVED:
            return reply | {
                "solved_measures": "相关科室当场核对材料并办理。",
                "solved_manner": "done",
                "solved_result": f"“{visitor.demand.title}”已当场办结，企业确认。",
            }
        if outcome == Outcome.EXPLAINED:
            return reply | {
                "explained_why": "beyond_reach",
                "explanation": "现行政策尚不支持，已说明依据和上级部门的研究进展。",
                "help_offered": "安排专人跟踪政策变化，有变化即告知企业。",
            }
        lead, others = self._parts(visitor)
        return reply | {"lead": str(lead), "assisting": [str(key) for key in others]}


def choice(kind: ChoiceKind, name: str) -> Choice:
    return Choice.objects.get(kind=kind, name=name)
