"""The announcements as a feed and as a calendar that subscribes; results and typical cases as feeds. [3.2] [5.4]"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.cn import cn_date, cn_datetime
from portal.calendars import announced_calendar
from reports.models import TypicalCase
from reports.selectors_published import published_results
from reports.selectors_typical import newest
from sessions_app.enums import SittingStatus
from sessions_app.models import Sitting

ENTRIES = 20


@dataclass(frozen=True)
class Entry:
    title: str
    words: str
    at: datetime
    path: str


def _announced() -> Iterator[Entry]:
    announced = Sitting.objects.filter(published_at__isnull=False).exclude(status=SittingStatus.PLANNED)
    for sitting in announced.order_by("-published_at")[:ENTRIES]:
        cancelled = _("（已取消）") if sitting.status == SittingStatus.CANCELLED else ""
        words = _("预约时间：%(opens)s 至 %(closes)s") % {
            "opens": cn_datetime(sitting.opens_at),
            "closes": cn_datetime(sitting.closes_at),
        }
        if sitting.published_at:
            title = f"{sitting.title}{cancelled} {cn_date(sitting.day)}"
            yield Entry(title, words, sitting.published_at, sitting.get_absolute_url())


def _results() -> Iterator[Entry]:
    for results in published_results()[:ENTRIES]:
        if results.published_at:
            words = _("坐诊、接诊、办理和评价的季度数据")
            yield Entry(str(results), words, results.published_at, results.get_absolute_url())


class Announcements(Feed):
    feed_type = Atom1Feed
    title = gettext_lazy("安宁市“局长坐诊接诉”公告")
    subtitle = gettext_lazy("坐诊日期、坐诊部门和预约时间，以及季度成效")
    link = "/"
    language = "zh-hans"

    def items(self) -> list[Entry]:
        """Both kinds together, the latest first."""
        return sorted([*_announced(), *_results()], key=lambda entry: entry.at, reverse=True)[:ENTRIES]

    def item_title(self, item: Entry) -> str:
        return item.title

    def item_description(self, item: Entry) -> str:
        return item.words

    def item_pubdate(self, item: Entry) -> datetime:
        return item.at

    def item_link(self, item: Entry) -> str:
        return item.path

    def item_guid(self, item: Entry) -> str:
        return f"{settings.PUBLIC_BASE_URL}{item.path}"


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
