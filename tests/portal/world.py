"""One of everything that an address may name, open for booking now."""

import base64
import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from PIL import Image

from appointments import services
from appointments.models import (
    Attachment,
    Booking,
    Choice,
    ConsentText,
    PressureReport,
    RefusalGround,
    Verification,
)
from cases import services as cases
from cases.models import Closing, CommonDemand
from consultations import services as consultations
from consultations.models import Consultation
from core import audit
from core.models import AuditEntry, CalendarYear
from deadlines import services as deadlines
from deadlines.models import Escalation
from departments.models import Department, Membership
from evaluations import services as evaluations
from evaluations.models import Invitation
from inquiries.models import FrequentAnswer, Inquiry
from notifications.enums import Channel
from notifications.models import Message, MessageText, SmsTemplate
from portal.services import leave_feedback
from reports.enums import ResultsStatus
from reports.models import (
    CommonProposal,
    ExportJob,
    IssuedReport,
    PublishedFigures,
    PublishedResults,
    Report,
    ServiceItemsList,
    TypicalCase,
)
from sessions_app.enums import SessionKind
from sessions_app.models import Session, Sitting
from tests.appointments.conftest import accept, claim, confirm, propose_solved, send_back, take
from tests.cases.conftest import hand_over
from tests.conftest import Cast
from tests.consultations.conftest import open_record, ready, sign, signature
from tests.factories import make_sitting
from tests.inquiries.conftest import answer, ask, pass_on
from tests.reports.results_steps import content

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32


@dataclass
class World:
    """What stands in the place of an address's arguments, by name."""

    sitting: Sitting
    planned: Sitting
    extra: Session
    held: Booking
    booked: Booking
    desk: Booking
    contested: Booking
    returned: Booking
    accepted: Booking
    verification: Verification
    came: Booking
    seen_file: Attachment
    hall: str
    ran_out: Booking
    held_file: Attachment
    booked_file: Attachment
    report: PressureReport
    asked: Inquiry
    answered: Inquiry
    rows: dict[str, Any]

    def argument(self, word: str) -> str:
        """`held.ticket_secret` as it stands in an address; a plain word stands for itself."""
        first, _dot, rest = word.partition(".")
        if first in self.rows:
            return str(getattr(self.rows[first], rest or "pk"))
        found = getattr(self, first, None)
        if isinstance(found, str):
            return found
        return word if found is None else str(getattr(found, rest or "pk"))


def make_world(cast: Cast) -> World:
    now = timezone.now()
    kinds = (SessionKind.MAIN, SessionKind.SPECIAL, SessionKind.EXTRA)
    sitting = make_sitting(published=True, sessions=kinds)
    later = make_sitting(sitting.day + timedelta(days=14), published=True, opens_at=now - timedelta(hours=1))
    came = came_in(later, cast)
    draft, signed, seen_file = records(later, cast)
    board, hall = services.make_board(name="大厅", actor=cast.bureau_staff, now=now)
    return World(
        **numbers_of(sitting, cast, now),
        **sent_back_and_accepted(later, cast, now),
        sitting=sitting,
        planned=make_sitting(),
        extra=sitting.sessions.get(kind=SessionKind.EXTRA),
        came=came,
        seen_file=seen_file,
        hall=hall,
        asked=pass_on(ask(now=now), cast),
        answered=answer(ask(now=now), cast.window_clerk, now=now),
        rows=reference_rows(cast, now)
        | {"queue_entry": came.queue_entry, "board": board, "draft": draft, "signed": signed}
        | handed_over(came, cast)
        | asked_about()
        | followed_up(came, cast)
        | typical_rows(came, signed, cast),
    )


