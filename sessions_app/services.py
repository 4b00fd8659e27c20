"""The verbs of the schedule and its announcements. [3.2] [5.1]"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, policy
from core.constraints import violated
from core.errors import Refused
from core.models import User
from core.selectors import ours, ours_time
from core.templatetags.cn import cn_date, cn_datetime
from core.transitions import lock, moving, start
from core.workdays import is_working_day, last_working_day, next_working_day
from sessions_app import guards, moves, permissions
from sessions_app.enums import SessionKind, SittingStatus
from sessions_app.models import Chair, Session, Sitting, Slot
from sessions_app.selectors import days_with_sitting, due_publications, next_number_of_year, sessions_of


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
    """Put one sitting on the schedule, to be published at the default time, or by hand when that has passed. [3.2]

    Refuses `not_a_working_day`, `clash`, `number_taken`, and what `write_session` refuses.
    """
    permissions.check_can_plan(actor)
    plans = list(sessions)
    day = min((timezone.localdate(plan.starts_at) for plan in plans), default=day)
    for each in {day, *(timezone.localdate(plan.starts_at) for plan in plans)}:
        guards.check_working_day(each)
    with _one_sitting_for_a_number(), transaction.atomic():
        check_day_is_free(day)
        sitting = Sitting(
            year=day.year,
            number=number or next_number_of_year(day.year),
            day=day,
            publish_at=_publication_ahead(day),
            remarks=remarks,
        )
        start(sitting, SittingStatus.PLANNED, actor=actor, action="plan_sitting", clause="[3.2]")
        for plan in plans:
            write_session(sitting, plan)
    return sitting


def fortnights(first: date, until: date) -> list[tuple[date, date]]:
    """Every 14 days from `first`, with the day it is held: a day of rest postpones to the next working day. [3.2]"""
    days = []
    due = first
    while due <= until:
        held = next_working_day(due, including=True)
        if held <= until:
            days.append((due, held))
        due += timedelta(days=policy.SITTING_INTERVAL_DAYS)
    return days


def fortnightly_days(first: date, until: date) -> list[date]:
    return [held for _due, held in fortnights(first, until)]


def generate_year(*, first: date, until: date, main: SessionPlan, actor: User) -> list[Sitting]:
    """Plan every fortnight from `first` to `until`, each with one main session like `main`. All or nothing."""
    permissions.check_can_plan(actor)
    days = fortnightly_days(first, until)
    if not days:
        raise Refused("no_days", _("该时间段内没有可安排的日期，请调整起止日期。"), field="until")
    if clashes := days_with_sitting(days):
        listed = "、".join(cn_date(day) for day in sorted(clashes))
        raise Refused("clash", _("以下日期已安排坐诊：%s。请调整首期日期或截止日期。") % listed, field="first")
    with transaction.atomic():
        return [plan_sitting(day=day, actor=actor, sessions=[_on_day(main, day)]) for day in days]


def add_session(*, sitting_id: int, plan: SessionPlan, actor: User, now: datetime) -> Session:
    """Add a session. After publication only a special or extra one, in time. [3.2] [3.6]

    Refuses `cancelled`, `main_after_publication`, `too_late`, `before_first_session`, `not_a_working_day`, `clash`,
    and what `write_session` refuses.
    """
    permissions.check_can_plan(actor)
    with transaction.atomic():
        sitting = lock(Sitting, sitting_id)
        guards.check_session_can_be_added(sitting, plan.kind, plan.starts_at, now)
        guards.check_working_day(timezone.localdate(plan.starts_at))
        session = write_session(sitting, plan)
        _realign(sitting)
        audit.record("add_session", session, actor=actor, after=session, clause="[3.6]")
    return session


def change_session(*, session_id: int, plan: SessionPlan, actor: User) -> Session:
    """Change a session; once it is announced, not when and where it is: `appointments` moves it and tells people.

    Refuses `gone`, `cancelled`, `tells_holders`, `no_leader`, `not_a_working_day`, `clash`, and what `write_session`
    refuses. [3.2] [3.6]
    """
    permissions.check_can_plan(actor)
    with transaction.atomic():
        sitting, session = _lock_with_sitting(session_id)
        guards.check_session_can_change(sitting, session, plan, plan.chairs)
        guards.check_working_day(timezone.localdate(plan.starts_at))
        before = str(session)
        write_session(sitting, plan, session)
        _realign(sitting)
        audit.record("change_session", session, actor=actor, before=before, after=session, clause="[3.6]")
    return session


def remove_planned_session(*, session_id: int, actor: User) -> None:
    """Take a session off a sitting that is not announced yet. Refuses `gone`, `already_published`, `clash`."""
    permissions.check_can_plan(actor)
    with transaction.atomic():
        sitting, session = _lock_with_sitting(session_id)
        guards.check_planned(sitting)
        audit.record("remove_session", session, actor=actor, before=session, clause="[3.6]")
        session.delete()
        _realign(sitting)


def schedule_publication(*, sitting_id: int, publish_at: datetime | None, actor: User, now: datetime) -> Sitting:
    """Set, change or clear the time at which the sitting publishes itself. [3.2]

    Refuses `already_published`, `publication_in_the_past`, `publication_too_late`. A problem kept from an earlier
    attempt is forgotten, so that the set time is tried again.
    """
    permissions.check_can_publish(actor)
    with transaction.atomic():
        sitting = lock(Sitting, sitting_id)
        guards.check_planned(sitting)
        if publish_at is not None:
            guards.check_publication_time(sitting, publish_at, now)
        before, sitting.publish_at, sitting.publish_problem = sitting.publish_at, publish_at, ""
        sitting.save(update_fields=["publish_at", "publish_problem"])
        audit.record(
            "schedule_publication",
            sitting,
            actor=actor,
            before=cn_datetime(before),
            after=cn_datetime(publish_at),
            clause="[3.2]",
        )
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
    `no_time_to_book`, `already_done`. With a reason a supervisor overrides the problems; the reason is kept.
    """
    if isinstance(actor, User):
        permissions.check_can_publish(actor)
    elif actor != audit.SYSTEM:
        raise PermissionDenied
    with moving(Sitting, sitting_id, moves.PUBLISH, actor=actor, reason=override_reason) as sitting:
        sessions = sessions_of(sitting_id)
        guards.check_has_main_session(sessions)
        guards.check_before_first_session(sessions, now)
        problems = guards.publication_problems(sitting, sessions, timezone.localdate(now))
        if problems:
            _require_override(actor, override_reason, problems)
            sitting.override_reason = override_reason.strip()
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
    published = []
    for key in due_publications(now):
        try:
            published.append(publish_sitting(sitting_id=key, actor=audit.SYSTEM, now=now))
        except Refused as refusal:
            _keep_problem(key, str(refusal.message))
    return published


