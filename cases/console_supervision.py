"""The supervision page: lights by department and kind, what is late, what waits for us, what was urged. [3.7]"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.enums import NEXT_STEPS, FilterPage
from cases.models import Case
from cases.selectors_supervision import BUREAU, Line, Standing, last_sent, owed_where, rows_of, standing_of
from cases.selectors_work import Text, cases_by_key, owed_by, to_close
from core.console import actor_of
from core.console_page import console_page
from core.console_status import job_line
from core.models import User
from deadlines.enums import Light
from deadlines.selectors import oldest_unfired, waits_too_long, with_lights
from departments.selectors import department_of

URGES = "cases.urge_case"
SWEEP = "cases.remind_of_deadlines"
ROWS_ON_A_PAGE = 50
OWN_ROWS = 20
LIGHTS: dict[str, Text] = {light.value: light.label for light in (Light.LATE, Light.NEAR, Light.ON_TRACK)}
ALL = "all"


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to. Without a word it shows what is late; what nobody understands asks for all."""

    debtor: str
    kind: str
    light: str

    @classmethod
    def asked(cls, query: QueryDict) -> "Wanted":
        debtor, kind, light = (query.get(name, "") for name in ("debtor", "kind", "light"))
        return cls(
            debtor=debtor if debtor == BUREAU or (debtor.isdecimal() and len(debtor) < 10) else "",
            kind=kind if kind in NEXT_STEPS else "",
            light=light if light in LIGHTS else "" if light or debtor or kind else Light.LATE.value,
        )

    def query(self, **other: str) -> str:
        """Behind the question mark; `other` in place of what is wanted now."""
        wanted = {"debtor": self.debtor, "kind": self.kind, "light": self.light or ALL} | other
        return urlencode({name: value for name, value in wanted.items() if value})


def supervision(request: HttpRequest) -> HttpResponse:
    """The bureau and the inspection office see the same. [3.7] [3.9]"""
    actor = actor_of(request)
    if not actor.has_perm(URGES):
        raise PermissionDenied
    today = timezone.localdate()
    wanted, standing = Wanted.asked(request.GET), standing_of(actor, today)
    owed = owed_where(actor, today, debtor=wanted.debtor, kind=wanted.kind, light=wanted.light)
    listed = Paginator(owed, ROWS_ON_A_PAGE).get_page(request.GET.get("p"))
    rows = rows_of(list(listed), today)
    context = {
        "wanted": wanted,
        "query": wanted.query(),
        "tables": _tables(standing),
        "whole": _line(standing.whole, "", ALL),
        "page": listed,
        "rows": rows,
        "can_urge_some": any(row.can_be_urged for row in rows),
        "debtors": [(line.key, line.label) for line in standing.by_debtor],
        "kinds": list(NEXT_STEPS.items()),
        "lights": list(LIGHTS.items()),
        "heading": _heading(wanted, standing),
        "filter_page": FilterPage.SUPERVISION,
        "sent": last_sent(),
        **_ours(actor, today),
        **_sweep(),
    }
    return console_page(request, "console/cases_supervision.html", context, title=gettext_lazy("督办"), model=Case)


def _tables(standing: Standing) -> list[dict[str, Any]]:
    return [
        {"title": _("按单位"), "head": _("责任单位"), "lines": [_line(line, "debtor") for line in standing.by_debtor]},
        {"title": _("按事项"), "head": _("事项"), "lines": [_line(line, "kind") for line in standing.by_kind]},
    ]


def _line(line: Line, column: str, key: str = "") -> dict[str, Any]:
    """Each count leads to the list of what it counts."""
    counts = {Light.LATE: line.late, Light.NEAR: line.near, Light.ON_TRACK: line.on_track, ALL: line.total}
    asked = {column: key or line.key} if column else {}
    return {
        "label": line.label,
        "cells": [(light, count, urlencode(asked | {"light": str(light)})) for light, count in counts.items()],
    }


def _heading(wanted: Wanted, standing: Standing) -> str:
    """市税务局 · 反馈办理情况 · 超期"""
    names = {line.key: line.label for line in standing.by_debtor}
    parts = [
        names.get(wanted.debtor, _("没有办理中事项的单位")) if wanted.debtor else "",
        NEXT_STEPS.get(wanted.kind, ""),
        LIGHTS.get(wanted.light, "") if wanted.light else _("办理中的全部事项"),
    ]
    return " · ".join(str(part) for part in parts if part)


def _ours(actor: User, today: Any) -> dict[str, Any]:
    """What waits for the office that looks at the page: its rulings and checks; and the close-outs. [3.7]"""
    own = department_of(actor)
    owed = with_lights(owed_by(own), today) if own else None
    rows = list(owed.order_by("last_day", "pk")[:OWN_ROWS]) if owed is not None else []
    cases = cases_by_key(rows)
    waiting = [(row, cases[row.belongs_to], NEXT_STEPS[row.kind]) for row in rows if row.belongs_to in cases]
    closes = actor.has_perm("cases.assign_case") or actor.has_perm("cases.close_case")
    return {"own": own, "waiting": waiting, "to_close": list(to_close(own)[:OWN_ROWS]) if own and closes else []}


def _sweep() -> dict[str, Any]:
    """Whether reminders go out: the last run, and the one that has waited longest."""
    oldest = oldest_unfired(NEXT_STEPS)
    return {"sweep": job_line(SWEEP), "oldest": oldest, "oldest_waits": waits_too_long(oldest, timezone.now())}
