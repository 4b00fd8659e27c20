"""Each figure of the quarter, once: what is counted, out of what, by which clause, and what it means in words. [3.10]

Page, Excel, Word and the lists behind the figures all read these.
"""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy

from appointments.enums import BookingStatus
from cases.enums import DIVISION, FEEDBACK, PLAN, CaseStatus, Outcome, Result
from deadlines.enums import ObligationStatus
from reports.figures.definition import Definition, Part
from reports.figures.definitions_after import FOLLOW_UP_FIGURES, RATING_FIGURES
from reports.figures.sources import BOOKINGS, CASES, CHAIRS, CLOSINGS, ENTRIES, OBLIGATIONS, SITTINGS, SLOTS
from sessions_app.enums import SittingStatus

EVERYTHING = Q()
PAST = Q(is_past=True)
HELD = PAST & Q(status=SittingStatus.PUBLISHED)
PUBLISHED = Q(published_at__isnull=False)
REFUSED = Q(status=BookingStatus.REFUSED)
CAME = Q(status=BookingStatus.ATTENDED)
ABSENT = Q(status=BookingStatus.ABSENT)
HANDED_OVER = Q(outcome=Outcome.HANDED_OVER)
PLANS = Q(kind__in=[PLAN, DIVISION])
FEEDBACKS = Q(kind=FEEDBACK)
# Met, or its day is over; what is open and within its limit is carried over, outside every rate. [3.7]
DUE = Q(status=ObligationStatus.MET) | Q(is_late_now=True)
IN_TIME = Q(status=ObligationStatus.MET, late_working_days=0)
IN_TIME_AT_FIRST = Q(status=ObligationStatus.MET, late_working_days_original=0)
# Explained ones are no part of what could be solved. [3.7]
TO_SOLVE = ~Q(result=Result.EXPLAINED)

