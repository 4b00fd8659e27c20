"""What the front page offers first to who only reads: the last quarter, and what was issued last. [3.10]"""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.console import Start, actor_of, start_sources
from core.models import User
from core.templatetags.cn import cn_date
from reports.console_quarter import VIEWS
from reports.enums import ReportStatus
from reports.figures import Quarter
from reports.selectors_reports import reports_visible_to


def starts(request: HttpRequest) -> list[Start]:
    user = actor_of(request)
    return [*_quarter(user), *_issued_last(user)]


def _quarter(user: User) -> list[Start]:
    """The last one that is over."""
    if not user.has_perm(VIEWS):
        return []
    last = Quarter.of(timezone.localdate()).plus(-1)
    return [
        Start(
            label=_("%(quarter)s工作情况") % {"quarter": last.title},
            about=_("八项指标，与上季度、上年同期比较；可按部门、诉求领域、街道园区查看。"),
            url=f"{reverse('console:reports_quarter')}?quarter={last.key}",
        )
    ]


def _issued_last(user: User) -> list[Start]:
    if not user.has_perm("reports.view_report"):
        return []
    issued = reports_visible_to(user).filter(status=ReportStatus.ISSUED).defer("sections", "figures", "cases")
    last = issued.order_by("-issued_at").first()
    if last is None:
        return []
    about = _("%(day)s印发，可下载 Word 和 Excel。") % {"day": cn_date(last.issued_at)}
    return [Start(str(last), about, reverse("console:reports_report_change", args=[last.pk]))]


start_sources.append(starts)
