"""The console's pages of a session, reached from its sitting's. [3.6]"""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import policy
from core.console import NavGroup, ReadOnlyAdmin, Text, VerbButton
from core.models import User
from core.templatetags.cn import cn_datetime, cn_short, cn_time
from sessions_app import services
from sessions_app.admin_schedule import PLAN
from sessions_app.enums import SittingStatus
from sessions_app.forms import SessionForm, session_initial, session_plan
from sessions_app.models import Chair, Session, Sitting

# Most sessions are held there, and its whole address would fill the table.
WINDOW_IN_SHORT = gettext_lazy("服务专窗")


def is_planned(row: Sitting) -> bool:
    return row.status == SittingStatus.PLANNED


def run_change_session(row: Session, actor: User, data: dict[str, Any]) -> Text:
    session = services.change_session(session_id=row.pk, plan=session_plan(data), actor=actor)
    return _("已修改%s。") % session


def run_remove_session(row: Session, actor: User, data: dict[str, Any]) -> Text:
    services.remove_planned_session(session_id=row.pk, actor=actor)
    return _("已移除%s。") % row


def with_schedule_template(response: HttpResponse) -> HttpResponse:
    """The button's page with what its form holds beside its fields: departments, problems and warnings."""
    if isinstance(response, TemplateResponse):
        response.template_name = "console/schedule_verb.html"
    return response


def _chairs() -> Prefetch:
    return Prefetch("chairs", Chair.objects.select_related("department"))


def seats_of(row: Session) -> SafeString:
    """Each department on its line, the one in the lead first and marked. Reads prefetched chairs."""
    lines = (
        (
            chair.department.name,
            _("（牵头）") if chair.is_lead else "",
            f"{chair.leader_name} {chair.leader_title}".strip(),
        )
        for chair in row.chairs.all()
    )
    return format_html_join(
        "\n", '<span class="nowrap">{}{}</span> <span class="nowrap">{}</span><br>', lines
    ) or SafeString("—")


def contact_of(row: Session) -> SafeString:
    """Name and number each in one piece."""
    parts = ((part,) for part in (row.liaison, row.liaison_phone) if part)
    return format_html_join(" ", '<span class="nowrap">{}</span>', parts) or SafeString("—")


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False
    media = forms.Media()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SessionInline(ReadOnlyInline):
    model = Session
    verbose_name_plural = gettext_lazy("场次")
    fields = readonly_fields = ("when", "sort", "seats", "venue", "theme", "contact")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        return super().get_queryset(request).prefetch_related(_chairs())

    @admin.display(description=gettext_lazy("时间"))
    def when(self, row: Session) -> SafeString:
        url = reverse("console:sessions_app_session_change", args=[row.pk])
        return format_html(
            '<a href="{}"><span class="nowrap">{}</span> <span class="nowrap">{}–{}</span></a>',
            url,
            cn_short(row.day),
            cn_time(row.starts_at),
            cn_time(row.ends_at),
        )

    @admin.display(description=gettext_lazy("类型"))
    def sort(self, row: Session) -> SafeString:
        return format_html('<span class="nowrap">{}</span>', row.get_kind_display())

    @admin.display(description=gettext_lazy("坐诊部门"))
    def seats(self, row: Session) -> SafeString:
        return seats_of(row)

    @admin.display(description=gettext_lazy("地点"))
    def venue(self, row: Session) -> Text:
        if row.place != policy.WINDOW_PLACE:
            return row.place
        return format_html('<span class="nowrap">{}</span>', WINDOW_IN_SHORT)

    @admin.display(description=gettext_lazy("联络员及电话"))
    def contact(self, row: Session) -> SafeString:
        return contact_of(row)


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    """A session's page hangs on its sitting's: it has no list of its own."""

    nav_group = NavGroup.SCHEDULE
    verb_buttons = (
        VerbButton(
            "change",
            gettext_lazy("修改场次"),
            run_change_session,
            gettext_lazy("公告发布前均可修改；发布后可更换部门和负责同志，调整时间、地点请用“调整时间地点”。"),
            PLAN,
            offered=lambda row: row.sitting.status != SittingStatus.CANCELLED,
            form=SessionForm,
            initial=session_initial,
            form_kwargs=lambda row: {"kept": [chair.department_id for chair in row.chairs.all()]},
        ),
        VerbButton(
            "remove",
            gettext_lazy("移除场次"),
            run_remove_session,
            lambda row: (
                _("从%(sitting)s中移除%(session)s。历史记录保留。") % {"sitting": row.sitting.title, "session": row}
            ),
            PLAN,
            offered=lambda row: is_planned(row.sitting),
            danger=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        return super().get_queryset(request).select_related("sitting").prefetch_related(_chairs())

    def get_fieldsets(self, request: HttpRequest, obj: Session | None = None) -> list[Any]:
        return [(None, {"fields": ["edition", "when", "kind", "seats", "place", "theme", "contact"]})]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Not in the navigation."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("console:sessions_app_sitting_changelist")

    def verb_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        return with_schedule_template(super().verb_view(request, object_id, verb))

    def title_of(self, row: Session) -> str:
        return f"{row.sitting.title} {row}"

    def page_of(self, row: Session) -> str:
        """After a button one is back at the sitting, where a removed session is no more."""
        return reverse("console:sessions_app_sitting_change", args=[row.sitting_id])

    @admin.display(description=gettext_lazy("期次"))
    def edition(self, row: Session) -> SafeString:
        return format_html('<a href="{}">{}</a>', self.page_of(row), row.sitting.title)

    @admin.display(description=gettext_lazy("时间"))
    def when(self, row: Session) -> str:
        return f"{cn_datetime(row.starts_at)}–{cn_time(row.ends_at)}"

    @admin.display(description=gettext_lazy("坐诊部门"))
    def seats(self, row: Session) -> SafeString:
        return seats_of(row)

    @admin.display(description=gettext_lazy("联络员及电话"))
    def contact(self, row: Session) -> SafeString:
        return contact_of(row)
