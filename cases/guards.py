"""Whether something may be done with a case now. Each check passes or refuses with a sentence. [3.7]"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import ceil

from django.utils.translation import gettext as _

from appointments.enums import EXPECTED, BookingStatus
from appointments.models import Booking
from cases.enums import AT_WORK, TAKES_PART, AssignmentStatus, CaseStatus, Result, Verdict
from cases.models import Assignment, Case, Feedback
from cases.selectors import parts_of
from core import policy
from core.errors import AlreadyDone, Refused
from core.models import User
from core.selectors import ours
from core.workdays import WORKING_DAYS_MAX, close_of_business, is_working_day
from departments.models import Department
from departments.selectors import membership_of


def check_was_seen(booking: Booking, day: date, today: date) -> None:
    """Only who was at a consultation has a case of it. [3.6] Refuses `not_seen`, `day_ahead`."""
    if booking.status not in (*EXPECTED, BookingStatus.ATTENDED):
        raise Refused("not_seen", _("该挂号当前为“%s”，没有坐诊，不能登记处理结果。") % booking.get_status_display())
    if day > today:
        raise Refused("day_ahead", _("坐诊日不能晚于今天。"), field="day")


def check_length(working_days: int) -> None:
    if not 1 <= working_days <= WORKING_DAYS_MAX:
        raise Refused("bad_length", _("工作日数应为 1 至 %s 的整数。") % WORKING_DAYS_MAX, field="working_days")


def check_handling(case: Case) -> None:
    if case.status != CaseStatus.HANDLING:
        raise Refused("closed", _("该诉求已销号，不能再办理。"))


def check_present_round(assignment: Assignment) -> None:
    """What was handed out in an earlier round stays as that round left it. [3.9] Refuses `past_round`."""
    if assignment.round != assignment.case.round:
        raise Refused("past_round", _("该交办属第 %s 轮，该轮已经办结。") % assignment.round)


def check_can_add(case: Case) -> None:
    """The enterprise adds while its demand is handled. [3.7] Refuses `closed`, with where to turn."""
    if case.status != CaseStatus.HANDLING:
        raise Refused(
            "closed",
            _("该诉求已销号，不能再补充。还有新情况的，可向服务专窗咨询，或预约下一期坐诊。"),
        )


def check_adds_something(text: str, files: int) -> None:
    if not text.strip() and not files:
        raise Refused("nothing_added", _("请填写补充的事实，或选择要补充的材料。"), field="text")


def check_not_too_much(added: Sequence[datetime], now: datetime) -> None:
    """`added`: when the enterprise added in this round. [3.7] Refuses `too_many`, `too_often`."""
    if len(added) >= policy.CASE_SUPPLEMENTS_MAX:
        raise Refused(
            "too_many",
            _("本轮办理已补充 %s 次。还有情况的，请联系服务专窗转交承办部门。") % policy.CASE_SUPPLEMENTS_MAX,
        )
    lately = sorted(moment for moment in added if now - moment < timedelta(hours=1))
    if len(lately) >= ours(policy.SUPPLEMENTS_PER_HOUR):
        minutes = ceil((lately[0] + timedelta(hours=1) - now).total_seconds() / 60)
        raise Refused("too_often", _("补充较为频繁，请 %s 分钟后再提交，已填的内容会保留。") % minutes)


def check_room_for_files(there: int, more: int) -> None:
    """As many as a booking's form takes. Refuses `too_many_files`."""
    if there + more > policy.ATTACHMENTS_MAX:
        raise Refused("too_many_files", _("每次最多补充 %s 个文件。") % policy.ATTACHMENTS_MAX, field="attachments")


def check_text(text: str, code: str, sentence: str, field: str) -> None:
    if not text.strip():
        raise Refused(code, sentence, field=field)


def check_departments(found: Sequence[Department], wanted: Sequence[int], lead: int) -> None:
    """Refuses `no_department`: each must exist and be in use, and one of them leads."""
    if lead not in {row.pk for row in found} or len(found) != len(set(wanted)):
        raise Refused("no_department", _("请选择责任单位。"), field="lead")


