"""The buttons on a department's part in a case: what it does itself, and what is decided about it. [3.7]"""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import services
from cases.console_forms import (
    AcceptForm,
    ChangePlanForm,
    DismissForm,
    DivideForm,
    ExtensionForm,
    FeedbackForm,
    GrantForm,
    ObjectionForm,
    PlanForm,
    RefuseForm,
    ReturnForm,
    UpholdForm,
)
from cases.enums import AT_WORK, TAKES_PART, AssignmentStatus, CaseStatus
from cases.models import Assignment
from cases.permissions import can_check, can_handle, can_rule
from cases.selectors_page import (
    feedback_to_check,
    last_day_of_feedback,
    may_still_object,
    objection_of,
    pending_extension,
    pending_objection,
)
from core.console import Text, VerbButton
from core.models import User
from core.templatetags.cn import cn_date
from departments.enums import Role
from departments.selectors import role_of

Data = dict[str, Any]
Offered = Callable[[Assignment], bool]
PLAN_FOR_ONESELF = {Role.DEPARTMENT_STAFF, Role.BUREAU_STAFF}


def _in_hand(*statuses: str) -> Offered:
    """The case is open, and the part stands at one of these in its current round."""

    def offered(row: Assignment) -> bool:
        return row.case.status == CaseStatus.HANDLING and row.round == row.case.round and row.status in statuses

    return offered


at_work = _in_hand(*AT_WORK)


def _key(row: Any) -> int:
    """0 for what is no longer there: the verb says so."""
    return row.pk if row else 0


def _plan_of(data: Data) -> services.Plan:
    return services.Plan(data["handler"].pk, data["planned_on"], data["measures"], data["why_later"])


def _make_plan(row: Assignment, actor: User, data: Data) -> Text:
    services.make_plan(assignment_id=row.pk, plan=_plan_of(data), actor=actor, now=timezone.now())
    return _("办理方案已确定。")


def _change_plan(row: Assignment, actor: User, data: Data) -> Text:
    services.change_plan(
        assignment_id=row.pk, plan=_plan_of(data), reason=data["reason"], actor=actor, now=timezone.now()
    )
    return _("办理方案已调整。")


def _plan_initial(row: Assignment) -> Data:
    names = ("handler", "planned_on", "measures", "why_later")
    return {name: getattr(row, name) for name in names}


def _plan_initial_for(row: Assignment, user: User) -> Data:
    """Staff mostly undertake what they plan; a head gives it to somebody."""
    return {"handler": user.pk} if role_of(user) in PLAN_FOR_ONESELF else {}


def _divide(row: Assignment, actor: User, data: Data) -> Text:
    shares = {int(name.removeprefix("share_")): text for name, text in data.items()}
    services.divide(assignment_id=row.pk, shares=shares, actor=actor, now=timezone.now())
    return _("责任分工已明确。")


def _give_feedback(row: Assignment, actor: User, data: Data) -> Text:
    services.give_feedback(assignment_id=row.pk, answer=services.Answer(**data), actor=actor, now=timezone.now())
    return _("办理情况已反馈，等待审核。")


def _accept(row: Assignment, actor: User, data: Data) -> Text:
    services.accept_feedback(assignment_id=row.pk, note=data["note"], actor=actor, now=timezone.now())
    return _("反馈已审核通过。")


def _return(row: Assignment, actor: User, data: Data) -> Text:
    services.return_feedback(assignment_id=row.pk, note=data["note"], actor=actor, now=timezone.now())
    return _("反馈已退回，承办部门已收到理由和新的期限。")


def _object(row: Assignment, actor: User, data: Data) -> Text:
    services.object_to_assignment(assignment_id=row.pk, actor=actor, now=timezone.now(), **data)
    return _("异议已提出，等待裁定；办理时限照常计算。")


def _uphold(row: Assignment, actor: User, data: Data) -> Text:
    services.uphold_objection(
        objection_id=_key(objection_of(row)),
        department_id=data["department"].pk,
        note=data["note"],
        actor=actor,
        now=timezone.now(),
    )
    return _("异议成立，已改派%s。") % data["department"]


