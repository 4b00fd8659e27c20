"""The console's pages of sittings and publication; those for many sittings at once: `admin_schedule`. [3.2] [5.1]"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import policy
from core.console import (
    NavGroup,
    Queue,
    Text,
    Tone,
    VerbButton,
    badge,
    queue_sources,
)
from core.console_filters import SelectFilter
from core.models import User
from core.templatetags.cn import cn_date, cn_datetime, cn_short, cn_time
from sessions_app import services
from sessions_app.admin_rest_days import RestDayFilter
from sessions_app.admin_schedule import PLAN, SchedulePages
from sessions_app.admin_session import SessionInline, is_planned, with_schedule_template
from sessions_app.enums import SessionKind, SittingPhase, SittingStatus
from sessions_app.forms import PublicationTimeForm, PublishForm, SessionForm, session_plan
from sessions_app.models import Sitting
from sessions_app.selectors import refused_publications, unpublished_until, years_of_schedule
from sessions_app.services_publication import outlook_of

PUBLISH, OVERRIDE = "sessions_app.publish_sitting", "sessions_app.override_publication"
# The front page looks this far ahead for what is not announced yet.
UNPUBLISHED_DAYS_AHEAD = 20
TONES = {
    SittingPhase.PLANNED: Tone.NEUTRAL,
    SittingPhase.UPCOMING: Tone.ON_TRACK,
    SittingPhase.OPEN: Tone.ON_TRACK,
    SittingPhase.FULL: Tone.NEAR,
    SittingPhase.CLOSED: Tone.NEUTRAL,
    SittingPhase.OVER: Tone.NEUTRAL,
    SittingPhase.CANCELLED: Tone.LATE,
}


def run_publish(row: Sitting, actor: User, data: dict[str, Any]) -> Text:
    published = services.publish_sitting(
        sitting_id=row.pk,
        actor=actor,
        now=timezone.now(),
        opens_at=data["opens_at"],
        override_reason=data.get("override_reason", ""),
    )
    return _("%(title)s公告已发布，%(opens)s起开放预约。") % {
        "title": published.title,
        "opens": cn_datetime(published.opens_at),
    }


def run_schedule(row: Sitting, actor: User, data: dict[str, Any]) -> Text:
    moment = data["publish_at"]
    services.schedule_publication(sitting_id=row.pk, publish_at=moment, actor=actor, now=timezone.now())
    return _("将于%s自动发布公告。") % cn_datetime(moment) if moment else _("已取消定时发布。")


def run_add_session(row: Sitting, actor: User, data: dict[str, Any]) -> Text:
    session = services.add_session(sitting_id=row.pk, plan=session_plan(data), actor=actor, now=timezone.now())
    return _("已增加%s。") % session


def explain_publishing(row: Sitting) -> str:
    """Each line is one thing that the press will do. [3.2] [3.3]"""
    outlook = outlook_of(row, timezone.now())
    if outlook.refusal:
        return _("现在还不能发布公告：%s") % outlook.refusal
    lines = [
        _("公告立即在网站发布，供企业查询。"),
        _("预约于%s开放（可在下面另定时间）。") % cn_datetime(outlook.opens_at),
        _("预约于%(closes)s截止：开放后第 %(days)s 天结束时，且不晚于首场坐诊前一日。")
        % {"closes": cn_datetime(outlook.closes_at), "days": policy.BOOKING_DAYS},
        _("放出 %s 个号，按先后顺序取号，号满即止。") % policy.NUMBERS_PER_SITTING,
    ]
    return "\n".join(lines)


def kinds_for(row: Sitting) -> dict[str, Any]:
    """After publication no main session is added. [3.2]"""
    kinds = SessionKind.values if is_planned(row) else [SessionKind.SPECIAL, SessionKind.EXTRA]
    return {"kinds": kinds}


def new_session_initial(row: Sitting) -> dict[str, Any]:
    kind = SessionKind.SPECIAL if row.sessions.filter(kind=SessionKind.MAIN).exists() else SessionKind.MAIN
    return {"kind": kind, "day": row.day, "place": policy.WINDOW_PLACE if kind == SessionKind.MAIN else ""}


class YearFilter(SelectFilter):
    title = gettext_lazy("年度")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*((str(year), year) for year in years_of_schedule()), ("all", _("全部年度"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Sitting]) -> QuerySet[Sitting]:
        """Unless asked otherwise the past years stay out of the way."""
        asked = self.value()
        if asked == "all":
            return queryset
        if asked and asked.isdecimal():
            return queryset.filter(year=int(asked))
        return queryset.filter(year__gte=timezone.localdate().year)

    def choices(self, changelist: Any) -> Iterator[Any]:
        default, *others = super().choices(changelist)
        yield default | {"display": _("本年及以后")}
        yield from others


class PublicationFilter(admin.SimpleListFilter):
    """The lists that the front page counts."""

    title = gettext_lazy("公告")
    parameter_name = "publication"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("due", _("%s 天内待发布") % UNPUBLISHED_DAYS_AHEAD), ("refused", _("未能按时发布"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Sitting]) -> QuerySet[Sitting]:
        match self.value():
            case "due":
                return queryset.filter(pk__in=_unpublished().values("pk"))
            case "refused":
                return queryset.filter(pk__in=refused_publications().values("pk"))
        return queryset


@admin.register(Sitting)
class SittingAdmin(SchedulePages):
    nav_group = NavGroup.SCHEDULE
    nav_order = 10
    change_list_template = "console/schedule_list.html"
    list_display = ["name", "held", "state", "kinds", "numbers", "publication", "window"]
    list_filter = [YearFilter, "status", PublicationFilter, RestDayFilter]
    ordering = ["day"]
    search_fields = [
        "sessions__chairs__department__name",
        "sessions__chairs__leader_name",
        "sessions__theme",
        "remarks",
    ]
    search_help_text = gettext_lazy("部门、负责同志、主题或备注")
    inlines = [SessionInline]
    verb_buttons = (
        VerbButton(
            "publish",
            gettext_lazy("发布公告"),
            run_publish,
            explain_publishing,
            PUBLISH,
            offered=is_planned,
            form=PublishForm,
            form_kwargs=lambda row: {"outlook": outlook_of(row, timezone.now())},
        ),
        VerbButton(
            "schedule",
            gettext_lazy("定时发布"),
            run_schedule,
            gettext_lazy(
                "到设定时间自动发布公告，预约于其后首个工作日的开放时刻开始。若届时不符合公告要求，系统不发布并列入待办。"
            ),
            PUBLISH,
            offered=is_planned,
            form=PublicationTimeForm,
            initial=lambda row: {"publish_at": row.publish_at and timezone.localtime(row.publish_at)},
        ),
        VerbButton(
            "add-session",
            gettext_lazy("增加场次"),
            run_add_session,
            lambda row: _("为%s增加一场坐诊。公告发布后只能增加专场或加诊。") % row.title,
            PLAN,
            offered=lambda row: row.status != SittingStatus.CANCELLED and row.day >= timezone.localdate(),
            form=SessionForm,
            initial=new_session_initial,
            form_kwargs=kinds_for,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sitting]:
        """With what the list counts, so that no row asks for itself."""
        public = Q(slots__session__isnull=True)
        counts = {kind.value: Count("sessions", filter=Q(sessions__kind=kind), distinct=True) for kind in SessionKind}
        return (
            super()
            .get_queryset(request)
            .annotate(
                **{f"{kind}_count": count for kind, count in counts.items()},
                free=Count("slots", filter=public & Q(slots__taken=False), distinct=True),
                taken=Count("slots", filter=public & Q(slots__taken=True), distinct=True),
                extra_numbers=Count("slots", filter=~public & Q(slots__isnull=False), distinct=True),
            )
        )

    def get_fieldsets(self, request: HttpRequest, obj: Sitting | None = None) -> list[Any]:
        fields = ["day_in_full", "state", "numbers", "publication_in_full", "window"]
        if obj is not None and is_planned(obj):
            fields.append("readiness")
        fields += [name for name in ("override_reason", "cancel_reason", "remarks") if obj and getattr(obj, name)]
        return [(None, {"fields": fields})]

    def verb_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        return with_schedule_template(super().verb_view(request, object_id, verb))

    def verb_form(self, request: HttpRequest, verb: VerbButton, row: Any) -> forms.Form | None:
        """A reason is asked only of who may override."""
        form = super().verb_form(request, verb, row)
        if isinstance(form, PublishForm) and not request.user.has_perm(OVERRIDE):
            form.fields.pop("override_reason", None)
        return form

    @admin.display(description=gettext_lazy("期次"), ordering="number")
    def name(self, row: Sitting) -> str:
        return row.title

    @admin.display(description=gettext_lazy("坐诊日期"), ordering="day")
    def held(self, row: Sitting) -> SafeString:
        return format_html('<span class="nowrap">{}</span>', cn_short(row.day))

    @admin.display(description=gettext_lazy("坐诊日期"))
    def day_in_full(self, row: Sitting) -> str:
        return cn_date(row.day)

    @admin.display(description=gettext_lazy("状态"), ordering="status")
    def state(self, row: Any) -> SafeString:
        phase = row.phase(timezone.now(), row.free)
        return badge(phase.label, TONES[phase])

    @admin.display(description=gettext_lazy("场次"))
    def kinds(self, row: Any) -> SafeString:
        counted = ((kind.label, getattr(row, f"{kind.value}_count")) for kind in SessionKind)
        named = " ".join(f"{label} {count}" for label, count in counted if count)
        return format_html('<span class="nowrap">{}</span>', named) if named else badge(_("无场次"), Tone.NEAR)

    @admin.display(description=gettext_lazy("号"))
    def numbers(self, row: Any) -> SafeString | str:
        if not row.free + row.taken:
            return "—"
        said = _("已约 %(taken)s 余 %(free)s") % {"taken": row.taken, "free": row.free}
        said += _(" 加号 %s") % row.extra_numbers if row.extra_numbers else ""
        return format_html('<span class="nowrap">{}</span>', said)

    @admin.display(description=gettext_lazy("公告发布"), ordering="publish_at")
    def publication(self, row: Sitting) -> SafeString | str:
        """When it was, or when it will be; an attempt that was refused says why."""
        if row.published_at:
            return _moment(row.published_at)
        if not is_planned(row):
            return "—"
        if row.publish_problem:
            return format_html("{} {}", badge(_("未按时发布"), Tone.LATE), row.publish_problem)
        return _moment(row.publish_at) if row.publish_at else _("未定时")

    @admin.display(description=gettext_lazy("公告发布"))
    def publication_in_full(self, row: Sitting) -> str:
        if row.published_at:
            return _("%(at)s由%(who)s发布") % {
                "at": cn_datetime(row.published_at),
                "who": row.published_by or _("系统按设定时间"),
            }
        if is_planned(row) and row.publish_at:
            return _("定于%s自动发布") % cn_datetime(row.publish_at)
        return _("未定时") if is_planned(row) else "—"

    @admin.display(description=gettext_lazy("预约时间"))
    def window(self, row: Sitting) -> SafeString | str:
        if row.opens_at is None or row.closes_at is None:
            return "—"
        opens, closes = timezone.localtime(row.opens_at), timezone.localtime(row.closes_at)
        span = '<span class="nowrap">{}</span> <span class="nowrap">{} {}</span>'
        return format_html(span, f"{opens:%m-%d %H:%M}", _("至"), f"{closes:%m-%d %H:%M}")

    @admin.display(description=gettext_lazy("发布前核对"))
    def readiness(self, row: Sitting) -> SafeString:
        """What stands against publishing now, what is only told, and an attempt that was refused."""
        outlook = outlook_of(row, timezone.now())
        lines = [(badge(_("不能发布"), Tone.LATE), outlook.refusal)] if outlook.refusal else []
        lines += [(badge(_("须特批"), Tone.LATE), problem) for problem in outlook.problems]
        lines += [(badge(_("提示"), Tone.NEAR), warning) for warning in outlook.warnings]
        if row.publish_problem:
            lines.append((badge(_("未按时发布"), Tone.LATE), row.publish_problem))
        lines = lines or [(badge(_("符合要求"), Tone.ON_TRACK), _("可以发布公告。"))]
        return format_html_join("", "{} {}<br>", lines)


def schedule_queues(request: HttpRequest) -> Iterator[Queue]:
    """What waits for an announcement, for who may make one."""
    if not request.user.has_perm(PUBLISH):
        return
    listed = reverse("console:sessions_app_sitting_changelist")
    waiting = list(_unpublished())
    latest = timedelta(days=policy.ANNOUNCEMENT_LEAD_DAYS)
    yield Queue(
        label=_("%s 天内待发布公告") % UNPUBLISHED_DAYS_AHEAD,
        count=len(waiting),
        url=f"{listed}?publication=due",
        due=services.local_moment(waiting[0].day - latest, time(23, 59, 59)) if waiting else None,
        empty=_("近期坐诊的公告均已发布。"),
    )
    yield Queue(
        label=_("未能按时发布的公告"),
        count=refused_publications().count(),
        url=f"{listed}?publication=refused&year=all",
        empty=_("没有未能按时发布的公告。"),
    )


def _unpublished() -> QuerySet[Sitting]:
    today = timezone.localdate()
    return unpublished_until(today, today + timedelta(days=UNPUBLISHED_DAYS_AHEAD))


def _moment(moment: datetime) -> SafeString:
    return format_html('<span class="nowrap">{} {}</span>', cn_short(moment), cn_time(moment))


queue_sources.append(schedule_queues)