def check_handler(handler: User, department: Department) -> None:
    membership = membership_of(handler)
    if not handler.is_active or membership is None or membership.department_id != department.pk:
        raise Refused("not_of_the_department", _("经办人应是本部门在岗人员。"), field="handler")


def check_planned_day(day: date, start: date, today: date, feedback_due: date, why_later: str) -> None:
    """Still to come; after the feedback's day only with a reason. [3.7] Refuses `too_early`, `no_reason`."""
    if day <= start or day < today:
        raise Refused("too_early", _("完成时限应晚于起算日，且不早于今天。"), field="planned_on")
    if day > feedback_due and not why_later.strip():
        raise Refused("no_reason", _("完成时限晚于反馈期限的，请说明理由。"), field="why_later")


def check_at_work(assignment: Assignment) -> None:
    _check_status(assignment, AT_WORK)


def check_takes_part(assignment: Assignment) -> None:
    _check_status(assignment, TAKES_PART)


def _check_status(assignment: Assignment, wanted: Sequence[str]) -> None:
    if assignment.status not in wanted:
        raise Refused(
            "wrong_status",
            _("该交办当前为“%s”，不能再这样办理。") % assignment.get_status_display(),
            status=assignment.status,
        )


def check_help_offered(result: str, help_offered: str) -> None:
    """What is not solved is explained, and help is offered. [3.7]"""
    if result not in (Result.SOLVED, Result.PARTLY) and not help_offered.strip():
        raise Refused("no_help", _("没有解决的，请写明给予企业的协助支持。"), field="help_offered")


def check_may_object(assignment: Assignment, now: datetime, until: date) -> None:
    """Once, and within a working day of being assigned (ours). [3.7] Refuses `already_objected`, `too_late`."""
    if hasattr(assignment, "objection"):
        raise AlreadyDone("already_objected", _("每项交办只能提出一次异议。"))
    if now > close_of_business(until):
        raise Refused("too_late", _("提出异议的时限已过。请按期办理，有困难可申请延期。"))


def check_extension_day(day: date, due: date) -> None:
    if not is_working_day(day):
        raise Refused("rest_day", _("期限的最后一日应为工作日。"), field="day")
    if day <= due:
        raise Refused("not_later", _("延至日期应晚于现期限。"), field="day")


def check_granted_day(day: date, asked: date) -> None:
    """Nobody is given more time than was asked for. [3.7]"""
    if day > asked:
        raise Refused("beyond_asked", _("同意延至的日期不应晚于申请的日期。"), field="day")


def check_every_part_is_done(case: Case) -> None:
    """Refuses `not_answered`: no case is closed while a department has not answered, or was not checked. [3.7]"""
    parts = parts_of(case)
    open_parts = [part.department.name for part in parts if part.status != AssignmentStatus.DONE]
    if not parts or open_parts:
        raise Refused("not_answered", _("%s的办理反馈尚未审核通过，不能销号。") % "、".join(open_parts))


def check_nothing_promised(result: str, promised: Sequence[date]) -> None:
    """What was promised for a later day is waited for, unless it is listed for the long term. [3.7]

    A department that answered “solved” or “explained” has ended its promise; who closes cannot say so in its place.
    """
    if promised and result != Result.LONG_TERM:
        raise Refused("promised_later", _("承诺的完成时限尚未办结，不能销号；可由负责人批准列入长期推进。"))


def check_long_term(result: str, next_report_on: date | None, today: date) -> None:
    """Listed for the long term with the day of its next report. Refuses `no_report_day`."""
    if result == Result.LONG_TERM and (next_report_on is None or next_report_on <= today):
        raise Refused("no_report_day", _("列入长期推进的，请填写今后的下次报告日期。"), field="next_report_on")


def check_pending(feedback: Feedback | None) -> Feedback:
    if feedback is None or feedback.status != Verdict.PENDING:
        raise Refused("nothing_to_check", _("没有待审核的反馈。"))
    return feedback
