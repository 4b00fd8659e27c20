"""The buttons on a question's page. Each calls one verb. [3.1]"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.console import ReasonForm, VerbButton
from core.models import User
from inquiries import services
from inquiries.console_forms import AnswerForm, PassForm, PointForm
from inquiries.enums import CAN_REOPEN, InquiryStatus
from inquiries.models import Inquiry
from inquiries.selectors import answers_to, words_of_asker


def _answer(row: Inquiry, actor: User, data: dict[str, Any]) -> Any:
    services.answer(inquiry_id=row.pk, actor=actor, now=timezone.now(), **data)
    return _("已答复，查看链接已发送给提问人。")


def _correct(row: Inquiry, actor: User, data: dict[str, Any]) -> Any:
    services.correct_reply(inquiry_id=row.pk, actor=actor, now=timezone.now(), **data)
    return _("更正已发布，查看链接已发送给提问人。")


def _send_link(row: Inquiry, actor: User, data: dict[str, Any]) -> Any:
    services.send_link_again(inquiry_id=row.pk, actor=actor, now=timezone.now())
    return _("查看链接已重新发送给提问人。")


def _point_on(row: Inquiry, actor: User, data: dict[str, Any]) -> Any:
    department = data.pop("department")
    services.point_on(
        inquiry_id=row.pk,
        department_id=department.pk if department else None,
        actor=actor,
        now=timezone.now(),
        **data,
    )
    return _("已指引，查看链接已发送给提问人。")


def _pass(row: Inquiry, actor: User, data: dict[str, Any]) -> Any:
    department = data["department"]
    services.pass_to_department(
        inquiry_id=row.pk, department_id=department.pk, note=data["note"], actor=actor, now=timezone.now()
    )
    return _("已转%s答复，时限不变。") % department


def _hand_back(row: Inquiry, actor: User, data: dict[str, Any]) -> Any:
    services.hand_back(inquiry_id=row.pk, reason=data["reason"], actor=actor, now=timezone.now())
    return _("已退回窗口，时限不变。")


def _reveal(row: Inquiry, actor: User, data: dict[str, Any]) -> Any:
    found = services.reveal_asker(inquiry_id=row.pk, reason=data["reason"], actor=actor)
    return _("%(name)s，手机 %(mobile)s，邮箱 %(email)s。本次查看已记录。") % {
        "name": found.contact_name or _("（未填称呼）"),
        "mobile": found.mobile,
        "email": found.email or _("未填"),
    }


def _withdraw(row: Inquiry, actor: User, data: dict[str, Any]) -> Any:
    services.withdraw(inquiry_id=row.pk, reason=data["reason"], actor=actor, now=timezone.now())
    return _("已按提问人的要求撤回，并已通知提问人。")


def is_open(row: Inquiry) -> bool:
    return row.status == InquiryStatus.OPEN


def is_replied(row: Inquiry) -> bool:
    return row.status in CAN_REOPEN


def what_is_asked(row: Inquiry) -> str:
    """The asker's words above the form, so that nobody answers from memory."""
    return "\n\n".join(words_of_asker(row))


def what_a_correction_does(row: Inquiry) -> str:
    return "\n\n".join((what_is_asked(row), str(_("原答复保留，更正显示在其后，并通知提问人。"))))


def last_reply(row: Inquiry) -> dict[str, str]:
    """A correction starts from what was said; a question that was only pointed on has no words of its own."""
    said = answers_to(row)
    return {"text": said[-1]} if said else {}


BUTTONS = (
    VerbButton(
        name="answer",
        label=_("答复"),
        run=_answer,
        explain=what_is_asked,
        permission="inquiries.answer_inquiry",
        offered=is_open,
        form=AnswerForm,
    ),
    VerbButton(
        name="correct",
        label=_("更正答复"),
        run=_correct,
        explain=what_a_correction_does,
        permission="inquiries.answer_inquiry",
        offered=is_replied,
        form=AnswerForm,
        initial=last_reply,
    ),
    VerbButton(
        name="point-on",
        label=_("指引"),
        run=_point_on,
        explain=what_is_asked,
        permission="inquiries.handle_inquiry",
        offered=is_open,
        form=PointForm,
    ),
    VerbButton(
        name="pass",
        label=_("转部门答复"),
        run=_pass,
        explain=_("该部门的工作人员能看到并答复这件咨询，看不到联系方式。答复时限不变，窗口仍可自行答复。"),
        permission="inquiries.handle_inquiry",
        offered=is_open,
        form=PassForm,
    ),
    VerbButton(
        name="hand-back",
        label=_("退回窗口"),
        run=_hand_back,
        explain=_("退回后由服务专窗答复或另转部门，答复时限不变。"),
        permission="inquiries.hand_back_inquiry",
        offered=lambda row: is_open(row) and row.department_id is not None,
        form=ReasonForm,
    ),
    VerbButton(
        name="send-link",
        label=_("重发链接"),
        run=_send_link,
        explain=_("把本件咨询的查看链接再发送到提问人登记的手机和邮箱。"),
        permission="inquiries.handle_inquiry",
    ),
    VerbButton(
        name="reveal",
        label=_("查看联系方式"),
        run=_reveal,
        explain=_("完整联系方式仅供办理本事项使用，每次查看都会留下记录。"),
        permission="inquiries.reveal_asker",
        form=ReasonForm,
    ),
    VerbButton(
        name="withdraw",
        label=_("按提问人要求撤回"),
        run=_withdraw,
        explain=_("撤回后不再答复，提问人会收到通知。"),
        permission="inquiries.handle_inquiry",
        offered=is_open,
        form=ReasonForm,
        danger=True,
    ),
)
