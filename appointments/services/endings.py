"""A booking ends before its consultation: whoever had to do with it is let go. [3.4]"""

from datetime import datetime

from appointments import moves, notices, notices_handling
from appointments.enums import VerificationStatus
from appointments.models import Booking, Verification
from appointments.services import clocks
from core import audit
from core.transitions import moving


def end_handling(booking: Booking, *, actor: audit.Actor, now: datetime) -> None:
    """A locked booking ends before its consultation: its departments and its clocks are let go. [3.4]"""
    for row in booking.verifications.filter(status=VerificationStatus.OPEN).order_by("pk"):
        with moving(Verification, row.pk, moves.VOID_VERIFICATION, actor=actor):
            pass
    clocks.stop(booking, actor=actor, now=now)
    notices.no_call_back(booking)
    if booking.told_place:
        notices_handling.nothing_more_to_call(booking)
