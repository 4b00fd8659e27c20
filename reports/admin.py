"""The console's pages of lists. [3.4]"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core import audit
from core.console import NavGroup, ReadOnlyAdmin, Tone, VerbButton, actor_of, badge
from core.errors import Refused
from core.sheets import download
from core.templatetags.cn import cn_datetime
from reports import (
    admin_common,
    admin_published,
    admin_reports,
    admin_typical,
    console_quarter,  # the quarter enters itself on the console's left side
    console_starts,  # and this on the front page of who only reads
    services,
)
from reports.enums import ListStatus
from reports.excel import service_items_workbook
from reports.forms import MonthForm
from reports.models import ServiceItemsList
from reports.selectors import is_of_department, lists_visible_to, rows_visible_to
from reports.service_items import COLUMNS, numbered

__all__ = ["admin_common", "admin_published", "admin_reports", "admin_typical", "console_quarter", "console_starts"]

MAKE = "reports.make_list"


def _again(row: ServiceItemsList, actor: Any, data: dict[str, Any]) -> Any:
    made = services.make_list(year=row.year, month=row.month, actor=actor, now=timezone.now())
    return _("已按当前情况重新生成：第 %(version)s 版，共 %(count)s 项。") % {
        "version": made.version,
        "count": len(made.rows),
    }


def _send(row: ServiceItemsList, actor: Any, data: dict[str, Any]) -> Any:
    services.send_list(list_id=row.pk, actor=actor, now=timezone.now())
    return _("清单已发送给各责任、协办单位，内容不再变化。")


@admin.register(ServiceItemsList)
class ServiceItemsListAdmin(ReadOnlyAdmin):
    nav_group = NavGroup.BOOKING
    nav_order = 40
    change_list_template = "console/service_items_lists.html"
    change_form_template = "console/service_items_list.html"
    empty_text = _("每月的服务事项清单生成后，将列在这里。")
    list_display = ["title", "version", "state", "items", "made", "sent"]
    list_filter = ["status", "year"]
    fields = ["title", "version", "state", "made", "made_by", "sent", "sent_by"]
    verb_buttons = (
        VerbButton(
            name="again",
            label=_("重新生成"),
            run=_again,
            explain=_("按预约、对接核实和排场的当前情况重新生成。草稿会被替换；已发送的保留原样，另成新的一版。"),
            permission=MAKE,
        ),
        VerbButton(
            name="send",
            label=_("发送各部门"),
            run=_send,
            explain=_("发送后内容不再变化，各责任、协办单位在工作台看到涉及本部门的事项。"),
            permission=MAKE,
            offered=lambda row: row.status == ListStatus.DRAFT,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ServiceItemsList]:
        return lists_visible_to(actor_of(request))

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("make/", view(self.make_view), name="reports_serviceitemslist_make"),
            path("<key:pk>/export/", view(self.export_view), name="reports_serviceitemslist_export"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        offered = {"can_make": request.user.has_perm(MAKE)}
        return super().changelist_view(request, offered | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        context["columns"] = COLUMNS
        context["lines"] = numbered(rows_visible_to(actor_of(request), obj)) if obj else []
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def make_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(MAKE):
            raise PermissionDenied
        form = MonthForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
        if request.method == "POST" and form.is_valid():
            day = form.cleaned_data["month"]
            try:
                made = services.make_list(year=day.year, month=day.month, actor=actor_of(request), now=timezone.now())
            except Refused as refusal:
                form.add_error("month", refusal.message)
            else:
                messages.success(request, _("清单已生成，共 %s 项。核对后发送各部门。") % len(made.rows))
                return redirect("console:reports_serviceitemslist_change", made.pk)
        context = self.admin_site.each_context(request) | {
            "title": _("生成服务事项清单"),
            "opts": self.opts,
            "form": form,
        }
        status = 422 if request.method == "POST" else 200
        return TemplateResponse(request, "console/service_items_make.html", context, status=status)

    def export_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """In Excel; a department gets its own lines, and nothing of what was refused."""
        if not request.user.has_perm("reports.export_list"):
            raise PermissionDenied
        actor = actor_of(request)
        made = get_object_or_404(lists_visible_to(actor), pk=pk)
        rows = rows_visible_to(actor, made)
        audit.record("export_list", made, actor=actor, after=len(rows), clause="[3.4]")
        workbook = service_items_workbook(made, rows, refused=not is_of_department(actor))
        return download(workbook, f"{made.title}.xlsx")

    @admin.display(description=_("状态"), ordering="status")
    def state(self, row: ServiceItemsList) -> SafeString:
        return badge(row.get_status_display(), Tone.ON_TRACK if row.status == ListStatus.SENT else Tone.NEAR)

    @admin.display(description=_("事项数"))
    def items(self, row: ServiceItemsList) -> int:
        return len(row.rows)

    @admin.display(description=_("清单"))
    def title(self, row: ServiceItemsList) -> str:
        return row.title

    @admin.display(description=_("生成时间"), ordering="made_at")
    def made(self, row: ServiceItemsList) -> str:
        return cn_datetime(row.made_at)

    @admin.display(description=_("发送时间"), ordering="sent_at")
    def sent(self, row: ServiceItemsList) -> str:
        return cn_datetime(row.sent_at) or "—"