def add_extra_slot(*, session_id: int, actor: User) -> Slot:
    """One number above 5, attached to an extra session (加号). Refuses `not_extra`, `not_published`."""
    permissions.check_can_publish(actor)
    with transaction.atomic():
        sitting, session = _lock_with_sitting(session_id)
        if session.kind != SessionKind.EXTRA:
            raise Refused("not_extra", _("加号只能安排在加诊场次。"))
        if sitting.status != SittingStatus.PUBLISHED:
            raise Refused("not_published", _("公告发布后才能加号。"))
        last = sitting.slots.order_by("-number").values_list("number", flat=True).first() or 0
        slot = Slot.objects.create(sitting=sitting, number=last + 1, session=session)
        audit.record("add_extra_number", slot, actor=actor, after=slot.number, clause="[3.6]")
    return slot


def shift_sessions(sitting: Sitting, days: int) -> None:
    """Move every session of a locked sitting by whole days; who calls it aligns the day and tells people."""
    for session in Session.objects.select_for_update(of=("self",)).filter(sitting=sitting).order_by("pk"):
        session.starts_at += timedelta(days=days)
        session.ends_at += timedelta(days=days)
        session.save(update_fields=["starts_at", "ends_at"])


def _require_override(actor: audit.Actor, reason: str, problems: list[str]) -> None:
    if isinstance(actor, User) and reason.strip():
        permissions.check_can_override(actor)
        return
    raise Refused("needs_override", "".join(problems), field="override_reason", problems=problems)


