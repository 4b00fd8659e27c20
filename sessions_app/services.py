"""The verbs of the schedule and its announcements. [3.2] [5.1]"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, policy
from core.errors import Refused
from core.models import User
from core.selectors import ours, ours_time
from core.transitions import lock, moving, start
from core.workdays import is_working_day, last_working_day, next_working_day
from sessions_app import guards, moves, permissions
from sessions_app.enums import SessionKind, SittingStatus
from sessions_app.models import Chair, Session, Sitting, Slot
from sessions_app.selectors import days_with_sitting, next_number_of_year, sessions_of


@dataclass(frozen=True)
class ChairPlan:
    department_id: int
    is_lead: bool = False
    leader_name: str = ""
    leader_title: str = ""


@dataclass(frozen=True)
class SessionPlan:
    """What a session is to be. Times are aware; the place defaults to the window. [3.6]"""

    kind: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    theme: str = ""
    liaison: str = ""
    liaison_phone: str = ""
    chairs: tuple[ChairPlan, ...] = field(default=())


def local_moment(day: date, at: time) -> datetime:
    """The wall clock of Asia/Shanghai on that day."""
    return timezone.make_aware(datetime.combine(day, at))


def default_publication(day: date) -> datetime:
    """When a sitting of `day` is published unless said otherwise: 11 days before, on a working day. [3.2]"""
    target = day - timedelta(days=ours(policy.PUBLISH_DAYS_BEFORE))
    return local_moment(last_working_day(target), ours_time(policy.PUBLISH_AT))


def default_opening(now: datetime) -> datetime:
    """The next 09:00 of a working day, not before now. [3.3]"""
    today = timezone.localdate(now)
    at = ours_time(policy.BOOKING_OPENS_AT)
    if is_working_day(today) and local_moment(today, at) >= now:
        return local_moment(today, at)
    return local_moment(next_working_day(today), at)


def closing_of(opens_at: datetime, first_day: date) -> datetime:
    """The end of the 7th day after opening, never later than the day before the first session. [3.3]"""
    last_day = timezone.localdate(opens_at) + timedelta(days=policy.BOOKING_DAYS)
    return local_moment(min(last_day, first_day - timedelta(days=1)), time(23, 59, 59))


def plan_sitting(
    *, day: date, sessions: Iterable[SessionPlan] = (), actor: User, number: int | None = None, remarks: str = ""
) -> Sitting:
    """Put one sitting on the schedule, to be published at the default time. Refuses `not_a_working_day`, `clash`."""
    permissions.check_can_plan(actor)
    guards.check_working_day(day)
    if days_with_sitting([day]):
        raise Refused("clash", _("%s 已安排坐诊。") % f"{day:%Y-%m-%d}", field="day")
    with transaction.atomic():
        sitting = Sitting(
            year=day.year,
            number=number or next_number_of_year(day.year),
            day=day,
            publish_at=default_publication(day),
            remarks=remarks,
        )
        start(sitting, SittingStatus.PLANNED, actor=actor, action="plan_sitting", clause="[3.2]")
        for plan in sessions:
            _create_session(sitting, plan)
        _align_day(sitting)
    return sitting


def fortnightly_days(first: date, until: date) -> list[date]:
    """Every 14 days from `first`; a day of rest postpones to the next working day. [3.2]"""
    days = []
    day = first
    while day <= until:
        working = next_working_day(day, including=True)
        if working <= until:
            days.append(working)
        day += timedelta(days=policy.SITTING_INTERVAL_DAYS)
    return days


def generate_year(*, first: date, until: date, main: SessionPlan, actor: User) -> list[Sitting]:
    """Plan every fortnight from `first` to `until`, each with one main session like `main`. All or nothing."""
    permissions.check_can_plan(actor)
    days = fortnightly_days(first, until)
    if not days:
        raise Refused("no_days", _("该时间段内没有可安排的日期。"), field="first")
    if clashes := days_with_sitting(days):
        listed = "、".join(f"{day:%m-%d}" for day in sorted(clashes))
        raise Refused("clash", _("以下日期已安排坐诊：%s。") % listed, field="first")
    starts, ends = timezone.localtime(main.starts_at).time(), timezone.localtime(main.ends_at).time()
    with transaction.atomic():
        return [
            plan_sitting(
                day=day,
                actor=actor,
                sessions=[
                    SessionPlan(
                        kind=main.kind,
                        starts_at=local_moment(day, starts),
                        ends_at=local_moment(day, ends),
                        place=main.place,
                        theme=main.theme,
                        liaison=main.liaison,
                        liaison_phone=main.liaison_phone,
                        chairs=main.chairs,
                    )
                ],
            )
            for day in days
        ]


def add_session(*, sitting_id: int, plan: SessionPlan, actor: User, now: datetime) -> Session:
    """Add a session. After publication only a special or extra one, in time. [3.2] [3.6]

    Refuses `cancelled`, `main_after_publication`, `too_late`, `not_a_working_day`, `ends_before_start`.
    """
    permissions.check_can_plan(actor)
    with transaction.atomic():
        sitting = lock(Sitting, sitting_id)
        guards.check_session_can_be_added(sitting, plan.kind, plan.starts_at, now)
        guards.check_working_day(timezone.localdate(plan.starts_at))
        session = _create_session(sitting, plan)
        _align_day(sitting)
        audit.record("add_session", session, actor=actor, after=session, clause="[3.6]")
    return session


def change_planned_session(*, session_id: int, plan: SessionPlan, actor: User) -> Session:
    """Change a session that is not announced yet. An announced one is moved in `appointments`, which tells people."""
    permissions.check_can_plan(actor)
    with transaction.atomic():
        sitting = lock(Sitting, Session.objects.only("sitting_id").get(pk=session_id).sitting_id)
        session = lock(Session, session_id)
        guards.check_planned(sitting)
        guards.check_working_day(timezone.localdate(plan.starts_at))
        before = str(session)
        _fill_session(session, plan)
        session.save()
        session.chairs.all().delete()
        _create_chairs(session, plan.chairs)
        _align_day(sitting)
        audit.record("change_session", session, actor=actor, before=before, after=session, clause="[3.6]")
    return session


def remove_planned_session(*, session_id: int, actor: User) -> None:
    """Take a session off a sitting that is not announced yet."""
    permissions.check_can_plan(actor)
    with transaction.atomic():
        sitting = lock(Sitting, Session.objects.only("sitting_id").get(pk=session_id).sitting_id)
        session = lock(Session, session_id)
        guards.check_planned(sitting)
        audit.record("remove_session", session, actor=actor, before=session, clause="[3.6]")
        session.delete()
        _align_day(sitting)


def schedule_publication(*, sitting_id: int, publish_at: datetime | None, actor: User) -> Sitting:
    """Set, change or clear the time at which the sitting publishes itself. [3.2]"""
    permissions.check_can_publish(actor)
    with transaction.atomic():
        sitting = lock(Sitting, sitting_id)
        guards.check_planned(sitting)
        before, sitting.publish_at, sitting.publish_problem = sitting.publish_at, publish_at, ""
        sitting.save(update_fields=["publish_at", "publish_problem"])
        audit.record("schedule_publication", sitting, actor=actor, before=before or "", after=publish_at or "")
    return sitting


def publish_sitting(
    *,
    sitting_id: int,
    actor: audit.Actor,
    now: datetime,
    opens_at: datetime | None = None,
    override_reason: str = "",
) -> Sitting:
    """Announce a sitting and make its five numbers. [3.2] [3.3]

    Refuses `no_main_session`, `already_begun`, `needs_override` (with the problems), `opens_before_publication`,
    `no_time_to_book`. With a reason a supervisor overrides the problems; the reason is kept.
    """
    if isinstance(actor, User):
        permissions.check_can_publish(actor)
    with moving(Sitting, sitting_id, moves.PUBLISH, actor=actor, reason=override_reason) as sitting:
        sessions = sessions_of(sitting_id)
        guards.check_has_main_session(sessions)
        guards.check_before_first_session(sessions, now)
        problems = guards.publication_problems(sitting, sessions, timezone.localdate(now))
        if problems:
            _require_override(actor, override_reason, problems)
            sitting.override_reason = override_reason
        first_day = min(session.day for session in sessions)
        sitting.opens_at = opens_at or default_opening(now)
        sitting.closes_at = closing_of(sitting.opens_at, first_day)
        guards.check_booking_window(sitting.opens_at, sitting.closes_at, now)
        sitting.published_at, sitting.publish_at, sitting.publish_problem = now, None, ""
        sitting.published_by = actor if isinstance(actor, User) else None
        Slot.objects.bulk_create(
            Slot(sitting=sitting, number=number) for number in range(1, policy.NUMBERS_PER_SITTING + 1)
        )
    return sitting


def publish_due(now: datetime) -> list[Sitting]:
    """Publish every sitting whose set time has come. One that is refused keeps its reason and waits for a person."""
    due = Sitting.objects.filter(
        status=SittingStatus.PLANNED, publish_at__isnull=False, publish_at__lte=now, publish_problem=""
    )
    published = []
    for key in due.order_by("publish_at").values_list("pk", flat=True):
        try:
            published.append(publish_sitting(sitting_id=key, actor=audit.SYSTEM, now=now))
        except Refused as refusal:
            _keep_problem(key, str(refusal.message))
    return published


def add_extra_slot(*, session_id: int, actor: User) -> Slot:
    """One number above 5, attached to an extra session (加号). Refuses `not_extra`, `not_published`."""
    permissions.check_can_publish(actor)
    with transaction.atomic():
        sitting = lock(Sitting, Session.objects.only("sitting_id").get(pk=session_id).sitting_id)
        session = lock(Session, session_id)
        if session.kind != SessionKind.EXTRA:
            raise Refused("not_extra", _("加号只能安排在加诊场次。"))
        if sitting.status != SittingStatus.PUBLISHED:
            raise Refused("not_published", _("公告发布后才能加号。"))
        last = sitting.slots.order_by("-number").values_list("number", flat=True).first() or 0
        slot = Slot.objects.create(sitting=sitting, number=last + 1, session=session)
        audit.record("add_extra_number", slot, actor=actor, after=slot.number, clause="[3.6]")
    return slot


def shift_sessions(sitting: Sitting, days: int) -> None:
    """Move every session of a locked sitting by whole days, keeping its hours; called by who tells people."""
    for session in Session.objects.select_for_update(of=("self",)).filter(sitting=sitting).order_by("pk"):
        session.starts_at += timedelta(days=days)
        session.ends_at += timedelta(days=days)
        session.save(update_fields=["starts_at", "ends_at"])
    _align_day(sitting)


def _require_override(actor: audit.Actor, reason: str, problems: list[str]) -> None:
    if isinstance(actor, User) and reason.strip():
        permissions.check_can_override(actor)
        return
    raise Refused("needs_override", "".join(problems), field="override_reason", problems=problems)


def _keep_problem(sitting_id: int, problem: str) -> None:
    with transaction.atomic():
        sitting = lock(Sitting, sitting_id)
        sitting.publish_problem = problem[:300]
        sitting.save(update_fields=["publish_problem"])
        audit.record("publication_refused", sitting, actor=audit.SYSTEM, reason=problem, clause="[3.2]")


def _create_session(sitting: Sitting, plan: SessionPlan) -> Session:
    session = Session(sitting=sitting)
    _fill_session(session, plan)
    session.save()
    _create_chairs(session, plan.chairs)
    return session


def _fill_session(session: Session, plan: SessionPlan) -> None:
    if plan.ends_at <= plan.starts_at:
        raise Refused("ends_before_start", _("结束时间应晚于开始时间。"), field="ends_at")
    session.kind = plan.kind
    session.starts_at = plan.starts_at
    session.ends_at = plan.ends_at
    session.place = plan.place or str(policy.WINDOW_PLACE)
    session.theme = plan.theme
    session.liaison = plan.liaison
    session.liaison_phone = plan.liaison_phone


def _create_chairs(session: Session, chairs: Iterable[ChairPlan]) -> None:
    for plan in chairs:
        Chair.objects.create(
            session=session,
            department_id=plan.department_id,
            is_lead=plan.is_lead,
            leader_name=plan.leader_name,
            leader_title=plan.leader_title,
        )


def _align_day(sitting: Sitting) -> None:
    """The sitting's day is that of its first session; without one it stays as planned."""
    first = sitting.sessions.order_by("starts_at").first()
    if first and first.day != sitting.day:
        sitting.day = first.day
        sitting.save(update_fields=["day"])
