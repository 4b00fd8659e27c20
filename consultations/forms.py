"""The record as a page asks for it: each field with its words, its bounds, and what is wrong with it. [3.6]"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from consultations import fields
from consultations.enums import Manner, Outcome, Why
from consultations.fields import Value, Values
from consultations.models import Attendance, Consultation
from consultations.selectors import departments_to_choose
from core import policy
from core.workdays import due_date

# Lines that a field shows before it grows.
ROWS = {"points": 5, "reply": 5, "policy_basis": 2, "explanation": 4, "help_offered": 3, "solved_measures": 3}
ROWS |= {"solved_result": 2, "opinion": 2}
HINTS = {
    "visitors": _("姓名和身份，如有同行人员请补充"),
    "points": _("预约时所填，可精简、补充"),
    "policy_basis": _("法律法规、政策文件的名称和条款"),
    "opinion": _("企业对答复的意见，如实记录"),
    "help_offered": _("还能为企业做什么、找谁、何时"),
}
ATTENDANCE = {
    "principal": _("主要负责人"),
    "absence": _("缺席说明"),
    "deputies": _("分管负责人"),
    "sections": _("科室长"),
}


@dataclass(frozen=True)
class Box:
    """One text on the page. `theirs` is what somebody else kept in its place meanwhile."""

    name: str
    label: Any
    value: str
    maximum: int
    rows: int = 0
    hint: Any = ""
    problem: str = ""
    theirs: str | None = None


@dataclass(frozen=True)
class Option:
    value: str
    label: Any
    chosen: bool


@dataclass(frozen=True)
class Seat:
    """A sitting department's people."""

    department: str
    key: int
    is_lead: bool
    came: bool
    boxes: list[Box]

    @property
    def has_problem(self) -> bool:
        return any(box.problem or box.theirs is not None for box in self.boxes)


@dataclass(frozen=True)
class Page:
    """All of the record's fields. `values` may be what was typed and not kept."""

    record: Consultation
    values: Values
    problems: Mapping[str, str] = field(default_factory=dict)
    theirs: Mapping[str, Value] = field(default_factory=dict)

    @property
    def boxes(self) -> dict[str, Box]:
        return {name: self._box(name, Consultation, name) for name in fields.TEXTS}

    @property
    def seats(self) -> list[Seat]:
        rows = self.record.attendances.select_related("department")
        return [
            Seat(
                department=row.department.name,
                key=row.department_id,
                is_lead=row.is_lead,
                came=self.values[f"{fields.CAME}_{row.department_id}"] == fields.YES,
                boxes=[self._box(f"{name}_{row.department_id}", Attendance, name) for name in ATTENDANCE],
            )
            for row in rows
        ]

    @property
    def outcomes(self) -> list[Option]:
        return self._options("outcome", Outcome.choices)

    @property
    def manners(self) -> list[Option]:
        return self._options("solved_manner", Manner.choices)

    @property
    def whys(self) -> list[Option]:
        return self._options("explained_why", Why.choices)

    @property
    def near_and_far(self) -> dict[str, Any]:
        """The departments to hand over to, the near ones first; who leads is not offered to assist."""
        named = [[(str(row.pk), row.name) for row in rows] for rows in departments_to_choose(self.record)]
        assisting = [[row for row in rows if row[0] != self.values["lead"]] for rows in named]
        return {
            "lead": [self._options("lead", rows) for rows in named],
            "assisting": [self._options("assisting", rows) for rows in assisting],
        }

    @property
    def limits(self) -> dict[str, Any]:
        """What a hand-over sets going, counted from the day of the consultation. [3.7]"""
        day = self.record.held_on
        return {
            "plan": due_date(day, policy.PLAN_WORKING_DAYS).due,
            "single": due_date(day, policy.FEEDBACK_WORKING_DAYS).due,
            "joint": due_date(day, policy.JOINT_FEEDBACK_WORKING_DAYS).due,
        }

    @property
    def listed_problems(self) -> list[tuple[str, str]]:
        return list(self.problems.items())

    @property
    def other_choices(self) -> list[tuple[Any, str]]:
        """What somebody else chose in place of what is chosen here, in words."""
        chosen = [(CHOSEN[name], self._words(name, self.theirs[name])) for name in CHOSEN if name in self.theirs]
        came = [
            (_("%s主要负责人") % seat.department, str(_("未到场") if seat.came else _("到场")))
            for seat in self.seats
            if f"{fields.CAME}_{seat.key}" in self.theirs
        ]
        return chosen + came

    def _words(self, name: str, value: Value) -> str:
        labels = {**dict(Outcome.choices), **dict(Manner.choices), **dict(Why.choices)}
        if name in ("lead", "assisting"):
            near, far = departments_to_choose(self.record)
            labels = {str(row.pk): row.name for row in (*near, *far)}
        keys = value if isinstance(value, list) else [value]
        return "、".join(str(labels.get(key, key)) for key in keys if key) or str(_("未选择"))

    def _box(self, name: str, model: type[Consultation] | type[Attendance], column: str) -> Box:
        found = model._meta.get_field(column)
        theirs = self.theirs.get(name)
        return Box(
            name=name,
            label=found.verbose_name,
            value=str(self.values.get(name, "")),
            maximum=found.max_length,
            rows=ROWS.get(name, 0),
            hint=HINTS.get(name, ""),
            problem=self.problems.get(name, ""),
            theirs=None if theirs is None else str(theirs),
        )

    def _options(self, name: str, choices: list[tuple[str, Any]]) -> list[Option]:
        now = self.values[name]
        return [
            Option(value, label, value in now if isinstance(now, list) else value == now) for value, label in choices
        ]


CHOSEN = {
    "outcome": _("处理方式"),
    "solved_manner": _("方式"),
    "lead": _("责任单位"),
    "assisting": _("协办单位"),
    "promised_on": _("承诺办结日期"),
    "explained_why": _("解释事由"),
}


def typed(data: QueryDict, known: Values) -> Values:
    """What a whole page sent; a box that nobody ticked is sent by no browser."""
    values: Values = {name: data[name] for name in known if name in data and name != "assisting"}
    values["assisting"] = data.getlist("assisting")
    return values


def differing(mine: Values, theirs: Values) -> Values:
    """Of another's values those that are not mine, line ends apart."""
    return {name: value for name, value in theirs.items() if name in mine and _plain(mine[name]) != _plain(value)}


def _plain(value: Value) -> Value:
    return sorted(value) if isinstance(value, list) else value.replace("\r\n", "\n")
