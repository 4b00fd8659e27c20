"""Addresses and posted forms of the schedule's pages."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from sessions_app.models import Session, Sitting
from tests.factories import department, moment

NOW = moment("2026-12-07 10:00")
LIST = "console:sessions_app_sitting_changelist"
PLANNERS = {"bureau_staff", "bureau_supervisor"}
Console = Callable[[str], Client]


def page_of(row: Sitting | Session) -> str:
    return reverse(f"console:sessions_app_{row._meta.model_name}_change", args=[row.pk])


def press_of(row: Sitting | Session, verb: str) -> str:
    return reverse(f"console:sessions_app_{row._meta.model_name}_do", args=[row.pk, verb])


def chair_rows(*rows: dict[str, Any]) -> dict[str, Any]:
    """The departments' table as the browser posts it."""
    data: dict[str, Any] = {"chairs-TOTAL_FORMS": len(rows), "chairs-INITIAL_FORMS": 0}
    for place, row in enumerate(rows):
        data |= {f"chairs-{place}-{name}": value for name, value in row.items()}
    return data


def session_data(**given: Any) -> dict[str, Any]:
    data = {"kind": "special", "day": "2026-12-16", "starts_at": "09:00", "ends_at": "12:00", "place": "园区"}
    lead = {"department": department("市税务局").pk, "is_lead": "on", "leader_name": "张 三", "leader_title": "局长"}
    return data | chair_rows(lead) | given
