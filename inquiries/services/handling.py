"""What the window and the departments do with a question: answer, point on, pass, hand back. [3.1]"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refused
from core.limits import check_alone
from core.models import User
from core.transitions import lock, moving
from departments.models import Department
from departments.selectors import department_of
from inquiries import guards, moves, notices, permissions
from inquiries.enums import EntryKind
from inquiries.models import Entry, Inquiry
from inquiries.services.clock import hand_clock, meet_clock

# A press after a press: the messages cost money.
LINK_PAUSE_SECONDS = 60


def answer(*, inquiry_id: int, text: str, actor: User, now: datetime) -> Inquiry:
    """Answer the question (咨询); the asker is sent the link, not the answer. [3.1]

    Refuses `empty`, `already_done`, `wrong_status`.
    """
    guards.check_says_something(text)
    with moving(Inquiry, inquiry_id, moves.ANSWER, actor=actor) as inquiry:
        permissions.check_can_answer(actor, inquiry)
        _reply(inquiry, EntryKind.ANSWER, text, actor, now)
        inquiry.closed_at = now
        meet_clock(inquiry, actor, now)
        notices.answered(inquiry)
    return inquiry


def point_on(
    *, inquiry_id: int, department_id: int | None, place: str, text: str, actor: User, now: datetime
) -> Inquiry:
    """Say where the matter belongs (引导): a department, another channel, or both, and why. [3.1]

    Refuses `empty`, `no_place`, `already_done`, `wrong_status`.
    """
    permissions.check_can_handle(actor)
    guards.check_says_something(text)
    guards.check_says_where(department_id, place)
    with moving(Inquiry, inquiry_id, moves.POINT_ON, actor=actor) as inquiry:
        where = {"to_department_id": department_id, "to_place": place.strip()}
        _reply(inquiry, EntryKind.POINTER, text, actor, now, **where)
        inquiry.closed_at = now
        meet_clock(inquiry, actor, now)
        notices.pointed_on(inquiry)
    return inquiry


def correct_reply(*, inquiry_id: int, text: str, actor: User, now: datetime) -> Inquiry:
    """Put right what was said: the first reply stays, the correction stands below it, and the asker is told. [3.1]

    Refuses `empty`, `not_replied`.
    """
    guards.check_says_something(text)
    with transaction.atomic():
        inquiry = lock(Inquiry, inquiry_id)
        permissions.check_can_answer(actor, inquiry)
        guards.check_replied(inquiry)
        _reply(inquiry, EntryKind.CORRECTION, text, actor, now)
        entry = audit.record("correct_reply", inquiry, actor=actor, clause="[3.1]")
        notices.corrected(inquiry, once_for=str(entry.pk))
    return inquiry


def send_link_again(*, inquiry_id: int, actor: User, now: datetime) -> Inquiry:
    """Who asked has lost the link: it goes once more to the contact on record. [3.1] Refuses `too_often`."""
    permissions.check_can_handle(actor)
    check_alone("inquiry-link", str(inquiry_id), within=LINK_PAUSE_SECONDS, now=now)
    with transaction.atomic():
        inquiry = lock(Inquiry, inquiry_id)
        entry = audit.record("send_link_again", inquiry, actor=actor, clause="[3.1]")
        notices.link_again(inquiry, once_for=str(entry.pk))
    return inquiry


def _reply(inquiry: Inquiry, kind: EntryKind, text: str, actor: User, now: datetime, **where: Any) -> None:
    Entry.objects.create(
        inquiry=inquiry,
        kind=kind,
        round=inquiry.round,
        text=text.strip(),
        written_at=now,
        written_by=actor,
        unit=department_of(actor),
        **where,
    )


def pass_to_department(*, inquiry_id: int, department_id: int, note: str, actor: User, now: datetime) -> Inquiry:
    """Let a department answer; the clock runs on, and the window may still answer itself. [3.1]

    Refuses `wrong_status`, `wrong_department`, `already_done`.
    """
    permissions.check_can_handle(actor)
    with transaction.atomic():
        inquiry = lock(Inquiry, inquiry_id)
        guards.check_still_open(inquiry)
        department = guards.check_can_take_over(Department.objects.filter(pk=department_id).first(), inquiry)
        before = inquiry.department_id or ""
        inquiry.department = department
        hand_clock(inquiry, actor, now)
        inquiry.save(update_fields=["department", "obligation"])
        change = audit.record(
            "pass_inquiry", inquiry, actor=actor, before=before, after=department.pk, reason=note, clause="[3.1]"
        )
        notices.passed(inquiry, once_for=str(change.pk))
    return inquiry


def hand_back(*, inquiry_id: int, reason: str, actor: User, now: datetime) -> Inquiry:
    """A department says that it is not the one, or the window takes the question back; the clock runs on. [3.1]

    Refuses `no_reason`, `wrong_status`, `already_done`.
    """
    if not reason.strip():
        raise Refused("no_reason", _("请说明退回理由。"), field="reason")
    with transaction.atomic():
        inquiry = lock(Inquiry, inquiry_id)
        permissions.check_can_hand_back(actor, inquiry)
        guards.check_still_open(inquiry)
        guards.check_with_a_department(inquiry)
        before, inquiry.department = inquiry.department_id, None
        hand_clock(inquiry, actor, now)
        inquiry.save(update_fields=["department", "obligation"])
        audit.record("hand_back_inquiry", inquiry, actor=actor, before=before, reason=reason, clause="[3.1]")
    return inquiry


def reveal_asker(*, inquiry_id: int, reason: str, actor: User) -> Inquiry:
    """An audited look at how to reach the asker. Refuses `no_reason`, `gone`."""
    permissions.check_can_reveal_asker(actor)
    if not reason.strip():
        raise Refused("no_reason", _("请说明查看联系方式的理由。"), field="reason")
    inquiry = Inquiry.objects.visible_to(actor).filter(pk=inquiry_id).first()
    if inquiry is None:
        raise Refused("gone", _("该记录不存在，或不在您的部门。"))
    audit.record("reveal_asker", inquiry, actor=actor, reason=reason)
    return inquiry
