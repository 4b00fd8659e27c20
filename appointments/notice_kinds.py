"""The kinds of notices about a booking, and what each may tell: the variables of their texts and SMS templates."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from appointments.models import Booking
from core.templatetags.cn import cn_date, cn_datetime
from notifications.services import Kind, Variable, register

COMPANY = Variable("company", _("企业名称"), _("安宁磷化工有限公司"))
TITLE = Variable("title", _("期次"), _("2026年第23期"))
NUMBER = Variable("number", _("号"), "3")
REFERENCE = Variable("reference", _("预约编号"), "20261126-03-K7M2")
DAY = Variable("day", _("坐诊日期"), _("2026年11月26日（周四）"))
UNTIL = Variable("until", _("保留至"), _("2026年11月20日（周五）09:00"))
SETTLE_BY = Variable("settle_by", _("核实时限"), _("2026年11月19日（周四）"))
BEFORE = Variable("before", _("原安排"), _("2026年11月26日（周四）"))
AFTER = Variable("after", _("现安排"), _("2026年12月3日（周四）"))
SESSION = Variable("session", _("场次"), _("专场 2026年11月26日（周四）14:30"))
REASON = Variable("reason", _("原因"), _("会场临时调整"))
EXPLANATION = Variable("explanation", _("说明"), _("未写明具体请求。"))
GROUND = Variable("ground", _("不予受理情形"), _("没有明确投诉对象或具体的事实、理由与请求的"))
TURN_TO = Variable("turn_to", _("可以这样办"), _("到服务专窗当面咨询"))
ANSWER_BY = Variable("answer_by", _("补充期限"), _("2026年11月18日（周三，含当日）"))
FACTS = Variable("facts", _("登记的补充说明"), _("七月三日提交，受理编号20260703001。"))
QUESTION = Variable("question", _("需补充的内容"), _("请写明申请时间和受理编号。"))
SOLUTION = Variable("solution", _("解决的情况"), _("已于11月20日办结退税。"))
WHEN = Variable("when", _("接诊时间"), _("2026年11月26日（周四）09:30"))
KIND_OF_SESSION = Variable("session_kind", _("场次类型"), _("主场"))
PLACE = Variable("place", _("地点"), _("安宁市政务服务中心党建书屋开放式专窗"))
CODE = Variable("code", _("验证码"), "{{code}}")
CODE_MINUTES = Variable("minutes", _("有效分钟数"), "5")
TICKET = Variable("ticket", _("挂号单链接"), "{{ticket}}")

# Whatever is not handed over with the notice is read from the booking, and only where the kind tells it.
READ: dict[str, Callable[[Booking], Any]] = {
    "company": lambda booking: booking.company_name,
    "title": lambda booking: booking.sitting.title,
    "number": lambda booking: booking.number,
    "reference": lambda booking: booking.reference,
    "day": lambda booking: cn_date(booking.sitting.day),
    "until": lambda booking: cn_datetime(booking.held_until),
    "settle_by": lambda booking: cn_date(booking.settle_by),
    "explanation": lambda booking: booking.explanation,
    "ground": lambda booking: booking.refusal_ground or "",
    "turn_to": lambda booking: booking.refusal_ground.turn_to if booking.refusal_ground else "",
    "solution": lambda booking: booking.solution,
    "when": lambda booking: cn_datetime(booking.meet_at),
    "session_kind": lambda booking: booking.session.get_kind_display() if booking.session else "",
    "place": lambda booking: booking.session.place if booking.session else "",
    "ticket": lambda booking: TICKET.sample,
}
CALLED = (COMPANY, TITLE, NUMBER, WHEN, KIND_OF_SESSION, PLACE, TICKET)
KINDS = (
    Kind("booking_confirmed", _("预约成功"), (COMPANY, TITLE, NUMBER, REFERENCE, DAY, TICKET)),
    Kind("booking_cancelled", _("预约取消"), (COMPANY, TITLE, REFERENCE)),
    Kind("waiting", _("加入候补"), (COMPANY, TITLE, REFERENCE, TICKET)),
    Kind("number_offered", _("递补号码"), (COMPANY, TITLE, NUMBER, UNTIL, TICKET)),
    Kind("number_lost", _("保留时间已过"), (COMPANY, TITLE, TICKET)),
    Kind("claim_received", _("收到核实申请"), (COMPANY, TITLE, SETTLE_BY, TICKET)),
    Kind("claim_dismissed", _("核实结果"), (COMPANY, TITLE)),
    Kind("claim_ended", _("核实申请终止"), (COMPANY, TITLE, REASON)),
    Kind("line_ended", _("候补结束"), (COMPANY, TITLE)),
    Kind("sitting_moved", _("坐诊日期调整"), (COMPANY, TITLE, BEFORE, AFTER, REASON, TICKET)),
    Kind("sitting_cancelled", _("坐诊取消"), (COMPANY, TITLE, REASON)),
    Kind("session_moved", _("场次调整"), (COMPANY, TITLE, BEFORE, AFTER, REASON, TICKET)),
    Kind("session_called_off", _("场次取消"), (COMPANY, TITLE, SESSION, REASON, TICKET)),
    Kind("booking_accepted", _("诉求已受理"), (COMPANY, TITLE, NUMBER, REFERENCE, TICKET)),
    Kind("booking_refused", _("诉求不予受理"), (COMPANY, TITLE, REFERENCE, GROUND, EXPLANATION, TURN_TO, TICKET)),
    Kind("facts_asked", _("请补充情况"), (COMPANY, TITLE, REFERENCE, QUESTION, ANSWER_BY, TICKET)),
    Kind("facts_written_down", _("已代为登记补充说明"), (COMPANY, TITLE, REFERENCE, FACTS, TICKET)),
    Kind("solved_proposed", _("请确认是否已解决"), (COMPANY, TITLE, REFERENCE, SOLUTION, TICKET)),
    Kind("call_notice", _("叫号提醒"), CALLED),
    Kind("call_notice_again", _("叫号提醒（变更）"), CALLED),
    Kind("booking_absent", _("未到场"), (COMPANY, TITLE, NUMBER, TICKET)),
    Kind("booking_not_seen", _("本期未接诊"), (COMPANY, TITLE, TICKET)),
    Kind("mobile_code", _("手机验证码"), (CODE, CODE_MINUTES)),
    Kind("call_back", _("请求回电"), (COMPANY, TITLE, REFERENCE)),
    Kind("link_again", _("找回预约"), (REFERENCE, TICKET)),
)
BY_NAME = {kind.name: kind for kind in KINDS}
register(*KINDS)


def variables_of(kind: str, booking: Booking, told: dict[str, Any]) -> dict[str, str]:
    """The values of a kind's variables, as texts: `told` first, the rest from the booking."""
    names = BY_NAME[kind].names
    return {name: str(told[name] if name in told else READ[name](booking)) for name in names}