def numbers_of(sitting: Sitting, cast: Cast, now: datetime) -> dict[str, Any]:
    """Numbers of one sitting: held, confirmed, taken at the desk, run out and contested since."""
    held, booked, late = (take(sitting, serial, now=now) for serial in (1, 2, 3))
    desk = take(sitting, 4, now=now, actor=cast.window_clerk)
    held_file, booked_file = (
        services.keep_attachment(booking_id=booking.pk, upload=SimpleUploadedFile("合同.png", PNG), now=now)
        for booking in (held, booked)
    )
    confirm(booked, now=now)
    services.release_if_due(booking_id=late.pk, now=now + timedelta(hours=1))
    report = services.report_pressure(booking_id=booked.pk, content="被要求撤回", contact="", now=now)
    files = {"held_file": held_file, "booked_file": booked_file, "report": report}
    taken = {"held": held, "booked": booked, "desk": desk, "ran_out": late}
    return taken | files | {"contested": claim(sitting, 2, now=now)}


def sent_back_and_accepted(sitting: Sitting, cast: Cast, now: datetime) -> dict[str, Any]:
    """One that must say more, and one whose department proposes that it is solved."""
    returned, accepted = (confirm(take(sitting, serial, now=now), now=now) for serial in (5, 6))
    send_back(returned, cast.bureau_staff, now=now)
    accept(accepted, cast.bureau_staff, now=now)
    propose_solved(accepted, cast.department_staff, now=now)
    return {"returned": returned, "accepted": accepted, "verification": accepted.verifications.get()}


def came_in(sitting: Sitting, cast: Cast, serial: int = 7) -> Booking:
    """Placed in the main session of 市税务局 on its day, and checked in there."""
    booking, session = take(sitting, serial, now=timezone.now()), sitting.sessions.get()
    services.keep_attachment(booking_id=booking.pk, upload=SimpleUploadedFile("回执.png", PNG), now=timezone.now())
    accept(confirm(booking, now=timezone.now()), cast.bureau_staff, now=timezone.now())
    services.place_booking(
        booking_id=booking.pk,
        session_id=session.pk,
        meet_at=session.starts_at + timedelta(minutes=30 * (serial - 7)),
        actor=cast.bureau_staff,
        now=timezone.now(),
    )
    services.check_in(booking_id=booking.pk, actor=cast.window_clerk, now=session.starts_at)
    return Booking.objects.select_related("queue_entry").get(pk=booking.pk)


def handed_over(booking: Booking, cast: Cast) -> dict[str, Any]:
    """The case of who came, its one department's part, a file of the enterprise's, and one that it added since."""
    now = timezone.now()
    case = hand_over(booking, cast.department_head, now=now)
    paper = SimpleUploadedFile("回执.png", PNG)
    added = cases.add_to_case(case_id=case.pk, text="补充", uploads=[paper], submission="1", now=now)
    files = {"case_file": booking.attachments.get(), "added_file": added.files.get()}
    common = CommonDemand.objects.create(title="退税周期长", status="open", opened_by=cast.bureau_staff)
    common.departments.add(Department.objects.get(name="市税务局"))
    columns = {"title": "退税周期长", "alike_percent": 40, "case_count": 1, "enterprise_count": 1}
    proposal = CommonProposal.objects.create(kind="new", status="proposed", **columns)
    proposal.entries.create(case=case, alike_percent=40)
    found = {"common_demand": common, "proposal": proposal}
    return {"case": case, "part": case.assignments.get()} | found | files


def asked_about() -> dict[str, Any]:
    """What was solved at the table, rated; and a round of it that waits for its rating."""
    now = timezone.now()
    evaluations.invite_closed(now)
    rated = Invitation.objects.get()
    opinion = evaluations.Opinion(consultation=True, handling=True)
    rating = evaluations.rate(invitation_id=rated.pk, opinion=opinion, actor=audit.HOLDER, now=now)
    Closing.objects.create(
        case=rated.case, round=2, start=rated.case.start, result="solved", answer="已补办。", closed_at=now
    )
    evaluations.invite_closed(now)
    return {"rating": rating, "rated_invitation": rated, "invited": Invitation.objects.get(round=2)}