def _dismiss(row: Assignment, actor: User, data: Data) -> Text:
    services.dismiss_objection(
        objection_id=_key(objection_of(row)), note=data["note"], actor=actor, now=timezone.now()
    )
    return _("异议不成立，仍由%s办理。") % row.department


def _ask_extension(row: Assignment, actor: User, data: Data) -> Text:
    services.ask_extension(assignment_id=row.pk, actor=actor, now=timezone.now(), **data)
    return _("延期申请已提交，等待审批。")


def _grant(row: Assignment, actor: User, data: Data) -> Text:
    services.grant_extension(extension_id=_key(pending_extension(row)), actor=actor, now=timezone.now(), **data)
    return _("已同意延至%s，并已告知企业。") % cn_date(data["day"])


def _refuse(row: Assignment, actor: User, data: Data) -> Text:
    services.refuse_extension(
        extension_id=_key(pending_extension(row)), note=data["note"], actor=actor, now=timezone.now()
    )
    return _("已不同意延期，原期限不变。")


def _due_words(row: Assignment) -> str:
    due = last_day_of_feedback(row)
    return _("反馈期限：%s。") % cn_date(due) if due else ""


def _explain_plan(row: Assignment) -> str:
    return _("明确经办人、完成时限和工作措施。%s") % _due_words(row)


def _explain_feedback(row: Assignment) -> str:
    return _("反馈后由审核单位审核，通过后答复企业，未通过的退回补办。%s") % _due_words(row)


def _explain_check(row: Assignment) -> str:
    """What the department wrote, above the form, so that nobody decides from memory."""
    given = feedback_to_check(row)
    if given is None:
        return _("没有待审核的反馈。")
    lines = [f"{row.department}：{given.get_result_display()}", given.text]
    if given.help_offered:
        lines.append(_("协助支持：%s") % given.help_offered)
    return "\n".join(lines)


def _explain_objection(row: Assignment) -> str:
    objection = pending_objection(row)
    if objection is None:
        return _("没有待裁定的异议。")
    return _("%(unit)s提出异议：%(reason)s\n依据：%(basis)s") % {
        "unit": row.department,
        "reason": objection.reason,
        "basis": objection.legal_basis,
    }


def _explain_extension(row: Assignment) -> str:
    extension = pending_extension(row)
    if extension is None:
        return _("没有待审批的延期申请。")
    late = _("\n逾期后申请，计为超期。") if extension.was_late else ""
    return _("%(unit)s申请由%(before)s延至%(day)s：%(reason)s%(late)s") % {
        "unit": row.department,
        "before": cn_date(extension.day_before),
        "day": cn_date(extension.asked_day),
        "reason": extension.reason,
        "late": late,
    }


def _handles(row: Assignment, user: User) -> bool:
    return can_handle(user, row)


def _checks(row: Assignment, user: User) -> bool:
    return can_check(user, row)


def _rules(row: Assignment, user: User) -> bool:
    return can_rule(user, row)


