"""The page of one case: where it stands, each department's part, every due date and its reason, the demand. [3.7]"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.enums import TAKES_PART, CaseStatus
from cases.models import Assignment, Case
from cases.selectors import reopening_of, supplements_of
from cases.selectors_page import (
    Step,
    accepted,
    all_parts,
    answered,
    dues_of,
    earlier_rounds,
    planned,
    units_of_subjects,
)
from core import console_history
from core.masks import mask_email, mask_mobile, mask_name

HISTORY_SHOWN = 12


def page_context(case: Case) -> dict[str, Any]:
    """Everything that the page reads; the buttons are the admin's."""
    parts = all_parts(case)
    current = [part for part in parts if part.round == case.round and part.status in TAKES_PART]
    dues = dues_of(case, timezone.localdate())
    steps = steps_of(case, current)
    units = units_of_subjects(case, parts)
    done = console_history.done_to(*units)
    return {
        "case": case,
        "booking": case.booking,
        "parts": current,
        # Withdrawn ones of this round; those of an earlier one stand in it.
        "former": [part for part in parts if part.round == case.round and part not in current],
        "rounds": earlier_rounds(case, parts),
        "reopening": reopening_of(case),
        "steps": steps,
        "current_step": next((step for step in steps if not step.is_done), None),
        "open_dues": [due for due in dues if due.obligation.is_open],
        "past_dues": [due for due in dues if not due.obligation.is_open],
        "done": [(entry, units[entry.subject]) for entry in done[:HISTORY_SHOWN]],
        "more_done": max(len(done) - HISTORY_SHOWN, 0),
        "contact": masked_contact(case),
        "attachments": list(case.booking.attachments.all()),
        "supplements": list(case.booking.supplements.all()),
        "added": supplements_of(case),
    }


def steps_of(case: Case, parts: list[Assignment]) -> list[Step]:
    """From the hand-over to the close-out; what was closed on its first day has no other steps. [3.7]"""
    closed = int(case.status == CaseStatus.CLOSED)
    if not parts:
        return [Step(_("坐诊"), 1, 1), Step(_("销号"), closed, 1)]
    of = len(parts)
    return [
        Step(_("交办"), 1, 1),
        Step(_("定方案"), planned(parts), of),
        Step(_("反馈"), answered(parts), of),
        Step(_("审核"), accepted(parts), of),
        Step(_("销号"), closed, 1),
    ]


def masked_contact(case: Case) -> dict[str, str]:
    booking = case.booking
    return {
        "name": mask_name(booking.representative_name),
        "mobile": mask_mobile(booking.mobile),
        "email": mask_email(booking.email) if booking.email else "",
    }
