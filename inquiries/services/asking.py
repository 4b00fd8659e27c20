"""What the asker does: ask, add, ask again, withdraw, say whether it helped. [3.1]"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.models import ConsentText
from core import audit, secrets
from core.constraints import violated
from core.errors import Refused
from core.models import User
from core.references import draw_reference
from core.transitions import lock, moving, start
from inquiries import guards, moves, notices, permissions
from inquiries.enums import REPLIES, EntryKind, InquiryStatus, Source
from inquiries.models import Entry, Inquiry
from inquiries.selectors import inquiry_of_submission
from inquiries.services.clock import start_clock, void_clock

REFERENCE_COLUMN = "inquiries_inquiry.reference"


@dataclass(frozen=True)
class Question:
    """What somebody asks, and how to reach them: normalised and checked by the form."""

    text: str
    mobile: str
    area_id: int | None = None
    company_name: str = ""
    contact_name: str = ""
    email: str = ""


def ask(
    *,
    question: Question,
    source: Source,
    consent: ConsentText,
    submission: str,
    actor: audit.Actor,
    now: datetime,
) -> Inquiry:
    """Keep a question, start its clock, and send the asker the link of its page. [3.1]

    The same submission again gives the same question. Refuses `empty`, `calendar_missing`.
    """
    permissions.check_can_ask(actor)
    guards.check_says_something(question.text)
    if asked_before := inquiry_of_submission(submission):
        return asked_before
    for last_try in (False, True):
        inquiry = _new_inquiry(question, source, consent, submission, actor, now)
        try:
            return _keep(inquiry, actor, now)
        except IntegrityError as error:
            if asked_before := inquiry_of_submission(submission):
                return asked_before
            if last_try or violated(error) != REFERENCE_COLUMN:
                raise
    raise AssertionError("unreachable")


def _keep(inquiry: Inquiry, actor: audit.Actor, now: datetime) -> Inquiry:
    with transaction.atomic():
        start(inquiry, InquiryStatus.OPEN, actor=actor, action="ask", clause="[3.1]")
        start_clock(inquiry, actor, now)
        inquiry.save(update_fields=["obligation"])
        notices.received(inquiry)
    return inquiry


def _new_inquiry(
    question: Question, source: Source, consent: ConsentText, submission: str, actor: audit.Actor, now: datetime
) -> Inquiry:
    seed = uuid.uuid4()
    return Inquiry(
        reference=draw_reference(f"Q{timezone.localdate(now).year % 100:02d}"),
        source=source,
        taken_by=actor if isinstance(actor, User) else None,
        link_seed=seed,
        link_digest=secrets.digest(secrets.derive(secrets.QUESTION, str(seed))),
        submission_digest=secrets.digest(submission),
        asked_at=now,
        opened_at=now,
        question=question.text,
        area_id=question.area_id,
        company_name=question.company_name,
        contact_name=question.contact_name,
        mobile=question.mobile,
        email=question.email,
        consent=consent,
    )


def follow_up(*, inquiry_id: int, text: str, actor: audit.Actor, now: datetime) -> Inquiry:
    """Add to an open question; after a reply ask again, which opens it for another round with its own clock. [3.1]

    Refuses `empty`, `ended` (withdrawn, or a booking was made of it), `too_long`. What is answered between the look
    and the press is asked again.
    """
    permissions.check_can_follow_up(actor)
    guards.check_says_something(text)
    with transaction.atomic():
        inquiry = lock(Inquiry, inquiry_id)
        guards.check_can_follow_up(inquiry)
        guards.check_room_for_more(inquiry)
        if inquiry.status == InquiryStatus.OPEN:
            _write(inquiry, EntryKind.ADDITION, text, now)
            audit.record("add_to_question", inquiry, actor=actor, clause="[3.1]")
            return inquiry
        with moving(Inquiry, inquiry_id, moves.ASK_AGAIN, actor=actor) as reopened:
            reopened.round += 1
            start_clock(reopened, actor, now)
            _write(reopened, EntryKind.FOLLOW_UP, text, now)
            if reopened.department_id:
                notices.passed(reopened, once_for=f"round-{reopened.round}")
    return reopened


def _write(inquiry: Inquiry, kind: EntryKind, text: str, now: datetime) -> None:
    Entry.objects.create(inquiry=inquiry, kind=kind, round=inquiry.round, text=text.strip(), written_at=now)


def withdraw(*, inquiry_id: int, actor: audit.Actor, now: datetime, reason: str = "") -> Inquiry:
    """The asker needs no answer any more; at the desk it is done on the asker's word, with a reason. [3.1]

    Refuses `already_done`, `wrong_status`, `no_reason`.
    """
    permissions.check_can_follow_up(actor)
    at_desk = isinstance(actor, User)
    if at_desk and not reason.strip():
        raise Refused("no_reason", _("请写明提问人的要求。"), field="reason")
    with moving(Inquiry, inquiry_id, moves.WITHDRAW, actor=actor, reason=reason) as inquiry:
        inquiry.closed_at = now
        void_clock(inquiry, actor, now)
        if at_desk:
            notices.withdrawn(inquiry)
    return inquiry


def judge_reply(*, entry_id: int, helped: bool, actor: audit.Actor) -> Entry:
    """The asker's word whether a reply helped; the last word counts. Refuses `no_reply`. [3.1]"""
    permissions.check_can_judge(actor)
    with transaction.atomic():
        entry = lock(Entry, entry_id)
        if entry.kind not in REPLIES:
            raise Refused("no_reply", _("这里没有可评价的答复。"))
        if entry.helped != helped:
            entry.helped = helped
            entry.save(update_fields=["helped"])
            audit.record("judge_reply", entry.inquiry, actor=actor, after="yes" if helped else "no", clause="[3.1]")
    return entry
