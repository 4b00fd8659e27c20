"""Every figure of the notice, once, with its clause.

A plain constant is fixed by the notice. An `Ours` is our reading where the notice is silent: the bureau changes it
in the console, and this file names its default. Code reads it with `core.selectors.ours(policy.NAME)`.
"""

from dataclasses import dataclass
from datetime import time

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Numbers of one sitting, for all its sessions together. [3.3]
NUMBERS_PER_SITTING = 5
# Calendar days between two sittings. [3.2]
SITTING_INTERVAL_DAYS = 14
# Calendar days from publication to the first session's day; publication day not counted. [3.2]
ANNOUNCEMENT_LEAD_DAYS = 7
# Booking ends with this day after the day it opened; the opening day not counted. [3.3]
BOOKING_DAYS = 7
# Arrival before the session, minutes. [3.3]
ARRIVE_EARLY_MINUTES = 15
# Main sessions a sitting has at least. [3.6]
MAIN_SESSIONS_MIN = 1
# Special sessions a sitting has as a rule; outside is warned of and reported, never refused. [3.6]
SPECIAL_SESSIONS_MIN = 2
SPECIAL_SESSIONS_MAX = 3
# Call notices go out this many calendar days before the session. [3.5]
CALL_NOTICE_LEAD_DAYS = 3
# The department's contact with the enterprise, working days from the day it was passed to it. [3.4]
VERIFICATION_WORKING_DAYS = 7
# Handler, day and measures of a demand that was handed over; the division of a joint one. [3.7]
PLAN_WORKING_DAYS = 5
DIVISION_WORKING_DAYS = 5
# Feedback: of one department, of several together. [3.7]
FEEDBACK_WORKING_DAYS = 15
JOINT_FEEDBACK_WORKING_DAYS = 20
# The window, and the default place of a session. [3.1] [3.6]
WINDOW_PLACE = _("安宁市政务服务中心党建书屋开放式专窗（连然街道金晖路1号宁湖大厦裙楼1楼大厅）")

# The ladder, in working days from the last day. Not settings: its steps are named after them in deadlines.enums. [3.7]
REMIND_BEFORE_WORKING_DAYS = 2
ESCALATE_TO_BUREAU_WORKING_DAYS = 1
ESCALATE_TO_INSPECTION_WORKING_DAYS = 3

# Reminders of a rating, at most [3.8]: more would press an enterprise that rates of its own will. [5.2]
RATING_REMINDERS_MAX = 2
# Given ratings in a sum that a department is shown. Not a setting: what was withheld once stays withheld. [5.2]
RATINGS_IN_A_SUM_MIN = 5

# A booking's form [3.3]: what the form's design allows, not the notice.
ATTACHMENTS_MAX = 5
ATTACHMENT_BYTES_MAX = 10 * 1024 * 1024
DRAFT_ANSWER_CHARACTERS_MAX = 10_000
# A question at the window [3.1]: likewise.
QUESTION_CHARACTERS_MAX = 1000
REPLY_CHARACTERS_MAX = 2000
INQUIRY_ENTRIES_MAX = 50
# What an enterprise adds to its case [3.7]: likewise.
CASE_SUPPLEMENTS_MAX = 20
# A rating's comment [3.8]: likewise.
RATING_COMMENT_CHARACTERS_MAX = 500
# What a tablet could not send of a record [3.6] can be read on it for so long, by who typed it. Rule of accounts.
DRAFT_KEY_HOURS = 72


@dataclass(frozen=True)
class Ours:
    """A figure, or words of a public page, that we set because the notice does not.

    `clause` is the rule it completes; `maximum` counts the characters of words.
    """

    key: str
    default: int | time | str | Promise
    label: str | Promise
    clause: str
    minimum: int = 0
    maximum: int = 10_000

    @property
    def is_words(self) -> bool:
        return isinstance(self.default, str | Promise)


