"""Whose turn it is and until when: the obligations that hang on a booking. [3.4]"""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.models import Booking
from appointments.selectors import first_session_start
from core import audit, policy
from core.audit import subject_of
from core.selectors import ours
from core.workdays import last_working_day
from deadlines.enums import Cause
from deadlines.models import Obligation
from deadlines.selectors import met_rounds, open_obligations
from deadlines.services import meet_obligation, open_obligation, revise_obligation, void_obligations
from departments.models import Department

TRIAGE, FACTS, VERIFICATION, CLAIM = "triage", "facts", "verification", "claim"
KINDS_OWED = (TRIAGE, FACTS, VERIFICATION, CLAIM)


def start_triage(booking: Booking, *, actor: audit.Actor, now: datetime) -> None:
    """The bureau decides within a working day (ours), anew each time that facts were added. [3.4]"""
    open_obligation(
        owner=subject_of(booking),
        kind=TRIAGE,
        start=timezone.localdate(now),
        working_days=ours(policy.TRIAGE_WORKING_DAYS),
        clause="[3.4]",
        title=_("受理审核：%s") % booking.reference,
        round=triage_round(booking),
        actor=actor,
        now=now,
    )


def end_triage(booking: Booking, *, actor: audit.Actor, now: datetime) -> None:
    meet_obligation(owner=subject_of(booking), kind=TRIAGE, round=triage_round(booking), actor=actor, now=now)


def start_waiting_for_facts(booking: Booking, *, actor: audit.Actor, now: datetime) -> Obligation:
    """The enterprise is given two working days (ours), at most until the eve of the sitting. [3.4]

    The bureau owes it: it phones, or decides on what it has.
    """
    today = timezone.localdate(now)
    return open_obligation(
        owner=subject_of(booking),
        kind=FACTS,
        start=today,
        working_days=ours(policy.FACTS_WORKING_DAYS),
        no_later_than=max(today, eve_of_sitting(booking)),
        clause="[3.4]",
        title=_("待企业补充：%s") % booking.reference,
        round=triage_round(booking),
        actor=actor,
        now=now,
    )


def end_waiting_for_facts(booking: Booking, *, actor: audit.Actor, now: datetime) -> None:
    meet_obligation(owner=subject_of(booking), kind=FACTS, round=triage_round(booking), actor=actor, now=now)


def triage_round(booking: Booking) -> int:
    """1 at first, one more for each time that the enterprise added facts."""
    return booking.supplements.filter(added_at__isnull=False).count() + 1


def start_claim(booking: Booking, *, actor: audit.Actor, now: datetime) -> None:
    """The desk settles within a working day who the enterprise is (ours). [3.3]"""
    open_obligation(
        owner=subject_of(booking),
        kind=CLAIM,
        start=timezone.localdate(now),
        working_days=ours(policy.CLAIM_WORKING_DAYS),
        clause="[3.3]",
        title=_("重复预约核实：%s") % booking.reference,
        actor=actor,
        now=now,
    )


def end_claim(booking: Booking, *, actor: audit.Actor, now: datetime) -> None:
    meet_obligation(owner=subject_of(booking), kind=CLAIM, actor=actor, now=now)


def start_verification(booking: Booking, department: Department, *, actor: audit.Actor, now: datetime) -> None:
    """7 working days from the day it was passed on, and done by the working day before the sitting. [3.4]"""
    today = timezone.localdate(now)
    open_obligation(
        owner=subject_of(booking),
        kind=VERIFICATION,
        department=department,
        start=today,
        working_days=policy.VERIFICATION_WORKING_DAYS,
        no_later_than=max(today, eve_of_sitting(booking)),
        clause="[3.4]",
        title=_("对接核实：%s") % booking.reference,
        round=verification_round(booking, department),
        actor=actor,
        now=now,
    )


def verification_round(booking: Booking, department: Department) -> int:
    """1 at first, one more for each time that the department had verified and was asked anew."""
    return met_rounds(subject_of(booking), VERIFICATION, department) + 1


def eve_of_sitting(booking: Booking) -> date:
    """The working day before the day of the first session."""
    return last_working_day(timezone.localdate(first_session_start(booking.sitting_id)) - timedelta(days=1))


def end_verification(booking: Booking, department: Department, *, actor: audit.Actor, now: datetime) -> None:
    meet_obligation(
        owner=subject_of(booking),
        kind=VERIFICATION,
        department=department,
        round=verification_round(booking, department),
        actor=actor,
        now=now,
    )


def stop(booking: Booking, *, actor: audit.Actor, now: datetime) -> None:
    """The booking ended otherwise: nobody owes anything about it any more."""
    void_obligations(owner=subject_of(booking), actor=actor, now=now)


def stop_verification(booking: Booking, department: Department, *, actor: audit.Actor, now: datetime) -> None:
    void_obligations(owner=subject_of(booking), kinds=[VERIFICATION], department=department, actor=actor, now=now)


def fit_to_sitting(booking: Booking, *, reason: str, actor: audit.Actor, now: datetime) -> None:
    """The sitting moved: what ends before it ends before its new day. [3.4]"""
    eve = max(timezone.localdate(now), eve_of_sitting(booking))
    for owed in open_obligations(subject_of(booking)).filter(kind__in=(FACTS, VERIFICATION)).order_by("pk"):
        if owed.no_later_than != eve:
            revise_obligation(
                obligation_id=owed.pk, cause=Cause.MOVED, no_later_than=eve, reason=reason, actor=actor, now=now
            )