SITTING_FIGURES = [
    Definition(
        "schedule_kept",
        gettext_lazy("日程落实率"),
        "[5.1]",
        Part.SITTINGS,
        SITTINGS,
        HELD,
        PAST,
        gettext_lazy("已如期公告并举办的期次，占日程安排中坐诊日期已过的期次"),
        word=gettext_lazy("期"),
    ),
    Definition(
        "sittings_ahead",
        gettext_lazy("尚未到期的期次"),
        "[5.1]",
        Part.SITTINGS,
        SITTINGS,
        Q(is_past=False) & ~Q(status=SittingStatus.CANCELLED),
        meaning=gettext_lazy("列入日程、坐诊日期未过的期次，不计入日程落实率"),
        word=gettext_lazy("期"),
    ),
    Definition(
        "sittings_cancelled",
        gettext_lazy("取消的期次"),
        "[5.1]",
        Part.SITTINGS,
        SITTINGS,
        Q(status=SittingStatus.CANCELLED),
        meaning=gettext_lazy("列入日程后取消的期次"),
        word=gettext_lazy("期"),
    ),
    Definition(
        "late_publications",
        gettext_lazy("特批发布率"),
        "[3.2]",
        Part.SITTINGS,
        SITTINGS,
        PUBLISHED & ~Q(override_reason=""),
        PUBLISHED,
        gettext_lazy("不足 7 日等情形经特批发布的公告，占已发布的公告"),
        word=gettext_lazy("期"),
    ),
    Definition(
        "sat",
        gettext_lazy("部门坐诊"),
        "[3.6]",
        Part.SITTINGS,
        CHAIRS,
        EVERYTHING,
        meaning=gettext_lazy("部门参加已举办场次的次数，联合坐诊的各部门各计一次"),
        word=gettext_lazy("场次"),
    ),
    Definition(
        "numbers_used",
        gettext_lazy("号源使用率"),
        "[3.3]",
        Part.SITTINGS,
        SLOTS,
        Q(was_used=True),
        EVERYTHING,
        gettext_lazy("企业到场接诊的号，占已举办期次的号（每期 5 个，加诊的号不计）"),
        word=gettext_lazy("个"),
    ),
]
BOOKING_FIGURES = [
    Definition(
        "refused",
        gettext_lazy("不予受理率"),
        "[4.2]",
        Part.BOOKINGS,
        BOOKINGS,
        REFUSED,
        EVERYTHING,
        gettext_lazy("不予受理的挂号，占已审核的挂号"),
    ),
    *(
        Definition(
            f"refused_{ground}",
            label,
            f"[4.2.{ground}]",
            Part.BOOKINGS,
            BOOKINGS,
            REFUSED & Q(refusal_ground__clause=f"4.2.{ground}"),
            REFUSED,
            gettext_lazy("以该情形不予受理的挂号，占不予受理的挂号"),
        )
        for ground, label in enumerate(
            (
                gettext_lazy("没有明确对象或事实"),
                gettext_lazy("经营主体间民事纠纷"),
                gettext_lazy("已进入其他法定程序"),
                gettext_lazy("其他平台已受理"),
                gettext_lazy("其他不属监督职责范围"),
            ),
            start=1,
        )
    ),
    Definition(
        "solved_before",
        gettext_lazy("对接中已解决"),
        "[3.4]",
        Part.BOOKINGS,
        BOOKINGS,
        Q(status=BookingStatus.SOLVED),
        meaning=gettext_lazy("对接核实中解决并经企业确认、不再坐诊的挂号"),
    ),
    Definition(
        "absent",
        gettext_lazy("企业缺席率"),
        "[3.3]",
        Part.BOOKINGS,
        BOOKINGS,
        ABSENT,
        CAME | ABSENT,
        gettext_lazy("到期未到场的挂号，占应到场的挂号"),
    ),
]
CONSULTATION_FIGURES = [
    Definition(
        "received",
        gettext_lazy("接诊企业"),
        "[3.6]",
        Part.CONSULTATIONS,
        BOOKINGS,
        CAME,
        meaning=gettext_lazy("到场接诊的挂号"),
        word=gettext_lazy("家次"),
    ),
    Definition(
        "on_the_spot",
        gettext_lazy("现场解决率"),
        "[3.7]",
        Part.CONSULTATIONS,
        CASES,
        Q(outcome=Outcome.SOLVED),
        EVERYTHING,
        gettext_lazy("现场解决的诉求，占已接诊并签办的诉求"),
    ),
    Definition(
        "explained",
        gettext_lazy("现场解释说明"),
        "[3.7]",
        Part.CONSULTATIONS,
        CASES,
        Q(outcome=Outcome.EXPLAINED),
        EVERYTHING,
        gettext_lazy("现场解释说明的诉求，占已接诊并签办的诉求"),
    ),
    Definition(
        "handed_over",
        gettext_lazy("交办"),
        "[3.7]",
        Part.CONSULTATIONS,
        CASES,
        HANDED_OVER,
        EVERYTHING,
        gettext_lazy("交办的诉求，占已接诊并签办的诉求"),
    ),
    Definition(
        "handed_over_single",
        gettext_lazy("其中单一部门"),
        "[3.7]",
        Part.CONSULTATIONS,
        CASES,
        HANDED_OVER & Q(was_joint=False),
        HANDED_OVER,
        gettext_lazy("首轮由一个部门办理的诉求，占交办的诉求"),
    ),
    Definition(
        "handed_over_joint",
        gettext_lazy("其中多部门联办"),
        "[3.7]",
        Part.CONSULTATIONS,
        CASES,
        HANDED_OVER & Q(was_joint=True),
        HANDED_OVER,
        gettext_lazy("首轮由多个部门联办的诉求，占交办的诉求"),
    ),
    Definition(
        "waiting",
        gettext_lazy("平均候诊时长"),
        "[3.3]",
        Part.CONSULTATIONS,
        ENTRIES,
        EVERYTHING,
        meaning=gettext_lazy("从签到到接诊开始的时长"),
        measure="waited",
    ),
    Definition(
        "lasting",
        gettext_lazy("平均接诊时长"),
        "[3.6]",
        Part.CONSULTATIONS,
        ENTRIES,
        EVERYTHING,
        meaning=gettext_lazy("从接诊开始到结束的时长"),
        measure="lasted",
    ),
]


