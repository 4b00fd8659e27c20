"""The demonstration's bulletins: one for each quarter that is over, the last of them still a draft. [3.10]"""

from datetime import date, datetime, time, timedelta

from core.models import User
from core.workdays import next_working_day
from portal.demo_clock import Clock
from portal.demo_handling import People
from reports import services
from reports.enums import ReportKind
from reports.figures import Quarter
from reports.models import Report
from sessions_app.services import local_moment

WRITTEN_AFTER, APPROVED_AFTER, ISSUED_AFTER = timedelta(days=18), timedelta(days=20), timedelta(days=21)
# Of the office's papers of a year, the bulletin of each quarter: the fourth is issued in the year after.
NUMBERS = {4: 3, 1: 19, 2: 34, 3: 52}
IN_OWN_WORDS = "各有关部门要紧盯超期和企业不满意的事项，逐件明确责任人和完成时限，下季度集中复核。"


def write_bulletins(first: date, today: date, people: People, clock: Clock) -> None:
    quarter = Quarter.of(first)
    while day_after(quarter, ISSUED_AFTER) < today:
        report = _draft(quarter, people.bureau, clock.at(moment_after(quarter, WRITTEN_AFTER)))
        if day_after(quarter.plus(1), ISSUED_AFTER) < today:
            _issue(report, quarter, people.supervisor, clock)
        quarter = quarter.plus(1)
    clock.deliver()


def day_after(quarter: Quarter, after: timedelta) -> date:
    return next_working_day(quarter.after + after, including=True)


def moment_after(quarter: Quarter, after: timedelta) -> datetime:
    return local_moment(day_after(quarter, after), time(10))


def _draft(quarter: Quarter, actor: User, now: datetime) -> Report:
    report = services.make_report(
        kind=ReportKind.BULLETIN, year=quarter.year, quarter=quarter.number, actor=actor, now=now
    )
    for section in report.sections:
        if not (section["text"] or section["made"]).strip():
            report = services.edit_section(
                report_id=report.pk,
                key=section["key"],
                text=IN_OWN_WORDS,
                revision=report.revision,
                actor=actor,
                now=now,
            )
    return report


def _issue(report: Report, quarter: Quarter, actor: User, clock: Clock) -> None:
    services.approve_report(
        report_id=report.pk, revision=report.revision, actor=actor, now=clock.at(moment_after(quarter, APPROVED_AFTER))
    )
    issued_at = moment_after(quarter, ISSUED_AFTER)
    number = f"安政务〔{issued_at.year}〕{NUMBERS[quarter.number]}号"
    services.issue_report(report_id=report.pk, number=number, actor=actor, now=clock.at(issued_at))
