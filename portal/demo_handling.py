"""What became of a demand that was handed over, for the demonstration: planned, answered, checked, closed. [3.7]"""

from datetime import date, datetime, time
from random import Random
from typing import Any

from cases import services
from cases.enums import Result
from cases.models import Assignment, Case
from cases.selectors import parts_of
from core.models import User
from core.workdays import due_date
from departments.enums import DepartmentKind, Role
from departments.models import Department, Membership
from portal.demo_clock import REAL_NOW, Clock
from sessions_app.services import local_moment

RESULTS = {Result.SOLVED: 66, Result.PARTLY: 16, Result.EXPLAINED: 12, Result.LONG_TERM: 6}
# In working days after the consultation, and how many of a hundred.
PLANNED_ON = {2: 20, 3: 30, 4: 30, 5: 14, 7: 6}
ANSWERED_ON = {9: 16, 11: 28, 13: 30, 15: 14, 17: 8, 21: 4}
ASKS_EXTENSION, IS_RETURNED = 0.1, 0.08
CHECKED_AFTER, CLOSED_AFTER, AGAIN_AFTER = 1, 2, 3
ANSWERS = {
    Result.SOLVED: "已会同企业核对材料并办结，结果已书面告知。",
    Result.PARTLY: "已办结其中可以先行办理的部分，其余列入下一批办理。",
    Result.EXPLAINED: "经核实，现行规定不支持该请求，已向企业说明依据并提供替代办法。",
    Result.LONG_TERM: "涉及规划和资金安排，已列入年度计划，定期向企业通报进展。",
}


class People:
    """Who works where. Units without an account of their own get one that nobody can sign in to."""

    def __init__(self) -> None:
        self.bureau = User.objects.get(username="bureau")
        self.supervisor = User.objects.get(username="supervisor")
        units = Department.objects.exclude(kind=DepartmentKind.INSPECTION)
        self.units = {unit.name: unit for unit in units}
        self.staff = {name: self._of(unit, Role.DEPARTMENT_STAFF) for name, unit in self.units.items()}
        self.heads = {name: self._of(unit, Role.DEPARTMENT_HEAD) for name, unit in self.units.items()}

    def _of(self, unit: Department, role: Role) -> User:
        if unit.kind == DepartmentKind.BUREAU:
            return self.bureau
        there = Membership.objects.filter(department=unit, role=role).select_related("user").first()
        if there:
            return there.user
        title = "局长" if role == Role.DEPARTMENT_HEAD else "经办"
        user = User(username=f"{role}{unit.pk}", full_name=f"{unit.name}{title}", is_staff=True)
        user.set_unusable_password()
        user.save()
        Membership.objects.create(user=user, role=role, department=unit)
        return user


class Handling:
    """Each step on its working day; what would lie ahead has not been done."""

    def __init__(self, case: Case, draw: Random, people: People, clock: Clock) -> None:
        self.case, self.draw, self.people, self.clock = case, draw, people, clock
        self.result = draw.choices(list(RESULTS), list(RESULTS.values()))[0]
        self.planned = draw.choices(list(PLANNED_ON), list(PLANNED_ON.values()))[0]
        self.answered = draw.choices(list(ANSWERED_ON), list(ANSWERED_ON.values()))[0]
        self.asks, self.returned = draw.random() < ASKS_EXTENSION, draw.random() < IS_RETURNED

    def go(self) -> None:
        steps = [(self.planned, self._plan)]
        if self.asks:
            steps.append((self.planned + 2, self._extend))
        steps.append((self.answered, self._answer))
        checked = self.answered + CHECKED_AFTER
        if self.returned:
            steps.append((checked, self._return))
            steps.append((checked + AGAIN_AFTER, self._answer))
            checked += AGAIN_AFTER + CHECKED_AFTER
        steps += [(checked, self._accept), (checked + CLOSED_AFTER, self._close)]
        for number, step in steps:
            moment = self._moment(number)
            if moment > REAL_NOW():
                return
            step(self.clock.at(moment))

    def _day(self, number: int) -> date:
        return due_date(self.case.start, number).due

    def _moment(self, number: int) -> datetime:
        return local_moment(self._day(number), time(9 + number % 8, self.draw.randrange(60)))

    def _parts(self) -> list[Assignment]:
        return parts_of(self.case)

    def _of(self, part: Assignment) -> dict[str, Any]:
        return {"assignment_id": part.pk, "actor": self.people.staff[part.department.name]}

    def _plan(self, now: datetime) -> None:
        parts = self._parts()
        if len(parts) > 1:
            shares = {part.department_id: "按职责核实并提出办理意见" for part in parts}
            services.divide(shares=shares, now=now, **self._of(parts[0]))
        for part in parts:
            given = self._of(part)
            plan = services.Plan(given["actor"].pk, self._day(15), "约企业核对材料，会同业务科室办理。", "")
            services.make_plan(plan=plan, now=now, **given)

    def _extend(self, now: datetime) -> None:
        extension = services.ask_extension(
            day=self._day(25), reason="需报上级部门核定，预计延后两周。", now=now, **self._of(self._parts()[0])
        )
        services.grant_extension(
            extension_id=extension.pk, day=self._day(25), note="同意。", actor=self.people.supervisor, now=now
        )

    def _answer(self, now: datetime) -> None:
        offered = "" if self.result in (Result.SOLVED, Result.PARTLY) else "安排专人跟踪，定期向企业反馈进展。"
        for part in self._parts():
            if part.status == "handling":
                answer = services.Answer(self.result, ANSWERS[self.result], offered)
                services.give_feedback(answer=answer, now=now, **self._of(part))

    def _return(self, now: datetime) -> None:
        lead = self._parts()[0]
        services.return_feedback(
            assignment_id=lead.pk, note="未附办理凭证，请补充后重新反馈。", actor=self.people.bureau, now=now
        )

    def _accept(self, now: datetime) -> None:
        for part in self._parts():
            services.accept_feedback(assignment_id=part.pk, note="", actor=self.people.bureau, now=now)

    def _close(self, now: datetime) -> None:
        report = self._day(80) if self.result == Result.LONG_TERM else None
        services.close_case(
            case_id=self.case.pk,
            result=self.result,
            answer=f"您反映的“{self.case.booking.title}”办理情况：{ANSWERS[self.result]}",
            actor=self.people.supervisor,
            now=now,
            next_report_on=report,
        )