HANDLING = (
    VerbButton(
        name="plan",
        label=gettext_lazy("确定办理方案"),
        run=_make_plan,
        explain=_explain_plan,
        permission="cases.handle_assignment",
        offered=_in_hand(AssignmentStatus.PLANNING),
        offered_to=_handles,
        form=PlanForm,
        form_kwargs=lambda row: {"part": row},
        initial_for=_plan_initial_for,
    ),
    VerbButton(
        name="divide",
        label=gettext_lazy("责任分工"),
        run=_divide,
        explain=gettext_lazy("联办诉求由牵头单位明确各单位的分工，各单位据此制定方案、反馈办理情况。"),
        permission="cases.handle_assignment",
        offered=lambda row: row.is_lead and row.case.is_joint and _in_hand(*TAKES_PART)(row),
        offered_to=_handles,
        form=DivideForm,
        form_kwargs=lambda row: {"part": row},
    ),
    VerbButton(
        name="feedback",
        label=gettext_lazy("反馈办理情况"),
        run=_give_feedback,
        explain=_explain_feedback,
        permission="cases.handle_assignment",
        offered=_in_hand(AssignmentStatus.HANDLING),
        offered_to=_handles,
        form=FeedbackForm,
    ),
    VerbButton(
        name="change-plan",
        label=gettext_lazy("调整方案"),
        run=_change_plan,
        explain=_explain_plan,
        permission="cases.handle_assignment",
        offered=_in_hand(AssignmentStatus.HANDLING),
        offered_to=_handles,
        form=ChangePlanForm,
        form_kwargs=lambda row: {"part": row},
        initial=_plan_initial,
    ),
    VerbButton(
        name="extend",
        label=gettext_lazy("申请延期"),
        run=_ask_extension,
        explain=gettext_lazy(
            "说明理由并写明延至哪一天。批准前原期限照常计算；逾期后申请的，计为超期；原期限始终保留在记录中。"
        ),
        permission="cases.handle_assignment",
        offered=lambda row: at_work(row) and pending_extension(row) is None,
        offered_to=_handles,
        form=ExtensionForm,
        form_kwargs=lambda row: {"due": last_day_of_feedback(row)},
    ),
    VerbButton(
        name="object",
        label=gettext_lazy("提出异议"),
        run=_object,
        explain=gettext_lazy(
            "不属本部门职责的，交办后 1 个工作日内可提出一次异议并写明依据；裁定前办理时限照常计算。"
        ),
        permission="cases.handle_assignment",
        offered=lambda row: at_work(row) and objection_of(row) is None,
        offered_to=lambda row, user: can_handle(user, row) and may_still_object(row, timezone.now()),
        form=ObjectionForm,
    ),
)
DECIDING = (
    VerbButton(
        name="accept",
        label=gettext_lazy("审核通过"),
        run=_accept,
        explain=_explain_check,
        permission="cases.check_feedback",
        offered=_in_hand(AssignmentStatus.CHECKING),
        offered_to=_checks,
        form=AcceptForm,
    ),
    VerbButton(
        name="return",
        label=gettext_lazy("退回补办"),
        run=_return,
        explain=_explain_check,
        permission="cases.check_feedback",
        offered=_in_hand(AssignmentStatus.CHECKING),
        offered_to=_checks,
        form=ReturnForm,
    ),
    VerbButton(
        name="uphold",
        label=gettext_lazy("异议成立，改派"),
        run=_uphold,
        explain=_explain_objection,
        permission="cases.rule_case",
        offered=lambda row: at_work(row) and pending_objection(row) is not None,
        offered_to=_rules,
        form=UpholdForm,
        form_kwargs=lambda row: {"part": row},
    ),
    VerbButton(
        name="dismiss",
        label=gettext_lazy("异议不成立"),
        run=_dismiss,
        explain=_explain_objection,
        permission="cases.rule_case",
        offered=lambda row: row.case.status == CaseStatus.HANDLING and pending_objection(row) is not None,
        offered_to=_rules,
        form=DismissForm,
    ),
    VerbButton(
        name="grant",
        label=gettext_lazy("同意延期"),
        run=_grant,
        explain=_explain_extension,
        permission="cases.rule_case",
        offered=lambda row: at_work(row) and pending_extension(row) is not None,
        offered_to=_rules,
        form=GrantForm,
        initial=lambda row: {"day": pending_extension(row).asked_day} if pending_extension(row) else {},
    ),
    VerbButton(
        name="refuse",
        label=gettext_lazy("不同意延期"),
        run=_refuse,
        explain=_explain_extension,
        permission="cases.rule_case",
        offered=lambda row: row.case.status == CaseStatus.HANDLING and pending_extension(row) is not None,
        offered_to=_rules,
        form=RefuseForm,
    ),
)
PART_BUTTONS = (*HANDLING, *DECIDING)