def _punctuality(key: str, label: Any, first: Any, which: Q, what: Any) -> list[Definition]:
    """Always both: against the granted date, and against the one it had at first. [3.7]"""
    return [
        Definition(
            f"{key}_on_time",
            label,
            "[3.7]",
            Part.HANDLING,
            OBLIGATIONS,
            which & IN_TIME,
            which & DUE,
            gettext_lazy("按批准后的期限按时完成的，占已完成或已超期的；未到期的不计"),
            word=what,
        ),
        Definition(
            f"{key}_on_time_original",
            first,
            "[3.7]",
            Part.HANDLING,
            OBLIGATIONS,
            which & IN_TIME_AT_FIRST,
            which & DUE,
            gettext_lazy("按最初的期限按时完成的，占已完成或已超期的；未到期的不计"),
            word=what,
        ),
    ]


HANDLING_FIGURES = [
    *_punctuality(
        "plan", gettext_lazy("方案按期率"), gettext_lazy("方案按期率（原定期限）"), PLANS, gettext_lazy("项")
    ),
    *_punctuality(
        "feedback", gettext_lazy("反馈按期率"), gettext_lazy("反馈按期率（原定期限）"), FEEDBACKS, gettext_lazy("项")
    ),
    Definition(
        "within_limit",
        gettext_lazy("期限内办理中"),
        "[3.7]",
        Part.HANDLING,
        OBLIGATIONS,
        Q(is_within=True),
        meaning=gettext_lazy("方案、分工和反馈中尚未到期的，结转，不计入按期率"),
        word=gettext_lazy("项"),
    ),
    Definition(
        "overdue_open",
        gettext_lazy("超期未办"),
        "[3.7]",
        Part.HANDLING,
        OBLIGATIONS,
        Q(is_late_now=True),
        meaning=gettext_lazy("方案、分工和反馈中已过期限仍未完成的"),
        word=gettext_lazy("项"),
    ),
    Definition(
        "in_hand",
        gettext_lazy("办理中的诉求"),
        "[3.7]",
        Part.HANDLING,
        CASES,
        Q(status=CaseStatus.HANDLING),
        meaning=gettext_lazy("本季接诊、目前仍在办理的诉求"),
    ),
]
RESULT_FIGURES = [
    Definition(
        "closed",
        gettext_lazy("销号"),
        "[3.7]",
        Part.RESULTS,
        CLOSINGS,
        EVERYTHING,
        meaning=gettext_lazy("销号的诉求，现场解决和解释说明的当日销号"),
    ),
    Definition(
        "solved",
        gettext_lazy("办理解决率"),
        "[3.7]",
        Part.RESULTS,
        CLOSINGS,
        Q(result=Result.SOLVED),
        TO_SOLVE,
        gettext_lazy("办理结果为已解决的，占已销号的；不予受理和解释说明的不计"),
    ),
    Definition(
        "partly",
        gettext_lazy("部分解决"),
        "[3.7]",
        Part.RESULTS,
        CLOSINGS,
        Q(result=Result.PARTLY),
        TO_SOLVE,
        gettext_lazy("办理结果为部分解决的，占已销号的；解释说明的不计"),
    ),
    Definition(
        "long_term",
        gettext_lazy("列入长期推进"),
        "[3.7]",
        Part.RESULTS,
        CLOSINGS,
        Q(result=Result.LONG_TERM),
        TO_SOLVE,
        gettext_lazy("列入长期推进的，占已销号的；解释说明的不计"),
    ),
    Definition(
        "closed_explained",
        gettext_lazy("解释说明后销号"),
        "[3.7]",
        Part.RESULTS,
        CLOSINGS,
        Q(result=Result.EXPLAINED),
        meaning=gettext_lazy("以解释说明销号的诉求"),
    ),
]
FIGURES: list[Definition] = [
    *SITTING_FIGURES,
    *BOOKING_FIGURES,
    *CONSULTATION_FIGURES,
    *HANDLING_FIGURES,
    *RESULT_FIGURES,
    *RATING_FIGURES,
    *FOLLOW_UP_FIGURES,
]
BY_KEY = {definition.key: definition for definition in FIGURES}
