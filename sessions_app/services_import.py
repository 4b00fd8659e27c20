"""A year's schedule handed in as a whole, or handed out: compared, judged, and written all or not at all. [5.1]"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit, policy
from core.errors import Refused
from core.models import User
from core.permissions import require
from core.templatetags.cn import cn_date, cn_short, cn_time
from core.transitions import lock
from sessions_app import guards
from sessions_app.enums import SessionKind, SittingStatus
from sessions_app.models import Session, Sitting
from sessions_app.selectors import days_with_sitting, sittings_of_year, with_sessions
from sessions_app.services import SessionPlan, align_day, plan_of, plan_sitting, write_session


class Verdict(models.TextChoices):
    """What an import makes of a sitting."""

    NEW = "new", gettext_lazy("新增")
    CHANGED = "changed", gettext_lazy("修改")
    UNCHANGED = "unchanged", gettext_lazy("无变化")


@dataclass(frozen=True)
class SittingPlan:
    """What a sitting is to be. `rows`: the line each session came from, in the same order."""

    year: int
    number: int
    sessions: tuple[SessionPlan, ...]
    rows: tuple[int, ...]
    remarks: str = ""

    @property
    def day(self) -> date:
        return min(timezone.localdate(session.starts_at) for session in self.sessions)

    @property
    def title(self) -> str:
        return Sitting(year=self.year, number=self.number).title


@dataclass(frozen=True, order=True)
class RowProblem:
    row: int
    text: str

    def __str__(self) -> str:
        return _("第 %(row)s 行：%(text)s") % {"row": self.row, "text": self.text}


@dataclass(frozen=True)
class Reviewed:
    """A plan beside the sitting that it would make or change."""

    plan: SittingPlan
    verdict: Verdict
    sitting: Sitting | None


@dataclass(frozen=True)
class Review:
    """`basis` names the state of the schedule that the review saw."""

    items: list[Reviewed]
    problems: list[RowProblem]
    warnings: list[str]
    basis: str

    def count(self, verdict: Verdict) -> int:
        return sum(item.verdict == verdict for item in self.items)


def bad_rows(problems: Iterable[RowProblem]) -> Refused:
    """A faulty file, with every row and its reason."""
    sentences = [str(problem) for problem in sorted(problems)]
    message = _("文件有 %s 处需要修改，未导入任何内容。") % len(sentences)
    return Refused("bad_rows", message, field="file", problems=sentences)


def review_schedule(plans: Sequence[SittingPlan], today: date) -> Review:
    """What an import would do, and every row that stands against it. Changes nothing. [3.2] [5.1]"""
    known = _sittings_of(plans)
    items = [_compared(plan, known.get((plan.year, plan.number))) for plan in plans]
    wanted = [item for item in items if item.verdict != Verdict.UNCHANGED]
    rested = _rest_day_reason()
    problems = [problem for item in wanted for problem in _problems_of(item, rested)]
    problems += _clashes(items)
    warnings = [warning for item in wanted for warning in _warnings_of(item.plan, today)]
    return Review(items, sorted(problems), warnings, _basis(known))


def import_schedule(*, plans: Sequence[SittingPlan], basis: str, actor: User) -> Review:
    """Add the new sittings and change the planned ones that differ, in one transaction. [3.2] [5.1]

    Refuses `schedule_changed` when the schedule is no longer what `basis` saw, `bad_rows` with every row's reason.
    """
    require(actor, "sessions_app.import_schedule")
    with transaction.atomic():
        for key in sorted(sitting.pk for sitting in _sittings_of(plans).values()):
            lock(Sitting, key)
        review = review_schedule(plans, timezone.localdate())
        if review.basis != basis:
            raise Refused("schedule_changed", _("预览之后日程有变动，请重新上传文件并核对。"), field="file")
        if review.problems:
            raise bad_rows(review.problems)
        # Changed ones first: a new sitting may take the day that another one leaves.
        for item in review.items:
            if item.verdict == Verdict.CHANGED and item.sitting is not None:
                _change(item.sitting, item.plan, actor)
        for item in review.items:
            if item.verdict == Verdict.NEW:
                plan = item.plan
                plan_sitting(
                    day=plan.day, sessions=plan.sessions, actor=actor, number=plan.number, remarks=plan.remarks
                )
        _record_import(review, actor)
    return review


def export_schedule(*, year: int, actor: User) -> list[Sitting]:
    """A year's sittings that were not called off, with sessions and departments. Each export is audited."""
    require(actor, "sessions_app.export_schedule")
    sittings = sittings_of_year(year)
    audit.record("export_schedule", f"schedule:{year}", actor=actor, after=_("%s 期") % len(sittings), clause="[5.1]")
    return sittings


