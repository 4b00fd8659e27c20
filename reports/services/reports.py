"""Bulletins and reports: drafted from figures, written, approved by another, issued, corrected as a new one. [3.10]"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.constraints import last_line
from core.models import User
from core.official import document_number
from core.transitions import lock, moving, start
from reports import guards, moves, notices, permissions
from reports.content import ADDRESSEES, PARTS, kept_sections, usual_title
from reports.drafting import Material, material_of
from reports.enums import ReportKind, ReportStatus
from reports.models import IssuedReport, Report


@last_line
def make_report(
    *, kind: str, year: int | None, quarter: int | None, title: str = "", actor: User, now: datetime
) -> Report:
    """Draft a quarter's bulletin from its figures, or begin a report. [3.10]

    Refuses `no_quarter`, `quarter_to_come`, `already_made` (go on with that one, or correct it), `no_title`.
    """
    permissions.check_can_write(actor)
    guards.check_quarter(kind, year, quarter, timezone.localdate(now))
    guards.check_first_of_quarter(kind, year, quarter)
    title = guards.checked_title(title or usual_title(kind, year, quarter))
    # Read before anything is locked: it takes as long as a quarter is large.
    material = material_of(year, quarter, now) if year and quarter else Material()
    report = Report(kind=kind, year=year, quarter=quarter, title=title, made_at=now, made_by=actor)
    report.addressee = str(ADDRESSEES[ReportKind(kind)])
    report.sections = [
        {"key": key, "heading": str(heading), "made": "", "text": None, "seen": ""} for key, heading in PARTS[kind]
    ]
    _take_up(report, material, now)
    with transaction.atomic():
        made: Report = start(report, ReportStatus.DRAFT, actor=actor, action="make_report", clause="[3.10]")
        made.writers.add(actor)
    return made


def make_figures(*, report_id: int, actor: User, now: datetime) -> Report:
    """Count again. What a person wrote stays; what they did not touch says the new figures. [3.10]

    Refuses `not_a_draft`, `no_quarter`.
    """
    permissions.check_can_write(actor)
    period = guards.period_of(report_id)
    material = material_of(*period, now)
    with writing(report_id, "make_figures", actor) as report:
        _take_up(report, material, now)
    return report


def edit_section(*, report_id: int, key: str, text: str, revision: int, actor: User, now: datetime) -> Report:
    """A part in a person's own words; left empty, the figures' words stand again. [3.10]

    Refuses `not_a_draft`, `changed_meanwhile`, `gone` (no such part), `too_long`.
    """
    permissions.check_can_write(actor)
    with writing(report_id, "edit_report", actor, after=key) as report:
        guards.check_revision(report, revision)
        section = guards.section_of(report, key)
        guards.check_length(text)
        section["text"] = text.strip() or None
        section["seen"] = section["made"] if text.strip() else ""
    return report


def edit_head(
    *, report_id: int, title: str, number: str, addressee: str, revision: int, actor: User, now: datetime
) -> Report:
    """Title, number and addressee. The number comes from the office's own flow. [3.10]

    Refuses `not_a_draft`, `changed_meanwhile`, `no_title`, `no_addressee`.
    """
    permissions.check_can_write(actor)
    with writing(report_id, "edit_report", actor, after="head") as report:
        guards.check_revision(report, revision)
        report.title = guards.checked_title(title)
        report.addressee = guards.checked_addressee(addressee)
        report.number = document_number(number)
    return report


def approve_report(*, report_id: int, revision: int, actor: User, now: datetime) -> Report:
    """What one person wrote another approves, as they read it. [3.10]

    Refuses `changed_meanwhile`, `empty_part`, `already_done`.
    """
    permissions.check_can_rule(actor)
    with moving(Report, report_id, moves.APPROVE_REPORT, actor=actor) as report:
        permissions.check_can_approve(actor, report)
        guards.check_revision(report, revision)
        guards.check_every_part_is_written(report)
        report.approved_at, report.approved_by = now, actor
        report.returned_at, report.returned_by, report.returned_reason = None, None, ""
        notices.report_approved(report)
    return report


def send_back_report(*, report_id: int, reason: str, actor: User, now: datetime) -> Report:
    """Back to its writers, with what is to be changed. [3.10]

    Refuses `no_reason`, `wrong_status` once it is issued.
    """
    permissions.check_can_rule(actor)
    guards.check_reason(reason)
    with moving(Report, report_id, moves.SEND_BACK_REPORT, actor=actor, reason=reason) as report:
        report.approved_at, report.approved_by = None, None
        report.returned_at, report.returned_by, report.returned_reason = now, actor, reason.strip()
        report.revision += 1
        notices.report_sent_back(report)
    return report


def issue_report(*, report_id: int, number: str, actor: User, now: datetime) -> Report:
    """Issue it: from now on text, figures and list of cases stay as they are, whatever the data do. [3.10]

    `number` is what the office's own flow gave it, at the latest now. Refuses `no_number`, `quarter_not_over`,
    `already_done`, `wrong_status` before it is approved.
    """
    permissions.check_can_rule(actor)
    guards.check_number(number)
    with moving(Report, report_id, moves.ISSUE_REPORT, actor=actor) as report:
        report.number = document_number(number)
        guards.check_quarter_is_over(report, timezone.localdate(now))
        IssuedReport.objects.create(
            report=report,
            title=report.title,
            number=report.number,
            addressee=report.addressee,
            sections=kept_sections(report),
            figures=report.figures,
            cases=report.cases,
            figures_at=report.figures_at,
            issued_at=now,
        )
        report.issued_at, report.issued_by = now, actor
        notices.report_issued(report)
    return report


@last_line
def correct_report(*, report_id: int, why: str, actor: User, now: datetime) -> Report:
    """A new version of what was issued, which says what it corrects and why; the issued one stays. [3.10]

    It begins with the issued words as a person's own. Refuses `no_reason`, `not_issued`, `already_corrected`.
    """
    permissions.check_can_write(actor)
    guards.check_reason(why)
    with transaction.atomic():
        before = lock(Report, report_id)
        guards.check_can_be_corrected(before)
        kept = IssuedReport.objects.get(report=before)
        made_by_figures = {section["key"]: section["made"] for section in before.sections}
        report = Report(
            kind=before.kind,
            year=before.year,
            quarter=before.quarter,
            version=before.version + 1,
            corrects=before,
            why=why.strip(),
            title=kept.title,
            addressee=kept.addressee,
            figures=kept.figures,
            cases=kept.cases,
            figures_at=kept.figures_at,
            made_at=now,
            made_by=actor,
        )
        report.sections = [
            _carried_over(section, made_by_figures.get(section["key"], "")) for section in kept.sections
        ]
        made: Report = start(
            report, ReportStatus.DRAFT, actor=actor, action="correct_report", reason=why, clause="[3.10]"
        )
        made.writers.add(actor)
    return made


def drop_report(*, report_id: int, reason: str, actor: User, now: datetime) -> Report:
    """A draft that nobody wants. It stays on record; what it would have corrected can be corrected again. [3.10]

    Refuses `no_reason`, `wrong_status` once it is issued.
    """
    permissions.check_can_rule(actor)
    guards.check_reason(reason)
    with moving(Report, report_id, moves.DROP_REPORT, actor=actor, reason=reason) as report:
        report.corrects = None
    return report


@contextmanager
def writing(report_id: int, action: str, actor: User, *, after: str = "") -> Iterator[Report]:
    """A draft under its lock; what is changed inside is written, counted, and who changed it is a writer of it."""
    with transaction.atomic():
        report = lock(Report, report_id)
        guards.check_is_draft(report)
        yield report
        report.revision += 1
        report.save(
            update_fields=["sections", "figures", "cases", "figures_at", "title", "number", "addressee", "revision"]
        )
        report.writers.add(actor)
        audit.record(action, report, actor=actor, after=after, clause="[3.10]")


def _take_up(report: Report, material: Material, now: datetime) -> None:
    for section in report.sections:
        section["made"] = material.texts.get(section["key"], "")
    report.figures, report.cases = material.figures, material.cases
    report.figures_at = now if report.year else None


def _carried_over(section: dict[str, Any], made: str) -> dict[str, Any]:
    """Words that the figures said may change with them again; a person's own stay theirs."""
    own = section["text"] != made
    return {
        "key": section["key"],
        "heading": section["heading"],
        "made": made,
        "text": section["text"] if own else None,
        "seen": made if own else "",
    }
