"""The one list of periodic work. Each task asks for what is due and not yet done, so a missed run is caught up."""

from typing import Any

from django.utils.translation import gettext_lazy as _


def every(seconds: int, task: str) -> dict[str, Any]:
    # A run that found no worker for a whole period is worthless: the next one does its work.
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


SCHEDULE = {
    "publish sittings whose time has come": every(30, "sessions_app.publish_due"),
    "pass on numbers whose hold or offer ran out": every(30, "appointments.release_due"),
    "remind of what is owed about bookings": every(60, "appointments.remind_of_deadlines"),
    "remind of what is owed in cases": every(60, "cases.remind_of_deadlines"),
    "remind of records that are not signed": every(60, "consultations.remind_of_signing"),
    "send call notices that are due": every(30, "appointments.send_call_notices"),
    "note who did not come to a session, or was not seen in a sitting, that is over": every(
        60, "appointments.end_sessions"
    ),
    "end questions whose booking was made": every(30, "inquiries.end_booked"),
    "remind of questions that are due or late": every(60, "inquiries.remind"),
    "ask enterprises about rounds that were closed": every(60, "evaluations.invite"),
    "remind of ratings": every(600, "evaluations.remind"),
    "draw the sample of rounds that nobody rated": every(600, "evaluations.draw"),
    "remind of follow-ups that are due or late": every(60, "evaluations.remind_of_follow_ups"),
    "send queued messages": every(30, "notifications.send_due"),
    "ask what became of text messages": every(60, "notifications.ask_receipts"),
    "keep two years of estimated calendar ahead": every(24 * 3600, "core.ensure_calendar"),
    "reckon deadlines again after a change of the calendar": every(600, "deadlines.watch_calendar"),
    "seal the audit trail": every(300, "core.seal_audit"),
    "remove drafts of abandoned bookings": every(3600, "appointments.forget_abandoned"),
    "remove what was typed for a case and never sent": every(3600, "cases.forget_unsent"),
    "make the files that were asked for": every(30, "reports.run_exports"),
    "look for common demands, once a day and when asked": every(600, "reports.find_common"),
    "tell what came to the cases of published typical cases": every(600, "reports.tell_typical_news"),
    "remove files that were kept long enough": every(3600, "reports.forget_exports"),
    "drop the keys of drafts that no device sent": every(600, "consultations.forget_draft_keys"),
}

# What the console calls them.
LABELS = {
    "sessions_app.publish_due": _("定时发布公告"),
    "appointments.release_due": _("超时号码递补"),
    "appointments.remind_of_deadlines": _("受理和对接时限提醒"),
    "cases.remind_of_deadlines": _("诉求办理时限提醒"),
    "consultations.remind_of_signing": _("坐诊记录签办提醒"),
    "appointments.send_call_notices": _("叫号提醒"),
    "inquiries.end_booked": _("办结已帮办预约的咨询"),
    "appointments.end_sessions": _("登记未到场和未接诊"),
    "inquiries.remind": _("咨询时限提醒"),
    "evaluations.invite": _("办结后邀请评价"),
    "evaluations.remind": _("提醒评价"),
    "evaluations.draw": _("抽取未评价诉求回访"),
    "evaluations.remind_of_follow_ups": _("回访时限提醒"),
    "notifications.send_due": _("发送消息"),
    "notifications.ask_receipts": _("查询短信送达结果"),
    "core.ensure_calendar": _("推算后续年度日历"),
    "deadlines.watch_calendar": _("日历调整后重算时限"),
    "core.seal_audit": _("封存审计记录"),
    "appointments.forget_abandoned": _("清理未提交的信息表"),
    "cases.forget_unsent": _("清理未提交的诉求补充"),
    "reports.run_exports": _("生成导出文件"),
    "reports.find_common": _("查找共性诉求"),
    "reports.tell_typical_news": _("典型案例新情况告知"),
    "reports.forget_exports": _("清理到期的导出文件"),
    "consultations.forget_draft_keys": _("清除过期的草稿密钥"),
}