def _keep_problem(sitting_id: int, problem: str) -> None:
    with transaction.atomic():
        sitting = lock(Sitting, sitting_id)
        if sitting.status != SittingStatus.PLANNED:
            return  # published or called off since the sweep began: nothing waits for a person
        sitting.publish_problem = problem[:300]
        sitting.save(update_fields=["publish_problem"])
        audit.record("publication_refused", sitting, actor=audit.SYSTEM, reason=problem, clause="[3.2]")


def write_session(sitting: Sitting, plan: SessionPlan, session: Session | None = None) -> Session:
    """A session of a locked sitting with its departments: a new one, or `session` made to be like the plan. [3.6]

    Refuses `ends_before_start`, `department_twice`, `two_leads`.
    """
    if plan.ends_at <= plan.starts_at:
        raise Refused("ends_before_start", _("结束时间应晚于开始时间。"), field="ends_at")
    guards.check_chairs([(chair.department_id, chair.is_lead) for chair in plan.chairs])
    session = session or Session(sitting=sitting)
    session.kind = plan.kind
    session.starts_at = plan.starts_at
    session.ends_at = plan.ends_at
    session.place = plan.place or str(policy.WINDOW_PLACE)
    session.theme = plan.theme
    session.liaison = plan.liaison
    session.liaison_phone = plan.liaison_phone
    session.save()
    _write_chairs(session, plan.chairs)
    return session


def plan_of(session: Session) -> SessionPlan:
    """The session as a plan: what a form starts from, and what an import is compared with."""
    return SessionPlan(
        kind=session.kind,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place=session.place,
        theme=session.theme,
        liaison=session.liaison,
        liaison_phone=session.liaison_phone,
        chairs=tuple(
            ChairPlan(chair.department_id, chair.is_lead, chair.leader_name, chair.leader_title)
            for chair in session.chairs.all()
        ),
    )


def _write_chairs(session: Session, plans: Iterable[ChairPlan]) -> None:
    wanted = tuple(plans)
    if set(wanted) == set(plan_of(session).chairs):
        return  # no history where nothing changed
    session.chairs.all().delete()
    for plan in wanted:
        Chair.objects.create(session=session, **asdict(plan))


def align_day(sitting: Sitting) -> None:
    """The day of a locked sitting is that of its first session; without one it stays as planned.

    A publication at its default time follows the day; one that a person set stays where it was put.
    """
    first = sitting.sessions.order_by("starts_at").first()
    if first is None or first.day == sitting.day:
        return
    if sitting.publish_at and sitting.publish_at == default_publication(sitting.day):
        sitting.publish_at, sitting.publish_problem = _publication_ahead(first.day), ""
    sitting.day = first.day
    sitting.save(update_fields=["day", "publish_at", "publish_problem"])


def _realign(sitting: Sitting) -> None:
    before = sitting.day
    align_day(sitting)
    if sitting.day != before:
        check_day_is_free(sitting.day, but=[sitting.pk])


def check_day_is_free(day: date, but: Collection[int] = ()) -> None:
    """One sitting to a day; called-off ones do not count. [3.2]"""
    if days_with_sitting([day], but=but):
        raise Refused("clash", _("%s 已安排坐诊，请另选一天。") % cn_date(day), field="day")


def _publication_ahead(day: date) -> datetime | None:
    """The default time, unless it has passed: the sweep must not announce what was planned a minute ago."""
    moment = default_publication(day)
    return moment if moment > timezone.now() else None


def _on_day(plan: SessionPlan, day: date) -> SessionPlan:
    """The same hours on another day."""
    return replace(
        plan,
        starts_at=local_moment(day, timezone.localtime(plan.starts_at).time()),
        ends_at=local_moment(day, timezone.localtime(plan.ends_at).time()),
    )


def _lock_with_sitting(session_id: int) -> tuple[Sitting, Session]:
    """Both under their locks, the parent first. Refuses `gone`."""
    sitting_id = Session.objects.filter(pk=session_id).values_list("sitting_id", flat=True).first()
    return lock(Sitting, sitting_id), lock(Session, session_id)


@contextmanager
def _one_sitting_for_a_number() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if violated(error) != "one_sitting_for_a_number_of_the_year":
            raise
        raise Refused("number_taken", _("该年度已有这一期，请改用其他期次。"), field="number") from error
