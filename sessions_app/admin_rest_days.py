"""Sessions on a day of rest: named before a year's notice is imported, and listed until they are moved. [3.2]"""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin_calendar import Effect, effect_sources
from core.calendar_table import Exceptions, day_reason, day_rows
from core.console import Queue, queue_sources
from core.templatetags.cn import cn_date
from sessions_app.selectors import coming_sessions, sittings_on_rest_days


class RestDayFilter(admin.SimpleListFilter):
    title = gettext_lazy("休息日")
    parameter_name = "rest"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("有场次落在休息日，待调整"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(pk__in=sittings_on_rest_days(timezone.now())) if self.value() else queryset


def sessions_that_would_rest(year: int, exceptions: Exceptions) -> Effect | None:
    """What this list of a year's days would leave on a day of rest. One query."""
    rests = {
        row["date"]: day_reason(row["kind"], row["name"])
        for row in day_rows(year, exceptions, 0)
        if not row["is_working"]
    }
    held = [(row, timezone.localdate(row.starts_at)) for row in coming_sessions(timezone.now())]
    rows = [(row.sitting.title, row.get_kind_display(), cn_date(day), rests[day]) for row, day in held if day in rests]
    if not rows:
        return None
    words = _("%s 场坐诊落在休息日。导入不会改动日程，请随后调整日期，已预约的企业会收到通知。") % len(rows)
    return Effect(_("坐诊日程"), words, (_("期次"), _("场次"), _("日期"), _("休息原因")), rows)


def rest_day_queue(request: HttpRequest) -> Iterator[Queue]:
    """Only while there are any, for who may move them."""
    if not request.user.has_perm("sessions_app.change_sitting"):
        return
    count = sittings_on_rest_days(timezone.now()).count()
    if count:
        listed = reverse("console:sessions_app_sitting_changelist")
        yield Queue(label=_("落在休息日的坐诊，待调整"), count=count, url=f"{listed}?rest=1")


queue_sources.append(rest_day_queue)
effect_sources.append(sessions_that_would_rest)
