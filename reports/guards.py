"""May it happen now, about reports [3.10] and what is found in common [5.3]."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.errors import AlreadyDone, Refused
from reports.content import resolved
from reports.enums import ProposalKind, ReportKind, ReportStatus
from reports.figures.quarter import Quarter
from reports.models import CommonProposal, Report

# What a part may hold; a report of more is a book.
PART_CHARACTERS_MAX = 8000
TITLE_CHARACTERS_MAX = 80


def check_quarter(kind: str, year: int | None, quarter: int | None, today: date) -> None:
    """A bulletin is of a quarter that has begun; the other reports may be of one. Refuses `no_quarter` and so on."""
    if not year or not quarter:
        if kind == ReportKind.BULLETIN:
            raise Refused("no_quarter", _("通报须选择季度。"), field="period")
    elif Quarter(year, quarter).first > today:
        raise Refused("quarter_to_come", _("该季度尚未开始。"), field="period")


def check_first_of_quarter(kind: str, year: int | None, quarter: int | None) -> None:
    if kind != ReportKind.BULLETIN:
        return
    same = Report.objects.filter(kind=kind, year=year, quarter=quarter)
    if same.exclude(status=ReportStatus.DROPPED).exists():
        raise Refused(
            "already_made", _("该季度通报已起草，请在列表中打开；已印发的，请在其页面“更正”。"), field="period"
        )


def period_of(report_id: int) -> tuple[int, int]:
    """The quarter whose figures a report tells. Refuses `no_quarter`."""
    found = Report.objects.filter(pk=report_id, year__isnull=False).values_list("year", "quarter").first()
    if found is None or found[0] is None or found[1] is None:
        raise Refused("no_quarter", _("该报告没有注明季度，不含数据。"))
    return found[0], found[1]


def checked_title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise Refused("no_title", _("请填写标题。"), field="title")
    if len(title) > TITLE_CHARACTERS_MAX:
        raise Refused("too_long", _("标题不超过 %s 字。") % TITLE_CHARACTERS_MAX, field="title")
    return title


def checked_addressee(addressee: str) -> str:
    addressee = " ".join(addressee.split()).rstrip("：:")
    if not addressee:
        raise Refused("no_addressee", _("请填写主送机关。"), field="addressee")
    return addressee


def check_is_draft(report: Report) -> None:
    if report.status != ReportStatus.DRAFT:
        raise Refused(
            "not_a_draft",
            _("当前状态为“%s”，文稿不能修改。审定后要改的，请先退回修改。") % report.get_status_display(),
        )


def check_revision(report: Report, revision: int) -> None:
    """Nobody overwrites, or approves, what they have not read."""
    if report.revision != revision:
        raise Refused("changed_meanwhile", _("文稿刚刚被修改过，请先看一遍最新内容。"))


def section_of(report: Report, key: str) -> dict[str, Any]:
    for section in report.sections:
        if section["key"] == key:
            return section
    raise Refused("gone", _("文稿没有这一部分。"))


def check_length(text: str) -> None:
    if len(text) > PART_CHARACTERS_MAX:
        raise Refused("too_long", _("每一部分不超过 %s 字。") % PART_CHARACTERS_MAX, field="text")


def check_every_part_is_written(report: Report) -> None:
    empty = [section["heading"] for section in report.sections if not resolved(section)["text"].strip()]
    if empty:
        raise Refused("empty_part", _("“%s”还没有内容，不能审定。") % "、".join(empty))


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("no_reason", _("请填写理由。"), field="reason")


def check_number(number: str) -> None:
    if not number.strip():
        raise Refused("no_number", _("请填写发文字号。"), field="number")


def check_quarter_is_over(report: Report, today: date) -> None:
    if report.year and report.quarter and not Quarter(report.year, report.quarter).is_over(today):
        raise Refused("quarter_not_over", _("该季度尚未结束，数据还会变化，不能印发。"))


def check_can_be_corrected(report: Report) -> None:
    if report.status != ReportStatus.ISSUED:
        raise Refused("not_issued", _("只有已印发的文稿才需要更正；尚未印发的，请直接修改。"))
    if hasattr(report, "corrected_by"):
        raise AlreadyDone("already_corrected", _("该文稿的更正版已起草，请在列表中打开。"))


def check_question(note: str) -> None:
    """A department is asked something, not only told that many ask the same. [5.3]"""
    if not note.strip():
        raise Refused("no_question", _("请写明需要研究部门从政策、制度上解决的共性问题。"), field="note")


def check_are_in(proposal: CommonProposal, case_ids: Collection[int]) -> None:
    """It may have been found anew since the page was opened."""
    if set(case_ids) - set(proposal.entries.values_list("case_id", flat=True)):
        raise Refused("not_in_it", _("这一组诉求刚刚更新过，请刷新页面后重新选择。"), field="cases")


def check_kind(proposal: CommonProposal, kind: str) -> None:
    if proposal.kind == kind:
        return
    if kind == ProposalKind.NEW:
        raise Refused("to_be_joined", _("已有相同的共性诉求正在研究，请并入该项。"))
    raise Refused("nothing_to_join", _("没有可并入的共性诉求，请列为新的一项。"))