def followed_up(booking: Booking, cast: Cast) -> dict[str, Any]:
    """A follow-up that found no rectification, with its referral, and one that an inspector still has to do."""
    now, inspector = timezone.now(), cast.inspector
    opened: dict[str, Any] = {
        "case_id": booking.case.pk, "origin": "inspector", "assigned_to": inspector.pk, "actor": inspector, "now": now,
    }  # fmt: skip
    found = evaluations.open_follow_up(**opened)
    evaluations.find_unrectified(follow_up_id=found.pk, finding="没有进展。", actor=inspector, now=now)
    referral = evaluations.propose_referral(
        follow_up_id=found.pk, facts="两次核实。", opinion="建议核查。", actor=inspector, now=now
    )
    return {"referral": referral, "follow_up": evaluations.open_follow_up(**opened)}


def records(sitting: Sitting, cast: Cast) -> tuple[Consultation, Consultation, Attachment]:
    """One that is being written, with a file of its demand and a hand that signed; one that was signed off."""
    drafts = []
    for serial in (8, 9):
        entry = came_in(sitting, cast, serial).queue_entry
        now = entry.session.starts_at
        services.call(entry_id=entry.pk, desk="1号桌", actor=cast.window_clerk, now=now)
        drafts.append(open_record(entry, cast.department_head, now=now))
    draft, signed = drafts
    consultations.sign_by_hand(
        consultation_id=draft.pk, side="enterprise", picture=signature(), actor=cast.department_head, now=draft.kept_at
    )
    file = Attachment.objects.create(
        booking=draft.booking, name="合同.png", content_type="image/png", size=9, file=SimpleUploadedFile("x.png", PNG)
    )
    ready(signed, cast.department_head, now=signed.kept_at)
    return draft, sign(signed, cast.department_head, now=signed.kept_at), file


def typical_rows(being_told: Booking, told: Consultation, cast: Cast) -> dict[str, Any]:
    """A typical case that is published, a new version of it that is being written, and one that was taken down."""
    now, unit = timezone.now(), Department.objects.get(name="市税务局")
    words = dict.fromkeys(("title", "situation", "handling", "outcome", "lessons"), "一次告知。")
    columns = words | {"year": 2026, "quarter": 3, "area": Choice.objects.filter(kind="area")[0], "department": unit}
    columns |= {"written_by": cast.bureau_staff}
    seen = {"checked_at": now, "checked_by": cast.inspector, "approved_at": now, "published_at": now}
    seen |= {"approved_by": cast.bureau_supervisor, "published_by": cast.bureau_supervisor}
    gone = {"withdrawn_at": now, "withdrawn_by": cast.bureau_staff, "withdrawn_reason": "不再适用。"}
    make = TypicalCase.objects.create
    return {
        "typical_draft": make(case=being_told.case, status="draft", **columns),
        "typical_published": make(case=being_told.case, status="published", **columns, **seen),
        "typical_withdrawn": make(case=told.booking.case, status="withdrawn", **columns, **seen, **gone),
    }


def make_escalation(now: Any) -> Escalation:
    """A reminder about something that 市税务局 owes."""
    debtor = Department.objects.get(name="市税务局")
    obligation = deadlines.open_obligation(
        owner="appointments.booking:1", kind="verification", start=timezone.localdate(now), working_days=7,
        clause="[3.4]", title="对接核实", department=debtor, actor=audit.SYSTEM, now=now,
    )  # fmt: skip
    timer = obligation.timers.first()
    return Escalation.objects.create(timer=timer, obligation=obligation, kind=timer.kind, recipients=[1], at=now)


def service_items(cast: Cast, now: Any) -> dict[str, Any]:
    """A month's list that was sent, and the draft that followed it."""
    columns = {"rows": [], "made_at": now, "made_by": cast.bureau_staff, "year": 2026, "month": 11}
    sent = {"status": "sent", "version": 1, "sent_at": now, "sent_by": cast.bureau_staff}
    return {
        "sent_items": ServiceItemsList.objects.create(**columns, **sent),
        "items": ServiceItemsList.objects.create(**columns, status="draft", version=2),
    }


