"""The official form of the record (“坐诊”服务工作记录表): its labels and their order are data. [3.6]

The same rows make the page that is read before signing, the print view and the Word file.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.enums import Outcome
from consultations.enums import Side
from consultations.models import Consultation, Signature
from core.templatetags.cn import cn_date, cn_datetime, cn_time

TITLE = gettext_lazy("“坐诊”服务工作记录表")


@dataclass(frozen=True)
class Row:
    label: Any
    lines: list[str]


@dataclass(frozen=True)
class Paper:
    title: Any
    number: str
    rows: list[Row]
    signatures: dict[str, Signature] = field(default_factory=dict)
    signed: str = ""

    @property
    def hands(self) -> list[tuple[Side, Signature | None]]:
        return [(side, self.signatures.get(side)) for side in Side]


def paper_of(record: Consultation) -> Paper:
    booking, session = record.booking, record.session
    when = f"{cn_date(record.held_on)}{cn_time(session.starts_at)}—{cn_time(session.ends_at)}"
    rows = [
        Row(_("期次、场次"), [f"{booking.sitting.title} {session.get_kind_display()}"]),
        Row(_("时间"), [when]),
        Row(_("地点"), [session.place]),
        Row(_("坐诊部门及到场人员"), _received(record)),
        Row(_("企业名称"), [_named(booking)]),
        Row(_("挂号编号"), [f"{record.reference} {_('%s 号') % booking.number}"]),
        Row(_("企业到场人员"), [record.visitors]),
        Row(_("诉求要点"), record.points.splitlines()),
        Row(_("答复要点"), record.reply.splitlines()),
        Row(_("政策依据"), record.policy_basis.splitlines()),
        Row(_("处理方式"), _outcome(record)),
        Row(_("企业当场意见"), record.opinion.splitlines()),
        Row(_("记录人"), [record.recorder]),
    ]
    signed = ""
    if record.signed_at and record.signed_by:
        signed = _("%(who)s 签办于 %(at)s") % {
            "who": record.signed_by.full_name,
            "at": cn_datetime(record.signed_at),
        }
    return Paper(TITLE, record.reference, rows, {row.side: row for row in record.signatures.all()}, signed)


def _named(booking: Any) -> str:
    return f"{booking.company_name}（{booking.credit_code}）" if booking.credit_code else booking.company_name


def _received(record: Consultation) -> list[str]:
    """A line for each department: who came, and why its principal leader did not."""
    lines = []
    for row in record.attendances.select_related("department"):
        name = _("%s（牵头）") % row.department if row.is_lead else str(row.department)
        people = []
        if row.principal_came:
            people.append(_("主要负责人 %s") % row.principal)
        else:
            people.append(_("主要负责人未到场（%s）") % (row.absence or _("未说明")))
        people += [_("分管负责人 %s") % row.deputies] if row.deputies else []
        people += [_("科室长 %s") % row.sections] if row.sections else []
        lines.append(f"{name}：{'；'.join(people)}")
    return lines


def _outcome(record: Consultation) -> list[str]:
    if record.outcome == Outcome.SOLVED:
        return [
            _("现场解决"),
            _("措施：%s") % record.solved_measures,
            _("方式：%s") % record.get_solved_manner_display(),
            _("结果：%s") % record.solved_result,
        ]
    if record.outcome == Outcome.EXPLAINED:
        return [
            _("解释说明（%s）") % record.get_explained_why_display(),
            *record.explanation.splitlines(),
            _("协助支持：%s") % record.help_offered,
        ]
    if record.outcome == Outcome.HANDED_OVER:
        return _handed_over(record)
    return []


def _handed_over(record: Consultation) -> list[str]:
    assisting = [unit.name for unit in record.assisting.order_by("position", "name")]
    lines = [_("交办"), _("责任单位：%s") % record.lead]
    if assisting:
        lines.append(_("协办单位：%s") % "、".join(assisting))
    if record.promised_on:
        lines.append(_("承诺办结：%s") % cn_date(record.promised_on))
    if record.due_on:
        lines.append(_("反馈期限：%s") % cn_date(record.due_on))
    return lines
