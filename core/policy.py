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
# The window, and the default place of a session. [3.1] [3.6]
WINDOW_PLACE = _("安宁市政务服务中心党建书屋开放式专窗（连然街道金晖路1号宁湖大厦裙楼1楼大厅）")

# A booking's form [3.3]: what the form's design allows, not the notice.
ATTACHMENTS_MAX = 5
ATTACHMENT_BYTES_MAX = 10 * 1024 * 1024
DRAFT_ANSWER_CHARACTERS_MAX = 10_000


@dataclass(frozen=True)
class Ours:
    """A figure that we set because the notice does not. `clause` is the rule it completes."""

    key: str
    default: int | time
    label: str | Promise
    clause: str
    minimum: int = 0
    maximum: int = 10_000


HOLD_MINUTES = Ours("hold_minutes", 15, _("取号后填写信息表的时限（分钟）"), "[3.3]", 5, 60)
OFFER_HOURS = Ours("offer_hours", 24, _("递补号码的接受时限（小时）"), "[3.3]", 1, 72)
OFFER_LEAST_MINUTES = Ours("offer_least_minutes", 60, _("距坐诊不足此时长即不再递补（分钟）"), "[3.3]", 15, 24 * 60)
BOOKING_OPENS_AT = Ours("booking_opens_at", time(9, 0), _("预约开放时刻"), "[3.3]")
PUBLISH_DAYS_BEFORE = Ours("publish_days_before", 11, _("默认提前发布天数"), "[3.2]", 7, 60)
PUBLISH_AT = Ours("publish_at", time(8, 30), _("默认发布时刻"), "[3.2]")
SESSION_HOURS_MIN = Ours("session_hours_min", 3, _("“不少于半天”的小时数"), "[3.6]", 1, 8)
SESSION_ADDED_DAYS_BEFORE = Ours("session_added_days_before", 3, _("专场、加诊最迟提前几天增加"), "[3.2]", 0, 14)
CLAIM_WORKING_DAYS = Ours("claim_working_days", 1, _("重复预约争议的核实时限（工作日）"), "[3.3]", 1, 5)
CLOSE_OF_BUSINESS = Ours("close_of_business", time(17, 30), _("每日办公截止时刻"), "[3.7]")
FIND_ATTEMPTS_PER_HOUR = Ours(
    "find_attempts_per_hour", 10, _("查询预约每小时次数上限（每个网络地址）"), "[3.3]", 3, 1000
)
WAITING_PER_HOUR = Ours(
    "waiting_per_hour", 20, _("加入候补或申请核实每小时次数上限（每个网络地址）"), "[3.3]", 3, 1000
)
DRAFT_KEPT_DAYS = Ours("draft_kept_days", 30, _("未提交信息表的保留天数"), "[3.3]", 1, 365)

OURS = {value.key: value for value in list(globals().values()) if isinstance(value, Ours)}
