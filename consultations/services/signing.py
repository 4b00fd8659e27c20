"""Sign-off: the booking is attended, the case opened, and whoever it concerns told, all of it or nothing. [3.6]"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.enums import QueueStatus
from appointments.models import Booking
from appointments.selectors_day import entry_of
from appointments.services import finish_consultation
from cases import services as cases
from consultations import fields, guards, moves, permissions
from consultations.enums import Outcome
from consultations.models import Consultation, Version
from consultations.services.clocks import end_signing
from consultations.services.drafts import drop_keys
from core.models import User
from core.transitions import lock, moving
from sessions_app.models import Session


def sign_off(*, consultation_id: int, revision: int, actor: User, now: datetime) -> Consultation:
    """Freeze the record that was read up to `revision`; exactly one outcome, and what it needs. One transaction. [3.6]

    Refuses `incomplete` with the `problems` of each field, `changed_by_other`, `changed_since`, `already_done`.
    """
    with transaction.atomic():
        found = Consultation.objects.filter(pk=consultation_id).first()
        session = lock(Session, found.session_id if found else None)
        permissions.check_can_sign(actor, session)
        booking = lock(Booking, found.booking_id if found else None)
        with moving(Consultation, consultation_id, moves.SIGN_OFF, actor=actor) as record:
            guards.check_read_to_the_end(record, revision, actor)
            guards.check_complete(record, fields.read(record), session)
            _leave_one_outcome(record)
            _finish(booking, record, actor, now)
            record.due_on = _open_case(record, actor, now)
            record.signed_at, record.signed_by = now, actor
            drop_keys(record)
            end_signing(record, actor=actor, now=now)
        write_version(record, actor=actor, now=now)
    return record


def _leave_one_outcome(record: Consultation) -> None:
    """What was typed for another outcome than the one chosen in the end is no part of the record."""
    values = fields.read(record)
    for outcome, names in fields.OF_OUTCOME.items():
        if outcome != record.outcome:
            fields.put(record, {name: [] if name == "assisting" else "" for name in names if values[name]})


def _finish(booking: Booking, record: Consultation, actor: User, now: datetime) -> None:
    """The desk may have ended it before; and what is signed on a later day did not last until then."""
    entry = entry_of(booking.pk)
    if entry is not None and entry.status == QueueStatus.CONSULTING:
        ended = now if timezone.localdate(now) == record.held_on else entry.session.ends_at
        finish_consultation(entry_id=entry.pk, actor=actor, now=min(now, ended))


def _open_case(record: Consultation, actor: User, now: datetime) -> date | None:
    """The demand becomes a case; returns the day by which what was handed over is answered. [3.6] [3.7]"""
    told: dict[str, Any] = {
        "booking_id": record.booking_id,
        "points": record.points,
        "day": record.held_on,
        "actor": actor,
        "now": now,
    }
    if record.outcome == Outcome.HANDED_OVER:
        assisting = tuple(record.assisting.order_by("position", "pk").values_list("pk", flat=True))
        assert record.lead_id is not None
        return cases.feedback_day(cases.hand_over(parts=cases.Parts(record.lead_id, assisting), **told))
    cases.close_at_once(outcome=Outcome(record.outcome), answer=answer_of(record), **told)
    return None


def answer_of(record: Consultation) -> str:
    """What the enterprise is answered when nothing is handed over. [3.7]"""
    if record.outcome == Outcome.SOLVED:
        parts = {
            _("措施"): record.solved_measures,
            _("方式"): record.get_solved_manner_display(),
            _("结果"): record.solved_result,
        }
    else:
        parts = {
            _("事由"): record.get_explained_why_display(),
            _("说明"): record.explanation,
            _("协助支持"): record.help_offered,
        }
    return "\n".join(f"{label}：{str(text).strip()}" for label, text in parts.items())


def write_version(record: Consultation, *, actor: User, now: datetime, reason: str = "") -> Version:
    """The record as it now stands, kept for good."""
    hands = {f"signature_{row.side}": row.digest for row in record.signatures.order_by("side")}
    due = {"due_on": record.due_on.isoformat()} if record.due_on else {}
    return Version.objects.create(
        consultation=record,
        number=record.versions.count() + 1,
        made_at=now,
        made_by=actor,
        reason=reason,
        content=fields.read(record) | due | hands,
    )
