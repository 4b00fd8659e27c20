"""The announcements as a feed and as a calendar that subscribes, [3.2] and typical cases as a feed. [5.4]"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy as _

from core.templatetags.cn import cn_date, cn_datetime
from portal.calendars import announced_calendar
from reports.models import TypicalCase
from reports.selectors_typical import newest
from sessions_app.enums import SittingStatus
from sessions_app.models import Sitting

ENTRIES = 20


class Announcements(Feed):
    feed_type = Atom1Feed
    title = _("安宁市“局长坐诊接诉”公告")
    subtitle = _("坐诊日期、坐诊部门和预约时间")
    link = "/"
    language = "zh-hans"

    def items(self) -> Any:
        announced = Sitting.objects.filter(published_at__isnull=False).exclude(status=SittingStatus.PLANNED)
        return announced.order_by("-published_at")[:ENTRIES]

    def item_title(self, item: Sitting) -> str:
        cancelled = _("（已取消）") if item.status == SittingStatus.CANCELLED else ""
        return f"{item.title}{cancelled} {cn_date(item.day)}"

    def item_description(self, item: Sitting) -> str:
        return str(_("预约时间：%(opens)s 至 %(closes)s")) % {
            "opens": cn_datetime(item.opens_at),
            "closes": cn_datetime(item.closes_at),
        }

    def item_pubdate(self, item: Sitting) -> datetime | None:
        return item.published_at

    def item_guid(self, item: Sitting) -> str:
        return f"{settings.PUBLIC_BASE_URL}{item.get_absolute_url()}"


class TypicalCases(Feed):
    """What others can learn from, the newest first. [5.4]"""

    feed_type = Atom1Feed
    title = _("安宁市“局长坐诊接诉”典型案例")
    subtitle = _("企业诉求办理的做法和成效")
    link = "/typical/"
    language = "zh-hans"

    def items(self) -> Any:
        return newest(ENTRIES)

    def item_title(self, item: TypicalCase) -> str:
        return item.title

    def item_description(self, item: TypicalCase) -> str:
        return item.situation

    def item_pubdate(self, item: TypicalCase) -> datetime | None:
        return item.published_at

    def item_guid(self, item: TypicalCase) -> str:
        return f"{settings.PUBLIC_BASE_URL}{item.get_absolute_url()}"


def calendar(request: HttpRequest) -> HttpResponse:
    return HttpResponse(announced_calendar(timezone.now()), content_type="text/calendar; charset=utf-8")