def results(cast: Cast, now: Any) -> dict[str, Any]:
    """A quarter's results on their way, published ones, and those of another quarter withdrawn. [5.4]"""
    by = {"made_by": cast.bureau_staff, "content": content()}
    approved = {"approved_at": now, "approved_by": cast.bureau_supervisor}
    out = approved | {"published_at": now, "published_by": cast.bureau_supervisor}
    gone = {"withdrawn_at": now, "withdrawn_by": cast.bureau_supervisor, "withdrawn_reason": "接诊数有误。"}
    draft = PublishedResults.objects.create(year=2026, quarter=3, status=ResultsStatus.DRAFT, **by)
    ready = PublishedResults.objects.create(year=2026, quarter=2, status=ResultsStatus.APPROVED, **by, **approved)
    there = PublishedResults.objects.create(year=2026, quarter=1, status=ResultsStatus.PUBLISHED, **by, **out)
    PublishedResults.objects.create(year=2025, quarter=4, status=ResultsStatus.WITHDRAWN, **by, **out, **gone)
    PublishedFigures.objects.create(results=there, content=content(), counted_at=now)
    return {"results_draft": draft, "results_approved": ready, "results_published": there}


def reports(cast: Cast, now: Any) -> dict[str, Any]:
    """A report that is being written, a bulletin that was issued, and a file made of it."""
    part = {"key": "overall", "heading": "总体情况"}
    chart = {"section": "overall", "caption": "接诊", "about": "接诊", "png": base64.b64encode(pixel()).decode()}
    columns = {"made_by": cast.bureau_staff, "addressee": "各有关部门", "cases": [], "made_at": now}
    draft = Report.objects.create(
        kind="special",
        status="draft",
        title="专报",
        sections=[part | {"made": "", "text": "平稳。", "seen": ""}],
        **columns,
    )
    approval = {"approved_at": now, "approved_by": cast.bureau_supervisor}
    issued = Report.objects.create(
        kind="bulletin", year=2026, quarter=1, status="issued", title="通报", issued_at=now, **columns, **approval,
        issued_by=cast.bureau_supervisor, sections=[],
    )  # fmt: skip
    kept = {"sections": [part | {"text": "平稳。"}], "figures": {"charts": [chart]}, "cases": []}
    IssuedReport.objects.create(report=issued, title="通报", addressee="各有关部门", issued_at=now, **kept)
    job = ExportJob(owner=cast.bureau_staff, key=f"report_cases:{issued.pk}", name="通报.xlsx", status="done")
    job.finished_at = job.kept_until = now
    job.file.save("export", ContentFile(PNG))
    return {"report_draft": draft, "report_issued": issued, "export": job}


def pixel() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (2, 1)).save(buffer, "PNG")
    return buffer.getvalue()


def reference_rows(cast: Cast, now: Any) -> dict[str, Any]:
    """One row of each kind that the console has a page for."""
    escalation = make_escalation(now)
    return {
        "obligation": escalation.obligation,
        "escalation": escalation,
        "user": cast.leader,
        "membership": Membership.objects.get(user=cast.leader),
        "department": Department.objects.get(name="市税务局"),
        "ground": RefusalGround.objects.first()
        or RefusalGround.objects.create(clause="[4.2.1]", text="情形", turn_to="窗口"),
        "choice": Choice.objects.first(),
        "consent": ConsentText.objects.first(),
        "year": CalendarYear.objects.first(),
        "entry": AuditEntry.objects.first(),
        "message": Message.objects.filter(channel=Channel.SMS).first(),
        "template": SmsTemplate.objects.create(
            kind="waiting", provider="aliyun", text="{{company}}：已加入候补。", signature="安宁政务"
        ),
        "words": MessageText.objects.create(kind="waiting", channel=Channel.EMAIL, text="{{company}}：已加入候补。"),
        "frequent": FrequentAnswer.objects.create(
            question="退税要多久", answer="一般不超过十个工作日。", area=Choice.objects.filter(kind="area")[0]
        ),
        "opinion": leave_feedback(content="字太小", contact="", now=now),
        **service_items(cast, now),
        **reports(cast, now),
        **results(cast, now),
        "group": Group.objects.create(name="不使用"),
    }


def all_addresses() -> list[str]:
    """Every address pattern of the system, as it is written in the urls files."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[Any], before: str) -> Any:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route
