"""The buttons on a follow-up and a referral, and the one that an inspector finds on a case. [3.9]"""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Case
from core.console import Text, VerbButton, extra_buttons
from core.models import User
from core.templatetags.cn import cn_date, cn_datetime
from evaluations import services
from evaluations.console_forms import ApproveForm, AssignForm, OpenForm, ProposeForm, RejectForm
from evaluations.enums import FollowUpStatus, Origin, ReferralStatus
from evaluations.models import FollowUp, Referral
from evaluations.permissions import can_assign, can_decide_referral
from evaluations.selectors_followups import standing_referral, units_of_round

Data = dict[str, Any]


def _open(row: Case, actor: User, data: Data) -> Text:
    assignee = data["assignee"]
    opened = services.open_follow_up(
        case_id=row.pk,
        origin=Origin.INSPECTOR,
        note=data["note"],
        assigned_to=assignee.pk if assignee else None,
        actor=actor,
        now=timezone.now(),
    )
    return _("回访已发起，应于%s前作出结论。") % cn_date(opened.due)


def _assign(row: FollowUp, actor: User, data: Data) -> Text:
    services.assign_follow_up(follow_up_id=row.pk, assignee_id=data["assignee"].pk, actor=actor, now=timezone.now())
    return _("已指派%s回访，时限不变。") % data["assignee"]


def _propose(row: FollowUp, actor: User, data: Data) -> Text:
    services.propose_referral(follow_up_id=row.pk, actor=actor, now=timezone.now(), **data)
    return _("已提请审批。此事项仅督查科可见。")


def _facts_of(row: FollowUp) -> Data:
    """What is on record already: nobody types it twice."""
    case, units = row.case, "、".join(part.department.name for part in units_of_round(row))
    lines = [
        _("%(company)s反映“%(title)s”（编号 %(reference)s），")
        % {"company": case.booking.company_name, "title": case.booking.title, "reference": case.reference}
        + (_("由%s办理。") % units if units else _("坐诊现场办结。")),
        *(
            _("第 %(round)s 轮于%(day)s销号，结果为%(result)s。")
            % {"round": closing.round, "day": cn_date(closing.closed_at), "result": closing.get_result_display()}
            for closing in case.closings.order_by("round")
        ),
        _("%(at)s回访核实，认定无整改成效：%(finding)s") % {"at": cn_datetime(row.decided_at), "finding": row.finding},
    ]
    return {"facts": "\n".join(lines)}


def _approve(row: Referral, actor: User, data: Data) -> Text:
    services.approve_referral(referral_id=row.pk, note=data["note"], actor=actor, now=timezone.now())
    return _("已同意报送，可打印签批。")


def _reject(row: Referral, actor: User, data: Data) -> Text:
    services.reject_referral(referral_id=row.pk, note=data["note"], actor=actor, now=timezone.now())
    return _("已退回提请人。")


def _explain_referral(row: Referral) -> str:
    return "\n".join([row.facts, row.opinion])


OPEN = VerbButton(
    name="follow-up",
    label=gettext_lazy("发起回访"),
    run=_open,
    explain=gettext_lazy("由督查科回访核实，10 个工作日内作出结论；本轮已有回访的，并入其中。承办部门不会看到。"),
    permission="evaluations.open_follow_up",
    form=OpenForm,
)
extra_buttons.setdefault(Case, []).append(OPEN)

FOLLOW_UP_BUTTONS = (
    VerbButton(
        name="assign",
        label=gettext_lazy("指派回访人"),
        run=_assign,
        explain=gettext_lazy("由回访人电话核实并作出结论。回访人可以看到企业的评价情况，每次查看都会留下记录。"),
        permission="evaluations.assign_follow_up",
        offered=lambda row: row.status == FollowUpStatus.OPEN,
        offered_to=lambda row, user: can_assign(user, row),
        form=AssignForm,
    ),
    VerbButton(
        name="refer",
        label=gettext_lazy("提请报市纪委市监委"),
        run=_propose,
        explain=gettext_lazy("由督查科另一名审批人审批。除督查科外，任何单位和人员都看不到此事项。"),
        permission="evaluations.propose_referral",
        offered=lambda row: row.status == FollowUpStatus.UNRECTIFIED and standing_referral(row) is None,
        form=ProposeForm,
        initial=_facts_of,
    ),
)

REFERRAL_BUTTONS = (
    VerbButton(
        name="approve",
        label=gettext_lazy("同意报送"),
        run=_approve,
        explain=_explain_referral,
        permission="evaluations.approve_referral",
        offered=lambda row: row.status == ReferralStatus.PROPOSED,
        offered_to=lambda row, user: can_decide_referral(user, row),
        form=ApproveForm,
    ),
    VerbButton(
        name="reject",
        label=gettext_lazy("不同意报送"),
        run=_reject,
        explain=_explain_referral,
        permission="evaluations.approve_referral",
        offered=lambda row: row.status == ReferralStatus.PROPOSED,
        offered_to=lambda row, user: can_decide_referral(user, row),
        form=RejectForm,
        danger=True,
    ),
)


def desk_of(row: FollowUp) -> str:
    """Where whom it is assigned to phones and decides."""
    return reverse("console:evaluations_calls_desk", args=[row.pk])
