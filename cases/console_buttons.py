"""The buttons on a case as a whole: the bureau's and the inspection office's, and the look at contact data. [3.7]"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import services
from cases.console_forms import CloseForm, JointForm, LimitForm, UrgeForm, WriteDownForm
from cases.enums import AT_WORK, CaseStatus
from cases.models import Case
from cases.permissions import can_close, can_reveal
from cases.selectors import lead_of, parts_of, ready_to_close
from cases.selectors_page import accepted_answers
from core.console import ReasonForm, Text, VerbButton
from core.models import User

Data = dict[str, Any]


def _make_joint(row: Case, actor: User, data: Data) -> Text:
    units = tuple(unit.pk for unit in data["assisting"])
    services.make_joint(case_id=row.pk, assisting=units, reason=data["reason"], actor=actor, now=timezone.now())
    return _("已交办协办单位：%s。") % "、".join(unit.name for unit in data["assisting"])


def _override(row: Case, actor: User, data: Data) -> Text:
    services.override_limit(case_id=row.pk, actor=actor, now=timezone.now(), **data)
    return _("已适用法定时限，反馈期限已重新计算。")


def _urge(row: Case, actor: User, data: Data) -> Text:
    told = services.urge(case_ids=[row.pk], note=data["note"], actor=actor, now=timezone.now())
    return _("已催办 %s 个部门。") % told if told else _("目前没有部门尚未反馈，没有发出催办。")


def _write_down(row: Case, actor: User, data: Data) -> Text:
    services.write_down_for_enterprise(
        case_id=row.pk, text=data["text"], uploads=data["attachments"], actor=actor, now=timezone.now()
    )
    return _("已代为登记，已告知承办部门，并将登记的内容发给企业。")


def _close(row: Case, actor: User, data: Data) -> Text:
    services.close_case(case_id=row.pk, actor=actor, now=timezone.now(), **data)
    return _("已销号，答复已告知企业。")


def _reveal(row: Case, actor: User, data: Data) -> Text:
    booking = services.reveal_contact(case_id=row.pk, reason=data["reason"], actor=actor)
    return _("%(name)s，手机 %(mobile)s，邮箱 %(email)s。本次查看已记录。") % {
        "name": booking.representative_name or _("（未填姓名）"),
        "mobile": booking.mobile,
        "email": booking.email or _("未填"),
    }


def _is_open(row: Case) -> bool:
    return row.status == CaseStatus.HANDLING


def explain_close(row: Case) -> str:
    """What each department answered, above the form."""
    return "\n".join(f"{unit}：{result}。{text}" for unit, result, text in accepted_answers(row)) or _(
        "各部门的反馈审核通过后，填写办理结果和给企业的答复，即可销号。"
    )


def close_initial(row: Case) -> Data:
    """What is known already: the lead's result, and what the departments wrote. Nobody types it twice."""
    answers = accepted_answers(row)
    if not answers:
        return {}
    lead = next((part for part in parts_of(row) if part.is_lead), None)
    given = lead and lead.feedbacks.order_by("-sent_at", "-pk").first()
    said = [text if len(answers) == 1 else f"{unit}：{text}" for unit, _result, text in answers]
    return {"result": given.result if given else "", "answer": "\n".join(said)}


CASE_BUTTONS = (
    VerbButton(
        name="close",
        label=gettext_lazy("销号"),
        run=_close,
        explain=explain_close,
        permission="cases.close_case",
        offered=ready_to_close,
        offered_to=lambda row, user: can_close(user, row),
        form=CloseForm,
        initial=close_initial,
    ),
    VerbButton(
        name="urge",
        label=gettext_lazy("催办"),
        run=_urge,
        explain=gettext_lazy("催办内容发送给尚未反馈的各部门，并记入办理经过。"),
        permission="cases.urge_case",
        offered=lambda row: _is_open(row) and any(part.status in AT_WORK for part in parts_of(row)),
        form=UrgeForm,
    ),
    VerbButton(
        name="joint",
        label=gettext_lazy("增加协办单位"),
        run=_make_joint,
        explain=gettext_lazy(
            "单一部门办理的转为联办：自起算日起 20 个工作日内反馈，起算日不变，由牵头单位明确责任分工。"
            "协办单位同样制定方案、反馈办理情况。"
        ),
        permission="cases.assign_case",
        offered=lambda row: _is_open(row) and lead_of(row) is not None,
        form=JointForm,
        form_kwargs=lambda row: {"case": row},
    ),
    VerbButton(
        name="limit",
        label=gettext_lazy("适用法定时限"),
        run=_override,
        explain=gettext_lazy(
            "法律法规、规章和国家政策文件对办理时限另有规定的，从其规定。反馈期限按此重新计算，起算日不变。"
        ),
        permission="cases.assign_case",
        offered=_is_open,
        form=LimitForm,
        initial=lambda row: {"working_days": row.legal_working_days, "legal_basis": row.legal_basis},
    ),
    VerbButton(
        name="added",
        label=gettext_lazy("代为补充"),
        run=_write_down,
        explain=gettext_lazy("企业来电或到窗口补充事实、材料的，代为登记：告知承办部门，登记的内容发给企业核对。"),
        permission="appointments.book_at_desk",
        offered=_is_open,
        form=WriteDownForm,
    ),
    VerbButton(
        name="reveal",
        label=gettext_lazy("查看联系方式"),
        run=_reveal,
        explain=gettext_lazy("完整联系方式仅供办理本事项使用，每次查看都会留下记录。"),
        permission="appointments.reveal_contact",
        offered_to=lambda row, user: can_reveal(user, row),
        form=ReasonForm,
    ),
)
