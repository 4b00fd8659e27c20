"""The clock of a question: two working days for each round, owed by the window or by a department. [3.1]"""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, policy
from core.audit import subject_of
from core.selectors import ours
from deadlines.enums import TimerKind
from deadlines.models import Obligation, Revision
from deadlines.selectors import recipients_of
from deadlines.services import fire_due, meet_obligation, open_obligation, tell_revisions, void_obligations
from departments.enums import Role
from departments.selectors import users_with_role
from inquiries import notices
from inquiries.models import Inquiry

KIND = "question"


def start_clock(inquiry: Inquiry, actor: audit.Actor, now: datetime) -> None:
    """The question waits from now on, in its current round; the caller saves it. Refuses `calendar_missing`."""
    inquiry.opened_at, inquiry.closed_at = now, None
    _owe(inquiry, actor, now, working_days=ours(policy.QUESTION_WORKING_DAYS))


def hand_clock(inquiry: Inquiry, actor: audit.Actor, now: datetime) -> None:
    """Whoever answers now owes what the one before owed, by the same day; the caller saves it."""
    assert inquiry.obligation is not None
    working_days = inquiry.obligation.working_days
    void_clock(inquiry, actor, now)
    _owe(inquiry, actor, now, working_days=working_days)


def _owe(inquiry: Inquiry, actor: audit.Actor, now: datetime, *, working_days: int) -> None:
    inquiry.obligation = open_obligation(
        owner=subject_of(inquiry),
        kind=KIND,
        start=timezone.localdate(inquiry.opened_at),
        working_days=working_days,
        clause="[3.1]",
        title=_("答复窗口咨询 %s") % inquiry.reference,
        actor=actor,
        now=now,
        department=inquiry.department,
        url=reverse("console:inquiries_inquiry_change", args=[inquiry.pk]),
        round=inquiry.round,
    )


def meet_clock(inquiry: Inquiry, actor: audit.Actor, now: datetime) -> None:
    """It was replied to, by whomever: how late is kept for ever."""
    meet_obligation(
        owner=subject_of(inquiry),
        kind=KIND,
        actor=actor,
        now=now,
        department=inquiry.department,
        round=inquiry.round,
    )


def void_clock(inquiry: Inquiry, actor: audit.Actor, now: datetime) -> None:
    void_obligations(owner=subject_of(inquiry), actor=actor, now=now, kinds=[KIND])


def remind(now: datetime) -> int:
    """Tell who must answer that a question is due or late, and the asker when a new calendar moved the day. [3.1]"""
    reminded = fire_due(kinds=[KIND], on_fire=_tell_due, now=now)
    return reminded + tell_revisions(kinds=[KIND], on_tell=_tell_moved, now=now)


def _tell_due(obligation: Obligation, step: TimerKind, levels: list[TimerKind]) -> list:
    """Whom the ladder reaches; at the window those who sit at it, too."""
    inquiry = Inquiry.objects.select_related("obligation").get(obligation=obligation)
    people = {user.pk: user for user in recipients_of(obligation, step)}
    if obligation.department is None:
        people |= {user.pk: user for user in users_with_role(Role.WINDOW_CLERK)}
    told = [people[pk] for pk in sorted(people)]
    notices.due(inquiry, told, step=step)
    return told


def _tell_moved(obligation: Obligation, revisions: list[Revision]) -> None:
    inquiry = Inquiry.objects.select_related("obligation").get(obligation=obligation)
    notices.due_moved(inquiry, revision=revisions[-1])
