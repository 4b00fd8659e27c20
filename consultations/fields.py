"""The record's fields by their names, as the page shows them, the tablet keeps them and a version holds them. [3.6]

Flat: what a sitting department brings is named with its key (`principal_3`, `came_3`). A value is what a browser
sends: text, or a list of texts where several can be chosen.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from consultations.enums import Manner, Outcome, Why
from consultations.models import Attendance, Consultation
from core.errors import Refused
from departments.models import Department

Value = str | list[str]
Values = dict[str, Value]

TEXTS = (
    "visitors",
    "points",
    "reply",
    "policy_basis",
    "solved_measures",
    "solved_result",
    "explanation",
    "help_offered",
    "opinion",
    "recorder",
)
CHOICES: dict[str, type[models.TextChoices]] = {"outcome": Outcome, "solved_manner": Manner, "explained_why": Why}
# What only one outcome holds; with another it is emptied at sign-off.
OF_OUTCOME = {
    Outcome.SOLVED: ("solved_measures", "solved_manner", "solved_result"),
    Outcome.HANDED_OVER: ("lead", "assisting", "promised_on"),
    Outcome.EXPLAINED: ("explained_why", "explanation", "help_offered"),
}
# Of a sitting department; each name is followed by the department's key.
OF_DEPARTMENT = ("principal", "absence", "deputies", "sections")
CAME, YES, NO = "came", "yes", "no"
_NAMED = re.compile(r"(?P<column>principal|absence|deputies|sections|came)_(?P<key>[0-9]{1,18})")
# What no database and no Word file can hold.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read(record: Consultation) -> Values:
    """Every field of the record by its name. Two queries."""
    values: Values = {name: getattr(record, name) for name in (*TEXTS, *CHOICES)}
    values["lead"] = str(record.lead_id or "")
    values["assisting"] = [str(key) for key in record.assisting.order_by("pk").values_list("pk", flat=True)]
    values["promised_on"] = record.promised_on.isoformat() if record.promised_on else ""
    for row in record.attendances.all():
        values |= {f"{name}_{row.department_id}": getattr(row, name) for name in OF_DEPARTMENT}
        values[f"{CAME}_{row.department_id}"] = YES if row.principal_came else NO
    return values


def changes(record: Consultation, fields: Mapping[str, Any]) -> Values:
    """What differs from the record, cleaned. Refuses `unknown_field`, `too_long`, `bad_value`."""
    now = read(record)
    cleaned = {name: clean(name, value, now) for name, value in fields.items()}
    return {name: value for name, value in cleaned.items() if value != now[name]}


def clean(name: str, value: Any, known: Values) -> Value:
    if name not in known:
        raise Refused("unknown_field", _("页面已更新，请刷新后再填写。"), field=name)
    if name == "assisting":
        return sorted({_key(one, name) for one in value if one} if isinstance(value, list) else set(), key=int)
    if not isinstance(value, str):
        raise Refused("bad_value", _("内容格式不正确，请重新填写。"), field=name)
    # A form sends lines ended in two characters, a script in one.
    text = _UNWRITABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if name in CHOICES:
        return _one_of(["", *CHOICES[name].values], text, name)
    if name == "lead":
        return _key(text, name) if text else ""
    if name == "promised_on":
        return _day(text, name)
    if name.startswith(f"{CAME}_"):
        return _one_of([YES, NO], text, name)
    return _short_enough(text, name)


def put(record: Consultation, changed: Values) -> list[str]:
    """Write cleaned values onto a locked record's row and its rows; returns the record's own columns to save."""
    columns = []
    for name, value in changed.items():
        if name == "assisting":
            record.assisting.set([int(key) for key in value])
        elif name == "lead":
            record.lead_id = int(str(value)) if value else None
            columns.append("lead")
        elif name == "promised_on":
            record.promised_on = date.fromisoformat(str(value)) if value else None
            columns.append(name)
        elif not _NAMED.fullmatch(name):
            setattr(record, name, value)
            columns.append(name)
    _put_attendance(record, changed)
    return columns


def _put_attendance(record: Consultation, changed: Values) -> None:
    for row in record.attendances.all():
        columns = {}
        for name, value in changed.items():
            found = _NAMED.fullmatch(name)
            if found is not None and int(found["key"]) == row.department_id:
                columns[found["column"]] = value
        if came := columns.pop(CAME, None):
            row.principal_came = came == YES
        for column, value in columns.items():
            setattr(row, column, value)
        if columns or came:
            row.save(update_fields=[*columns, *(["principal_came"] if came else [])])


def _one_of(allowed: list[str], text: str, name: str) -> str:
    if text not in allowed:
        raise Refused("bad_value", _("请从给出的选项中选择。"), field=name)
    return text


def _key(text: Any, name: str) -> str:
    key = str(text)
    if not re.fullmatch(r"[0-9]{1,18}", key) or not Department.objects.filter(pk=int(key)).exists():
        raise Refused("bad_value", _("请从给出的部门中选择。"), field=name)
    return str(int(key))


def _day(text: str, name: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise Refused("bad_value", _("日期格式不正确。"), field=name) from None


def _short_enough(text: str, name: str) -> str:
    found = _NAMED.fullmatch(name)
    model, column = (Attendance, found["column"]) if found else (Consultation, name)
    most = model._meta.get_field(column).max_length
    if len(text) > most:
        raise Refused("too_long", _("最多 %s 字，请精简。") % most, field=name)
    return text