def _record_import(review: Review, actor: User) -> None:
    years = "、".join(str(year) for year in sorted({item.plan.year for item in review.items}))
    counted = "，".join(f"{verdict.label} {review.count(verdict)}" for verdict in Verdict)
    audit.record("import_schedule", f"schedule:{years}"[:80], actor=actor, after=counted, clause="[5.1]")


def _sittings_of(plans: Iterable[SittingPlan]) -> dict[tuple[int, int], Sitting]:
    wanted = {(plan.year, plan.number) for plan in plans}
    found = with_sessions(Sitting.objects.filter(year__in={year for year, _number in wanted}))
    return {key: sitting for sitting in found if (key := (sitting.year, sitting.number)) in wanted}


def _compared(plan: SittingPlan, sitting: Sitting | None) -> Reviewed:
    if sitting is None:
        return Reviewed(plan, Verdict.NEW, None)
    sessions = [plan_of(session) for session in sitting.sessions.all()]
    same = _content(plan.sessions, plan.remarks) == _content(sessions, sitting.remarks)
    return Reviewed(plan, Verdict.UNCHANGED if same else Verdict.CHANGED, sitting)


def _content(sessions: Iterable[SessionPlan], remarks: str) -> tuple[list[str], str]:
    """What counts as a difference: not the order of rows or departments, not blanks, not the split of a cell."""
    return sorted(_session_content(session) for session in sessions), _squeezed(remarks)


def _session_content(session: SessionPlan) -> str:
    chairs = sorted(
        (chair.department_id, chair.is_lead, _squeezed(chair.leader_name + chair.leader_title))
        for chair in session.chairs
    )
    texts = (session.place or str(policy.WINDOW_PLACE), session.theme, session.liaison + session.liaison_phone)
    moments = (session.starts_at.timestamp(), session.ends_at.timestamp())
    return repr((session.kind, *moments, *map(_squeezed, texts), chairs))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _basis(known: dict[tuple[int, int], Sitting]) -> str:
    """A digest of the sittings that the file is about, so that a change in between is seen."""
    state = [
        (key, sitting.status, _content([plan_of(session) for session in sitting.sessions.all()], sitting.remarks))
        for key, sitting in sorted(known.items())
    ]
    return hashlib.sha256(repr(state).encode()).hexdigest()


def _rest_day_reason() -> Callable[[date], str]:
    """Why no sitting can be held on a day, or nothing; each day is looked up once for the file."""

    @cache
    def reason(day: date) -> str:
        try:
            guards.check_working_day(day)
        except Refused as refusal:
            return str(refusal.message)
        return ""

    return reason


def _problems_of(item: Reviewed, rested: Callable[[date], str]) -> list[RowProblem]:
    plan, head = item.plan, item.plan.rows[0]
    if item.sitting is not None and item.sitting.status != SittingStatus.PLANNED:
        return [RowProblem(head, _not_planned(item.sitting))]
    problems = []
    if item.sitting is None and plan.day.year != plan.year:
        problems.append(RowProblem(head, _("期次的年度与坐诊日期不一致。")))
    if all(session.kind != SessionKind.MAIN for session in plan.sessions):
        problems.append(RowProblem(head, _("%s没有主场，每期至少一场主场。") % plan.title))
    seen: dict[str, int] = {}
    for row, session in zip(plan.rows, plan.sessions, strict=True):
        day = timezone.localdate(session.starts_at)
        if (day - plan.day).days >= policy.SITTING_INTERVAL_DAYS:
            problems.append(RowProblem(row, _("%s重复：与该期首场相隔两周以上，请核对期次或日期。") % plan.title))
        if reason := rested(day):
            problems.append(RowProblem(row, reason))
        if (first := seen.setdefault(_session_content(session), row)) != row:
            problems.append(RowProblem(row, _("与第 %s 行完全相同，请删除重复的一行。") % first))
    return problems