HOLD_MINUTES = Ours("hold_minutes", 15, _("取号后填写信息表的时限（分钟）"), "[3.3]", 5, 60)
OFFER_HOURS = Ours("offer_hours", 24, _("递补号码的接受时限（小时）"), "[3.3]", 1, 72)
OFFER_LEAST_MINUTES = Ours("offer_least_minutes", 60, _("距坐诊不足此时长即不再递补（分钟）"), "[3.3]", 15, 24 * 60)
BOOKING_OPENS_AT = Ours("booking_opens_at", time(9, 0), _("预约开放时刻"), "[3.3]")
PUBLISH_DAYS_BEFORE = Ours("publish_days_before", 11, _("默认提前发布天数"), "[3.2]", 7, 60)
PUBLISH_AT = Ours("publish_at", time(8, 30), _("默认发布时刻"), "[3.2]")
SESSION_HOURS_MIN = Ours("session_hours_min", 3, _("“不少于半天”的小时数"), "[3.6]", 1, 8)
SESSION_ADDED_DAYS_BEFORE = Ours("session_added_days_before", 3, _("专场、加诊最迟提前几天增加"), "[3.2]", 0, 14)
CLAIM_WORKING_DAYS = Ours("claim_working_days", 1, _("重复预约争议的核实时限（工作日）"), "[3.3]", 1, 5)
TRIAGE_WORKING_DAYS = Ours("triage_working_days", 1, _("受理决定时限（工作日）"), "[3.4]", 1, 5)
FACTS_WORKING_DAYS = Ours("facts_working_days", 2, _("退回补充后等候企业答复的时限（工作日）"), "[3.4]", 1, 10)
CODE_MINUTES = Ours("code_minutes", 5, _("手机验证码有效时长（分钟）"), "[3.3]", 2, 15)
CODES_PER_HOUR = Ours("codes_per_hour", 5, _("每个手机每小时验证码次数上限"), "[3.3]", 2, 20)
CODES_PER_ADDRESS = Ours("codes_per_address", 30, _("每个网络地址每小时验证码次数上限"), "[3.3]", 5, 1000)
MOBILE_VERIFIED_DAYS = Ours("mobile_verified_days", 30, _("手机验证在本机的有效天数"), "[3.3]", 1, 90)
CALL_NOTICE_AT = Ours("call_notice_at", time(9, 0), _("叫号提醒发出时刻"), "[3.5]")
CONSULTATION_MINUTES = Ours("consultation_minutes", 30, _("排场时每家企业的时长（分钟）"), "[3.5]", 10, 120)
CHECK_IN_OPENS_MINUTES = Ours("check_in_opens_minutes", 120, _("场次开始前多久可以签到（分钟）"), "[3.3]", 15, 600)
RECORD_WORKING_DAYS = Ours("record_working_days", 1, _("坐诊后签办记录的时限（工作日）"), "[3.6]", 1, 5)
OBJECTION_WORKING_DAYS = Ours("objection_working_days", 1, _("提出交办异议的时限（工作日）"), "[3.7]", 1, 5)
EXTENSION_RULING_WORKING_DAYS = Ours(
    "extension_ruling_working_days", 1, _("审批延期申请的时限（工作日）"), "[3.7]", 1, 5
)
CHECK_WORKING_DAYS = Ours("check_working_days", 2, _("审核办理反馈的时限（工作日）"), "[3.7]", 1, 5)
FOLLOW_UP_WORKING_DAYS = Ours("follow_up_working_days", 10, _("回访核实的时限（工作日）"), "[3.9]", 1, 60)
RETURN_LEAVES_WORKING_DAYS = Ours("return_leaves_working_days", 2, _("反馈退回后至少留给部门的工作日"), "[3.7]", 1, 10)
SIMILAR_MONTHS = Ours("similar_months", 12, _("查找相似诉求的月数"), "[3.4]", 1, 36)
CLOSE_OF_BUSINESS = Ours("close_of_business", time(17, 30), _("每日办公截止时刻"), "[3.7]")
REMIND_AT = Ours("remind_at", time(9, 0), _("时限提醒的发送时刻"), "[3.7]")
NEAR_WORKING_DAYS = Ours("near_working_days", 2, _("到期前几个工作日起亮黄灯"), "[3.7]", 1, 10)
FIND_ATTEMPTS_PER_HOUR = Ours(
    "find_attempts_per_hour", 10, _("查询预约每小时次数上限（每个网络地址）"), "[3.3]", 3, 1000
)
WAITING_PER_HOUR = Ours(
    "waiting_per_hour", 20, _("加入候补或申请核实每小时次数上限（每个网络地址）"), "[3.3]", 3, 1000
)
QUESTION_WORKING_DAYS = Ours("question_working_days", 2, _("窗口咨询的答复时限（工作日）"), "[3.1]", 1, 10)
QUESTIONS_PER_HOUR = Ours("questions_per_hour", 20, _("窗口咨询每小时次数上限（每个网络地址）"), "[3.1]", 3, 1000)
REPORTS_PER_HOUR = Ours("reports_per_hour", 3, _("企业反映办理问题每件诉求每小时次数上限"), "[3.9]", 1, 60)
SUPPLEMENTS_PER_HOUR = Ours("supplements_per_hour", 5, _("办理中每件诉求每小时补充次数上限"), "[3.7]", 1, 60)
RATING_DAYS = Ours("rating_days", 15, _("办结后的评价期（天）"), "[3.8]", 7, 60)
FIRST_RATING_REMINDER_DAYS = Ours("first_rating_reminder_days", 5, _("办结后几天第一次提醒评价"), "[3.8]", 1, 60)
LAST_RATING_REMINDER_DAYS = Ours("last_rating_reminder_days", 10, _("办结后几天第二次提醒评价"), "[3.8]", 1, 60)
SAMPLE_PERCENT = Ours("sample_percent", 20, _("未评价的诉求抽取回访的比例（%）"), "[3.9]", 0, 100)
DRAFT_KEPT_DAYS = Ours("draft_kept_days", 30, _("未提交的信息表和补充的保留天数"), "[3.3]", 1, 365)
COMMON_QUARTERS = Ours("common_quarters", 4, _("查找共性诉求：本季度之前再看几个季度"), "[5.3]", 1, 20)
COMMON_ENTERPRISES_MIN = Ours("common_enterprises_min", 3, _("相似诉求至少来自几家企业才作为建议"), "[5.3]", 2, 50)
# Chosen on one half of the labelled sample in tests/reports/data/demands.csv, measured on the other.
COMMON_LIKENESS_PERCENT = Ours("common_likeness_percent", 16, _("诉求相似到多少才归为一组（%）"), "[5.3]", 5, 90)
EXPORT_KEPT_DAYS = Ours("export_kept_days", 7, _("后台导出文件的保留天数"), "[3.10]", 1, 90)

# Words of public pages. No longer than the audit trail keeps.
PAGE_NOTICE = Ours("page_notice", "", _("公开页面顶部的通知（留空则不显示）"), "[3.2]", maximum=200)
WHO_MAY_BOOK = Ours(
    "who_may_book",
    _("凡在安宁生产经营、拟在安宁投资兴业的企业都可预约。遇到下列情形，请走对应渠道，办得更快。"),
    _("首页“五种情形不予受理”前的说明"),
    "[4.1]",
    maximum=200,
)
BRING_ALONG = Ours("bring_along", "", _("挂号单上的到场须知（留空则不显示）"), "[3.3]", maximum=200)
WINDOW_CONTACT = Ours(
    "window_contact",
    _("线下专窗可现场咨询、帮办预约：安宁市连然街道金晖路1号宁湖大厦裙楼1楼大厅"),
    _("公开页面底部的服务专窗地址、电话和办公时间"),
    "[3.1]",
    maximum=200,
)

OURS = {value.key: value for value in list(globals().values()) if isinstance(value, Ours)}
