"""May it happen now, about a quarter's published results. [5.4]"""

from datetime import date

from django.utils.translation import gettext as _

from core.errors import Refused
from reports.enums import ResultsStatus
from reports.figures.quarter import Quarter
from reports.models import PublishedResults
from reports.public_results import differences


def check_is_over(period: Quarter, today: date) -> None:
    if not period.is_over(today):
        raise Refused("quarter_not_over", _("该季度尚未结束，结束后才能公布成效。"), field="period")


def check_none_stands(period: Quarter) -> None:
    standing = PublishedResults.objects.filter(year=period.year, quarter=period.number)
    if standing.exclude(status=ResultsStatus.WITHDRAWN).exists():
        raise Refused("already_made", _("该季度成效已生成，请在列表中打开；要重做的，先撤下。"), field="period")


def versions_so_far(period: Quarter) -> int:
    return PublishedResults.objects.filter(year=period.year, quarter=period.number).count()


def period_of(results_id: int) -> Quarter:
    found = PublishedResults.objects.filter(pk=results_id).values_list("year", "quarter").first()
    if found is None:
        raise Refused("gone", _("该记录不存在，可能已被删除。请刷新页面后重试。"))
    return Quarter(*found)


def check_is_draft(results: PublishedResults) -> None:
    if results.status != ResultsStatus.DRAFT:
        raise Refused(
            "not_a_draft",
            _("当前状态为“%s”，不能重新统计。审定后要重做的，先退回。") % results.get_status_display(),
        )


def check_is_as_read(results: PublishedResults, revision: int) -> None:
    """Nobody approves what they have not read."""
    if results.revision != revision:
        raise Refused("changed_meanwhile", _("数据刚刚重新统计过，请先看一遍最新内容。"))


def check_agrees_with_bulletin(results: PublishedResults, why: str) -> bool:
    """Whether it says otherwise than an issued bulletin of the quarter, which then must be explained."""
    found = differences(results.year, results.quarter, results.content)
    if found and not why.strip():
        raise Refused(
            "differs_from_bulletin",
            _("与已印发的通报不一致：%s。请重新统计，或者写明理由后公布。")
            % "；".join(
                _("%(label)s 通报为 %(there)s，此处为 %(here)s")
                % {"label": one.label, "there": one.in_bulletin, "here": one.here}
                for one in found
            ),
            field="why",
        )
    return bool(found)
