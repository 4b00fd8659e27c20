"""The day's records and the hall's screens in the console. [3.3] [3.6]"""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from appointments import console_checkin, console_day, services
from appointments.enums import QueueStatus
from appointments.forms_day import BoardForm
from appointments.models import BoardDevice, QueueEntry
from appointments.permissions import department_bound
from appointments.selectors_day import queue_of, sessions_for
from core.console import NavGroup, Queue, ReadOnlyAdmin, Tone, VerbButton, actor_of, badge, queue_sources
from core.qr import qr_svg
from core.templatetags.cn import cn_datetime, cn_time

TONES = {
    QueueStatus.CALLED: Tone.NEAR,
    QueueStatus.CONSULTING: Tone.ON_TRACK,
    QueueStatus.DONE: Tone.ON_TRACK,
    QueueStatus.ABSENT: Tone.LATE,
}


def _minutes(length: timedelta | None) -> str:
    return "—" if length is None else str(_("%s 分钟")) % int(length.total_seconds() // 60)


@admin.register(QueueEntry)
class QueueEntryAdmin(ReadOnlyAdmin):
    """Everybody who has come, the newest first, with how long each step took."""

    nav_group = NavGroup.ONSITE
    nav_order = 10
    change_list_template = "console/queueentry_list.html"
    empty_text = _("企业到场签到后，将列在这里。")
    list_display = ["number", "company", "sitting", "meet_at", "state", "arrived", "desk", "waited", "consulted"]
    list_display_links = ["number", "company"]
    list_filter = ["status", "session__sitting__year"]
    search_fields = ["booking__reference", "booking__company_name"]
    search_help_text = _("按预约编号、企业名称查找")
    fields = [
        "number",
        "company",
        "sitting",
        "meet_at",
        "state",
        "arrived",
        "checked_in_by",
        "called_at",
        "called_by",
        "desk",
        "calls",
        "passes",
        "started_at",
        "ended_at",
        "waited",
        "consulted",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[QueueEntry]:
        """A department's people see the sessions where it sits."""
        rows = super().get_queryset(request).select_related("booking__slot", "booking__sitting", "session")
        unit = department_bound(actor_of(request))
        return rows if unit is None else rows.filter(session__chairs__department=unit)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        name = "appointments_queueentry"
        return [
            path("checkin/", view(console_checkin.desk), name=f"{name}_checkin"),
            path("checkin/<key:pk>/", view(console_checkin.booking), name=f"{name}_checkin_booking"),
            path("checkin/code/<secret:secret>/", view(console_checkin.code), name=f"{name}_checkin_code"),
            path("day/", view(console_day.today), name=f"{name}_today"),
            path("day/<key:session_id>/", view(console_day.queue), name=f"{name}_day"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"can_run_queue": request.user.has_perm("appointments.run_queue")}
        return super().changelist_view(request, context | (extra_context or {}))

    def title_of(self, row: QueueEntry) -> str:
        return str(_("%(number)s 号 %(company)s")) % {
            "number": row.booking.number,
            "company": row.booking.company_name,
        }

    @admin.display(description=_("号"), ordering="booking__slot__number")
    def number(self, row: QueueEntry) -> int | None:
        return row.booking.number

    @admin.display(description=_("企业名称"))
    def company(self, row: QueueEntry) -> str:
        return row.booking.company_name

    @admin.display(description=_("期次"), ordering="booking__sitting__day")
    def sitting(self, row: QueueEntry) -> str:
        return str(row.booking.sitting)

    @admin.display(description=_("接诊时间"), ordering="booking__meet_at")
    def meet_at(self, row: QueueEntry) -> str:
        return cn_time(row.booking.meet_at)

    @admin.display(description=_("状态"), ordering="status")
    def state(self, row: QueueEntry) -> SafeString:
        return badge(row.get_status_display(), TONES.get(QueueStatus(row.status), Tone.NEUTRAL))

    @admin.display(description=_("签到"), ordering="checked_in_at")
    def arrived(self, row: QueueEntry) -> str:
        return cn_time(row.checked_in_at)

    @admin.display(description=_("候诊时长"))
    def waited(self, row: QueueEntry) -> str:
        return _minutes(row.waited(timezone.now())) if row.started_at else "—"

    @admin.display(description=_("接诊时长"))
    def consulted(self, row: QueueEntry) -> str:
        return _minutes(row.consulted(timezone.now())) if row.ended_at else "—"


def _revoke(row: BoardDevice, actor: Any, data: dict[str, Any]) -> Any:
    services.revoke_board(board_id=row.pk, actor=actor, now=timezone.now())
    return _("已停用。该链接不再显示叫号信息。")


@admin.register(BoardDevice)
class BoardDeviceAdmin(ReadOnlyAdmin):
    """The hall's screens. The address is shown once, when it is made."""

    nav_group = NavGroup.ONSITE
    nav_order = 20
    change_list_template = "console/boarddevice_list.html"
    empty_text = _("新增大屏后，将列在这里。")
    list_display = ["name", "state", "seen", "made", "created_by"]
    list_select_related = ["created_by"]
    fields = ["name", "state", "seen", "made", "created_by"]
    verb_buttons = (
        VerbButton(
            name="revoke",
            label=_("停用"),
            run=_revoke,
            explain=_("停用后该大屏的链接立即失效，不能恢复；需要时另外新增。"),
            permission="appointments.manage_boards",
            offered=lambda row: row.revoked_at is None,
            danger=True,
        ),
    )

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.make)
        return [path("new/", view, name="appointments_boarddevice_new"), *super().get_urls()]

    def make(self, request: HttpRequest) -> HttpResponse:
        """Not led on after the press: the address stands on this answer and nowhere else."""
        if not request.user.has_perm("appointments.manage_boards"):
            raise PermissionDenied
        form = BoardForm(request.POST if request.method == "POST" else None)
        context = self.admin_site.each_context(request) | {"title": _("新增大屏"), "opts": self.opts, "form": form}
        if request.method == "POST" and form.is_valid():
            context |= self._made(request, form)
        status = 422 if form.errors else 200
        return TemplateResponse(request, "console/boarddevice_new.html", context, status=status)

    def _made(self, request: HttpRequest, form: forms.Form) -> dict[str, Any]:
        board, secret = services.make_board(actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        address = f"{settings.PUBLIC_BASE_URL}{reverse('appointments:hall', args=[secret])}"
        return {"board": board, "address": address, "svg": qr_svg(address)}

    @admin.display(description=_("状态"))
    def state(self, row: BoardDevice) -> SafeString:
        return badge(_("已停用"), Tone.LATE) if row.revoked_at else badge(_("使用中"), Tone.ON_TRACK)

    @admin.display(description=_("最近在线"))
    def seen(self, row: BoardDevice) -> str:
        return cn_datetime(row.last_seen_at) if row.last_seen_at else "—"

    @admin.display(description=_("新增时间"))
    def made(self, row: BoardDevice) -> str:
        return cn_datetime(row.created_at)


def queues_of_today(request: HttpRequest) -> list[Queue]:
    """Sessions of today, for who works there: how many wait."""
    if not request.user.has_perm("appointments.run_queue"):
        return []
    queues = []
    for session in sessions_for(actor_of(request), timezone.localdate()):
        waiting = [
            place.entry
            for place in queue_of(session.pk)
            if place.entry is not None and place.entry.status == QueueStatus.WAITING
        ]
        queues.append(
            Queue(
                label=_("%(session)s 候诊中") % {"session": session},
                count=len(waiting),
                url=reverse("console:appointments_queueentry_day", args=[session.pk]),
                oldest=min((entry.checked_in_at for entry in waiting), default=None),
                empty=_("企业到场签到后，候诊家数显示在这里。"),
            )
        )
    return queues


queue_sources.append(queues_of_today)