def _not_planned(sitting: Sitting) -> str:
    if sitting.status == SittingStatus.CANCELLED:
        return _("%s已取消，不能通过导入恢复。请从文件中删除该期。") % sitting.title
    return (
        _("%s已发布公告，与文件不一致。请在工作台用该期的“调整日期”“取消坐诊”“增加场次”办理，系统会通知已预约企业。")
        % sitting.title
    )


def _clashes(items: Sequence[Reviewed]) -> list[RowProblem]:
    """Two sittings on one day: within the file, or with one that the file leaves where it is. [3.2]"""
    wanted = [item for item in items if item.verdict != Verdict.UNCHANGED]
    leaving = {item.sitting.pk for item in wanted if item.sitting is not None}
    taken = days_with_sitting([item.plan.day for item in wanted], but=leaving)
    named: dict[date, str] = {}
    problems = []
    for item in wanted:
        day, head = item.plan.day, item.plan.rows[0]
        if day in taken:
            problems.append(RowProblem(head, _("%s已安排另一期坐诊，请另选一天。") % cn_date(day)))
        elif (other := named.setdefault(day, item.plan.title)) != item.plan.title:
            problems.append(
                RowProblem(head, _("%(day)s与%(other)s是同一天，请另选一天。") % {"day": cn_date(day), "other": other})
            )
    return problems


def _warnings_of(plan: SittingPlan, today: date) -> list[str]:
    """What is told before the import is confirmed and stands in the way of publishing at the latest."""
    found = list(guards.publication_warnings(plan.sessions))
    for session in plan.sessions:
        if session.kind == SessionKind.MAIN:
            found += guards.main_session_problems(session, session.chairs)
    if plan.day <= today:
        found.append(_("坐诊日期已过，导入后不能再发布公告。"))
    elif (plan.day - today).days < policy.ANNOUNCEMENT_LEAD_DAYS:
        found.append(_("距坐诊不足 %s 天，发布公告须经特批。") % policy.ANNOUNCEMENT_LEAD_DAYS)
    return [_("%(title)s：%(text)s") % {"title": plan.title, "text": text} for text in found]


def _change(sitting: Sitting, plan: SittingPlan, actor: User) -> None:
    """Make a planned sitting like its plan, leaving the sessions alone that are the same."""
    before = sitting.day
    wanted = Counter(_session_content(session) for session in plan.sessions)
    spare: list[Session] = []
    for session in sitting.sessions.all():
        content = _session_content(plan_of(session))
        if wanted[content]:
            wanted[content] -= 1
        else:
            spare.append(session)
    for session_plan in plan.sessions:
        content = _session_content(session_plan)
        if not wanted[content]:
            continue
        wanted[content] -= 1
        write_session(sitting, session_plan, _taken_from(spare, session_plan.kind))
    for session in spare:
        session.delete()
    if _squeezed(sitting.remarks) != _squeezed(plan.remarks):
        sitting.remarks = plan.remarks
        sitting.save(update_fields=["remarks"])
    align_day(sitting)
    audit.record("change_sitting", sitting, actor=actor, before=before, after=sitting.day, clause="[5.1]")


def _taken_from(spare: list[Session], kind: str) -> Session | None:
    """The next session of that kind that is to be something else now."""
    found = next((session for session in spare if session.kind == kind), None)
    if found is not None:
        spare.remove(found)
    return found


def in_words(session: SessionPlan, names: Mapping[int, str]) -> str:
    """A session on one line, for who compares two of them. `names`: the departments' by their keys."""
    chairs = "、".join(
        names[chair.department_id]
        + (f"（{who}）" if (who := f"{chair.leader_name} {chair.leader_title}".strip()) else "")
        for chair in session.chairs
    )
    kind = SessionKind(session.kind).label
    when = f"{cn_short(session.starts_at)} {cn_time(session.starts_at)}–{cn_time(session.ends_at)}"
    contact = f"{session.liaison} {session.liaison_phone}".strip()
    # Most are held at the window; the place is worth a word where they are not.
    place = "" if session.place == policy.WINDOW_PLACE else session.place
    parts = (f"{kind} {when}", chairs, place, session.theme, contact)
    return "，".join(part for part in parts if part)
