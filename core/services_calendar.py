"""The verbs of the working-day calendar: a year's notice arrives, or is estimated until it does."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, permissions
from core.calendar_table import (
    Exceptions,
    day_problem,
    day_reason,
    day_rows,
    estimated_exceptions,
    from_json,
    missing_statutory,
    to_json,
)
from core.errors import AlreadyDone, Refused
from core.models import CalendarDay, CalendarYear, User

Source = CalendarYear.Source
# How many years after the current one always stand in the table.
ESTIMATED_YEARS_AHEAD = 2
DOCUMENT_NUMBER_CHARACTERS_MAX = 100
ROWS_BATCH = 500


@dataclass(frozen=True)
class DayChange:
    """A day that works under one version and rests under the other."""

    day: date
    was: str
    now: str
    becomes_working: bool


@dataclass(frozen=True)
class Preview:
    """What an import would do. `basis` is the version compared with, 0 when the year has none."""

    year: int
    basis: int
    replaces: CalendarYear | None
    changes: tuple[DayChange, ...]
    warnings: tuple[str, ...]
    working_days_before: int | None
    working_days_after: int


def preview_year(*, year: int, exceptions: Exceptions) -> Preview:
    """What changes if this list comes into force. Refuses `bad_rows`, `year_gap`; writes nothing."""
    _check_year(year)
    _check_exceptions(year, exceptions)
    now = {row["date"]: row for row in day_rows(year, exceptions, 0)}
    current = in_force(year)
    was = {row["date"]: row for row in day_rows(year, from_json(current.exceptions), 0)} if current else {}
    changes = tuple(
        DayChange(
            day=day,
            was=day_reason(before["kind"], before["name"]),
            now=day_reason(now[day]["kind"], now[day]["name"]),
            becomes_working=now[day]["is_working"],
        )
        for day, before in was.items()
        if before["is_working"] != now[day]["is_working"]
    )
    return Preview(
        year=year,
        basis=current.pk if current else 0,
        replaces=current,
        changes=changes,
        warnings=_warnings(year, exceptions),
        working_days_before=sum(row["is_working"] for row in was.values()) if current else None,
        working_days_after=sum(row["is_working"] for row in now.values()),
    )


def import_year(
    *, year: int, exceptions: Exceptions, document_number: str, actor: User, basis: int | None = None
) -> CalendarYear:
    """Put a year's notice in force; the version before it is kept. All or nothing.

    `exceptions`: the days that differ from the plain week, {date: ("holiday" | "makeup", name)}. `basis`: the version
    that the preview compared with (0: none); without it nothing is compared. Needs core.import_calendar. Refuses
    `no_document_number`, `bad_rows`, `year_gap`, `stale_preview`, and `already_done` for the list in force.
    """
    permissions.require(actor, "core.import_calendar")
    document_number = _checked_document_number(document_number)
    _check_exceptions(year, exceptions)
    with transaction.atomic():
        _lock_calendar()
        _check_year(year)
        current = in_force(year)
        _check_still_new(current, exceptions, document_number, basis)
        version = _put_in_force(year, exceptions, Source.OFFICIAL, document_number=document_number, entered_by=actor)
        _rebuild_from(year)
        audit.record("import_calendar", version, actor=actor, before=current.pk if current else "", after=version.pk)
    return version


def ensure_estimates(today: date) -> list[int]:
    """Estimate the years up to two ahead that the table lacks. Returns them; does nothing when run again."""
    wanted = today.year + ESTIMATED_YEARS_AHEAD
    if _years()[1] >= wanted:
        return []
    with transaction.atomic():
        _lock_calendar()
        missing = list(range(_years()[1] + 1, wanted + 1))
        for year in missing:
            version = _put_in_force(year, estimated_exceptions(year), Source.ESTIMATED)
            audit.record("estimate_calendar", version, actor=audit.SYSTEM, after=version.pk)
        if missing:
            _rebuild_from(missing[0])
    return missing


def in_force(year: int) -> CalendarYear | None:
    return CalendarYear.objects.filter(year=year, in_force=True).first()


def _years() -> tuple[int, int]:
    span = CalendarYear.objects.filter(in_force=True).aggregate(first=Min("year"), last=Max("year"))
    if span["first"] is None:
        raise Refused("calendar_missing", _("系统中还没有工作日历。请先完成数据库迁移。"))
    return span["first"], span["last"]


def _check_year(year: int) -> None:
    """Running numbers need years without a gap."""
    first, last = _years()
    if not first <= year <= last + 1:
        raise Refused(
            "year_gap",
            _("现有工作日历为 %(first)s 至 %(last)s 年，只能导入 %(first)s 至 %(next)s 年。")
            % {"first": first, "last": last, "next": last + 1},
            field="year",
        )


def _check_exceptions(year: int, exceptions: Exceptions) -> None:
    found = (day_problem(year, day, kind, name) for day, (kind, name) in sorted(exceptions.items()))
    problems = [problem for problem in found if problem]
    if not exceptions:
        problems = [_("没有读到任何放假或调休日期。")]
    if problems:
        raise bad_rows(problems)


def bad_rows(problems: list[str]) -> Refused:
    """One refusal for the whole list; `facts["problems"]` has every reason."""
    message = _("共 %(count)s 处需要修改，未导入任何内容。%(first)s") % {"count": len(problems), "first": problems[0]}
    return Refused("bad_rows", message, problems=problems)


def _checked_document_number(text: str) -> str:
    number = text.strip()
    if not number or len(number) > DOCUMENT_NUMBER_CHARACTERS_MAX or not number.isprintable():
        raise Refused(
            "no_document_number",
            _("请填写通知的文号（不超过 %s 个字），如“国办发明电〔2025〕7号”。") % DOCUMENT_NUMBER_CHARACTERS_MAX,
            field="document_number",
        )
    return number


def _check_still_new(
    current: CalendarYear | None, exceptions: Exceptions, document_number: str, basis: int | None
) -> None:
    if current and current.document_number == document_number and current.exceptions == to_json(exceptions):
        raise AlreadyDone("already_done", _("%s 年的这份放假安排此前已导入，无需重复操作。") % current.year)
    if basis is not None and basis != (current.pk if current else 0):
        raise Refused("stale_preview", _("预览之后该年度日历已被他人更新，请重新预览后再确认。"))


def _warnings(year: int, exceptions: Exceptions) -> tuple[str, ...]:
    return tuple(
        _("%(day)s（%(name)s）是法定节假日，但未列为放假。") % {"day": day.isoformat(), "name": name}
        for day, name in missing_statutory(year, exceptions).items()
    )


def _lock_calendar() -> None:
    """One writer at a time: the oldest version, which always stays, stands for the whole table."""
    CalendarYear.objects.select_for_update(of=("self",)).order_by("pk").first()


def _put_in_force(
    year: int, exceptions: Exceptions, source: Source, *, document_number: str = "", entered_by: User | None = None
) -> CalendarYear:
    CalendarYear.objects.filter(year=year, in_force=True).update(in_force=False)
    return CalendarYear.objects.create(
        year=year,
        source=source,
        document_number=document_number,
        entered_at=timezone.now(),
        entered_by=entered_by,
        exceptions=to_json(exceptions),
    )


def _rebuild_from(year: int) -> None:
    """Write anew the days of this year and of all after it, whose running numbers follow from it.

    Rewriting beats shifting: numbers are unique, and a shift would meet itself half-way.
    """
    first = date(year, 1, 1)
    earlier = CalendarDay.objects.filter(date__lt=first).order_by("-date")
    number = earlier.values_list("working_days_to_date", flat=True).first() or 0
    CalendarDay.objects.filter(date__gte=first).delete()
    days: list[CalendarDay] = []
    for version in CalendarYear.objects.filter(in_force=True, year__gte=year).order_by("year"):
        rows = day_rows(version.year, from_json(version.exceptions), number)
        days += [CalendarDay(calendar=version, **row) for row in rows]
        number = rows[-1]["working_days_to_date"]
    CalendarDay.objects.bulk_create(days, batch_size=ROWS_BATCH)
